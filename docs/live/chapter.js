// The examples of a page, once the reader has asked to run one: each opens as a cell with
// an editor, and all share one Python and its names, in the order of the page.
//
//   const chapter = new Chapter(places, { copyOf, kept, root, words });
//   chapter.open(place);
//
// places are the elements that docs/plugins/cells.py has marked; docs/_static/cells.js
// gives copyOf, which copies a part of the template, kept, which keeps what is typed, the
// root of the book, and the words to say. All that a program shows becomes text, never markup.
import { edit } from "./editor.js";
import { Kernel } from "./kernel.js";

export class Chapter {
  #turn = Promise.resolve();
  #asked = 0;
  #loading = null;
  #ready = false;

  constructor(places, tools) {
    Object.assign(this, tools);
    const onProgress = (progress) => {
      this.#ready = progress.loaded >= progress.total;
      this.#loading.load(progress);
    };
    this.kernel = new Kernel(new URL(".", import.meta.url), { onProgress });
    this.cells = places.map((place, i) => new Cell(this, place, i + 1));
  }

  // Open a cell and run it; a cell in which an answer is to be written waits for it.
  open(place) {
    const cell = this.cells.find((one) => one.place === place);
    cell.open();
    cell.focus();
    if (!cell.tests) this.run(cell);
  }

  // Run a cell after those that were asked for before.
  run(cell) {
    if (cell.busy) return;
    const asked = this.#asked;
    cell.wait();
    this.#turn = this.#turn.then(async () => {
      const dropped = asked !== this.#asked || (await this.#runEarlier(cell));
      if (dropped) cell.say(this.words.stopped);
      else await cell.run();
      cell.rest();
    });
  }

  // Run what a cell builds on and has not run yet; give whether this was cut short.
  async #runEarlier(cell) {
    this.#loading = cell;
    const before = this.cells.slice(0, this.cells.indexOf(cell));
    const earlier = before.filter((one) => one.shared && !one.ran);
    let errors = 0;
    cell.say(this.#ready ? this.words.runs : this.words.loads);
    for (const one of earlier) {
      const { error, lost, stopped } = await one.run();
      if (lost || stopped) return true;
      errors += Boolean(error) && !one.goOn;
    }
    cell.tellEarlier(earlier, errors);
    return false;
  }

  // Draw that with which a cell ended.
  draw(cell) {
    this.#turn = this.#turn.then(() => cell.draw());
  }

  runAll() {
    for (const cell of this.cells) {
      if (!cell.shared) continue;
      if (!cell.place.hidden) cell.open();
      this.run(cell);
    }
  }

  stop() {
    this.#asked += 1;
    this.kernel.stop();
  }

  // Forget what was typed and what was run.
  resetAll() {
    this.stop();
    for (const cell of this.cells) cell.reset();
    this.#turn = this.#turn.then(async () => {
      await this.kernel.reset();
      for (const cell of this.cells) cell.forget("");
    });
  }

  // Python has begun anew and knows the names of no cell.
  lose() {
    this.#ready = false;
    for (const cell of this.cells) cell.forget(this.words.lost);
  }
}

class Cell {
  ran = false;
  busy = false;
  #box = null;
  #editor = null;

  constructor(chapter, place, number) {
    const { before, source, goOn, lacks, tests } = place.dataset;
    Object.assign(this, { chapter, place, number, before, goOn: Boolean(goOn), tests });
    this.printed = source;
    this.shared = !lacks && !tests && before === undefined;
    this.words = chapter.words;
  }

  get text() {
    return this.#editor?.text ?? this.chapter.kept.get(this.place) ?? this.printed;
  }

  open() {
    if (this.#box) return;
    const { text } = this;
    const name = this.tests ? this.words.answer : this.words.example.replace("%", this.number);
    const label = `${name}. ${this.words.leave}`;
    this.#box = this.place.appendChild(this.chapter.copyOf(".cell-open"));
    this.#box.setAttribute("aria-label", name);
    this.#box.addEventListener("click", ({ target }) => this.#act(target.closest("[data-do]")));
    this.#editor = edit(this.#box.querySelector(".cell-text"), {
      ...{ text, label },
      onRun: () => this.chapter.run(this),
      onChange: (text) => this.#change(text),
    });
    this.place.classList.add("cell-opened");
  }

  #act(button) {
    const { chapter } = this;
    const actions = {
      run: () => chapter.run(this),
      stop: () => chapter.stop(),
      draw: () => chapter.draw(this),
      reset: () => this.reset(),
      close: () => this.#close(),
      runAll: () => chapter.runAll(),
      resetAll: () => chapter.resetAll(),
    };
    if (button?.getAttribute("aria-disabled") !== "true") actions[button?.dataset.do]?.();
  }

  focus() {
    if (this.tests) this.#editor.focus();
    else this.#button("run").focus();
  }

  #close() {
    if (this.busy) this.chapter.stop();
    this.#editor.close();
    this.#box.remove();
    this.#editor = this.#box = null;
    this.place.classList.remove("cell-opened");
    this.place.querySelector(".cell-run").focus();
  }

  #change(text) {
    this.ran = false;
    this.chapter.kept.set(this.place, text === this.printed ? null : text);
    if (!this.busy) this.say(this.words.changed);
  }

  // The text as it is printed.
  reset() {
    if (this.#editor && this.text !== this.printed) this.#editor.text = this.printed;
    this.chapter.kept.set(this.place, null);
  }

  // Run this cell and show what it shows; give the result.
  async run() {
    const { before, goOn, tests, text } = this;
    for (const cell of this.chapter.cells) cell.offerDrawing(false);
    this.#clear();
    const onOutput = (pieces) => this.#show(pieces);
    const { kernel } = this.chapter;
    const result = await (tests ? kernel.check(text, tests, { onOutput }) : kernel.run(text, { onOutput, goOn, before }));
    this.ran = !result.stopped && text === this.text;
    if (result.lost) this.chapter.lose();
    this.#tell(result);
    this.offerDrawing(result.draws);
    return result;
  }

  // Python still has what was shown last.
  offerDrawing(can) {
    if (this.#box) this.#button("draw").hidden = !can;
  }

  async draw() {
    if (!this.#box || this.#button("draw").hidden) return;
    const { kernel, root, words } = this.chapter;
    const place = this.#box.querySelector(".cell-drawn");
    const onOutput = (pieces) => this.#show(pieces);
    this.say(words.draws);
    try {
      const { draw } = await import("./draw.js");
      const ident = `cell-${this.number}`;
      place.replaceChildren((await draw(kernel, { ident, root, words, onOutput })) ?? "");
      this.say(words.drawn);
    } catch (error) {
      this.say(words.missing);
      throw error;
    }
  }

  #tell({ error, failed, lost, seconds, stopped }) {
    const { words } = this;
    const took = seconds < 1 ? `${Math.ceil(1000 * seconds)} ms` : `${seconds.toFixed(1)} s`;
    if (failed) {
      const text = `${words.test}\n${failed.example}\n${failed.message}\n`;
      this.#show([{ kind: "failed", text }]);
    }
    if (stopped) this.say(words.stopped);
    else if (lost) this.say(words.lost);
    else if (failed) this.say(words.wrong);
    else if (error && !this.goOn) this.say(words.error.replace("%", took));
    else this.say(this.tests ? words.passed : words.done.replace("%", took));
  }

  // Say in one line what was run before this cell.
  tellEarlier(earlier, errors) {
    const { kept, words } = this.chapter;
    const count = earlier.length;
    const told = count ? [count === 1 ? words.one : words.many.replace("%", count)] : [];
    if (earlier.some((one) => kept.get(one.place) !== null)) told.push(words.typed);
    if (errors) told.push(words.failed.replace("%", errors));
    if (this.#box) this.#box.querySelector(".cell-first").textContent = told.join(" ");
  }

  forget(why) {
    if (this.ran || !why) this.say(why);
    if (!why) this.#clear();
    this.ran = false;
  }

  wait() {
    this.busy = true;
    this.say(this.words.waits);
    this.#enable("stop", true);
    this.#enable("run", false);
  }

  rest() {
    this.busy = false;
    this.#enable("stop", false);
    this.#enable("run", true);
  }

  load({ loaded, total }) {
    if (loaded >= total) return this.say(this.words.runs);
    const [some, all] = [loaded, total].map((bytes) => (bytes / 1e6).toFixed(1));
    const text = this.words.loaded.replace("%", some).replace("%", all);
    if (this.#box) this.#box.querySelector(".cell-progress").textContent = text;
  }

  say(text) {
    if (!this.#box) return;
    this.#box.querySelector("[role=status]").textContent = text;
    this.#box.querySelector(".cell-progress").textContent = "";
  }

  #button(action) {
    return this.#box.querySelector(`[data-do=${action}]`);
  }

  #enable(action, on) {
    if (this.#box) this.#button(action).setAttribute("aria-disabled", !on);
  }

  #clear() {
    for (const name of [".cell-output", ".cell-drawn"]) this.#box?.querySelector(name).replaceChildren();
  }

  #show(pieces) {
    const output = this.#box?.querySelector(".cell-output");
    for (const { kind, text } of output ? pieces : []) {
      let span = output.lastChild;
      if (span?.className !== `cell-${kind}`) {
        span = output.appendChild(document.createElement("span"));
        span.className = `cell-${kind}`;
      }
      span.append(text);
    }
    // What scrolls can be reached by keyboard.
    if (output?.scrollHeight > output?.clientHeight) output.tabIndex = 0;
  }
}
