// Set the colors that the reader chose, if possible before the page is first painted.
// Without a choice, and without this script, the stylesheets follow the system.
"use strict";
{
  let choice = null;
  try {
    choice = localStorage.getItem("theme");
  } catch {
    // The browser keeps nothing for this page.
  }
  const apply = () => document.body && (document.body.dataset.theme = choice ?? "auto");
  const whenThere = (_, observer) => apply() && observer.disconnect();
  if (!apply()) new MutationObserver(whenThere).observe(document.documentElement, { childList: true });
}
