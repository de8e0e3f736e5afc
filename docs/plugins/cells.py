"""Mark the examples that readers can run, for `docs/_static/cells.js`.

On pages that are served, each block of `>>>` examples gets a `<div>` around it:

`data-cell`    its name on the page, the same for as long as its text is
`data-source`  what one would type
`data-go-on`   an error is expected, and ends nothing
`data-lacks`   what it needs and the page cannot have
`data-before`  code after which it runs, and leaves no names: an example of a solution
               or of a docstring
`data-tests`   the code with which an exercise begins: examples that an answer must pass

What the reader does not see is marked as well, since what follows builds on it.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from html import escape
from itertools import accumulate, chain
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.ext.doctest import doctestopt_re
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.doctests import has_examples
from docs.plugins.examples import Block, parse
from docs.plugins.excerpt import tagged
from docs.plugins.exercise import with_part
from docs.plugins.live import BUILDERS

IMPORTED = re.compile(r"^(?:from|import) (\w+)", re.MULTILINE)
# none of these is in the page
UNMET = ("cc", "mpmath", "numpy", "sphinx", "torch", "tqdm")


class Cell(NamedTuple):
    """What a reader can run, and how."""

    source: str
    go_on: bool
    lacks: str
    before: str | None = None
    tests: str = ""

    def data(self) -> Iterator[tuple[str, str]]:
        """What the page says of it, but for its name."""
        yield "source", self.source
        if self.go_on:
            yield "go-on", "true"
        if self.lacks:
            yield "lacks", self.lacks
        if self.before is not None:
            yield "before", self.before
        if self.tests:
            yield "tests", self.tests


def block_of(node: nodes.Element) -> Block:
    return Block(node.get("test", node.astext()), "", 0)


def lacking(needs: Iterable[str]) -> str:
    """The first need that the page cannot meet, or ""."""
    return next((need for need in needs if need in UNMET), "")


def source_of(block: Block) -> str:
    """What one would type."""
    source = "".join(example.source for example in parse(block).examples)
    return doctestopt_re.sub("", source)


def cell_of(node: nodes.Element, needs: Iterable[str]) -> Cell:
    """What to run of a block; `ValueError` where its examples cannot be read."""
    block = block_of(node)
    go_on = any(example.exc_msg is not None for example in parse(block).examples)
    lacks = lacking([*needs, *block.needs])
    return Cell(source_of(block).rstrip("\n"), go_on, lacks)


def cells(
    doctree: nodes.document, needs: list[str]
) -> Iterator[tuple[nodes.Element, Cell]]:
    """Each node that can be run, with what there is to run."""
    for node in list(doctree.findall(nodes.Element)):
        try:
            if has_examples(node):
                yield node, cell_of(node, needs)
            elif is_quoted(node):
                yield node, docstring_cell(node)
            elif node.get("part") == "answer":
                yield node, answer_cell(node, needs)
            elif node.get("part") == "start" and node.parent is not None:
                yield node, exercise_cell(node, needs)
        except ValueError:
            pass  # the builder `doctest` says what is wrong


def exercise_cell(start: nodes.Element, needs: list[str]) -> Cell:
    """The code with which an exercise begins, and the tests of an answer."""
    parts = with_part(start.parent)
    tests = [block_of(node) for node in parts if node["part"] == "test"]
    found = [need for block in tests for need in block.needs]
    text = "\n".join(block.text for block in tests)
    return cell_of(start, [*needs, *found])._replace(tests=text)


def after(cell: Cell, earlier: Sequence[nodes.Element], first: str = "") -> Cell:
    """The same cell, with names of its own from a first line and earlier blocks."""
    return cell._replace(before=first + "".join(map(source_of, map(block_of, earlier))))


def answer_cell(answer: nodes.Element, needs: list[str]) -> Cell:
    """An example of a solution, after what its exercise shows before it."""
    box = answer.parent
    while "exercise" not in box["classes"]:
        box = box.parent
    parts = [node for node in with_part(box) if node["part"] in ("start", "answer")]
    earlier = parts[: parts.index(answer)]
    found = chain(needs, *(block_of(node).needs for node in earlier))
    return after(cell_of(answer, found), earlier)


def is_quoted(node: nodes.Element) -> bool:
    """Whether a block of examples stands in a docstring."""
    where = node.source or ""
    return isinstance(node, nodes.doctest_block) and ":docstring of " in where


def docstring_cell(node: nodes.Element) -> Cell:
    """An example of a docstring, among the names of its module."""
    path, _, thing = (node.source or "").partition(":docstring of ")
    module = path.removesuffix(".py").replace(os.sep, ".")
    outer = accumulate(thing.split("."), "{}.{}".format)
    (name,) = (name for name in outer if module.endswith(f".{name}"))
    before = node.parent.children[: node.parent.index(node)]
    earlier = [one for one in before if isinstance(one, nodes.doctest_block)]
    needs = IMPORTED.findall(Path(path).read_text("utf-8"))
    return after(cell_of(node, needs), earlier, f"from {name} import *\n")


def opening(name: str, cell: Cell, hidden: bool) -> str:
    """The tag that says how to run what is in it."""
    data = [("cell", name), *cell.data()]
    given = "".join(f' data-{key}="{escape(text)}"' for key, text in data)
    return f'div class="cell"{" hidden" * hidden}{given}'


class Mark(SphinxPostTransform):
    """Marks what readers can run, before copies from other pages are put in."""

    default_priority = 3

    def run(self, **kwargs: Any) -> None:
        if self.env._builder_cls.name not in BUILDERS:
            return
        needs = re.findall(r"\w+", self.env.metadata[self.env.docname].get("needs", ""))
        same: Counter[str] = Counter()
        for node, cell in list(cells(self.document, needs)):
            name = sha256(cell.source.encode()).hexdigest()[:8]
            same[name] += 1
            if same[name] > 1:
                name += f"-{same[name]}"
            hidden = isinstance(node, nodes.comment)
            parent, place = node.parent, node.parent.index(node)
            tags = tagged(opening(name, cell, hidden), [node])
            parent[place : place + 1] = tags


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_post_transform(Mark)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
