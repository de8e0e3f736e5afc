// Draw what a cell has shown last. Of a Value the graph and the backward pass: laid out by
// Graphviz and stepped through as the figures of the book are; of a list of numbers a
// curve, of rows of shares a map.
//
//   const figure = await draw(kernel, { ident, root, words, onOutput });
//
// Gives null where Python has said why not. What comes from Python is taken apart: only
// the elements and attributes of a drawing get into the page.
import * as pictures from "./pictures.js";

const MODULE = '__import__("docs.live.draw", fromlist="_")';
const LAST = '__import__("builtins")._'; // what the prompt has shown last
const CALL = (name) => `lambda text: ${MODULE}.${name}(${LAST}, globals(), text)`;
const ELEMENTS = "div, svg, title, desc, g, path, polygon, rect, ellipse, text";
const NAMES = "class|id|d|points|[xy]|[rc][xy]|width|height|viewBox|tabindex|role|data-part|aria-\\w+";
const ATTRIBUTE = new RegExp(`^((${NAMES})=|style=min-width: \\d+px$)`);

export async function draw(kernel, { ident, root, words, onOutput }) {
  const ask = async (name, text) => JSON.parse((await kernel.call(CALL(name), text, { onOutput })).reply ?? null);
  const asked = await ask("asked", "");
  if (asked?.curve) return curve(asked.curve, words);
  if (asked?.map) return map(asked.map, words);
  if (!asked?.request) return say(onOutput, asked?.refused);
  const { instance } = await import("./viz.js");
  const answer = (await instance()).renderJSON(JSON.parse(asked.request));
  const told = await ask("told", JSON.stringify([answer, ident]));
  return told && (await figure(told, words.pass, root));
}

function say(onOutput, refused) {
  if (refused) onOutput([{ kind: "note", text: `${refused}\n` }]);
  return null;
}

function curve(numbers, { curve, mean, number }) {
  const [low, high] = [Math.min, Math.max].map((best) => numbers.reduce((a, b) => best(a, b)));
  const about = { names: { mean, step: number }, title: curve, words: `${low} – ${high}` };
  const run = { losses: [numbers], from: 0, steps: numbers.length, yardsticks: {} };
  return plot(pictures.curve({ ...run, ...about }));
}

function map(rows, { map, shares }) {
  const words = rows.map((row) => row.map((share) => share.toFixed(2)).join(" ")).join("; ");
  const labels = rows.map((_, i) => String(i + 1));
  return plot(pictures.map({ labels, rows, title: map, words: `${shares}: ${words}` }));
}

function plot(svg) {
  const box = make("div", { className: "plot" });
  svg.style.maxWidth = `${svg.viewBox.baseVal.width}px`;
  box.append(svg);
  return box;
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
