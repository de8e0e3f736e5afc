"""Every example of the book gives in the page what it gives here, floats to the bit."""

import doctest
import json
import os
import subprocess
import sys
import tomllib
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from docs.plugins.cells import IMPORTED, UNMET
from docs.plugins.digits import Digits
from docs.plugins.examples import Block, Solution, docstring_blocks, parse

ROOT = Path(__file__).parents[2]
DOCSTRINGS = {  # of modules that import nothing that the page lacks
    name: blocks
    for path in sorted((ROOT / "microgpt").rglob("*.py"))
    for name in [".".join(path.relative_to(ROOT).with_suffix("").parts)]
    for text in [path.read_text("utf-8")]
    if not {*UNMET} & {*IMPORTED.findall(text)}
    if (blocks := list(docstring_blocks(text, path.as_posix())))
}
PAGES = sorted(path.stem for path in (ROOT / "docs").glob("*.md"))
DIFFERENT = tomllib.loads(
    Path(__file__).with_name("differences.toml").read_text("utf-8")
)

NOT_RUN = {  # on each page so many cells, for want of this package
    "arrays": {"numpy": 8},
    "attention": {"numpy": 1},
    "babbling": {"numpy": 10},
    "breaks": {"numpy": 1},
    "batches": {"numpy": 4},
    "by_hand": {"numpy": 4},
    "checked": {"sphinx": 17},
    "compiled": {"cc": 7},
    "conveniences": {"numpy": 1},
    "embeddings": {"numpy": 3},
    "errors": {"numpy": 2},
    "heads": {"numpy": 8},
    "ladder": {"numpy": 4},
    "mask": {"numpy": 4},
    "minute": {"numpy": 5},
    "model": {"numpy": 1},
    "porting": {"numpy": 2},
    "promises": {"numpy": 1},
    "pytorch": {"torch": 4},
    "questions": {"numpy": 4},
    "residual": {"numpy": 8},
    "road": {"numpy": 3},
    "training": {"numpy": 14},
    "trust": {"numpy": 1, "torch": 2},
    "tuned": {"numpy": 18},
}


@pytest.fixture(scope="session")
def book(tmp_path_factory, site):
    """The examples of every page, as the doctest builder finds them."""
    out = tmp_path_factory.mktemp("examples") / "examples.json"
    command = [sys.executable, "-m", "tests.live.book_cells", out]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return json.loads(out.read_text("utf-8"))


def block_of(fields):
    """A block again."""
    flags = {int(flag): on for flag, on in fields["flags"].items()}
    return Block(fields["text"], fields["path"], fields["line"], flags)


def unmet(needs, blocks):
    """Whether the page lacks what some blocks need."""
    return bool({*UNMET} & {*needs, *chain(*(block.needs for block in blocks))})


def source_of(blocks):
    """What a reader would type, without prompts."""
    return "".join(one.source for block in blocks for one in parse(block).examples)


def text_of(blocks):
    return "".join(f"{block.text}\n" for block in blocks)


def without_trace(error):
    """The last part of what Python prints of an error: its type and message."""
    lines = error.splitlines(keepends=True)
    trace = [i for i, line in enumerate(lines) if line.startswith(("  ", "Traceback"))]
    return "".join(lines[max(trace, default=-1) + 1 :])


def fault(example, cells):
    """What is wrong with an example in the page, or nothing."""
    flags = sum(flag for flag, on in example.options.items() if on)
    if flags & doctest.SKIP:
        return ""
    error = cells.run(example.source)["error"]
    shown = (text for kind, text in cells.shown() if kind in ("stdout", "value"))
    want, got = example.want, "".join(shown)
    if example.exc_msg is not None:
        want, got = example.exc_msg, without_trace(error or "")
    elif error:
        return f"raised {error}"
    return "" if Digits().check_output(want, got, flags) else f"got {got}"


def faults_of_block(block, cells):
    """The first lines of the examples that differ, with what is wrong."""
    for example in parse(block).examples:
        found = fault(example, cells)
        if found:
            yield example.source.splitlines()[0], found


def faults_of_solution(solution, cells):
    """Where a solution's examples differ, or its tests accept or refuse the wrong."""
    start, tests = solution.of("start"), solution.of("test")
    answer = solution.of("answer")
    place = f"{(answer or tests)[0].path}"
    checks = [(source_of(start), answer)] if answer else []
    if tests:
        checks.append((source_of([*start, *answer]), tests))
    for source, examples in checks:
        result = cells.check(source, text_of(examples))
        if not result["ok"]:
            yield place, str(result["error"] or result["failed"])
    for wrong in solution.of("wrong"):
        result = cells.check(source_of([*start, wrong]), text_of(tests))
        if result["error"] or not result["failed"]:
            yield place, f"line {wrong.line} is not refused: {result['error']}"


def faults_of_page(page, cells):
    """All that is different in the page."""
    cells.reset()
    for item in page["items"]:
        if isinstance(item, dict):
            block = block_of(item)
            if not unmet(page["needs"], [block]):
                yield from faults_of_block(block, cells)
        else:
            solution = Solution([(part, block_of(fields)) for part, fields in item])
            if not unmet(page["needs"], [block for _, block in solution.blocks]):
                yield from faults_of_solution(solution, cells)


def runnable(item):
    """The blocks of what is one cell in the page: a block, or an exercise to write."""
    if isinstance(item, dict):
        return [item]
    begun = [block for part, block in item if part == "start"]
    return begun and begun + [block for part, block in item if part == "test"]


def not_run(page):
    """How many cells lack something in the page, by what it is."""
    found = Counter()
    for blocks in filter(None, map(runnable, page["items"])):
        needs = {*page["needs"], *chain(*(block["needs"] for block in blocks))}
        found.update(needs & {*UNMET})
    return dict(found)


def test_what_the_page_cannot_run_is_listed(book):
    found = {name: not_run(page) for name, page in book.items()}
    assert {name: counts for name, counts in found.items() if counts} == NOT_RUN


@pytest.mark.parametrize("name", PAGES)
def test_a_page_gives_what_it_gives_here(name, book, cells):
    found = dict(faults_of_page(book[name], cells))
    expected = DIFFERENT.get(name, {})
    if "*" in expected:
        assert found, "no longer different"
        return
    assert {where: why for where, why in found.items() if where not in expected} == {}
    assert expected.keys() <= found.keys(), "no longer different"


@pytest.mark.parametrize("module", DOCSTRINGS)
def test_a_docstring_gives_in_the_page_what_it_gives_here(module, cells):
    for block in DOCSTRINGS[module]:
        cells.reset()
        cells.value(f"from {module} import *")
        assert list(faults_of_block(block, cells)) == []


def test_each_difference_is_on_a_page_and_has_a_reason():
    assert DIFFERENT.keys() <= {*PAGES}
    assert all(len(why) > 20 for page in DIFFERENT.values() for why in page.values())
