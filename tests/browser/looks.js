// What a test asks of an open page.
window.looks = (() => {
  const visible = { visibilityProperty: true, opacityProperty: true };
  // No text for eyes, or for paper only, or of a key that needs a script, or shown on
  // request: a mark beside a heading that has the focus.
  const silent = "script, style, title, desc, annotation, option, .sheet-head, .search-key, .headerlink, .sd-tab-content";
  const name = (element) => {
    const classes = [...element.classList].map((word) => "." + word).join("");
    return element.localName + (element.id && "#" + element.id) + classes;
  };
  const scrolls = (style) => /auto|scroll/.test(style.overflowX);

  // What makes the page wider than the window.
  function sideways() {
    const root = document.documentElement;
    const found = root.scrollWidth > root.clientWidth ? ["the page"] : [];
    const walk = (element) => {
      if (!element.checkVisibility(visible)) return;
      const box = element.getBoundingClientRect();
      if (box.width < 2) return;  // meant for screen readers only
      if (box.right > innerWidth + 1) found.push(name(element));
      else if (element.localName !== "svg" && !scrolls(getComputedStyle(element))) {
        [...element.children].forEach(walk);
      }
    };
    document.querySelectorAll("article, footer").forEach(walk);
    return found;
  }

  // What moves although the reader asked for less motion.
  function moving() {
    const still = (times) => times.split(", ").every((time) => parseFloat(time) === 0);
    const found = new Set();
    for (const element of document.querySelectorAll("*")) {
      for (const part of ["", "::before", "::after"]) {
        const style = getComputedStyle(element, part);
        const moves =
          !still(style.transitionDuration) ||
          (style.animationName !== "none" && !still(style.animationDuration)) ||
          style.scrollBehavior === "smooth";
        if (moves) found.add(name(element) + part);
      }
    }
    return [...found];
  }

  // How far the page jumped while it was loading.
  function shift() {
    return new Promise((tell) => {
      let sum = 0;
      const watch = (list) => list.getEntries().forEach((entry) => (sum += entry.value));
      new PerformanceObserver(watch).observe({ type: "layout-shift", buffered: true });
      requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => tell(sum))));
    });
  }

  // Open all folds, and take the colors from words of code whose like stands before: what
  // judges a page then judges what is folded, and each kind of word once. Fonts that only
  // a fold has asked for have to come before.
  function thin() {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
    const known = new Set();
    const kind = (element) => element && `${kind(element.parentElement)} ${name(element)}`;
    for (const word of document.querySelectorAll("pre span:not([id])")) {
      if (word.firstElementChild) continue;
      if (known.has(kind(word))) word.replaceWith(...word.childNodes);
      else known.add(kind(word));
    }
    document.body.normalize();
    document.body.getBoundingClientRect();  // asks for the fonts
    return document.fonts.ready.then(() => 0);
  }

  // Texts of the article that one cannot come to see.
  function unseen() {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
    const found = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const element = texts.currentNode.parentElement;
      if (!texts.currentNode.data.trim() || !element.closest("article")) continue;
      if (element.closest(silent)) continue;
      if (!element.checkVisibility(visible)) found.push(texts.currentNode.data.trim());
    }
    return found;
  }

  function said(element) {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("button, .cell-why").forEach((part) => part.remove());
    return copy.textContent;
  }

  // What stands in the article, in words, without what a script says there.
  function parts() {
    const kinds = "h1, h2, h3, h4, p, li, td, th, dt, dd, pre, figcaption, math, .graph text";
    const all = [...document.querySelectorAll("article")].flatMap((article) => [
      ...article.querySelectorAll(kinds),
    ]);
    const pictures = document.querySelectorAll("article :is(figure svg, img)").length;
    const words = all
      .filter((element) => !element.closest("[aria-live], .cell-why"))
      .map((element) => said(element).replace(/\s+/g, " ").trim())
      .filter(Boolean);
    return [...words, `${pictures} pictures`];
  }

  // The stops of the Tab key: those that a page should have, and what is wrong with each.
  const stops = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  let expected = new Set();
  let faults = [];
  let last = null;

  function expect() {
    expected = new Set(document.querySelectorAll(stops));
    for (const element of expected) {
      if (!element.checkVisibility({ visibilityProperty: true })) expected.delete(element);
    }
    faults = [];
    last = null;
  }

  // An outline may also be that of the box or of the card that the element fills.
  function isOutlined(element, part = "") {
    const { outlineStyle, outlineWidth } = getComputedStyle(element, part);
    if (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) return true;
    if (!part && isOutlined(element, "::after")) return true;
    return element !== document.body && isOutlined(element.parentElement);
  }

  function isCovered(element) {
    const { x, y, width, height } = element.getClientRects()[0];
    return [0.1, 0.5, 0.9].every((part) => {
      const top = document.elementFromPoint(x + part * width, y + part * height);
      return !top || !(element.contains(top) || top.contains(element));
    });
  }

  function stop() {
    const element = document.activeElement;
    if (element === document.body || element === last) return false;
    if (last && !expected.has(element)) return false;
    if (!isOutlined(element)) faults.push(`no focus to be seen: ${name(element)}`);
    if (isCovered(element)) faults.push(`covered: ${name(element)}`);
    expected.delete(element);
    last = element;
    return true;
  }

  // A box that turned out to have nothing to scroll is no stop any more.
  function walked() {
    const lost = [...expected].filter((element) => element.matches(stops));
    return [...faults, ...lost.map((element) => `not reached: ${name(element)}`)];
  }

  return { sideways, moving, shift, thin, unseen, parts, expect, stop, walked };
})();
