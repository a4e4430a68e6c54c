// Drafts save themselves; colleagues are suggested; files may be dropped; nothing is sent twice.
const form = document.getElementById("compose");
const saved = document.getElementById("saved");
const people = document.getElementById("people");
let dirty = false;
let saving = false;

form.addEventListener("input", (event) => {
  if (event.target.type !== "file") dirty = true;
  if (event.target.list === people) suggest(event.target);
});
form.addEventListener("submit", (event) => {
  if (form.dataset.sending) event.preventDefault();
  form.dataset.sending = "1";
  setTimeout(() => delete form.dataset.sending, 5000);
});

async function save() {
  if (!dirty || saving || form.dataset.sending) return;
  saving = true;
  dirty = false;
  const data = new FormData(form);
  data.delete("files");
  data.append("save", "1");
  try {
    const answer = await fetch(location.href, { method: "POST", body: data, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    form.elements.draft_id.value = (await answer.json()).draft;
    saved.textContent = `${saved.dataset.text} ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}`;
  } catch {
    dirty = true;
  } finally {
    saving = false;
  }
}
setInterval(save, 30000);
document.addEventListener("visibilitychange", () => document.hidden && save());

async function suggest(field) {
  const before = field.value.slice(0, field.value.lastIndexOf(",") + 1);
  const typed = field.value.slice(before.length).trim();
  if (typed.length < 2) return;
  const answer = await fetch(`${form.dataset.recipients}?q=${encodeURIComponent(typed)}`);
  const found = (await answer.json()).people;
  people.replaceChildren(...found.map((person) => {
    const option = document.createElement("option");
    option.value = `${before}${before ? " " : ""}${person}`;
    return option;
  }));
}

const drop = document.querySelector("[data-drop]");
const files = document.getElementById("files");
for (const name of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("is-over", name === "dragover");
    if (name === "drop") {
      files.files = event.dataTransfer.files;
      attach();
    }
  });
}
function attach() {
  form.requestSubmit(drop.querySelector("button"));
}
files.addEventListener("change", () => files.files.length && attach());
