// Menus close on Escape or a click elsewhere; a form's error summary takes the focus; secrets can be copied.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const source = document.getElementById(copy.dataset.copy);
    navigator.clipboard.writeText(source.textContent.trim()).then(() => { copy.textContent = copy.dataset.copied; });
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.querySelector(".fr-alert--error[tabindex]")?.focus();
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
