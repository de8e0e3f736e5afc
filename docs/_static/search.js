// Find places of the book and show them, best first. docs/plugins/search.py writes what
// there is to find. A word of the query matches where a word of the book begins like it.
"use strict";
{
  const FACTORS = { page: 2, section: 1, term: 1.5, object: 0.8, excerpt: 1 };
  const MOST = 40; // places shown
  const CONTEXT = 230; // characters shown of each

  const places = globalThis.searched.flatMap(([address, page, part, found]) =>
    found.map(([anchor, kind, title, prose, code]) => {
      const factor = FACTORS[kind] * (/^[IVXLC]+\. /.test(part) ? 1.3 : 1);
      return { href: address + (anchor && `#${anchor}`), page, part, kind, title, prose, code, factor };
    }),
  );

  // "Names" finds "name", "dividing" finds "divide"; a name may begin after "_".
  function pattern(word, end = "") {
    const stem = word.replace(/^(\p{L}{4,}?)(ing|ed|es|e|s)$/u, "$1");
    const safe = stem.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp((/^[\p{L}\p{N}]/u.test(word) ? "(?<![\\p{L}\\p{N}])" : "") + safe + end, "giu");
  }

  const wordsOf = (query) => [
    ...new Set(query.toLowerCase().split(/\s+/).map((word) => word.replace(/[?!,.;:]+$/, ""))),
  ].filter(Boolean);

  // How well a word fits a place: in its title, in that of its page, how often in its text.
  function fit(word, matches, place) {
    const inTitle = place.title.match(matches) ? 12 * Math.sqrt(word.length / place.title.length) : 0;
    const inPage = place.kind !== "page" && place.page.match(matches) ? 1 : 0;
    const times = (place.prose.match(matches)?.length ?? 0) + (place.code.match(matches)?.length ?? 0);
    return inTitle + inPage + (times && 1 + Math.log2(times));
  }

  // Where "log(0)" does not stand, "log" is better than nothing.
  function fits(word) {
    const matches = pattern(word);
    const parts = word.match(/\p{L}{2,}/gu)?.filter((part) => part !== word) ?? [];
    const patterns = parts.map((part) => pattern(part, "(?![\\p{L}\\p{N}])"));
    return places.map((place) => {
      const exact = fit(word, matches, place);
      if (exact || !parts.length) return exact;
      return 0.3 * Math.min(...parts.map((part, i) => fit(part, patterns[i], place)));
    });
  }

  // The rarer a word is, the more it counts. What lacks most of them is no answer.
  function search(query) {
    const asked = query.toLowerCase().trim();
    const rows = places.map((place) => ({ place, score: 0, has: 0 }));
    const words = wordsOf(query).map((word) => {
      const fitting = fits(word);
      const rarity = Math.log(1.05 * places.length / (1 + fitting.filter(Boolean).length));
      rows.forEach((row, i) => {
        row.score += rarity * fitting[i];
        if (fitting[i]) row.has += rarity;
      });
      return { matches: pattern(word, "\\p{L}*"), rarity };
    });
    for (const row of rows) {
      const title = row.place.title.toLowerCase();
      if (title === asked) row.score *= 2;
      else if (title.endsWith(`.${asked}`)) row.score *= 1.5;
      else if (row.place.prose.toLowerCase().includes(asked)) row.score *= 1.3;
      row.score *= row.place.factor;
    }
    const enough = 0.6 * Math.max(...rows.map((row) => row.has));
    const best = rows.filter((row) => row.has > 0 && row.has >= enough);
    best.sort((a, b) => b.score - a.score);
    words.sort((a, b) => b.rarity - a.rarity);
    return { found: best.map((row) => row.place), words: words.map((word) => word.matches) };
  }

  // The lines of code, or the part of the prose, in which the rarest word stands first.
  function context(place, words) {
    const first = (text) => words.map((word) => text.search(word)).find((at) => at >= 0);
    const at = first(place.prose);
    const inCode = at === undefined && first(place.code);
    if (inCode || inCode === 0) {
      const from = place.code.lastIndexOf("\n", inCode) + 1;
      return { tag: "code", text: place.code.slice(from).split("\n", 2).join("\n") };
    }
    const from = (at ?? 0) > 80 ? place.prose.indexOf(" ", at - 80) + 1 : 0;
    const to = from + CONTEXT < place.prose.length ? place.prose.lastIndexOf(" ", from + CONTEXT) : undefined;
    return { tag: "span", text: (from ? "… " : "") + place.prose.slice(from, to) + (to ? " …" : "") };
  }

  function marked(element, text, words) {
    const spans = words.flatMap((word) => [...text.matchAll(word)].map((m) => [m.index, m.index + m[0].length]));
    let done = 0;
    for (const [from, to] of spans.sort((a, b) => a[0] - b[0])) {
      if (from < done || from === to) continue;
      const mark = document.createElement("mark");
      mark.textContent = text.slice(from, to);
      element.append(text.slice(done, from), mark);
      done = to;
    }
    element.append(text.slice(done));
    return element;
  }

  function item(place, words) {
    const element = document.getElementById("search-result").content.firstElementChild.cloneNode(true);
    const link = element.querySelector("a");
    link.href = place.href;
    const isName = place.kind === "object" || place.kind === "excerpt";
    link.append(marked(document.createElement(isName ? "code" : "span"), place.title, words));
    const where = [place.kind !== "page" && place.page, place.part].filter(Boolean);
    element.querySelector(".search-where").textContent = where.join(" · ");
    const { tag, text } = context(place, words);
    element.querySelector("p").append(marked(document.createElement(tag), text, words));
    return element;
  }

  function show() {
    const query = field.value;
    const { found, words } = wordsOf(query).length ? search(query) : { found: [], words: [] };
    list.replaceChildren(...found.slice(0, MOST).map((place) => item(place, words)));
    const { none, some } = status.dataset;
    status.textContent = query.trim() && (found.length ? some.replace("%", found.length) : none);
  }

  const field = document.querySelector("article input[type=search]");
  const list = document.querySelector(".search-results");
  const status = document.querySelector(".search-status");
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  field.addEventListener("input", show);
  show();
  if (!field.value) field.focus();
}
