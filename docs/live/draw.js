// Draw the graph of the Value that a cell has shown, with its backward pass: laid out by
// Graphviz and stepped through as the figures of the book are.
//
//   const figure = await draw(kernel, { ident, title, root });
//
// Gives null where Python has said why not. What comes from Python is taken apart: only
// the elements and attributes of a drawing get into the page.
import { instance } from "./viz.js";

const MODULE = '__import__("docs.live.draw", fromlist="_")';
const LAST = '__import__("builtins")._'; // what the prompt has shown last
const CALL = (name) => `lambda text: ${MODULE}.${name}(${LAST}, globals(), text)`;
const ELEMENTS = "div, svg, title, desc, g, path, polygon, rect, ellipse, text";
const NAMES = "class|id|d|points|[xy]|[rc][xy]|width|height|viewBox|tabindex|role|data-part|aria-\\w+";
const ATTRIBUTE = new RegExp(`^((${NAMES})=|style=min-width: \\d+px$)`);
const graphviz = instance();

export async function draw(kernel, { ident, title, root, onOutput }) {
  const ask = async (name, text) => JSON.parse((await kernel.call(CALL(name), text, { onOutput })).reply ?? null);
  const asked = await ask("asked", "");
  if (!asked?.request) return say(onOutput, asked?.refused);
  const answer = (await graphviz).renderJSON(JSON.parse(asked.request));
  const told = await ask("told", JSON.stringify([answer, ident]));
  return told && (await figure(told, title, root));
}

function say(onOutput, refused) {
  if (refused) onOutput([{ kind: "note", text: `${refused}\n` }]);
  return null;
}

async function figure({ svg, steps, labels, head, rows }, title, root) {
  const box = make("div", { className: "backprop cell-drawing" });
  const frame = box.appendChild(make("figure"));
  frame.append(...cleaned(svg));
  if (!rows.length) return box;
  Object.assign(box.dataset, { steps, labels });
  box.append(table(head, rows, title));
  await walking(root);
  walkThrough(box);
  return box;
}

// The elements of a drawing, without anything else.
function cleaned(markup) {
  const { body } = new DOMParser().parseFromString(markup, "text/html");
  for (const element of body.querySelectorAll("*")) {
    if (!element.matches(ELEMENTS)) element.remove();
    for (const { name, value } of [...element.attributes]) {
      if (!ATTRIBUTE.test(`${name}=${value}`)) element.removeAttribute(name);
    }
  }
  return body.childNodes;
}

// In a row without a child, the action takes its place.
function table(head, rows, title) {
  const wrapper = make("div", { className: "table-wrapper docutils container" });
  const found = wrapper.appendChild(make("table", { className: "backprop-table docutils" }));
  found.createCaption().textContent = title;
  const top = found.createTHead().insertRow();
  for (const text of head) top.append(make("th", { scope: "col", textContent: text }));
  const body = found.createTBody();
  for (const texts of rows) {
    const row = body.insertRow();
    for (const text of texts) row.insertCell().textContent = text;
    if (texts.length < head.length) row.cells[2].colSpan = 2;
  }
  return wrapper;
}

// docs/_static/backprop.js, which only pages with such a figure load by themselves.
function walking(root) {
  if (self.walkThrough) return null;
  return new Promise((onload, onerror) => {
    const src = new URL("_static/backprop.js", root);
    document.head.append(make("script", { src, onload, onerror }));
  });
}

function make(tag, properties = {}) {
  return Object.assign(document.createElement(tag), properties);
}
