"""Run `>>>` examples and tell which line fails, and why. Needs no Sphinx.

This runs code of the book's own pages, with all that the user may do who builds it.
"""

import ast
import doctest
import importlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from shutil import which
from types import TracebackType
from typing import Any, NamedTuple

from docs.plugins.digits import Digits
from docs.plugins.isolation import isolated
from docs.plugins.source import DOCUMENTED

PARTS = ("start", "answer", "test", "wrong")
KNOWN_NEEDS = ("cc", "files", "mpmath", "numpy", "sphinx", "torch", "tqdm")
PROMPT = re.compile(r"^[\s>*\-\d.]*>>>(?: |$)", re.MULTILINE)
NEEDS = re.compile(r"\s*(?:>>> )?# needs: (.+)")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType]


class Block(NamedTuple):
    """Text with examples; `path` and `line` say where its first line stands."""

    text: str
    path: str
    line: int
    flags: dict[int, bool] = {}  # noqa: RUF012 (never changed)

    @property
    def needs(self) -> list[str]:
        """What the block's own first line says it needs."""
        found = NEEDS.match(self.text)
        return re.findall(r"\w+", found[1]) if found else []


class Solution(NamedTuple):
    """The blocks of an exercise's solution, each with its part in it.

    A part is `answer`, `test`, `start` (what the reader begins with) or `wrong` (a
    plausible wrong answer).
    """

    blocks: Sequence[tuple[str, Block]]

    def of(self, *parts: str) -> list[Block]:
        """The blocks of some parts, in order."""
        return [block for part, block in self.blocks if part in parts]


class Trouble(NamedTuple):
    """Something to report about one line; `kind` is the warning's subtype."""

    path: str
    line: int
    kind: str
    message: str


@dataclass
class Outcome:
    """What became of a number of examples."""

    files: set[str] = field(default_factory=set)
    passed: int = 0
    failed: int = 0
    refused: int = 0
    skips: Counter[tuple[str, str]] = field(default_factory=Counter)
    troubles: list[Trouble] = field(default_factory=list)

    def fail(self, path: str, line: int, kind: str, message: str) -> None:
        """Note something that is wrong."""
        self.troubles.append(Trouble(path, line, kind, message))

    def add(self, other: "Outcome") -> None:
        """Count what another one counted, too."""
        self.files |= other.files
        self.passed += other.passed
        self.failed += other.failed
        self.refused += other.refused
        self.skips += other.skips
        self.troubles += other.troubles

    def summary(self) -> Iterator[str]:
        """Say what was skipped and why, then the counts in one line."""
        for (path, reason), count in self.skips.items():
            yield f"{plural(count, 'example')} skipped in {path}: {reason}"
        if self.refused:
            yield f"{plural(self.refused, 'wrong answer')} to exercises refused"
        passed = plural(self.passed, "example")
        files = plural(len(self.files), "document")
        counts = f"{self.failed} failed, {self.skips.total()} skipped"
        yield f"{passed} in {files} passed, {counts}"


class Runner(doctest.DocTestRunner):
    """Runs examples and notes what fails in an Outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(checker=Digits(), verbose=False)
        self.outcome = outcome

    def note(self, test: doctest.DocTest, example: doctest.Example, why: str) -> None:
        """Note a failure at the line where the example stands."""
        line = (test.lineno or 0) + example.lineno
        self.outcome.failed += 1
        self.outcome.fail(test.filename or "", line, "failed", why)

    def report_failure(
        self, out: Any, test: doctest.DocTest, example: doctest.Example, got: str
    ) -> None:
        self.note(test, example, difference(example.want, got))

    def report_unexpected_exception(
        self, out: Any, test: doctest.DocTest, example: doctest.Example, exc: ExcInfo
    ) -> None:
        said = exc[1].msg if isinstance(exc[1], SyntaxError) else exc[1]
        error = f"{exc[0].__name__}: {said}".rstrip(": ")  # the place is ours to say
        self.note(test, example, f"raised {error}")


def blocks_of(item: Block | Solution) -> list[Block]:
    """A block, or all those of a solution."""
    return item.of(*PARTS) if isinstance(item, Solution) else [item]


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def difference(want: str, got: str) -> str:
    """One line when both outputs are one line, else a line for each line."""
    want, got = want.rstrip("\n") or "nothing", got.rstrip("\n") or "nothing"
    if "\n" in want + got:
        indent = "\n    "
        want = indent + want.replace("\n", indent) + "\n"
        got = indent + got.replace("\n", indent)
        return f"expected:{want}got:{got}"
    return f"expected {want}, got {got}"


def parse(block: Block) -> doctest.DocTest:
    """The examples of a block; `ValueError` where they cannot be read."""
    parser = doctest.DocTestParser()
    test = parser.get_doctest(block.text, {}, block.path, block.path, block.line)
    for example in test.examples:
        example.options = {**block.flags, **example.options}
    return test


def run_block(
    block: Block, globs: dict[str, Any], outcome: Outcome, missing: str = ""
) -> None:
    """Run the examples of one block, which share the names in `globs`.

    They are only counted as skipped when a package is missing.
    """
    try:
        test = parse(block)
    except ValueError as error:
        outcome.fail(block.path, block.line, "syntax", str(error))
        return
    if missing:
        reason = f"{missing} is not installed"
        outcome.skips[block.path, reason] += len(test.examples)
        return
    marked = [one for one in test.examples if one.options.get(doctest.SKIP)]
    if marked:
        outcome.skips[block.path, "marked SKIP"] += len(marked)
    outcome.files.add(block.path)
    test.globs = globs
    result = Runner(outcome).run(test, out=str, clear_globs=False)
    outcome.passed += len(test.examples) - len(marked) - result.failed


def run_chapter(
    items: Iterable[Block | Solution], needs: Sequence[str], outcome: Outcome
) -> None:
    """Run a chapter's blocks in order; they share one namespace and one folder.

    A solution finds the names of the chapter, and leaves them as they were.
    """
    globs: dict[str, Any] = {"__name__": "__main__"}
    with isolated() as folder:
        for item in items:
            blocks = blocks_of(item)
            all_needs = [*needs, *(need for block in blocks for need in block.needs)]
            missing = absent(all_needs)
            before = set(folder.iterdir())
            if isinstance(item, Solution):
                run_solution(item, globs, outcome, missing)
            else:
                run_block(item, globs, outcome, missing)
            written = sorted(path.name for path in set(folder.iterdir()) - before)
            if written and "files" not in all_needs:
                message = f"writes {written[0]!r} but does not declare `needs: files`"
                outcome.fail(blocks[0].path, blocks[0].line, "files", message)


def run_solution(
    solution: Solution, globs: dict[str, Any], outcome: Outcome, missing: str = ""
) -> None:
    """Run a solution with its tests, then see that these refuse all that is wrong."""
    start, tests = solution.of("start"), solution.of("test")
    troubles = len(outcome.troubles)
    with restored(globs):
        for block in [*start, *solution.of("answer"), *tests]:
            run_block(block, globs, outcome, missing)
    if missing or len(outcome.troubles) > troubles:
        return
    if start:
        refuse("the unchanged start", start, tests, globs, outcome)
    for wrong in solution.of("wrong"):
        refuse("this wrong answer", [*start, wrong], tests, globs, outcome)


def refuse(
    what: str,
    given: Sequence[Block],
    tests: Iterable[Block],
    globs: dict[str, Any],
    outcome: Outcome,
) -> None:
    """See that the tests fail after these blocks, and not for want of a name."""
    built, tested = Outcome(), Outcome()
    with restored(globs):
        for block in given:
            run_block(block, globs, built)
        for block in tests:
            run_block(block, globs, tested)
    why = tested.troubles[0].message if tested.troubles else ""
    path, line = given[-1].path, given[-1].line
    if built.troubles:
        outcome.failed += built.failed
        outcome.troubles += built.troubles
    elif not why:
        outcome.failed += 1
        outcome.fail(path, line, "passes", f"{what} passes the test")
    elif why.startswith("raised NameError"):
        outcome.failed += 1
        outcome.fail(path, line, "unnamed", f"{what} lacks what is tested: it {why}")
    else:
        outcome.refused += 1


@contextmanager
def restored(globs: dict[str, Any]) -> Iterator[None]:
    """Have names as they were at the end; their objects may have changed."""
    saved = dict(globs)
    yield
    globs.clear()
    globs.update(saved)


def check_needs(needs: Iterable[str], path: str, line: int, outcome: Outcome) -> None:
    """Note each need that is not a known one: a misspelt one would skip in silence."""
    for name in needs:
        if name not in KNOWN_NEEDS:
            message = f"needs {name!r}, which is none of {', '.join(KNOWN_NEEDS)}"
            outcome.fail(path, line, "needs", message)


def absent(needs: Iterable[str]) -> str:
    """The first of these that is not installed, or "": a package, or the program cc."""
    return next((name for name in needs if not is_here(name)), "")


def is_here(need: str) -> bool:
    if need == "cc":
        return which(need) is not None
    return need == "files" or find_spec(need) is not None


def docstring_blocks(text: str, path: str) -> Iterator[Block]:
    """The docstrings of a module that have examples, in order."""
    nodes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, DOCUMENTED))
    for node in sorted(nodes, key=lambda node: getattr(node, "lineno", 0)):
        docstring = ast.get_docstring(node, clean=False)
        if docstring and PROMPT.search(docstring):
            yield Block(docstring, path, node.body[0].lineno)


def run_module(name: str, path: str, text: str, outcome: Outcome) -> None:
    """Run the examples of a module's docstrings, each among the module's names."""
    blocks = list(docstring_blocks(text, path))
    names: dict[str, Any] = {}
    missing = ""
    if blocks:
        try:
            names = vars(importlib.import_module(name))
        except ModuleNotFoundError as error:
            missing = error.name or name
    for block in blocks:
        with isolated():
            run_block(block, dict(names), outcome, missing)


def locate(lines: Sequence[str], text: str, near: int) -> int:
    """The number of the line at which a text begins in a file, close to `near`."""
    wanted = [line.strip() for line in text.splitlines()]
    starts = range(len(lines) - len(wanted) + 1)
    same = [
        start + 1
        for start in starts
        if all(map(str.endswith, map(str.rstrip, lines[start:]), wanted))
    ]
    return min(same, key=lambda line: (line < near, abs(line - near)), default=near)


def unread(lines: Sequence[str], blocks: Iterable[Block]) -> list[int]:
    """The numbers of the lines with a prompt that stand in none of these blocks."""
    covered: set[int] = set()
    for block in blocks:
        covered.update(range(block.line, block.line + len(block.text.splitlines())))
    numbered = enumerate(lines, start=1)
    return [n for n, line in numbered if PROMPT.match(line) and n not in covered]
