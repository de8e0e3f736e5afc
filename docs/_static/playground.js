// Train the model in the page. docs/live/play.py does the work in a worker, slice by slice,
// and docs/live/pictures.js draws; both are loaded when the reader first asks for a run.
// What the reader typed is kept in this browser, and goes into the page as text only.
"use strict";
{
  const LIVE = new URL("live/", document.currentScript.src);
  const BEGIN = "from docs.live.play import Play\nplay = Play()\n";
  const KEY = "playground";
  const SLICE = 0.2; // seconds in which Python takes steps before it answers
  const PATIENCE = 2000; // milliseconds that a step may still take after Stop
  const LARGEST = 1_000_000; // bytes of a text
  const LOOKS = 10; // how often in a run the pictures are drawn anew
  const SAMPLES = 12;

  const form = document.getElementById("play-form");
  const words = JSON.parse(form.dataset.words);
  const at = (name) => document.getElementById(`play-${name}`);
  const state = at("state");
  const language = document.documentElement.lang || "en";
  const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const digits = (number, most) => number.toLocaleString(language, { maximumFractionDigits: most });
  const text = (name, ...children) => {
    const element = document.createElement(name);
    element.append(...children);
    return element;
  };

  let kernel = null;
  let pictures = null;
  let ready = null; // the promise of a Python that has a `play`
  let run = null; // what is known of the run: losses, step, steps, yardsticks ...
  let mode = "idle"; // or "loading", "running", "pausing", "paused"
  let work = Promise.resolve(); // what is under way
  let more = 0;

  class Fault extends Error {
    constructor(message, field = null) {
      super(message);
      this.field = field;
    }
  }

  // --- Python

  async function load() {
    if (location.protocol === "file:") throw new Fault(words.file);
    if (!kernel) {
      pictures = await import(new URL("pictures.js", LIVE));
      const { Kernel } = await import(new URL("kernel.js", LIVE));
      const mega = (bytes) => digits(bytes / 1e6, 1);
      const onProgress = ({ loaded, total }) => {
        if (!run) state.textContent = say("loading", { loaded: mega(loaded), total: mega(total) });
      };
      kernel = new Kernel(LIVE, { onProgress });
    }
    const begun = await kernel.run(BEGIN);
    if (!begun.ok) throw new Fault(begun.error);
  }

  async function ask(action, asked = {}) {
    try {
      await (ready ??= load());
    } catch (error) {
      ready = null;
      throw error;
    }
    const result = await kernel.call("play.reply", JSON.stringify({ do: action, ...asked }));
    if (!result.ok) {
      ready = run = null;
      throw new Fault(result.stopped ? words.cut : result.error);
    }
    const told = JSON.parse(result.reply);
    if ("field" in told) throw new Fault(told.fault, told.field);
    return told;
  }

  // --- what the reader typed

  const own = () => form.elements.text.value === "own";
  const lines = () => (own() ? form.elements.lines.value : null);
  const other = () => {
    const name = form.elements.other.value;
    return name ? { name, value: form.elements.value.value } : null;
  };
  const texts = () =>
    Object.fromEntries([...form.querySelectorAll("[data-setting]")].map(({ name, value }) => [name, value]));

  const FIELDS = Object.fromEntries(
    [...form.elements].filter(({ name }) => name).map((field) => [field.name, field]),
  );

  function keep() {
    const kept = Object.fromEntries(new FormData(form));
    try {
      localStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // There is no room, or the reader allows none: the page works all the same.
    }
  }

  function restore() {
    let kept = {};
    try {
      kept = JSON.parse(localStorage.getItem(KEY)) ?? {};
    } catch {
      // What is no JSON is not ours.
    }
    for (const [name, value] of Object.entries(kept)) {
      const field = Object.hasOwn(FIELDS, name) && typeof value === "string" && FIELDS[name];
      if (!field) continue;
      const offered = !field.options || [...field.options].some((option) => option.value === value);
      if (offered) field.value = value;
    }
  }
  async function read(file) {
    if (file.size > LARGEST) throw new Fault(say("large", { most: digits(LARGEST) }), "lines");
    try {
      form.elements.lines.value = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    } catch {
      throw new Fault(words.encoding, "lines");
    }
    form.elements.text.value = "own";
    keep();
  }

  // --- what the page says

  function tell(message) {
    at("said").textContent = message;
  }

  function fail(error) {
    at("fault").textContent = error.message;
    const field = error.field && at(error.field);
    if (field) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-errormessage", "play-fault");
      if (!field.matches(":disabled")) field.focus();
    }
  }

  function forgive() {
    at("fault").textContent = "";
    for (const field of document.querySelectorAll(".playground [aria-invalid]")) {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-errormessage");
    }
  }

  function turn(next) {
    mode = next;
    const unfinished = run && run.step < run.steps && !run.fault;
    const can = {
      train: mode === "idle",
      pause: mode === "running" || (mode === "paused" && unfinished),
      step: mode === "paused" && unfinished,
      stop: ["running", "pausing", "paused"].includes(mode),
      more: run,
      keep: run && mode !== "loading",
    };
    for (const [name, able] of Object.entries(can)) at(name).setAttribute("aria-disabled", !able);
    at("pause").textContent = mode === "paused" ? words.resume : words.pause;
    for (const group of form.querySelectorAll("fieldset")) group.disabled = mode !== "idle";
    at("load").disabled = mode !== "idle" && mode !== "paused";
    form.ariaBusy = mode === "loading";
  }

  function duration(seconds) {
    return seconds < 100
      ? say("seconds", { count: digits(seconds, 0) })
      : say("minutes", { count: digits(seconds / 60, 0) });
  }

  const loss = (number) => number.toFixed(4);
  const lasts = () => run.losses.map((losses) => losses.at(-1));

  function report() {
    const parts = [say("step", { step: digits(run.step), steps: digits(run.steps) })];
    if (run.losses[0].length) parts.push(say("loss", { loss: lasts().map(loss).join(words.and) }));
    if (run.speed && mode === "running") {
      parts.push(say("speed", { speed: digits(run.speed, run.speed < 10 ? 1 : 0) }));
      parts.push(say("left", { time: duration((run.steps - run.step) / run.speed) }));
    }
    state.textContent = parts.join(" · ");
  }

  // --- pictures and samples

  function curve() {
    if (run.losses.length > 1) compare();
    const { losses, from, steps, yardsticks } = run;
    const means = losses.map((each) => pictures.means(each).at(-1));
    const described = means[0] === undefined ? "" : say("curve", { mean: means.map(loss).join(words.and), step: from + losses[0].length });
    const guesses = Object.entries(yardsticks).map(([name, guess]) => `${words[name]} ${loss(guess)}`);
    const names = { ...words, step: words.axis, runs: [words.first, words.second] };
    const detail = { title: words.title, words: `${described} ${words.guesses} ${guesses.join(", ")}.`, names };
    at("curve").replaceChildren(pictures.curve({ losses, from, steps, yardsticks, parted: run.parted, ...detail }));
    at("curve").hidden = false;
    at("still").hidden = true;
    at("parting").textContent = losses.length > 1 && losses[0].length ? parting(means) : "";
  }

  // Find the first step at which the losses differ.
  function compare() {
    const [first, second] = run.losses;
    const differs = second.findIndex((each, i) => each !== first[i]);
    run.parted = differs < 0 ? 0 : run.from + differs + 1;
  }

  // Where two runs part, and how far apart they are now.
  function parting(means) {
    if (!run.parted) return say("together", { step: digits(run.step) });
    const gap = Math.abs(means[1] - means[0]);
    const lower = gap === 0 ? words.neither : means[0] < means[1] ? words.first : words.second;
    return say("parted", { parted: digits(run.parted), step: digits(run.step), gap: loss(gap), lower });
  }

  const quoted = ([sample, known]) => {
    const item = text("li", sample || words.empty);
    if (known) item.append(" ", text("small", words.known));
    return item;
  };

  async function write() {
    const temperature = +at("temperature").value;
    const { samples, step } = await ask("samples", { temperature, count: SAMPLES, more });
    const blocks = samples.map((written, i) => {
      const title = say(samples.length > 1 ? "writtenby" : "written", { step: digits(step), run: [words.first, words.second][i] });
      const list = text("ul", ...written.map(quoted));
      return text("div", text("p", title), list);
    });
    at("written").replaceChildren(...blocks);
    if (step > run.sampled && (mode === "running" || step === run.steps)) {
      run.sampled = step;
      const names = samples[0].slice(0, 5).map(([sample]) => sample || words.empty);
      at("history").append(text("li", text("b", say("at", { step: digits(step) })), " ", names.join(", ")));
    }
  }

  function strongest(labels, rows) {
    const most = rows.map((row) => row.indexOf(Math.max(...row)));
    return labels.map((label, i) => `${label} ← ${labels[most[i]]}`).join(", ");
  }

  async function attend() {
    const { labels, maps, heads } = await ask("attention", { name: at("name").value });
    const drawn = maps.map((rows, i) => {
      const title = say("head", { layer: 1 + Math.floor(i / heads), head: 1 + (i % heads) });
      const picture = pictures.map({ labels, rows, title, words: strongest(labels, rows) });
      return text("figure", picture, text("figcaption", title));
    });
    at("maps").replaceChildren(...drawn);
  }

  async function lay() {
    const told = await ask("embeddings");
    const share = (part) => `${digits(100 * told.shares[part], 0)} %`;
    const names = [say("across", { share: share(0) }), say("up", { share: share(1) })];
    const order = [...told.letters].map((letter, i) => [told.places[i][0], letter]).sort((a, b) => a[0] - b[0]);
    const described = say("letters", { letters: order.map(([, letter]) => letter).join(" ") });
    at("letters").replaceChildren(pictures.letters({ ...told, names, title: words.plane, words: described }));
  }

  // What cannot be shown of a model is said in its place.
  async function look() {
    for (const [place, show] of Object.entries({ written: write, letters: lay, maps: attend })) {
      try {
        await show();
      } catch (error) {
        if ((error.field ?? null) === null) throw error;
        at(place).replaceChildren(text("p", error.message));
      }
    }
  }

  // --- the run

  function start(told) {
    run = { ...told, from: told.step, losses: told.parameters.map(() => []), parted: 0, sampled: -1, speed: 0 };
    more = 0;
    at("history").replaceChildren();
    const facts = { documents: digits(told.documents), parameters: digits(told.parameters[0]), characters: digits(told.characters) };
    const cut = told.cut ? say("short", { cut: digits(told.cut) }) : "";
    at("facts").textContent = `${say("facts", facts)} ${cut}`;
    curve();
    report();
  }

  async function steps(most) {
    const began = performance.now();
    const before = run.step;
    const stride = Math.ceil(run.steps / LOOKS);
    while (mode === "running") {
      const rest = stride - (run.step % stride);
      const { losses, step, fault } = await ask("go", { seconds: SLICE, most: most ?? rest });
      losses.forEach((each, i) => run.losses[i].push(...each));
      Object.assign(run, { step, fault, speed: (1000 * (step - before)) / (performance.now() - began) });
      if (fault || step === run.steps) turn("idle");
      else if (mode === "pausing" || (most && mode === "running")) turn("paused");
      curve();
      report();
      if (fault) throw new Fault(fault);
      if (mode !== "running" || step % stride === 0) await look();
    }
    if (mode === "pausing") turn("paused");  // asked for while pictures were made
    report();
    const values = { step: digits(run.step), loss: lasts().map(loss).join(words.and) };
    if (!most) tell(say(mode === "paused" ? "paused" : run.step === run.steps ? "done" : "stopped", values));
  }

  // What changes the run waits for what is under way; what goes wrong is said.
  function go(next) {
    forgive();
    work = work.then(next).catch((error) => {
      turn(run && mode === "paused" ? "paused" : "idle");
      if (!run) state.textContent = "";
      fail(error);
    });
    return work;
  }

  // What only looks at the run comes between two of its slices.
  function aside(look) {
    forgive();
    return look().catch(fail);
  }

  const actions = {
    train: () =>
      go(async () => {
        turn("loading");
        tell(words.begins);
        start(await ask("begin", { lines: lines(), texts: texts(), other: other() }));
        turn("running");
        await look();
        await steps(null);
      }),
    pause: () => {
      if (mode === "running") return turn("pausing");
      turn("running");
      return go(() => steps(null));
    },
    step: () => {
      turn("running");
      return go(() => steps(1));
    },
    stop: () => {
      turn("idle");
      const late = setTimeout(() => kernel.stop(), PATIENCE);
      work.finally(() => clearTimeout(late));
    },
    more: () => {
      more += 1;
      return aside(write);
    },
    keep: () =>
      aside(async () => {
        const { file } = await ask("keep");
        const link = text("a");
        link.href = URL.createObjectURL(new Blob([file], { type: "application/json" }));
        link.download = "microgpt.json";
        link.click();
        URL.revokeObjectURL(link.href);
      }),
    forget: () => {
      form.reset();
      forgive();
      localStorage.removeItem(KEY);
    },
  };

  async function resume(file) {
    const asked = { text: await file.text(), lines: lines(), engine: form.elements.engine.value };
    start(await ask("load", asked));
    for (const [name, value] of Object.entries(run.settings)) form.elements[name].value = value;
    form.elements.other.value = "";
    keep();
    turn(run.step < run.steps ? "paused" : "idle");
    await look();
    tell(say("loaded", { step: digits(run.step), steps: digits(run.steps) }));
  }

  // --- the controls

  for (const button of document.querySelectorAll(".playground button")) {
    button.disabled = false;
    if (button.type === "submit") continue;
    const act = actions[button.id.replace("play-", "")];
    button.addEventListener("click", () => button.getAttribute("aria-disabled") !== "true" && act());
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (mode === "idle") actions.train();
  });
  form.addEventListener("input", (event) => {
    if (event.target.name === "lines") form.elements.text.value = "own";
    if (event.target.name === "other") {
      form.elements.value.value = event.target.selectedOptions[0].dataset.value ?? "";
    }
    keep();
  });
  for (const [name, use] of [["file", read], ["load", resume]]) {
    at(name).addEventListener("change", ({ target }) => {
      const [file] = target.files;
      if (file) go(() => use(file)).then(() => (target.value = ""));
    });
  }
  const warmth = () => (at("warmth").textContent = digits(+at("temperature").value, 1));
  at("temperature").disabled = at("name").disabled = false;
  at("temperature").addEventListener("input", warmth);
  at("temperature").addEventListener("change", () => run && aside(write));
  at("name").addEventListener("change", () => run && aside(attend));
  restore();
  warmth();
  turn("idle");
}
