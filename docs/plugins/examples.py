"""Run `>>>` examples and tell which line fails, and why. Needs no Sphinx."""

import ast
import doctest
import importlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from types import TracebackType
from typing import Any, NamedTuple

from docs.plugins.digits import Digits
from docs.plugins.isolation import isolated
from docs.plugins.source import DOCUMENTED

KNOWN_NEEDS = ("files", "mpmath", "numpy", "torch", "tqdm")
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
    skipped: int = 0
    skips: list[str] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    def fail(self, path: str, line: int, kind: str, message: str) -> None:
        """Note something that is wrong."""
        self.troubles.append(Trouble(path, line, kind, message))

    def skip(self, path: str, count: int, reason: str) -> None:
        """Note examples that were not run."""
        self.skipped += count
        self.skips.append(f"{plural(count)} skipped in {path}: {reason}")

    def __str__(self) -> str:
        files = f"{len(self.files)} document{'s' * (len(self.files) != 1)}"
        counts = f"{self.failed} failed, {self.skipped} skipped"
        return f"{plural(self.passed)} in {files} passed, {counts}"


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
        error = f"{exc[0].__name__}: {exc[1]}".rstrip(": ")
        self.note(test, example, f"raised {error}")


def plural(count: int) -> str:
    return f"{count} example{'s' * (count != 1)}"


def difference(want: str, got: str) -> str:
    """One line when both outputs are one line, else a line for each line."""
    want, got = want.rstrip("\n") or "nothing", got.rstrip("\n") or "nothing"
    if "\n" in want + got:
        indent = "\n    "
        want = indent + want.replace("\n", indent) + "\n"
        got = indent + got.replace("\n", indent)
        return f"expected:{want}got:{got}"
    return f"expected {want}, got {got}"


def run_block(block: Block, globs: dict[str, Any], outcome: Outcome) -> None:
    """Run the examples of one block; they share the names in `globs`."""
    parser = doctest.DocTestParser()
    try:
        test = parser.get_doctest(block.text, {}, block.path, block.path, block.line)
    except ValueError as error:
        outcome.fail(block.path, block.line, "syntax", str(error))
        return
    for example in test.examples:
        example.options = {**block.flags, **example.options}
    test.globs = globs
    kept = [one for one in test.examples if not one.options.get(doctest.SKIP)]
    if len(kept) < len(test.examples):
        outcome.skip(block.path, len(test.examples) - len(kept), "marked SKIP")
    if not kept:
        return
    outcome.files.add(block.path)
    result = Runner(outcome).run(test, out=str, clear_globs=False)
    outcome.passed += len(kept) - result.failed


def run_chapter(
    blocks: Iterable[Block], needs: Sequence[str], outcome: Outcome
) -> None:
    """Run a chapter's blocks in order; they share one namespace and one folder."""
    globs: dict[str, Any] = {"__name__": "__main__"}
    with isolated() as folder:
        for block in blocks:
            missing = absent([*needs, *block.needs])
            if missing:
                count = len(PROMPT.findall(block.text))
                outcome.skip(block.path, count, f"{missing} is not installed")
                continue
            run_block(block, globs, outcome)
            written = sorted(path.name for path in folder.iterdir())
            if written and "files" not in [*needs, *block.needs]:
                message = f"writes {written[0]!r} but does not declare `needs: files`"
                outcome.fail(block.path, block.line, "files", message)


def absent(needs: Iterable[str]) -> str:
    """The first package of these that is not installed, or ""."""
    packages = (name for name in needs if name != "files")
    return next((name for name in packages if find_spec(name) is None), "")


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
    if not blocks:
        return
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        count = sum(len(PROMPT.findall(block.text)) for block in blocks)
        outcome.skip(path, count, f"{error.name} is not installed")
        return
    for block in blocks:
        with isolated():
            run_block(block, dict(vars(module)), outcome)


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
