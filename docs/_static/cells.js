// A quiet Run below each example. What runs it, docs/live/chapter.js, is loaded at the
// first click; docs/plugins/cells.py says what each example holds.
"use strict";
{
  const { content, dataset: words } = document.getElementById("cells");
  const root = new URL(document.documentElement.dataset.content_root, location);
  const places = [...document.querySelectorAll("[data-cell]")];
  const copyOf = (name) => content.querySelector(name).cloneNode(true);

  // What the reader typed, where the browser keeps something for this page.
  const kept = {
    key: ({ dataset }) => `cell ${location.pathname} ${dataset.cell}`,
    get(place) {
      try {
        return localStorage.getItem(this.key(place));
      } catch {
        return null;
      }
    },
    set(place, text) {
      place.classList.toggle("cell-typed", text !== null);
      try {
        if (text === null) localStorage.removeItem(this.key(place));
        else localStorage.setItem(this.key(place), text);
      } catch {
        // It lasts as long as the page.
      }
    },
  };

  let loading = null;
  const load = async () => {
    const { Chapter } = await import(new URL("_static/live/chapter.js", root));
    return new Chapter(places, { copyOf, kept, root, words });
  };

  async function open(place) {
    if (location.protocol === "file:") return answer(place, words.file);
    try {
      const chapter = await (loading ??= load());
      chapter.open(place);
    } catch (error) {
      loading = null;
      answer(place, words.missing);
      throw error;
    }
  }

  function say(place, text) {
    const why = place.querySelector(".cell-why") ?? place.appendChild(copyOf(".cell-why"));
    why.textContent = text;
    return why;
  }

  // To a click, so that those who do not see it hear it.
  function answer(place, text) {
    say(place, text).setAttribute("role", "alert");
  }

  const told = new Set();
  for (const place of places) {
    if (place.hidden) continue;
    place.dataset.kind = place.dataset.tests ? "exercise" : "example";
    const { lacks } = place.dataset;
    if (lacks) {
      say(place, words.lacks.replace("%", lacks));
      place.classList.toggle("cell-again", told.has(lacks));
      told.add(lacks);
    } else {
      const button = place.appendChild(copyOf(".cell-run"));
      button.addEventListener("click", () => open(place));
      place.classList.toggle("cell-typed", kept.get(place) !== null);
    }
  }
}
