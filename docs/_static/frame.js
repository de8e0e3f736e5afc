// What surrounds a page: the names of the color buttons, keys for the search, drawers.
"use strict";
{
  const buttons = document.querySelectorAll(".theme-toggle");
  const nameButtons = () => {
    for (const button of buttons) {
      const name = button.getAttribute(`data-${document.body.dataset.theme}`);
      if (name) button.setAttribute("aria-label", name);
    }
  };
  nameButtons();
  new MutationObserver(nameButtons).observe(document.body, { attributeFilter: ["data-theme"] });

  // A link to a place on this page closes the drawer that it stands in.
  for (const drawer of document.querySelectorAll("[popover]")) {
    drawer.addEventListener("click", (event) => {
      if (event.target.closest('a[href^="#"]')) drawer.hidePopover?.();
    });
  }

  // "/" and Ctrl+K lead to the search, Escape leads back.
  const search = [...document.querySelectorAll("input[type=search]")].at(-1);
  let before = null;

  function enterSearch() {
    before = document.activeElement;
    if (!search.offsetParent) search.closest("[popover]").showPopover?.();
    search.focus();
    search.select();
  }

  addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    const modified = event.altKey || event.ctrlKey || event.metaKey;
    const slash = event.key === "/" && !modified && !typing;
    const k = event.key === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!slash && !k) return;
    event.preventDefault();
    enterSearch();
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    search.blur();
    before?.focus();
  });
}
