// The page's side of the Python that runs in it. Nothing is loaded before the first cell.
//
//   const kernel = new Kernel(new URL("_static/live/", root), { onProgress });
//   const result = await kernel.run("1 + 1", { onOutput });
//
// onProgress({ loaded, total }): bytes, while Python is loaded.
// patience: milliseconds that Python has to heed an interrupt.
// onOutput([{ kind, text }, ...]): in order; kind is "stdout", "stderr", "value" (as the
// prompt shows it), "error" (as Python shows it) or "note" (what we say).
// The result: ok; error, the text of the last one, or null; seconds; stopped, by stop();
// lost, where Python has to be started anew and the names of earlier cells are gone.

const FRAME = 30; // milliseconds for which output is collected
const SIGINT = 2;
const LOST = "The names of earlier cells are gone: run those cells again.\n";

export class Kernel {
  #base;
  #onProgress;
  #patience;
  #worker = null;
  #interrupt = null;
  #current = null;
  #queue = [];
  #count = 0;

  constructor(base, { onProgress = () => {}, patience = 1500 } = {}) {
    this.#base = base;
    this.#patience = patience;
    this.#onProgress = onProgress;
  }

  // Whether a cell runs or waits.
  get busy() {
    return this.#current !== null;
  }

  // Run a cell after those that were asked for before it. An error ends it, unless it
  // is to go on, as the prompt does. What runs after code of its own, `before`, sees the
  // names of earlier cells and leaves none.
  run(source, { onOutput, goOn = false, before } = {}) {
    if (before === undefined) return this.#ask("run", [source, goOn], onOutput);
    return this.#ask("run_aside", [source, goOn, before], onOutput);
  }

  // Try an answer on `>>>` examples; what it names is forgotten. The result also has
  // failed: the first example that failed, as { example, message }, or null.
  check(answer, tests, { onOutput } = {}) {
    return this.#ask("check", [answer, tests], onOutput);
  }

  // Give a text to a function that cells have named; the result has its `reply`, a text.
  call(name, text, { onOutput } = {}) {
    return this.#ask("call", [name, text], onOutput);
  }

  // Forget all names, files and changed modules, as if no cell had run.
  reset() {
    return this.#worker ? this.#ask("reset", []) : Promise.resolve();
  }

  // End the cell that runs, and drop those that wait. Where the page is isolated from
  // other origins, the names stay.
  stop() {
    const job = this.#current;
    for (const waiting of this.#queue.splice(0)) waiting.end({ stopped: true });
    if (!job) return;
    job.stopped = true;
    const kill = () => this.#restart("Stopped.");
    if (!this.#interrupt || !job.began) return kill();
    this.#interrupt[0] = SIGINT;
    job.timer ||= setTimeout(kill, this.#patience);
  }

  #ask(action, values, onOutput = () => {}) {
    return new Promise((resolve) => {
      this.#queue.push(new Job(this.#count++, { action, values }, onOutput, resolve));
      if (!this.#current) this.#next();
    });
  }

  #next() {
    const job = (this.#current = this.#queue.shift() ?? null);
    if (!job) return;
    this.#worker ??= this.#start();
    if (this.#interrupt) this.#interrupt[0] = 0;
    this.#worker.postMessage({ id: job.id, ...job.task, interrupt: this.#interrupt });
  }

  #start() {
    const shared = self.crossOriginIsolated;
    this.#interrupt = shared ? new Uint8Array(new SharedArrayBuffer(1)) : null;
    const worker = new Worker(new URL("worker.js", this.#base), { type: "module" });
    worker.onmessage = ({ data }) => this.#hear(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#restart(`Python could not be loaded. ${event.message ?? ""}`);
    };
    return worker;
  }

  #hear({ id, progress, began, kind, text, died, result }) {
    const job = this.#current;
    if (progress) this.#onProgress(progress);
    else if (id !== job?.id) return;
    else if (began) job.began = true;
    else if (kind) job.show({ kind, text });
    else if (died) this.#restart(`Python has died: ${died}.`);
    else this.#end(result);
  }

  // The next cell starts another worker.
  #restart(why) {
    this.#worker.terminate();
    this.#worker = null;
    const error = `${why}\n${LOST}`;
    this.#current.show({ kind: "note", text: error });
    this.#end({ error, lost: true });
  }

  #end(result) {
    this.#current.end(result);
    this.#next();
  }
}

class Job {
  began = false;
  stopped = false;
  timer = 0;
  #asked = performance.now();
  #shown = [];
  #frame = 0;

  constructor(id, task, onOutput, resolve) {
    Object.assign(this, { id, task, onOutput, resolve });
  }

  // Hand output on in frames: a page would choke on thousands of lines one by one.
  show(piece) {
    this.#shown.push(piece);
    this.#frame ||= setTimeout(() => this.#flush(), FRAME);
  }

  #flush() {
    clearTimeout(this.#frame);
    this.#frame = 0;
    if (this.#shown.length) this.onOutput(this.#shown.splice(0));
  }

  end(result) {
    clearTimeout(this.timer);
    this.#flush();
    const seconds = (performance.now() - this.#asked) / 1000;
    const usual = { error: null, failed: null, lost: false, seconds };
    const all = { ...usual, stopped: this.stopped, ...result };
    this.resolve({ ok: !all.error && !all.failed && !all.stopped, ...all });
  }
}
