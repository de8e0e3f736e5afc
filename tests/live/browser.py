"""A real browser with a bare page that uses the kernel, under the policy of a host."""

import shutil
import threading
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from docs import serve
from docs.plugins import live
from tests.untraced import untraced

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = [
    *(
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-sync",
    ),
    *("--disable-background-networking", "--disable-component-update"),
]
HTML = (
    '<!doctype html><meta charset="utf-8"><title>Cells</title>'
    '<script type="module" src="page.js"></script>'
)
SCRIPT = """
import { Kernel } from "./_static/live/kernel.js";
window.progress = [];
window.violations = [];
addEventListener("securitypolicyviolation", (e) => violations.push(e.blockedURI));
const onProgress = (progress) => window.progress.push(progress);
const start = (options) =>
  new Kernel(new URL("_static/live/", location.href), { onProgress, ...options });
window.kernel = start();
window.wait = (patience) => (window.kernel = start({ patience }));
window.begin = (action, ...values) => {
  const shown = (window.shown = []);
  const times = (window.times = []);
  const onOutput = (pieces) => {
    shown.push(...pieces);
    times.push(performance.now());
  };
  const options = typeof values.at(-1) === "object" ? values.pop() : {};
  window.result = kernel[action](...values, { onOutput, ...options });
  window.result.then(() => (window.ended = performance.now()));
};
"""


def missing():
    """Say what is not here, or nothing."""
    if not CHROMIUM:
        return "there is no Chromium here"
    if not (live.PYODIDE / "pyodide.mjs").exists():
        return (
            "there is no Pyodide here: run npm ci --ignore-scripts --prefix docs/assets"
        )
    return ""


def make_site(folder):
    """Write a page without words that has a kernel."""
    live.provide(folder / "_static" / "live", live.PYODIDE)
    (folder / "index.html").write_text(HTML, "utf-8")
    (folder / "page.js").write_text(SCRIPT, "utf-8")


@contextmanager
def served(folder, isolated):
    """The address at which a folder is served meanwhile."""
    with untraced(serve.server(folder, 0, isolated)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def chromium():
    """A browser that talks to nobody by itself."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


class Cells:
    """A page with a kernel."""

    def __init__(self, browser, address):
        self.page = browser.new_page()
        self.asked = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(address)
        self.wait_for_kernel()

    def reload(self):
        """Start afresh, with a Python that is not loaded yet."""
        self.page.reload()
        self.wait_for_kernel()

    def wait_for_kernel(self):
        """See to it that the page has imported what it needs."""
        self.page.evaluate("import('./_static/live/kernel.js')")

    def begin(self, source, **options):
        """Start a cell and do not wait for it."""
        self.page.evaluate("values => begin('run', ...values)", [source, options])

    def result(self):
        """Wait for the cell that was started last."""
        return self.page.evaluate("result")

    def shown(self):
        """What the last cell has shown until now, as pairs of kind and text."""
        pieces = self.page.evaluate("shown")
        return [(piece["kind"], piece["text"]) for piece in pieces]

    def run(self, source, **options):
        """Run a cell; give its result."""
        self.begin(source, **options)
        return self.result()

    def value(self, source):
        """Run a cell that must go well; give what it showed, as one text."""
        result = self.run(source)
        assert result["ok"], result["error"]
        return "".join(text for _, text in self.shown())

    def check(self, answer, tests):
        """Try an answer."""
        self.page.evaluate("values => begin('check', ...values)", [answer, tests])
        return self.result()

    def reset(self):
        """Forget all names."""
        self.page.evaluate("kernel.reset()")

    def stop(self):
        """Stop; give the seconds until the cell had ended."""
        return self.page.evaluate(
            "async () => { const asked = performance.now(); kernel.stop();"
            " await result; return (ended - asked) / 1000; }"
        )

    def wait(self, seconds):
        """Let the page live for a while."""
        self.page.wait_for_timeout(1000 * seconds)
