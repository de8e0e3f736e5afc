"""Cells run in a real browser, under a strict policy, and none can harm the page."""

import pytest

from tests.live import browser

STILL = """async (seconds) => {
  let last = performance.now(), longest = 0;
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 20);
  await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
  clearInterval(beat);
  return longest / 1000;
}"""  # the longest time for which the page did not react
ENGINE = """
class Value:
    def __init__(self, data, children=()):
        self.data, self._children = data, children
    def __add__(self, other):
        return Value(self.data + other, (self,))
    def backward(self):
        pass
"""
OWN_CALLS = (
    "class A:\n    def __add__(self, other):\n        return self + other\nA() + 1"
)
LOST = "The names of earlier cells are gone: run those cells again.\n"


@pytest.fixture(autouse=True)
def fresh(request):
    """No names of another test, in the tests that share a page."""
    for name in {"cells", "either"}.intersection(request.fixturenames):
        request.getfixturevalue(name).reset()


def test_nothing_is_loaded_before_the_first_cell_and_then_the_page_is_told(either):
    page = either.page
    either.reload()
    either.asked.clear()
    either.wait(0.3)
    assert either.asked == []
    assert either.value("1 + 1") == "2\n"
    progress = page.evaluate("progress")
    amounts = [each["loaded"] for each in progress]
    assert amounts == sorted(amounts)
    assert amounts[-1] == progress[0]["total"] > 10_000_000
    assert len(amounts) > 5


def test_nothing_comes_from_elsewhere_and_the_policy_is_kept(either):
    either.value("from microgpt import Value\nValue(2.0) * 3")
    home = either.page.url
    assert [url for url in either.asked if not url.startswith(home)] == []
    assert either.page.evaluate("violations") == []
    assert either.page.evaluate("crossOriginIsolated") == either.isolated


def test_the_package_is_that_of_the_book(cells):
    source = "from microgpt import Value\na = Value(2.0)\nb = a * 3\nb.backward()\na"
    assert cells.value(source) == "Value(data=2.0, grad=3.0)\n"


def test_output_comes_while_the_cell_runs(cells):
    cells.value("1")
    assert cells.run("print('now')\nimport time\ntime.sleep(1)\n'then'")["ok"]
    assert cells.shown() == [("stdout", "now\n"), ("value", "'then'\n")]
    assert cells.page.evaluate("times.at(-1) - times[0]") > 800


def test_an_error_is_shown_as_python_shows_it(cells):
    result = cells.run("def f():\n    return 1 / 0\nf()")
    lines = result["error"].splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-1] == "ZeroDivisionError: division by zero"
    assert '  File "<cell 1>", line 2, in f' in lines
    assert cells.shown() == [("error", result["error"])]
    assert not result["ok"]
    assert not result["lost"]


def test_a_cell_can_go_on_after_an_error(cells):
    assert not cells.run("1 / 0\n2", goOn=True)["ok"]
    assert [kind for kind, _ in cells.shown()] == ["error", "value"]


def test_names_are_shared_until_a_reset(cells):
    cells.value("x = 5")
    assert cells.value("x") == "5\n"
    cells.reset()
    assert "NameError" in cells.run("x")["error"]


def test_what_runs_after_code_of_its_own_leaves_no_names(cells):
    assert cells.run("x", before="x = 5")["ok"]
    assert cells.shown() == [("value", "5\n")]
    assert "NameError" in cells.run("x")["error"]


def test_cells_run_in_the_order_in_which_they_were_asked_for(cells):
    cells.page.evaluate(
        "for (const text of ['x = 1', 'x += 1', 'x']) begin('run', text)"
    )
    assert cells.result()["ok"]
    assert cells.shown() == [("value", "2\n")]
    assert cells.page.evaluate("kernel.busy") is False


def test_an_endless_loop_is_stopped_and_the_next_cell_runs(either):
    either.value("1")
    either.begin("print('begun')\nwhile True: pass")
    either.wait(0.5)
    assert either.page.evaluate("kernel.busy") is True
    assert either.stop() < 2
    result = either.result()
    assert result["stopped"]
    assert not result["ok"]
    ended = "note" if result["lost"] else "error"
    assert either.shown() == [("stdout", "begun\n"), (ended, result["error"])]
    assert either.value("1") == "1\n"


def test_where_the_page_is_isolated_the_names_outlive_a_stop(cells):
    cells.page.evaluate("void wait(600_000)")
    cells.value("x = 5")
    cells.begin("while True: pass")
    cells.wait(0.5)
    cells.stop()
    assert cells.result()["error"].endswith("KeyboardInterrupt\n")
    assert cells.value("x") == "5\n"
    cells.reload()


def test_where_it_is_not_the_names_are_lost(plain):
    plain.value("x = 5")
    plain.begin("while True: pass")
    plain.wait(0.5)
    plain.stop()
    assert plain.result()["error"] == "Stopped.\n" + LOST
    assert plain.value("1") == "1\n"


def test_a_loop_that_will_not_be_stopped_is_stopped_too(cells):
    cells.value("1")
    loop = "    try:\n        while True: pass\n    except BaseException: pass"
    cells.begin(f"while True:\n{loop}")
    cells.wait(0.5)
    assert cells.stop() < 2
    assert cells.result()["lost"]
    assert cells.value("1") == "1\n"


def test_stop_drops_the_cells_that_wait(cells):
    cells.value("1")
    cells.begin("while True: pass")
    cells.page.evaluate("window.first = result; begin('run', 'print(1)')")
    cells.wait(0.5)
    cells.stop()
    first, second = cells.page.evaluate("first"), cells.result()
    assert first["stopped"]
    assert second["stopped"]
    assert not second["lost"]
    assert cells.shown() == []


def test_to_stop_nothing_is_nothing(cells):
    cells.page.evaluate("kernel.stop()")
    assert cells.value("1") == "1\n"


@pytest.mark.parametrize(
    "engine",
    [
        *("from microgpt import Value", "from microgpt.closures import Value"),
        *("from microgpt.ladder.fused import Value", ENGINE),
        "from tests.specimens.local_grads import Value",
        "from tests.specimens.closures import Value",
    ],
    ids=["value", "closures", "fused", "a reader's", "local_grads", "cyclic"],
)
def test_a_deep_graph_can_be_dropped(cells, engine):
    cells.value(f"{engine}\nx = Value(0.5)\nfor _ in range(100_000):\n    x = x + 0.5")
    if "specimens" not in engine:  # they go through the graph by recursion
        cells.value("x.backward()")
    assert cells.value("import gc\nx = None\ngc.collect()\n1").endswith("1\n")


def test_an_endless_print_does_not_stop_the_page(either):
    either.value("1")
    either.begin("while True: print('again')")
    assert either.page.evaluate(STILL, 2) < 1
    assert either.stop() < 2
    text = "".join(text for kind, text in either.shown() if kind == "stdout")
    assert len(text) == 100_000
    assert (
        "note",
        "What comes after 100,000 characters is not shown.\n",
    ) in either.shown()
    assert either.value("1") == "1\n"


def test_much_memory_does_not_stop_the_page(cells):
    cells.begin("x = [bytearray(2**20) for _ in range(200)]\nlen(x)")
    assert cells.page.evaluate(STILL, 1) < 1
    assert cells.result()["ok"]
    assert cells.value("del x\n1") == "1\n"


def test_too_much_memory_is_pythons_error(cells):
    result = cells.run("x = [0]\nwhile True: x = x + x")
    assert result["error"].endswith("MemoryError\n")
    assert cells.value("del x\n1") == "1\n"


def test_where_python_dies_there_is_a_clear_word_and_another_one(cells):
    result = cells.run(OWN_CALLS)
    told = (
        "Python has died: a function that calls itself without end, "
        "or something nested very deep.\n"
    )
    assert result["error"] == told + LOST
    assert result["lost"]
    assert cells.shown() == [("note", told + LOST)]
    assert cells.value("1") == "1\n"


def test_a_function_that_calls_itself_without_end_is_pythons_error(cells):
    result = cells.run("def f():\n    return f()\nf()")
    assert "RecursionError: maximum recursion depth exceeded" in result["error"]
    assert not result["lost"]


def test_files_can_be_written_and_a_checkpoint_kept_twice(cells):
    source = (
        "from microgpt.checkpoint import back_up\nfrom pathlib import Path\n"
        "n = Path('a.json').write_text('1')\nback_up(Path('a.json'))\n"
        "sorted(path.name for path in Path().iterdir())"
    )
    assert cells.value(source) == "['a.json', 'a.json.bak']\n"
    cells.reset()
    assert cells.value("import os\nos.listdir()") == "[]\n"


def test_an_answer_is_tried_on_examples(cells):
    tests = ">>> double(2)\n4\n>>> double(3)\n6\n"
    assert cells.check("def double(x): return 2 * x", tests)["ok"]
    wrong = cells.check("def double(x): return x + 2", tests)
    assert not wrong["ok"]
    assert wrong["failed"] == {
        "example": ">>> double(3)",
        "message": "expected 6, got 5",
    }
    assert "NameError" in cells.run("double")["error"]


@pytest.mark.parametrize("name", ["book.zip", "pyodide.mjs"])
def test_a_file_that_cannot_be_loaded_is_told_and_tried_again(site, chromium, name):
    with browser.served(site, isolated=False) as address:
        cells = browser.Cells(chromium, address)
        moved = site / "_static" / "live" / name
        moved.rename(moved.with_suffix(".away"))
        try:
            result = cells.run("1")
        finally:
            moved.with_suffix(".away").rename(moved)
        assert result["error"].startswith(
            ("Python could not be loaded", "Python has died")
        )
        assert cells.value("1 + 1") == "2\n"
        cells.page.close()


def test_a_function_that_a_cell_named_gets_a_text_and_replies_one(cells):
    cells.value("def double(text):\n    return 2 * text")
    call = "text => kernel.call('double', text)"
    result = cells.page.evaluate(call, "\"'\\<b>\0 \u2028")
    assert (result["ok"], result["reply"]) == (True, 2 * "\"'\\<b>\0 \u2028")
    result = cells.page.evaluate("kernel.call('nothing', '')")
    assert (result["ok"], result["reply"]) == (False, None)
    assert result["error"].endswith("NameError: name 'nothing' is not defined\n")
