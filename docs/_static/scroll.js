// What is wider than its place scrolls in itself, and is then a stop of the Tab key, so
// that arrow keys scroll it in every browser.
"use strict";
{
  const WIDE = ".highlight pre, .listing-code, .listing-lines, .table-wrapper, .graph, div.math";
  const boxes = document.querySelectorAll(WIDE);
  function judge(box) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
  const watch = new ResizeObserver((entries) => entries.forEach(({ target }) => judge(target)));
  for (const box of boxes) watch.observe(box);
  document.fonts.addEventListener("loadingdone", () => boxes.forEach(judge));  // may be wider
}
