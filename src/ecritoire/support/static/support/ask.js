/* The discipline is asked for pedagogical questions only; without this script it is always shown, and ignored elsewhere. */
"use strict";
(() => {
  const kind = document.getElementById("id_kind");
  const group = document.getElementById("id_discipline")?.closest(".fr-input-group");
  if (!kind || !group) return;
  const show = () => { group.hidden = kind.value !== "pedagogy"; };
  kind.addEventListener("change", show);
  show();
})();
