"""A reader runs the examples of a page, in a real browser, under a strict policy."""

import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from docs.plugins.backprop import backward_pass
from docs.plugins.passes import script_data
from tests.browser.tab import AXE, LEVELS
from tests.live import browser

ROOT = Path(__file__).parents[2]
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
extensions = ["myst_parser", "docs.plugins.exercise", "docs.plugins.cells"]
extensions += ["docs.plugins.live", "docs.plugins.scripts"]
html_theme = "furo"
html_title = "A book"
pygments_style = "docs.plugins.syntax.Light"
pygments_dark_style = "docs.plugins.syntax.Dark"
html_static_path = [{str(ROOT / "docs" / "_static")!r}]
templates_path = [{str(ROOT / "docs" / "_templates")!r}]
html_css_files = ["book.css"]
html_js_files = ["theme.js", "frame.js", "scroll.js", "copy.js", "cells.js"]
exclude_patterns = ["solutions", "html"]
"""
PAGE = """# A chapter

```python
>>> x = 2
>>> x * 3
6
```

% >>> hidden = 40

```python
>>> 1 / 0
Traceback (most recent call last):
ZeroDivisionError: division by zero
>>> hidden + x
42
```

```python
>>> # needs: numpy
>>> import numpy
```

```python
>>> print("<b>", x)
<b> 2
```

## Exercises

```{exercise} double
:kind: write

Write it.
```
"""
SOLUTION = """
```{start}
>>> def double(y):
...     return y
```

```python
>>> def double(y):
...     return x * y
```

```{test}
>>> double(0)
0
>>> double(4)
8
```

```{wrong} it squares
>>> def double(y):
...     return y * y
```
"""
FILES = {
    "conf.py": CONF,
    "index.md": PAGE,
    "plain.md": "---\norphan: true\n---\n# No example\n\nText.\n",
    "solutions/index/double.md": SOLUTION,
}
NOTE = """() => {
  window.states = [];
  const note = () => states.push(document.querySelector(".cell-state")?.innerText);
  const watch = new MutationObserver(note);
  watch.observe(document.querySelector(".cell"), { subtree: true, childList: true });
}"""
KEEP = "Object.defineProperty(window, 'localStorage', { get() { throw new Error(); } })"
DIES = """class A:
    def __add__(self, other):
        return self + other
A() + 1"""
HACK = "hacked=1"
HOSTILE = [  # each of another kind
    f"<script>{HACK}</script>",
    f"</pre><script>{HACK}</script>",
    f"</textarea></template><script>{HACK}</script>",
    f"<img src=x onerror={HACK}>",
    f"<svg onload={HACK}>",
    f"<svg><script>{HACK}</script></svg>",
    f"<iframe srcdoc='<script>parent.{HACK}</script>'></iframe>",
    f"<iframe src='javascript:parent.{HACK}'></iframe>",
    f"<a href='javascript:{HACK}' autofocus>a</a>",
    f"<details open ontoggle={HACK}>",
    f"<input autofocus onfocus={HACK}>",
    f"<body onload={HACK}>",
    "<style>*{display:none}</style>",
    "<link rel=stylesheet href=//example.org/a.css>",
    "<meta http-equiv=refresh content='0;url=//example.org'>",
    "<base href=//example.org/>",
    "<form action=//example.org><button>a</button></form>",
    "<object data=//example.org></object>",
    f"<math><mtext><img src=x onerror={HACK}></mtext></math>",
    f"<!--><script>{HACK}</script>-->",
    f"<![CDATA[<script>{HACK}</script>]]>",
    f"&lt;script&gt;{HACK}&lt;/script&gt;",
    f"&#60;img src=x onerror={HACK}&#62;",
    f"\"'><img src=x onerror={HACK}>",
    f"javascript:{HACK}",
    f"${{{HACK}}}`{HACK}`",
    f"{{{{constructor.constructor('{HACK}')()}}}}",
    "__proto__",
    "\x1b]8;;javascript:hacked=1\x07a\x1b[31m",
    "\u202e<\u0000img\u200b src=x>",
]
LAST = 2  # among the buttons: of `print`
ANSWER = 3


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A book of one chapter, as `make html` would build it."""
    why = browser.missing()
    if why:
        pytest.skip(why)
    folder = tmp_path_factory.mktemp("cells")
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    out = folder / "html"
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", folder, out]
    subprocess.run(command, check=True, cwd=ROOT)
    return out


@pytest.fixture(scope="module")
def chromium(built):
    with browser.chromium() as started:
        yield started


@pytest.fixture(scope="module", params=[True, False], ids=["isolated", "plain"])
def either(built, request):
    """The address of the book on each kind of host."""
    with browser.served(built, request.param) as address:
        yield address


@pytest.fixture(scope="module")
def address(built):
    with browser.served(built, isolated=True) as address:
        yield address


class Reader:
    """Somebody who reads a page, and notes what it asks for and complains of."""

    def __init__(self, chromium, address, page="index.html", **settings):
        self.context = chromium.new_context(**settings)
        self.page = self.context.new_page()
        self.asked, self.faults = [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self.hear)
        self.page.on("dialog", lambda dialog: self.faults.append(dialog.message))
        self.page.goto(address + page)
        self.buttons = self.page.locator(".cell-run:visible, .cell-opened > .cell-run")

    def hear(self, message):
        known = re.search("/fonts/|/icon|/touch|favicon", message.location["url"])
        if message.type in ("error", "warning") and not known:  # not in this book
            self.faults.append(message.text)

    def cell(self, number):
        """What stands around an example."""
        return Cell(self.page.locator(".cell:has(> .cell-run)").nth(number))

    def run(self, number):
        """Open an example and wait until it has run."""
        cell = self.cell(number)
        cell.place.locator("> .cell-run").click()
        cell.wait("Done", "Error")
        return cell


class Cell:
    """An example of the page, which may be open."""

    def __init__(self, place):
        self.place = place
        self.state = place.locator("[role=status]")
        self.output = place.locator(".cell-output")
        self.first = place.locator(".cell-first")
        self.text = place.locator(".cm-content")

    def wait(self, *states):
        expect(self.state).to_have_text(re.compile("|".join(states)), timeout=60_000)

    def type(self, text):
        """Write this in the place of what stands there."""
        self.text.click()
        self.text.press("Control+a")
        self.text.press("Delete")
        self.text.page.keyboard.insert_text(text)

    def press(self, name):
        self.place.get_by_role("button", name=name, exact=True).click()

    def again(self, *states):
        self.press("Run")
        self.wait(*(states or ("Done",)))


@pytest.fixture
def read(chromium, address):
    """Open pages as readers who have not been here before."""
    readers = []

    def start(page="index.html", where=address, **settings):
        readers.append(Reader(chromium, where, page, **settings))
        return readers[-1]

    yield start
    for reader in readers:
        reader.context.close()
        assert reader.faults == []


def test_nothing_is_loaded_before_the_first_click(read):
    reader = read()
    assert [url for url in reader.asked if "/live/" in url] == []
    assert reader.buttons.all_inner_texts() == ["Run", "Run", "Run", "Write an answer"]


def test_a_page_without_examples_has_nothing_of_it(read):
    reader = read("plain.html")
    assert [url for url in reader.asked if "cells" in url] == []


def test_without_javascript_there_is_no_run(read):
    page = read(java_script_enabled=False).page
    assert "Run" not in page.locator("article").inner_text()
    assert page.locator(".cell").first.is_visible()


def test_a_click_says_what_is_loaded_and_shows_what_it_gives(read, address):
    reader = read()
    cell = reader.cell(0)
    reader.page.evaluate(NOTE)
    reader.run(0)
    assert cell.text.inner_text() == "x = 2\nx * 3"
    assert cell.output.inner_text() == "6\n"
    assert re.fullmatch(r"Done in \d+ ms", cell.state.inner_text())
    states = reader.page.evaluate("states")
    loads = r"Loading Python: \d+\.\d of \d+\.\d MB"
    assert len({text for text in states if re.fullmatch(loads, text)}) > 2
    own = (address, f"blob:{address}")
    assert [url for url in reader.asked if not url.startswith(own)] == []


def test_cells_share_names_and_what_is_above_runs_first(read):
    reader = read()
    cell = reader.run(LAST)
    assert cell.output.inner_text() == "<b> 2\n"
    assert cell.first.inner_text() == "Ran 3 examples above first."
    middle = reader.run(1)
    assert middle.output.inner_text().endswith(
        "ZeroDivisionError: division by zero\n42\n"
    )
    assert middle.first.inner_text() == ""
    assert middle.state.inner_text().startswith("Done")


def test_what_was_changed_runs_anew_before_what_builds_on_it(read):
    reader = read()
    first, last = reader.run(0), reader.run(LAST)
    first.type("x = 7")
    assert first.state.inner_text() == "Changed, not run yet"
    last.again()
    assert last.output.inner_text() == "<b> 7\n"
    assert (
        last.first.inner_text()
        == "Ran the example above first. With what you typed there."
    )


def test_an_error_is_shown_as_python_shows_it(read):
    cell = read().run(0)
    cell.type("def f():\n    return y\nf()")
    cell.again("Error after")
    lines = cell.output.inner_text().splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-1] == "NameError: name 'y' is not defined"
    assert 'File "<cell 2>", line 2' in cell.output.inner_text()


def test_an_error_above_is_counted(read):
    reader = read()
    reader.run(0).type("x = y")
    last = reader.cell(LAST)
    reader.buttons.nth(LAST).click()
    last.wait("Done")
    assert last.first.inner_text().endswith("Errors: 1.")


def test_stop_ends_a_cell_and_the_next_runs(read, either):
    reader = read(where=either)
    cell = reader.run(0)
    cell.type("while True: pass")
    cell.press("Run")
    cell.wait("Running")
    cell.press("Stop")
    cell.wait("Stopped")
    cell.type("x = 5\nx")
    cell.again()
    assert cell.output.inner_text() == "5\n"


def test_where_python_dies_the_text_stays_and_cells_are_marked(read):
    reader = read()
    first, last = reader.run(0), reader.run(LAST)
    last.type(DIES)
    last.press("Run")
    expect(last.output).to_contain_text("Python has died", timeout=60_000)
    assert last.text.inner_text() == DIES
    expect(first.state).to_have_text("Not run since Python began anew")
    assert "Pyodide" in reader.faults[0]  # it says so in the console, too
    reader.faults.clear()
    last.type("x")
    last.again()
    assert last.output.inner_text() == "2\n"


def test_what_was_typed_survives_a_reload_and_can_be_forgotten(read):
    reader = read()
    reader.run(0).type("x = 7")
    reader.page.reload()
    assert reader.buttons.all_inner_texts()[:2] == ["Run with what you typed", "Run"]
    cell = reader.run(LAST)
    assert cell.output.inner_text() == "<b> 7\n"
    assert cell.first.inner_text().endswith("With what you typed there.")
    cell.press("Reset all")
    expect(cell.output).to_have_text("")
    cell.again()
    assert cell.output.inner_text() == "<b> 2\n"
    reader.page.reload()
    assert reader.buttons.all_inner_texts()[0] == "Run"
    assert reader.page.evaluate("localStorage.length") == 0


def test_reset_gives_the_printed_text_and_close_the_printed_example(read):
    reader = read()
    cell = reader.run(0)
    cell.type("x = 7")
    cell.press("Reset")
    assert cell.text.inner_text() == "x = 2\nx * 3"
    assert reader.page.evaluate("localStorage.length") == 0
    cell.press("Close")
    assert cell.text.count() == 0
    assert cell.place.locator("pre").first.is_visible()
    assert reader.page.evaluate("document.activeElement.className") == "cell-run"


def test_all_of_a_page_runs_in_order(read):
    reader = read()
    cell = reader.run(0)
    cell.press("Run all")
    last = reader.cell(LAST)
    last.wait("Done")
    shown = [reader.cell(number).output.inner_text() for number in range(LAST + 1)]
    assert shown[0] == "6\n"
    assert shown[1].endswith("\n42\n")
    assert shown[2] == "<b> 2\n"


def test_what_the_page_cannot_run_says_why(read):
    reader = read()
    (lacks,) = reader.page.locator(".cell[data-lacks]").all()
    assert lacks.inner_text().endswith("Needs numpy, which the page does not have.")
    assert lacks.locator(".cell-run").count() == 0


def test_an_answer_is_checked_with_what_stands_above(read):
    reader = read()
    cell = reader.cell(ANSWER)
    reader.buttons.nth(ANSWER).click()
    expect(cell.text).to_be_focused()
    cell.press("Check my answer")
    cell.wait("Not yet")
    shown = ["This line of the test fails:", ">>> double(4)", "expected 8, got 4"]
    assert cell.output.inner_text().splitlines() == shown
    cell.type("def double(y):\n    return x * y")
    cell.press("Check my answer")
    cell.wait("Correct")
    cell.type("def double(y)")
    cell.press("Check my answer")
    cell.wait("Error")
    assert "SyntaxError" in cell.output.inner_text()


def test_a_solution_runs_with_what_stands_above_and_leaves_no_names(read):
    reader = read()
    reader.page.get_by_text("Solution").click()
    cell = reader.cell(ANSWER + 1)
    reader.buttons.nth(ANSWER + 1).click()
    cell.wait("Done")
    expect(cell.first).to_have_text("Ran 4 examples above first.")
    cell.type("y = 4\nx, double(y)")
    cell.press("Run")
    cell.wait("Done")
    assert cell.output.inner_text() == "(2, 4)\n"


def test_from_a_file_run_says_how_to_start_a_server(built, chromium):
    reader = Reader(chromium, f"{built.as_uri()}/")
    reader.buttons.first.click()
    why = reader.cell(0).place.locator(".cell-why")
    told = "Run needs a server: start one with “make serve”, and open the address"
    expect(why).to_have_text(f"{told} that it says.")
    assert why.get_attribute("role") == "alert"
    reader.context.close()


def test_all_is_done_by_keyboard(read):
    reader = read()
    cell, press = reader.cell(0), reader.page.keyboard.press
    reader.buttons.first.focus()
    press("Enter")
    cell.wait("Done")
    press("Shift+Tab")
    expect(cell.text).to_be_focused()
    press("Control+a")
    reader.page.keyboard.insert_text("x = 8\nx")
    press("Control+Enter")
    expect(cell.output).to_have_text("8\n")
    press("Escape")
    press("Tab")
    expect(cell.place.get_by_role("button", name="Run", exact=True)).to_be_focused()
    for _ in range(3):
        press("Tab")
    press("Enter")
    expect(reader.buttons.first).to_be_focused()


def test_nothing_is_kept_where_the_browser_keeps_nothing(read):
    reader = read()
    reader.context.add_init_script(KEEP)
    reader.page.reload()
    cell = reader.run(0)
    cell.type("x = 9\nx")
    cell.again()
    assert cell.output.inner_text() == "9\n"


def test_hostile_text_stays_text(read):
    reader = read()
    cell = reader.run(0)
    for text in HOSTILE:
        cell.type(f"print({text!r})\n{text!r}\nraise Exception({text!r})")
        cell.again("Error after")
        shown = cell.output.evaluate("output => output.textContent")
        assert shown.startswith(f"{text}\n{text!r}\nTraceback")
        assert shown.rstrip("\n").endswith(f"Exception: {text}".rstrip("\n"))
        assert cell.output.locator("*:not(span)").count() == 0
    assert reader.page.evaluate("window.hacked") is None


def test_hostile_text_that_was_kept_stays_text(read):
    reader = read()
    reader.run(0).type("kept")
    key = reader.page.evaluate("localStorage.key(0)")
    for text in HOSTILE:
        reader.page.evaluate("pair => localStorage.setItem(...pair)", [key, text])
        reader.page.reload()
        reader.buttons.first.click()
        cell = reader.cell(0)
        expect(cell.text).to_be_visible()  # Python need not be there for that
        assert cell.text.locator("script, img, iframe, svg, a, style").count() == 0
    assert reader.page.evaluate("window.hacked") is None


def test_nothing_runs_by_itself_from_an_address(read):
    for text in HOSTILE:
        reader = read(f"index.html?run={quote(text)}&cell=0#{quote(text)}")
        assert [url for url in reader.asked if "/live/" in url] == []
        assert reader.page.locator(".cell-open").count() == 0
        assert reader.page.evaluate("window.hacked") is None


LEAVES = "from microgpt import Value\na, b = Value(2.0), Value(-3.0)\n"
VALUE = f"{LEAVES}L = (a * b + a).relu()\nL"
FORGED = """import docs.live.draw as draw
draw.svg = lambda *_: (
    "<img src=x onerror=hacked=1><script>hacked=1</script>"
    "<div class=graph onclick=hacked=1><svg onload=hacked=1 style='position: fixed'>"
    "<a href='javascript:hacked=1'><text onclick=hacked=1>a</text></a>"
    "<foreignObject><iframe srcdoc='<script>parent.hacked=1</script>'></iframe>"
    "</foreignObject><g data-part=v0><rect /><text class=graph-grad>a</text></g></svg>"
)
"""


def drawing(cell, text):
    """Draw what a cell with this text ends with."""
    cell.type(text)
    cell.again()
    cell.press("Draw")
    cell.wait("Drawn", "cannot")
    return cell.place.locator(".cell-drawn")


def test_the_graph_of_a_value_is_drawn_and_its_pass_stepped_through(read):
    cell = read().run(0)
    assert cell.place.get_by_role("button", name="Draw").count() == 0
    found = drawing(cell, VALUE)
    names = found.locator(".graph-name, .graph-data").all_text_contents()
    assert {"×", "+", "relu", "L = 0.0"} < {*names}
    passed, graph = backward_pass(VALUE)
    assert found.locator("tbody tr").count() == len(passed)
    found.get_by_role("button", name="Last").click()
    said = json.loads(script_data(passed, graph))[-1][-1]
    assert found.locator(".backprop-said").inner_text() == said
    assert barriers(cell.place.page) == []


def test_numbers_are_drawn_as_a_curve_and_shares_as_a_map(read):
    reader = read()
    cell = reader.run(0)
    found = drawing(cell, "[1 / n for n in range(1, 21)]")
    found = found.get_by_role("img", name="A curve of the numbers")
    assert found.locator("text").all_text_contents()[-1] == "mean of the last 50"
    assert found.locator("path.plot-faint").get_attribute("d").count("M") == 20
    found = drawing(cell, "[[1.0], [0.25, 0.75]]")
    found = found.get_by_role("img", name="What each row takes of each column")
    shares = found.locator("rect.plot-first").evaluate_all(
        "all => all.map((one) => one.getAttribute('fill-opacity'))"
    )
    assert shares == ["1.000", "0.250", "0.750"]
    assert barriers(reader.page) == []


def test_what_cannot_be_drawn_says_why(read):
    cell = read().run(0)
    found = drawing(cell, f"{VALUE}\nfor _ in range(300): L = L + a\nL")
    assert "too many to draw: at most 200" in cell.output.inner_text()
    assert found.inner_html() == ""


def test_only_a_drawing_gets_into_the_page(read):
    reader = read()
    found = drawing(reader.run(0), f"{FORGED}{LEAVES}a")
    assert found.locator("svg").count() == 1
    assert found.locator("script, img, iframe, a, foreignObject").count() == 0
    assert not re.search(r" on\w+=|position", found.inner_html())
    assert reader.page.evaluate("window.hacked") is None
    blocked = "Executing inline event handler violates"  # said by newer Chromiums
    assert all(fault.startswith(blocked) for fault in reader.faults)
    reader.faults.clear()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_cell_has_no_barrier(read, theme, width):
    size = {"width": width, "height": 740}
    reader = read(color_scheme=theme, viewport=size)
    assert barriers(reader.page) == []
    cell = reader.run(0)
    assert barriers(reader.page) == []
    cell.type("1 / 0")
    cell.again("Error")
    assert barriers(reader.page) == []
    cell.type("while True: pass")
    cell.press("Run")
    cell.wait("Running")
    assert barriers(reader.page) == []
    cell.press("Stop")
    assert reader.page.evaluate("document.documentElement.scrollWidth") == width


def barriers(page):
    """What axe-core finds in the article."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options = json.dumps({"runOnly": LEVELS, "preload": False})
    found = page.evaluate(f"axe.run('article', {options})")
    return [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]
