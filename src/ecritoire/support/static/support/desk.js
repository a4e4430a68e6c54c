// The desk by keyboard, ready answers put into the answer, and who else has the ticket open. Everything works without it.
const rows = [...document.querySelectorAll("[data-desk-row]")];
const list = document.querySelector("[data-desk-list]");
const keys = document.getElementById("desk-keys");
const answer = document.querySelector("[data-desk-answer]");
let current = -1;

function move(step) {
  if (!rows.length) {
    document.querySelector(step > 0 ? "[rel=next]" : "[rel=prev]")?.click();
    return;
  }
  const focused = rows.indexOf(document.activeElement.closest("[data-desk-row]"));
  if (focused >= 0) current = focused;
  current = Math.min(Math.max(current + step, 0), rows.length - 1);
  for (const row of rows) row.classList.toggle("is-current", row === rows[current]);
  rows[current].querySelector("[data-desk-open]").focus();
}

function take() {
  if (!rows[current]) {
    document.querySelector("[data-desk-take]")?.requestSubmit();
    return;
  }
  for (const row of rows) row.querySelector("input[type=checkbox]").checked = row === rows[current];
  list.elements.act.value = "take";
  list.requestSubmit();
}

function note() {
  const details = document.querySelector("[data-desk-note]");
  if (!details) return;
  details.open = true;
  details.querySelector("textarea").focus();
}

const doings = {
  j: () => move(1),
  k: () => move(-1),
  o: () => rows[current]?.querySelector("[data-desk-open]").click(),
  x: () => rows[current]?.querySelector("input[type=checkbox]").click(),
  a: take,
  r: () => answer?.querySelector("textarea").focus(),
  n: note,
  "/": () => document.querySelector("form[role=search] input")?.focus() ?? document.querySelector("[data-desk-list-link]")?.click(),
  "?": () => keys.showModal(),
};

const writes = (target) => target.isContentEditable || target.matches("input:not([type=checkbox]), textarea, select");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keys.open || writes(event.target)) return;
  const doing = doings[event.key];
  if (!doing) return;
  event.preventDefault();
  doing();
});

for (const button of document.querySelectorAll("[data-desk-keys]")) {
  button.hidden = false;
  button.addEventListener("click", () => keys.showModal());
}

const picker = document.querySelector("[data-desk-picker]");
if (picker) {
  const search = picker.querySelector("input");
  search.parentElement.hidden = false;
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  search.addEventListener("input", () => {
    const words = plain(search.value).split(/\s+/);
    for (const link of picker.querySelectorAll("[data-ready]")) {
      const text = plain(link.dataset.words);
      link.parentElement.hidden = !words.every((word) => text.includes(word));
    }
  });
  picker.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-ready]");
    if (!link) return;
    event.preventDefault();
    const reply = await fetch(link.dataset.text, { headers: { Accept: "application/json" } });
    if (!reply.ok) return;
    const area = answer.querySelector("textarea");
    area.setRangeText((await reply.json()).text, area.selectionStart, area.selectionEnd, "end");
    answer.elements["answer-ready"].value = link.dataset.ready;
    picker.open = false;
    area.focus();
  });
}

const presence = document.querySelector("[data-presence]");
if (presence) {
  const BEAT = 8000, WRITING = 25000;
  let wroteAt = -WRITING;
  document.addEventListener("input", (event) => { if (event.target.matches("textarea")) wroteAt = performance.now(); });
  const beat = async () => {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams({ seen: presence.dataset.seen, writes: performance.now() - wroteAt < WRITING ? "yes" : "no" });
    try {
      const reply = await fetch(presence.dataset.presence, { method: "POST", body, headers: { "X-CSRFToken": token } });
      const text = reply.ok && !reply.redirected ? await reply.text() : "";
      if (text.trim() !== presence.dataset.shown) { presence.innerHTML = text; presence.dataset.shown = text.trim(); }
    } catch { /* offline: the next beat tries again */ }
  };
  beat();
  setInterval(() => { if (!document.hidden) beat(); }, BEAT);
}
