// What is wider than its place scrolls in itself, and is then a stop of the Tab key, so
// that arrow keys scroll it in every browser.
"use strict";
{
  const WIDE = ".highlight pre, .listing-code, .listing-lines, .table-wrapper, .graph, div.math";
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const element of document.querySelectorAll(WIDE)) watch.observe(element);
}
