// Draw what the playground knows as SVG, in the inks of the book: a loss curve, maps of
// attention, letters on a plane. Each picture says in words what it shows. All text goes
// in as text.

const NS = "http://www.w3.org/2000/svg";
const WINDOW = 50; // steps that a mean is taken over
const DOTS = 2000; // drawn at most; of longer runs every so manieth
const BOX = { left: 40, right: 500, top: 34, bottom: 268, width: 576, height: 312 };
const INKS = ["plot-first", "plot-second"];

function make(name, attributes, ...children) {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const write = (x, y, text, more = {}) => make("text", { x, y, "dominant-baseline": "central", ...more }, text);
const line = (d, more) => make("path", { d, fill: "none", stroke: "currentColor", ...more });

let count = 0;
function picture(width, height, title, words, ...children) {
  const id = `playground-picture-${count++}`;
  return make(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-labelledby": `${id}-title`,
      "aria-describedby": `${id}-desc`,
      "font-size": 13,
      fill: "currentColor",
    },
    make("title", { id: `${id}-title` }, title),
    make("desc", { id: `${id}-desc` }, words),
    ...children,
  );
}

// For each loss the mean of it and those before, as many as there are up to a window.
export function means(losses) {
  let sum = 0;
  return losses.map((loss, i) => {
    sum += loss - (i < WINDOW ? 0 : losses[i - WINDOW]);
    return sum / Math.min(i + 1, WINDOW);
  });
}

// Round numbers from low to high, about five.
function ticks(low, high) {
  const rough = (high - low || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((times) => times * power >= rough);
  const found = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) found.push(+(i * step).toPrecision(6));
  return found;
}

// The losses of one run or two, from a step on, against the yardsticks.
export function curve({ losses, from, steps, yardsticks, parted, names, title, words }) {
  const guesses = Object.values(yardsticks);
  const highest = Math.max(...guesses);
  const all = losses.flat().filter((loss) => !guesses.length || loss < 2 * highest);
  const low = all.reduce((a, b) => Math.min(a, b), Math.min(...guesses)) - 0.1;
  const high = all.reduce((a, b) => Math.max(a, b), highest) + 0.1;
  const x = (step) => +(BOX.left + ((BOX.right - BOX.left) * step) / steps).toFixed(1);
  const y = (loss) => +(BOX.bottom - ((BOX.bottom - BOX.top) * (loss - low)) / (high - low)).toFixed(1);
  const inside = ([, loss]) => loss <= high;
  const thin = (points) => points.filter((_, i) => i % Math.ceil(points.length / DOTS) === 0);
  const numbered = (numbers) => numbers.map((number, i) => [from + i + 1, number]);
  const shown = [line(`M${BOX.left} ${BOX.top}V${BOX.bottom}H${BOX.right}`, { "stroke-width": 0.8 })];
  for (const tick of ticks(low, high)) shown.push(write(BOX.left - 6, y(tick), tick, { "text-anchor": "end" }));
  for (const tick of ticks(0, steps)) {
    if (Number.isInteger(tick)) shown.push(write(x(tick), BOX.bottom + 14, tick, { "text-anchor": "middle" }));
  }
  shown.push(write((BOX.left + BOX.right) / 2, BOX.height - 8, names.step, { "text-anchor": "middle" }));
  const guess = losses.length > 1 ? "plot-faint" : "plot-second"; // the ink of a second run
  for (const [name, loss] of Object.entries(yardsticks)) {
    shown.push(
      line(`M${BOX.left} ${y(loss)}H${BOX.right}`, { class: guess, "stroke-dasharray": "4 3", "stroke-width": 1.2 }),
      write(BOX.right + 8, y(loss), names[name], { class: guess }),
    );
  }
  losses.forEach((run, i) => {
    const dots = thin(numbered(run)).filter(inside).map(([step, loss]) => `M${x(step)} ${y(loss)}h0`);
    const ink = losses.length > 1 ? INKS[i] : "plot-faint";
    shown.push(line(dots.join(""), { class: ink, "stroke-width": 2.5, "stroke-linecap": "round", opacity: losses.length > 1 ? 0.35 : 0.5 }));
  });
  losses.forEach((run, i) => {
    const points = thin(numbered(means(run))).filter(inside).map(([step, loss]) => `${x(step)} ${y(loss)}`);
    if (points.length) shown.push(line(`M${points.join("L")}`, { class: INKS[i], "stroke-width": 2.2, "stroke-linejoin": "round" }));
  });
  if (parted) shown.push(line(`M${x(parted)} ${BOX.top}V${BOX.bottom}`, { "stroke-width": 0.8, "stroke-dasharray": "1 3" }));
  losses.forEach((_, i) => {
    const left = BOX.left + 200 * i;
    const name = losses.length > 1 ? names.runs[i] : names.mean;
    shown.push(line(`M${left} 12h22`, { class: INKS[i], "stroke-width": 2.2 }), write(left + 29, 12, name));
  });
  return picture(BOX.width, BOX.height, title, words, ...shown);
}

// What each position of a name takes from those before it: dark is much.
export function map({ labels, rows, title, words }) {
  const cell = 24;
  const left = 42;
  const top = 30;
  const size = labels.length * cell;
  const shown = [];
  labels.forEach((label, i) => {
    const middle = (i + 0.5) * cell;
    shown.push(
      write(left - 7, top + middle, label, { "text-anchor": "end" }),
      write(left + (label.length > 1 ? middle + 8 : middle), top - 11, label, { "text-anchor": label.length > 1 ? "end" : "middle" }),
      make("rect", { x: left, y: top + i * cell, width: (i + 1) * cell, height: cell, class: "plot-faint", fill: "currentColor", "fill-opacity": 0.12 }),
    );
    rows[i].forEach((share, j) => {
      const place = { x: left + j * cell, y: top + i * cell, width: cell, height: cell };
      shown.push(make("rect", { ...place, class: "plot-first", fill: "currentColor", "fill-opacity": share.toFixed(3) }));
    });
  });
  return picture(left + size + 4, top + size + 4, title, words, ...shown);
}

// Letters where their two numbers say, some of them on a disc.
export function letters({ letters, places, at, names, title, words }) {
  const [width, height] = [460, 340];
  const middle = [width / 2 + 10, height / 2 - 14];
  const room = [width - 80, height - 70];
  const ends = [0, 1].map((side) => {
    const all = places.map((place) => place[side]);
    return [Math.min(...all), Math.max(...all)];
  });
  const scale = Math.min(...ends.map(([low, high], side) => room[side] / Math.max(high - low, 1e-9)));
  const along = (place, side, sign) => {
    const [low, high] = ends[side];
    return +(middle[side] + sign * scale * (place[side] - (low + high) / 2)).toFixed(1);
  };
  const spots = places.map((place) => ({ x: along(place, 0, 1), y: along(place, 1, -1) }));
  const discs = at.map((i) => make("circle", { cx: spots[i].x, cy: spots[i].y, r: 11, class: "plot-first", "fill-opacity": 0.25 }));
  const signs = [...letters].map((letter, i) => write(spots[i].x, spots[i].y, letter, { "text-anchor": "middle" }));
  const across = write(width / 2, height - 10, names[0], { "text-anchor": "middle", class: "plot-faint" });
  const up = write(12, height / 2, names[1], { "text-anchor": "middle", class: "plot-faint", transform: `rotate(-90 12 ${height / 2})` });
  return picture(width, height, title, words, ...discs, ...signs, across, up);
}
