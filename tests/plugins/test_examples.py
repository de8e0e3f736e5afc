"""Examples run without a trace, and what fails is told with its line."""

import random
import sys
import warnings
from pathlib import Path

import pytest

from docs.plugins import examples
from docs.plugins.examples import (
    Block,
    Outcome,
    absent,
    check_needs,
    locate,
    run_chapter,
    run_module,
    unread,
)


def run(text, needs=(), line=1):
    outcome = Outcome()
    run_chapter([Block(text, "docs/x.md", line)], needs, outcome)
    return outcome


def message(text):
    (trouble,) = run(text).troubles
    return trouble.message


def test_examples_that_are_right_are_counted():
    outcome = run(">>> x = 1\n>>> x + 1\n2\n")
    assert list(outcome.summary()) == [
        "2 examples in 1 document passed, 0 failed, 0 skipped"
    ]


def test_a_failure_names_its_line():
    outcome = run("Text.\n\n>>> 1\n1\n>>> 2 + 2\n5\n", line=40)
    assert outcome.troubles == [("docs/x.md", 44, "failed", "expected 5, got 4")]
    assert (outcome.passed, outcome.failed) == (1, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (">>> 1\n", "expected nothing, got 1"),
        (">>> x = 1\n1\n", "expected 1, got nothing"),
        (">>> 1 / 0\n1.0\n", "raised ZeroDivisionError: division by zero"),
        (">>> raise KeyError\n", "raised KeyError"),
        (">>> raise SystemExit(3)\n", "raised SystemExit: 3"),
        (
            ">>> print('a\\nb')\na\nc\n",
            "expected:\n    a\n    c\ngot:\n    a\n    b",
        ),
    ],
)
def test_a_failure_says_what_was_expected_and_what_came(text, expected):
    assert message(text) == expected


def test_an_expected_exception_is_right_only_with_its_message():
    trace = "Traceback (most recent call last):\n  ...\n"
    right = f">>> 1 / 0\n{trace}ZeroDivisionError: division by zero\n"
    assert run(right).troubles == []
    assert run(right.replace("by zero", "by one")).failed == 1


def test_names_are_shared_through_a_chapter():
    outcome = Outcome()
    blocks = [Block(">>> x = 2", "x.md", 3), Block(">>> x\n2\n", "x.md", 9)]
    run_chapter(blocks, (), outcome)
    assert outcome.passed == 2


def test_an_example_that_cannot_be_read_is_reported():
    outcome = run(">>>1 + 1\n2\n", line=7)
    (trouble,) = outcome.troubles
    assert (trouble.line, trouble.kind) == (7, "syntax")
    assert trouble.message.endswith("lacks blank after >>>: '>>>1 + 1'")


def test_what_is_not_installed_is_skipped_and_counted():
    outcome = run(">>> import nope\n>>> nope\n", needs=["numpy", "nope"])
    assert list(outcome.summary()) == [
        "2 examples skipped in docs/x.md: nope is not installed",
        "0 examples in 0 documents passed, 0 failed, 2 skipped",
    ]


def test_one_block_may_need_more():
    assert run(">>> # needs: nope\n>>> nope\n").skips.total() == 1
    assert run("# needs: files, nope\n>>> nope\n").skips.total() == 1
    assert run(">>> # needs: files\n>>> 1\n1\n").passed == 1


def test_an_example_marked_skip_is_counted():
    outcome = run(">>> 1  # doctest: +SKIP\n2\n>>> 1\n1\n")
    assert list(outcome.summary()) == [
        "1 example skipped in docs/x.md: marked SKIP",
        "1 example in 1 document passed, 0 failed, 1 skipped",
    ]


def test_a_need_that_nobody_knows_is_refused():
    outcome = Outcome()
    check_needs(["numpy", "numpi"], "docs/x.md", 3, outcome)
    expected = (
        "needs 'numpi', which is none of cc, files, mpmath, numpy, sphinx, torch, tqdm"
    )
    assert outcome.troubles == [("docs/x.md", 3, "needs", expected)]


def test_absent_names_the_first_need_that_is_missing(monkeypatch):
    assert absent(["files", "json"]) == ""
    monkeypatch.setattr(examples, "which", {"cc": "cc"}.get)
    assert absent(["cc", "json"]) == ""
    monkeypatch.setattr(examples, "which", {}.get)
    assert absent(["cc", "json"]) == "cc"
    assert absent(["json", "nope", "nope2"]) == "nope"


WRITE = ">>> n = open('a.txt', 'w').close()\n"


def test_writing_a_file_must_be_declared():
    before = set(Path.cwd().iterdir())
    outcome = run(WRITE + "\n", line=5)
    expected = "writes 'a.txt' but does not declare `needs: files`"
    assert outcome.troubles == [("docs/x.md", 5, "files", expected)]
    assert run(WRITE, needs=["files"]).troubles == []
    assert set(Path.cwd().iterdir()) == before


def test_examples_leave_no_trace(capsys):
    state, here, filters = random.getstate(), Path.cwd(), list(warnings.filters)
    run(
        ">>> import os, random, sys, warnings\n>>> random.seed(1)\n"
        ">>> warnings.simplefilter('ignore')\n>>> os.chdir('/')\n>>> print('hello')\n"
    )
    assert (random.getstate(), Path.cwd()) == (state, here)
    assert warnings.filters == filters
    assert capsys.readouterr() == ("", "")


MODULE = '''"""A module.

>>> double(2)
4
"""

import math


def double(x):
    """Twice.

    >>> double(math.pi)
    6.28
    >>> double(3)
    7
    """
    return 2 * x


class Box:
    """No example."""

    @property
    def size(self):
        """Mine.

        >>> x
        1
        """
'''


@pytest.fixture
def module(tmp_path, monkeypatch):
    def write(text):
        (tmp_path / "sample_module.py").write_text(text, "utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "sample_module", raising=False)
        outcome = Outcome()
        run_module("sample_module", "sample_module.py", text, outcome)
        monkeypatch.delitem(sys.modules, "sample_module", raising=False)
        return outcome

    return write


def test_docstrings_run_among_the_names_of_their_module(module):
    outcome = module(MODULE)
    path = "sample_module.py"
    assert outcome.troubles == [
        (path, 15, "failed", "expected 7, got 6"),
        (path, 28, "failed", "raised NameError: name 'x' is not defined"),
    ]
    assert (outcome.passed, outcome.failed) == (2, 2)


def test_a_module_that_needs_an_absent_package_is_skipped(module):
    outcome = module('"""Ask.\n\n>>> 1\n1\n"""\nimport nope\n')
    assert list(outcome.summary()) == [
        "1 example skipped in sample_module.py: nope is not installed",
        "0 examples in 0 documents passed, 0 failed, 1 skipped",
    ]


def test_a_module_without_examples_is_not_even_imported(module):
    assert module("raise SystemExit\n") == Outcome()


def test_a_block_is_located_by_its_text():
    lines = ["> ```", "> >>> 1", "> 1", "> ```", "", ">>> 1", "1"]
    assert locate(lines, ">>> 1\n1", 1) == 2
    assert locate(lines, ">>> 1\n1", 4) == 6
    assert locate(lines, ">>> 1\n1", 7) == 6
    assert locate(lines, ">>> 2", 3) == 3


def test_a_prompt_outside_every_block_is_found():
    lines = ["> >>> 1", ">>> 2", "text >>> 3", "- >>> 4", ">>> 5"]
    assert unread(lines, [Block(">>> 5", "x.md", 5)]) == [1, 2, 4]
