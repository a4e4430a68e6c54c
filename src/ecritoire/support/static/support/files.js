// Files dropped on a form, or pasted into it, join those chosen with its button, which works by itself without this script.
"use strict";
(() => {
const MEBI = 1024 * 1024;
const say = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const same = (one, other) => one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
const carries = (event) => event.dataTransfer?.types.includes("Files");

function readable(size) {
  const [value, unit] = size < MEBI ? [Math.max(size / 1024, 1), "kilobyte"] : [size / MEBI, "megabyte"];
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}

function made(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function wrong(files, words) {
  const limits = { count: words.count, each: words.each, total: words.total };
  if (files.length > words.count) return say(words.tooMany, { ...limits, given: files.length });
  const empty = files.find((file) => !file.size);
  if (empty) return say(words.empty, { name: empty.name });
  const large = files.find((file) => file.size > words.each * MEBI);
  if (large) return say(words.tooLarge, { ...limits, name: large.name });
  const sum = files.reduce((total, file) => total + file.size, 0);
  return sum > words.total * MEBI ? say(words.tooHeavy, limits) : "";
}

function enclose(input) {
  const { dataset: words, form } = input;
  const group = input.closest(".fr-input-group");
  const list = made("ul", "files");
  const told = made("p", "fr-sr-only");
  const refused = made("p", "fr-error-text");
  told.setAttribute("role", "status");
  refused.id = `${input.id}_refused`;
  input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${refused.id}`.trim());
  group.append(made("p", "fr-hint-text", words.hint), list, refused, told);
  group.classList.add("files-drop");
  let chosen = [...input.files];
  let over = 0;

  function show() {
    const carrier = new DataTransfer();
    for (const file of chosen) carrier.items.add(file);
    input.files = carrier.files;
    list.replaceChildren(...chosen.map(row));
    const reason = wrong(chosen, words);
    refused.textContent = reason;
    input.setCustomValidity(reason);
    if (reason) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  function row(file) {
    const item = made("li", "files__item", file.name);
    const button = made("button", "fr-btn fr-btn--tertiary fr-btn--sm", "×");
    button.type = "button";
    button.setAttribute("aria-label", say(words.removes, { name: file.name }));
    button.addEventListener("click", () => {
      chosen = chosen.filter((other) => other !== file);
      told.textContent = say(words.removed, { name: file.name });
      show();
      input.focus();
    });
    item.append(made("span", "files__size", readable(file.size)), button);
    return item;
  }

  function add(files) {
    const fresh = [...files].filter((file) => !chosen.some((other) => same(file, other)));
    chosen = [...chosen, ...fresh];
    show();
    told.textContent = fresh.map((file) => say(words.added, { name: file.name })).join(" ");
  }

  function leave() {
    over = 0;
    group.classList.remove("is-over");
  }

  input.addEventListener("change", () => add(input.files));
  form.addEventListener("reset", () => { chosen = []; show(); });
  form.addEventListener("dragenter", (event) => {
    if (!carries(event)) return;
    over += 1;
    group.classList.add("is-over");
  });
  form.addEventListener("dragleave", () => { if (over && --over === 0) leave(); });
  form.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    leave();
    add(event.dataTransfer.files);
  });
  form.addEventListener("paste", (event) => {
    const data = event.clipboardData;
    // A text copied from a word processor brings a picture of itself: it is the text that is wanted.
    if (!data?.files.length || data.types.includes("text/plain")) return;
    event.preventDefault();
    add([...data.files].map((file) => named(file, words.pasted)));
  });
}

let pictures = 0;

/** A picture on the clipboard has no name of its own. */
function named(file, word) {
  if (!/^image\.\w+$/.test(file.name)) return file;
  pictures += 1;
  return new File([file], `${word}-${pictures}.${file.name.split(".").pop()}`, { type: file.type, lastModified: file.lastModified });
}

const inputs = document.querySelectorAll("input[data-files]");
for (const input of inputs) enclose(input);
if (inputs.length) {
  // Beside a form too: the browser would leave the page, and what is written there, to show the file.
  for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => { if (carries(event)) event.preventDefault(); });
}
})();
