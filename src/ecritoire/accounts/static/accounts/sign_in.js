// On a shared computer the browser is asked to remember neither the name nor the password.
const shared = document.querySelector("[data-public-computer]");
const remembered = new Map([...(shared?.form.elements ?? [])].filter((field) => field.autocomplete).map((field) => [field, field.autocomplete]));
shared?.addEventListener("change", () => {
  for (const [field, usual] of remembered) field.autocomplete = shared.checked ? "off" : usual;
});
