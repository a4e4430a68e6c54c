// Quickens the webmail; every gesture works without it. Listeners sit on the document: htmx swaps the page's middle.
"use strict";

// --- Frames as tall as their message
const watched = new WeakMap();
function fit(frame) {
  const page = frame.contentDocument;
  if (!page || !page.body) return;
  const measure = () => { frame.style.height = `${Math.ceil(page.body.getBoundingClientRect().height) + 4}px`; };
  watched.get(frame)?.disconnect();
  const observer = new ResizeObserver(measure);
  observer.observe(page.body);
  watched.set(frame, observer);
  measure();
}
document.addEventListener("load", (event) => { if (event.target.matches?.("iframe.mail-frame")) fit(event.target); }, true);

// --- Ticking rows
function refreshSelection() {
  const form = document.querySelector(".mail-list-form");
  if (!form) return;
  const boxes = [...form.querySelectorAll("input[name=fil]")];
  const ticked = boxes.filter((box) => box.checked).length;
  form.toggleAttribute("data-idle", ticked === 0);
  const all = form.querySelector("[data-select-all]");
  all.closest("label").hidden = false;
  all.checked = ticked === boxes.length;
  all.indeterminate = ticked > 0 && ticked < boxes.length;
}
let lastTicked = null;
document.addEventListener("click", (event) => {
  const box = event.target.closest?.("input[name=fil]");
  if (!box) return;
  const boxes = [...document.querySelectorAll("input[name=fil]")];
  if (event.shiftKey && lastTicked && boxes.includes(lastTicked)) {
    const [from, to] = [boxes.indexOf(lastTicked), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
  }
  lastTicked = box;
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-all]")) {
    for (const box of document.querySelectorAll("input[name=fil]")) box.checked = event.target.checked;
  }
  refreshSelection();
});

// --- Keyboard
const STORE = "ecritoire.shortcuts";
const enabled = () => localStorage.getItem(STORE) !== "off";
const click = (selector) => { const found = document.querySelector(selector); found?.click(); return Boolean(found); };
const rows = () => [...document.querySelectorAll("[data-row] .mail-row__link")];
function currentRow() { return document.activeElement?.closest?.("[data-row]"); }
function step(by) {
  const links = rows();
  if (!links.length) return click(by > 0 ? "[data-older]" : "[data-newer]");
  const here = links.indexOf(currentRow()?.querySelector(".mail-row__link"));
  const next = links[Math.min(Math.max(here + by, 0), links.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}
function gesture(name) {
  const row = currentRow();
  const nothingTicked = !document.querySelector("input[name=fil]:checked");
  if (row && nothingTicked) row.querySelector("input[name=fil]").checked = true;
  return click(`.mail-toolbar button[name=action][value=${name}]`);
}
function tick() {
  const box = currentRow()?.querySelector("input[name=fil]");
  box?.click();
  return Boolean(box);
}
const star = () => { const found = (currentRow() ?? document.querySelector(".mail-subject"))?.querySelector(".mail-star"); found?.click(); return Boolean(found); };
const KEYS = {
  j: () => step(1), k: () => step(-1), x: tick, s: star,
  o: () => { const link = currentRow()?.querySelector(".mail-row__link"); link?.click(); return Boolean(link); },
  u: () => click("[data-back]"), e: () => gesture("archive"), "#": () => gesture("delete"),
  r: () => click("[data-key=r]"), a: () => click("[data-key=a]"), f: () => click("[data-key=f]"), c: () => click(".mail-compose"),
  "/": () => { const field = document.getElementById("mail-search-text"); field?.focus(); return Boolean(field); },
  "?": () => { document.getElementById("shortcuts")?.showModal(); return true; },
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !enabled()) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog")) return;
  if (KEYS[event.key]?.()) event.preventDefault();
});
document.addEventListener("click", (event) => { if (event.target.closest("[data-shortcuts]")) document.getElementById("shortcuts").showModal(); });
const toggle = document.querySelector("[data-shortcuts-on]");
toggle.checked = enabled();
toggle.addEventListener("change", () => localStorage.setItem(STORE, toggle.checked ? "on" : "off"));

// --- Swaps: an answer that is not a page of the webmail (signed out, store away) is shown whole
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status < 400 && xhr.responseText.includes('id="mail"')) return;
  event.detail.shouldSwap = false;
  event.detail.isError = false;
  window.location.assign(event.detail.requestConfig.verb === "get" ? event.detail.pathInfo.requestPath : window.location.href);
});
function ready() {
  for (const frame of document.querySelectorAll("iframe.mail-frame")) {
    if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.URL !== "about:blank") fit(frame);
  }
  for (const button of document.querySelectorAll("[data-shortcuts]")) button.hidden = false;
  refreshSelection();
}
document.addEventListener("htmx:historyRestore", () => {
  document.getElementById("messages").replaceChildren();
  ready();
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "mail" && event.detail.elt?.id !== "mail") return;
  ready();
  document.querySelector("#mail h1")?.focus({ preventScroll: true });
});
ready();
