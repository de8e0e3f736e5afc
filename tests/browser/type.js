// How a page is set. Tests evaluate this file, then call one of these functions.
"use strict";
globalThis.type = {
  // How many characters each full line of prose holds.
  lines() {
    return [...document.querySelectorAll("article section > p:not([class])")].flatMap(linesOf);
  },
  // Code that one sees, but not whole.
  scrolls() {
    const all = [...document.querySelectorAll("article .highlight pre")];
    return all.filter((pre) => pre.checkVisibility() && pre.scrollWidth > pre.clientWidth).map((pre) => pre.textContent);
  },
  // For each excerpt with notes whether its code is wide, and whether they stand beside it.
  notes() {
    return [...document.querySelectorAll(".excerpt-body:has(.excerpt-note)")].map((body) => {
      const [code, note] = [".excerpt-code", ".excerpt-note"].map((name) => body.querySelector(name).getBoundingClientRect());
      return [body.classList.contains("excerpt-wide"), note.left >= code.right];
    });
  },
  // The fonts that the page has loaded.
  fonts() {
    const loaded = [...document.fonts].filter((face) => face.status === "loaded");
    return loaded.map((face) => `${face.family.replaceAll('"', "")} ${face.weight} ${face.style}`);
  },
};

function linesOf(paragraph) {
  const height = parseFloat(getComputedStyle(paragraph).lineHeight);
  const start = paragraph.getBoundingClientRect().top;
  const texts = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  const [range, lines] = [document.createRange(), new Map()];
  for (let text; (text = texts.nextNode()); ) {
    for (let i = 0; i < text.length && !text.parentElement.closest(".katex"); i++) {
      range.setStart(text, i);
      range.setEnd(text, i + 1);
      const { top, bottom, width } = range.getBoundingClientRect();
      const line = Math.floor(((top + bottom) / 2 - start) / height);
      if (width) lines.set(line, (lines.get(line) ?? 0) + 1);
    }
  }
  return [...lines.values()].slice(0, -1);
}
