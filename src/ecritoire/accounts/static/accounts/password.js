// While a new password is typed: what the server's rules say of it, ticked, metered and, more slowly, spoken.
const field = document.querySelector("[data-strength]");
const panel = document.getElementById(field?.dataset.strength);
const PAUSE = 250, SPOKEN_PAUSE = 1200;
let asking = 0, typed, spoken;

function show(answer) {
  for (const item of panel.querySelectorAll("[data-rule]")) {
    item.classList.toggle("met", answer.rules[item.dataset.rule]);
    item.querySelector("[data-met]").hidden = !answer.rules[item.dataset.rule];
  }
  panel.querySelector(".strength__meter").hidden = !field.value;
  panel.querySelector("meter").value = answer.score;
  panel.querySelector("[data-label]").textContent = answer.label;
  const faults = panel.querySelector("[data-faults]");
  faults.replaceChildren(...answer.faults.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  faults.hidden = !field.value || !answer.faults.length;
  clearTimeout(spoken);
  spoken = setTimeout(() => {
    panel.querySelector("[data-said]").textContent = field.value ? [answer.label, ...answer.faults].join(". ") : "";
  }, SPOKEN_PAUSE);
}

async function ask() {
  const mine = ++asking;
  const body = new FormData(field.form);
  const sent = new URLSearchParams({ new_password: field.value, csrfmiddlewaretoken: body.get("csrfmiddlewaretoken") });
  try {
    const answer = await fetch(panel.dataset.url, { method: "POST", body: sent, credentials: "same-origin" });
    if (answer.ok && mine === asking) show(await answer.json());
  } catch { /* away for a moment: the form itself is checked when it is sent */ }
}

function reveal(input) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "fr-btn fr-btn--tertiary fr-btn--sm" });
  button.textContent = panel.dataset.show;
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    button.textContent = hidden ? panel.dataset.hide : panel.dataset.show;
    button.setAttribute("aria-pressed", String(hidden));
  });
  input.after(button);
}

if (field && panel) {
  reveal(field);
  field.closest(".fr-input-group").after(panel);
  field.addEventListener("input", () => { clearTimeout(typed); typed = setTimeout(ask, PAUSE); });
  if (field.value) ask();
}
