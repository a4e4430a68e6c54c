/* « @ » and two letters offer names. ARIA lets no text of several lines be a combobox: the field stays a text box tied to its list,
   and a status says what was found. Without this script the name is typed whole. */
"use strict";
(() => {
  const given = document.currentScript.dataset;
  const CALL = /(?:^|[^\p{L}\p{N}_@.+-])@([\p{L}\p{N}][\p{L}\p{N}.-]{1,59})$/u;
  const PAUSE = 200;

  function complete(field) {
    const list = document.createElement("ul");
    const status = document.createElement("p");
    list.id = `${field.id}-names`;
    list.className = "mention-list";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", given.label);
    status.className = "fr-sr-only";
    status.setAttribute("role", "status");
    field.after(list, status);
    field.parentElement.classList.add("mention-field");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    let people = [];
    let current = 0;
    let waiting = 0;
    let asked = null;

    const typed = () => CALL.exec(field.value.slice(0, field.selectionStart))?.[1] ?? "";

    function close() {
      clearTimeout(waiting);
      asked?.abort();
      people = [];
      list.hidden = true;
      list.replaceChildren();
      status.textContent = "";
      field.removeAttribute("aria-activedescendant");
    }

    function point(rank) {
      current = (rank + people.length) % people.length;
      for (const [index, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(index === current));
      field.setAttribute("aria-activedescendant", list.children[current].id);
      list.children[current].scrollIntoView({ block: "nearest" });
    }

    function choose(rank) {
      const end = field.selectionStart;
      field.setRangeText(`${people[rank].call} `, end - typed().length, end, "end");
      close();
      field.focus();
    }

    function show(found) {
      close();
      if (!found.length) return;
      people = found;
      list.append(...found.map((person, rank) => {
        const option = document.createElement("li");
        const call = document.createElement("span");
        option.id = `${list.id}-${rank}`;
        option.setAttribute("role", "option");
        call.className = "fr-hint-text";
        call.textContent = `@${person.call}`;
        option.append(`${person.name} `, call);
        option.addEventListener("mousedown", (event) => { event.preventDefault(); choose(rank); });
        return option;
      }));
      list.hidden = false;
      status.textContent = `${given.found} ${found.length}`;
      point(0);
    }

    async function look() {
      const words = typed();
      asked = new AbortController();
      const section = document.getElementById("id_section")?.value ?? given.section ?? "";
      const query = new URLSearchParams({ q: words, section });
      try {
        const answer = await fetch(`${given.names}?${query}`, { signal: asked.signal });
        const found = answer.ok ? (await answer.json()).people : [];
        if (words === typed()) show(found);
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    }

    field.addEventListener("input", () => {
      clearTimeout(waiting);
      asked?.abort();
      if (typed()) waiting = setTimeout(look, PAUSE);
      else close();
    });
    field.addEventListener("blur", close);
    field.addEventListener("keydown", (event) => {
      if (list.hidden || event.isComposing) return;
      const acts = {
        ArrowDown: () => point(current + 1),
        ArrowUp: () => point(current - 1),
        Enter: () => choose(current),
        Escape: close,
      };
      if (!acts[event.key]) return;
      event.preventDefault();
      event.stopPropagation();
      acts[event.key]();
    });
  }

  for (const field of document.querySelectorAll("textarea[data-mentions]")) complete(field);
})();
