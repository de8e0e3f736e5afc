"""A cell runs as at the prompt: what it shows, what Python says of its errors."""

import builtins
import sys
import warnings
from pathlib import Path

import pytest

from docs.live import cell


class Page:
    """A session, and what it sent."""

    def __init__(self):
        self.sent = []
        self.session = cell.Session(lambda *piece: self.sent.append(piece))

    def run(self, source, **options):
        """Run a cell; give what it showed."""
        self.sent.clear()
        self.session.run(source, **options)
        return list(self.sent)


@pytest.fixture
def page(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cell, "mkdtemp", lambda: str(fresh(tmp_path / "files")))
    monkeypatch.setattr(cell, "BOOK", ("pkg",))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delattr(builtins, "_", raising=False)
    before = list(warnings.filters)
    page = Page()
    warnings.filters[:] = before
    yield page
    warnings.filters[:] = before
    vars(builtins).pop("_", None)


def fresh(folder):
    folder.mkdir()
    return folder


def test_expressions_are_shown_as_the_prompt_shows_them(page):
    assert page.run("1 + 1\n'a'\nNone\nx = 5\n_") == [
        ("value", "2\n"),
        ("value", "'a'\n"),
        ("value", "'a'\n"),
    ]


def test_output_comes_in_order_and_by_its_kind(page):
    source = "import sys\nprint(1)\n2\nprint(3, file=sys.stderr)\nprint(4, end='')"
    assert page.run(source) == [
        ("stdout", "1\n"),
        ("value", "2\n"),
        ("stderr", "3\n"),
        ("stdout", "4"),
    ]


def test_a_line_is_sent_when_it_ends_or_is_flushed(page):
    source = (
        "print('a', end=' ')\nprint('b')\nprint('c', end='', flush=True)\nprint('d')"
    )
    pieces = [("stdout", "a b\n"), ("stdout", "c"), ("stdout", "d\n")]
    assert page.run(source) == pieces


def test_names_are_shared_between_cells_and_gone_after_a_reset(page):
    page.run("x = 5")
    assert page.run("x, __name__") == [("value", "(5, '__main__')\n")]
    page.session.reset()
    ((kind, text),) = page.run("x")
    assert (kind, text.splitlines()[-1]) == (
        "error",
        "NameError: name 'x' is not defined",
    )
    assert 'File "<cell 1>", line 1' in text


def test_an_error_is_told_from_the_readers_own_line_on(page):
    ((_, text),) = page.run("def f(x):\n    return 1 / x\n\nf(0)")
    lines = [line for line in text.splitlines() if not set(line) <= set(" ~^")]
    assert lines == [
        "Traceback (most recent call last):",
        '  File "<cell 1>", line 4, in <module>',
        "    f(0)",
        '  File "<cell 1>", line 2, in f',
        "    return 1 / x",
        "ZeroDivisionError: division by zero",
    ]


def test_a_line_of_an_earlier_cell_is_quoted_from_there(page):
    page.run("def f():\n    raise KeyError('k')")
    ((_, text),) = page.run("\nf()")
    assert '"<cell 2>", line 2, in <module>\n    f()\n' in text
    assert '"<cell 1>", line 2, in f\n    raise KeyError' in text


def test_nothing_runs_where_the_syntax_is_wrong(page):
    ((kind, text),) = page.run("print(1)\nx = = 2")
    lines = ['  File "<cell 1>", line 2', "    x = = 2", "        ^"]
    assert kind == "error"
    assert text.splitlines() == [*lines, "SyntaxError: invalid syntax"]
    ((_, text),) = page.run("print(1)\nreturn")
    assert text.endswith("SyntaxError: 'return' outside function\n")


def test_an_error_ends_a_cell_unless_it_is_to_go_on(page):
    assert [kind for kind, _ in page.run("1\n1 / 0\n2")] == ["value", "error"]
    pieces = page.run("1 / 0\n2\nraise SystemExit(3)\n4", go_on=True)
    assert [kind for kind, _ in pieces] == ["error", "value", "error", "value"]
    assert pieces[2][1].endswith("SystemExit: 3\n")
    assert page.session.run("1 / 0\n2", go_on=True)["error"] == pieces[0][1].replace(
        "<cell 2>", "<cell 3>"
    )


def test_stop_ends_a_cell_in_any_case(page):
    pieces = page.run("raise KeyboardInterrupt\n1", go_on=True)
    assert [kind for kind, _ in pieces] == ["error"]


def test_the_result_names_the_error_or_none(page):
    assert page.session.run("1") == {"error": None, "draws": False}
    assert page.session.run("1 / 0")["error"] == page.sent[-1][1]


DRAWN = ["x", "[0.5] * 10", "[[1.0], [0.5, 0.5]]", "[[0.1, 0.9], [0.5, 0.5]]"]
NOT_DRAWN = [
    *(
        "x\n1",
        "x\ny = 1",
        "1",
        "x = = 1",
        "[0.5] * 9",
        "[1] * 10",
        "[float('nan')] * 10",
    ),
    *("[[1.0], [2.0, 0.5]]", "[[0.5, 0.5], [1.0]]", "[[0.5]]", "[0.5, [0.5, 0.5]]"),
    *("[[0.5] * 31] * 31", "(0.5,) * 10", "[]"),
]


@pytest.mark.parametrize(("sources", "draws"), [(DRAWN, True), (NOT_DRAWN, False)])
def test_the_result_says_whether_a_cell_ends_with_what_can_be_drawn(
    page, sources, draws
):
    page.run("from microgpt import Value\nx = Value(2.0)")
    found = [source for source in sources if page.session.run(source)["draws"]]
    assert found == (sources if draws else [])


def test_nothing_can_be_read(page):
    ((_, text),) = page.run("input()")
    assert text.endswith("EOFError: EOF when reading a line\n")


def test_what_comes_after_too_much_is_not_shown(page):
    pieces = page.run(f"print('x' * {cell.ROOM - 2})\nprint('yz')\nprint('more')\n1")
    shown = "".join(text for kind, text in pieces if kind == "stdout")
    assert shown == "x" * (cell.ROOM - 2) + "\ny"
    assert pieces[-1] == ("note", "What comes after 100,000 characters is not shown.\n")
    assert page.run("1") == [("value", "1\n")]


def test_an_error_is_shown_even_after_too_much(page):
    kinds = [kind for kind, _ in page.run(f"print('x' * {2 * cell.ROOM})\n1 / 0")]
    assert kinds == ["stdout", "note", "error"]


def test_a_very_long_error_is_cut(page):
    ((_, text),) = page.run(f"raise ValueError('x' * {2 * cell.ROOM})")
    assert len(text) < cell.ROOM + 10
    assert text.endswith("x ...\n")


def test_many_lines_are_sent_in_pieces(page):
    pieces = page.run("for i in range(10_000): print(i)")
    assert len(pieces) < cell.LINES + 50
    assert "".join(text for _, text in pieces).split() == [
        str(i) for i in range(10_000)
    ]


def test_a_line_without_end_is_sent_in_pieces(page):
    pieces = page.run("for i in range(5000): print('xy', end='')")
    assert [len(text) for _, text in pieces] == [4002, 4002, 1996]


def test_only_text_can_be_written(page):
    ((_, text),) = page.run("import sys\nsys.stdout.write(b'x')")
    assert text.endswith("TypeError: write() takes a str, not bytes\n")
    assert page.run("sys.stdout.writable()") == [("value", "True\n")]


def test_the_surroundings_are_as_before(page):
    before = sys.stdout, sys.stderr, sys.stdin, sys.displayhook
    page.run("1 / 0")
    page.run("= 1")
    assert (sys.stdout, sys.stderr, sys.stdin, sys.displayhook) == before


def test_a_reset_brings_modules_and_the_folder_back(page, tmp_path):
    (tmp_path / "pkg.py").write_text("x = 1\n")
    page.run("import pkg\npkg.x = 2\nopen('a.txt', 'w').close()")
    assert list(Path.cwd().iterdir()) != []
    page.session.reset()
    assert list(Path.cwd().iterdir()) == []
    assert page.run("import pkg\npkg.x") == [("value", "1\n")]
    assert cell.of_the_book("pkg")
    assert not cell.of_the_book("docs.live.cell")


ANSWER = "def double(x):\n    return x + 2"
TESTS = ">>> double(2)\n4\n>>> [double(x)\n...  for x in (0, 1)]\n[0, 2]\n>>> 1\n2\n"


def test_the_first_example_that_fails_is_named(page):
    found = page.session.check(ANSWER, TESTS)
    failed = {"example": ">>> [double(x)", "message": "expected [0, 2], got [2, 3]"}
    assert found == {"error": None, "failed": failed}


def test_a_right_answer_passes_and_leaves_no_name_behind(page):
    page.run("y = 1")
    assert page.session.check("y = 2", ">>> y\n2\n") == {"error": None, "failed": None}
    assert page.run("y") == [("value", "1\n")]


def test_an_answer_is_tried_among_the_names_that_functions_see(page):
    page.run("def f():\n    return y")
    assert page.session.check("y = 2", ">>> f()\n2\n")["failed"] is None


def test_an_answer_that_raises_is_not_tested(page):
    found = page.session.check("1 / 0", TESTS)
    assert found["error"].endswith("ZeroDivisionError: division by zero\n")
    assert found["failed"] is None


def test_a_function_that_a_cell_named_is_given_a_text(page):
    page.run("def double(text):\n    print('seen')\n    return 2 * text")
    page.sent.clear()
    assert page.session.call("double", "ab") == {"error": None, "reply": "abab"}
    assert page.sent == [("stdout", "seen\n")]


def test_a_function_that_fails_is_reported_and_replies_nothing(page):
    page.run("def bad(text):\n    raise KeyError(text)")
    told = page.session.call("bad", "x")
    assert told["reply"] is None
    assert told["error"].endswith("KeyError: 'x'\n")
    assert "cell.py" not in told["error"]


def test_what_runs_aside_sees_names_and_leaves_none(page):
    page.run("x = 2")
    page.sent.clear()
    result = page.session.run_aside("y = 3\nx * y * z", False, "z = 10\nz\nprint(z)")
    assert result == {"error": None, "draws": False}
    assert page.sent == [("value", "60\n")]
    assert [kind for kind, _ in page.run("y")] == ["error"]
    assert [kind for kind, _ in page.run("z")] == ["error"]


def test_what_runs_aside_tells_of_its_own_errors_only(page):
    result = page.session.run_aside("x", False, "1 / 0\nx = 1")
    assert result["error"] is None
    assert page.sent == [("value", "1\n")]
    assert "NameError" in page.session.run_aside("y", False, "")["error"]
