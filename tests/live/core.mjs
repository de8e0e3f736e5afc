// Run tests on the Python of the pages: node core.mjs BOOK PACKAGES MADE_FOR_IT [OPTION...]
//
// Python sees the three folders at /book, /packages and /wasm, and writes to none of them.
import { loadPyodide } from "../../docs/assets/node_modules/pyodide/pyodide.mjs";

const folders = process.argv.slice(2, 5);
const python = await loadPyodide();
for (const [i, place] of ["/book", "/packages", "/wasm"].entries()) {
  python.FS.mkdirTree(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folders[i] }, place);
}
python.globals.set("options", python.toPy(process.argv.slice(5)));
process.exitCode = python.runPython(`
import os, sys
sys.dont_write_bytecode = True
sys.path = ["/book", "/wasm", *sys.path, "/packages"]
os.chdir("/book")
import pytest
int(pytest.main([*options]))
`);
