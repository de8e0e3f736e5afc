// Runs Python for the page, in a worker of its own. See kernel.js.
import { loadPyodide } from "./pyodide.mjs";

const MOST = 2 ** 30; // bytes that Python may take; beyond them it raises MemoryError
const CALLS = "a function that calls itself without end, or something nested very deep";
let session;
let running;

onmessage = async ({ data: { id, action, values, interrupt } }) => {
  running = id;
  try {
    session ??= await load(interrupt);
    postMessage({ id, began: true });
    const began = performance.now();
    const found = session[action](...values);
    const seconds = (performance.now() - began) / 1000;
    const result = found?.toJs({ dict_converter: Object.fromEntries });
    postMessage({ id, result: { ...result, seconds } });
  } catch (error) {
    postMessage({ id, died: session ? cause(error) : `It could not be loaded: ${error}` });
  }
};

async function load(interrupt) {
  const { total } = await (await fetch("manifest.json")).json();
  const uncounted = self.fetch;
  self.fetch = counted(uncounted, total);
  limitMemory();
  const book = fetch("book.zip").then((response) => response.arrayBuffer());
  const python = await loadPyodide();
  python.unpackArchive(await book, "zip", { extractDir: "/book" });
  self.fetch = uncounted;
  if (interrupt) python.setInterruptBuffer(interrupt);
  python.runPython("import sys; sys.path.insert(0, '/book')");
  python.pyimport("docs.live.guard").install();
  const send = (kind, text) => postMessage({ id: running, kind, text });
  const loaded = python.pyimport("docs.live.cell").Session(send);
  postMessage({ progress: { loaded: total, total } });
  return loaded;
}

// Growing fails, as it does where the machine has no more: Python then says so.
function limitMemory() {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * 65536 > MOST) throw new RangeError("too much");
    return grow.call(this, pages);
  };
}

// A `fetch` that tells the page how much has come of all that is to be loaded.
function counted(uncounted, total) {
  let loaded = 0;
  return async (...request) => {
    const { body, headers, ok, status } = await uncounted(...request);
    if (!ok) throw new Error(`${request[0]} is not there (${status})`);
    const count = new TransformStream({
      transform(chunk, controller) {
        loaded += chunk.byteLength;
        postMessage({ progress: { loaded: Math.min(loaded, total), total } });
        controller.enqueue(chunk);
      },
    });
    return new Response(body.pipeThrough(count), { headers });
  };
}

// Why Python died.
function cause(error) {
  return /call stack/.test(error) ? CALLS : String(error);
}
