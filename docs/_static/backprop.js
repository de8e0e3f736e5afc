// Go through a backward pass with buttons and arrow keys. docs/plugins/backprop.py writes
// into the page what each step marks and says.
"use strict";

for (const box of document.querySelectorAll(".backprop")) {
  if (box.querySelector("svg")) walkThrough(box);
}

function walkThrough(box) {
  const steps = JSON.parse(box.dataset.steps);
  const [label, ...names] = JSON.parse(box.dataset.labels);
  const last = steps.length - 1;
  const figure = box.querySelector("figure");
  const frame = box.querySelector(".graph");
  const find = (part) => frame.querySelector(`[data-part="${part}"]`);
  const moves = [
    ["Home", () => 0],
    ["ArrowLeft", () => now - 1],
    ["ArrowRight", () => now + 1],
    ["End", () => last],
  ];
  let now = 0;

  function show(step) {
    if (step < 0 || step > last) return;
    now = step;
    for (const part of box.querySelectorAll("[data-state]")) delete part.dataset.state;
    for (const text of frame.querySelectorAll(".graph-grad")) text.textContent = "";
    steps.slice(0, now + 1).forEach(([node, link, child, grad], i) => {
      find(child).querySelector(".graph-grad").textContent = grad;
      for (const part of link) find(part).dataset.state = i < now ? "past" : "link";
    });
    const [node, , child, , text] = steps[now];
    find(child).dataset.state = "child";
    find(node).dataset.state = "node";
    box.querySelectorAll("tbody tr")[now].dataset.state = "now";
    said.textContent = text;
    moves.forEach(([, to], i) => {
      const idle = to() === now || to() < 0 || to() > last;
      controls.children[i].setAttribute("aria-disabled", idle);
    });
    const place = find(child).getBoundingClientRect();
    const view = frame.getBoundingClientRect();
    frame.scrollLeft += place.x - view.x + (place.width - view.width) / 2;
  }

  const controls = make("div", "", { class: "backprop-controls", role: "group", "aria-label": label });
  const said = make("p", "", { class: "backprop-said", "aria-live": "polite" });
  for (const [key, to] of moves) {
    const button = make("button", names.shift(), { type: "button", "aria-keyshortcuts": key });
    button.addEventListener("click", () => show(to()));
    controls.append(button);
  }

  // After a click in the figure its keys count here, except where the graph scrolls.
  figure.tabIndex = -1;
  figure.addEventListener("keydown", (event) => {
    const move = moves.find(([key]) => key === event.key);
    const scrolls = event.target === frame && frame.scrollWidth > frame.clientWidth;
    if (!move || scrolls || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    show(move[1]());
  });
  frame.after(controls, said);
  show(0);
  addEventListener("beforeprint", () => show(last));
}

function make(tag, text, attributes) {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  return element;
}
