// Ticks the rules while a password is typed; the server decides.
const field = document.querySelector("[data-strength]");
const list = document.getElementById(field?.dataset.strength);
field?.addEventListener("input", () => {
  const value = field.value;
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(value)).length;
  const words = new Set(value.match(/[^\W\d_]{3,}/gu) ?? []).size;
  const met = { four: classes === 4 && value.length >= 12, three: classes >= 3 && value.length >= 14, words: words >= 7 };
  for (const item of list.querySelectorAll("[data-rule]")) item.classList.toggle("met", met[item.dataset.rule]);
});
