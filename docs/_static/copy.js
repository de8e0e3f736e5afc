// A button on each piece of code that copies it as one would type it: without prompts,
// outputs and numbers of lines, and an excerpt with what is folded in it.
"use strict";
{
  const PROMPT = /^(>>>|\.\.\.|\$)( |$)/;

  function textOf(pre) {
    const copy = pre.cloneNode(true);
    for (const number of copy.querySelectorAll(".linenos")) number.remove();
    const lines = copy.textContent.replace(/\n+$/, "").split("\n");
    const typed = pre.querySelector(".gp") ? lines.filter((line) => PROMPT.test(line)) : lines;
    return typed.map((line) => (typed === lines ? line : line.replace(PROMPT, "")) + "\n").join("");
  }

  function addButton(place, pieces) {
    const button = document.getElementById("copy").content.firstElementChild.cloneNode(true);
    const name = button.textContent;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText([...pieces].map(textOf).join(""));
      button.textContent = button.dataset.done;
      setTimeout(() => (button.textContent = name), 2000);
    });
    place.append(button);
  }

  // Browsers give no clipboard to a page that came over an insecure connection.
  if (navigator.clipboard) {
    for (const block of document.querySelectorAll("div.highlight")) {
      if (block.closest(".highlight-text, .highlight-none, .listing")) continue;
      const pieces = (block.closest(".excerpt") ?? block).querySelectorAll("pre");
      if (pieces[0].parentElement === block) addButton(block, pieces);
    }
  }
}
