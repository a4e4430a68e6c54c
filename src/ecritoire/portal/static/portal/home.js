// Tiles are filtered while one types, on the words the server looks into; Enter opens the only one left.
const field = document.getElementById("q");
const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/œ/g, "oe").replace(/æ/g, "ae");

function narrow() {
  const words = fold(field.value).split(/\s+/).filter(Boolean);
  let left = 0;
  for (const group of document.querySelectorAll("[data-group]")) {
    let shown = 0;
    for (const tile of group.querySelectorAll("[data-words]")) {
      tile.hidden = !words.every((word) => tile.dataset.words.includes(word));
      if (!tile.hidden) shown += 1;
    }
    group.hidden = shown === 0;
    left += shown;
  }
  document.getElementById("no-tile").hidden = left > 0;
}

// A page that the server narrowed holds only some tiles: it is asked for again.
const narrowedByServer = new URLSearchParams(location.search).has("q");
if (!narrowedByServer) {
  field.addEventListener("input", narrow);
  document.addEventListener("htmx:afterSettle", narrow);
  document.getElementById("tile-search").addEventListener("submit", (event) => {
    const open = [...document.querySelectorAll("[data-words]:not([hidden]) h3 a")].filter((a) => a.closest("[hidden]") === null);
    if (field.value.trim() && open.length === 1) { event.preventDefault(); location.assign(open[0].href); }
  });
}
