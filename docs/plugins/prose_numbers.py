"""See to it that no number in prose is typed, unless an entry of a list says why.

Prose is what a page says outside of code, mathematics, links, headings, the markers of
lists and docstrings: sentences, cells of tables, captions, side notes, exercises, hints
and solutions. A digit in it has to come from a role: {num}`expression` computes what
describes the program, the data or a run; {given}`2.0` marks what the author chooses,
such as the input of an example. What other plugins compute has the attribute `sourced`.

What remains stands in the file `prose_numbers_file`, a line each, at most 60 lines:
`page | text | reason`, where the page `*` means all. An entry that no page uses is a
warning as well.

In a translation, a digit is refused where the original message has none of that kind:
there a role has been replaced by what it computed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.by_page import ByPage
from docs.plugins.messages import is_translated

logger = logging.getLogger(__name__)
LIMIT = 60
NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
HOLE = "\ufffc"  # stands for what is not prose
NO_PROSE = (
    *(nodes.literal, nodes.literal_block, nodes.doctest_block, nodes.raw),
    *(nodes.math, nodes.math_block, addnodes.desc_signature),
    *(nodes.reference, nodes.footnote_reference, addnodes.pending_xref),
    *(addnodes.download_reference, nodes.label, nodes.rubric),
    *(nodes.comment, nodes.docinfo, nodes.problematic, nodes.system_message),
)


class Block(NamedTuple):
    """A piece of prose with a digit, the file with it, and the line of its start."""

    text: str
    path: str
    line: int


class Entry(NamedTuple):
    """A text with a number that may stand in the prose of a page."""

    page: str
    text: str
    line: int

    def on(self, page: str) -> bool:
        """Whether it holds for a page."""
        return self.page in ("*", page)

    def pattern(self) -> str:
        """What finds it, also over the end of a line, but not in a longer number."""
        words = r"\s+".join(map(re.escape, self.text.split()))
        return rf"(?<!\w)(?<![0-9][.,]){words}(?![.,]?\w)"


class Refused(Exception):
    """A line of the list is no entry."""


def is_prose(node: nodes.Node) -> bool:
    """Whether a digit in a node, were it there, would be in prose."""
    if isinstance(node, nodes.title):
        return not isinstance(node.parent, nodes.section | nodes.document)
    if isinstance(node, nodes.Element) and "sourced" in node:
        return False
    return not isinstance(node, NO_PROSE)


def prose(node: nodes.Node) -> str:
    """The prose in a node, with a hole for each thing that is none."""
    if isinstance(node, nodes.Text):
        return str(node)
    return "".join(prose(n) if is_prose(n) else HOLE for n in node.children)


def blocks(node: nodes.Node) -> Iterator[Block]:
    """The pieces of prose in a node that have a digit."""
    for child in filter(is_prose, node.children):
        if isinstance(child, nodes.TextElement):
            path, line = place(child)
            text = prose(child)
            if NUMBER.search(text) and ":docstring of " not in path:
                yield Block(text, path, line)
        else:
            yield from blocks(child)


def place(node: nodes.Element) -> tuple[str, int]:
    """The file and the line of a piece of prose; MyST tells none for a cell."""
    row = node.parent.parent
    if not isinstance(row, nodes.row):
        while not (node.source and node.line) and node.parent:
            node = node.parent
        return node.source or "", node.line or 1
    table = row.parent.parent.parent
    above = list(table.findall(nodes.row)).index(row)
    ruler = isinstance(row.parent, nodes.tbody)
    return table.source or "", (table.line or 1) + above + ruler


def parse(line: str, number: int) -> Entry:
    """The entry in a line of the list."""
    page, _, rest = line.partition(" | ")
    text, _, reason = rest.partition(" | ")
    if not (page.strip() and text.strip() and reason.strip()):
        raise Refused(f"an entry is written 'page | text | reason', not {line!r}")
    if not NUMBER.search(text):
        raise Refused(f"there is no number in {text.strip()!r}")
    return Entry(page.strip(), text.strip(), number)


def erase(text: str, entries: Sequence[Entry], used: set[Entry]) -> str:
    """The text without the numbers of entries, all else in its place; note the used."""
    for entry in sorted(entries, key=lambda entry: len(entry.text), reverse=True):
        text, count = re.subn(entry.pattern(), blank, text)
        if count:
            used.add(entry)
    return text


def blank(found: re.Match[str]) -> str:
    return re.sub("[0-9]", HOLE, found[0])


def locate(block: Block, start: int, number: str) -> int:
    """The line with a number: where it should be, or the next one that contains it."""
    line = block.line + block.text.count("\n", 0, start)
    path = Path(block.path)
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    rest = enumerate(lines[line - 1 :], start=line)
    word = re.compile(rf"(?<![\w.]){re.escape(number)}(?![.,]?\w)")
    return next((n for n, text in rest if word.search(text)), line)


def context(text: str, start: int, end: int) -> str:
    """A number with some words around it."""
    some = text[max(start - 20, 0) : end + 20].replace(HOLE, "…")
    return " ".join(some.split())


def warn(kind: str, message: str, path: object, line: int) -> None:
    logger.warning(
        message, type="prose_numbers", subtype=kind, location=f"{path}:{line}"
    )


def listed(path: Path) -> Iterator[Entry]:
    """The entries of the list; a line that is none, or one too many, is reported."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    written = [(n, line) for n, line in enumerate(lines, 1) if is_entry(line)]
    for number, line in written:
        try:
            yield parse(line, number)
        except Refused as error:
            warn("entry", str(error), path, number)
    if len(written) > LIMIT:
        message = f"{len(written)} entries, and at most {LIMIT} are allowed"
        warn("limit", message, path, written[LIMIT][0])


def is_entry(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Report each number in the prose of all pages, and each entry that none uses."""
    if is_translated(app.config):
        return
    path = Path(app.confdir) / app.config.prose_numbers_file
    entries, used = list(listed(path)), set[Entry]()
    for page in sorted(pages(env)):
        mine = [entry for entry in entries if entry.on(page)]
        report([(block, erase(block.text, mine, used)) for block in pages(env)[page]])
    for entry in entries:
        if entry not in used:
            where = "any page" if entry.page == "*" else f"page {entry.page!r}"
            message = f"{entry.text!r} is not in the prose of {where}"
            warn("unused", message, path, entry.line)


def new_numbers(node: nodes.TextElement) -> set[str]:
    """The numbers in the prose of a translated node that its original has not."""
    if not (node.get("translated") and is_prose(node)):
        return set()
    return {*NUMBER.findall(prose(node))} - {*NUMBER.findall(node.rawsource)}


class Translated(SphinxTransform):
    """Reports each number that only the translation of a page has."""

    default_priority = 30  # after Sphinx has put the translations in

    def apply(self, **kwargs: object) -> None:
        for node in self.document.findall(nodes.TextElement):
            for number in sorted(new_numbers(node)):
                message = f"{number!r} is typed in a translation, not in the original"
                warn("translated", message, node.source, node.line or 1)


def report(found: Iterable[tuple[Block, str]]) -> None:
    for block, text in found:
        for number in NUMBER.finditer(text):
            line = locate(block, number.start(), number[0])
            around = context(block.text, *number.span())
            role = f"{{num}}`...` or {{given}}`{number[0]}`"
            message = f"{number[0]!r} is typed in {around!r}: write {role}"
            warn("typed", message, block.path, line)


class Given(SphinxRole):
    """The role `{given}`: a number that the author chooses, as it is."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [nodes.inline(self.rawtext, self.text, sourced=True)], []


pages = ByPage[list[Block]]("prose_numbers_pages")  # the prose with digits of each page


def store(app: Sphinx, doctree: nodes.document) -> None:
    if not is_translated(app.config):
        pages(app.env)[app.env.docname] = list(blocks(doctree))


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_role("given", Given())
    app.add_config_value("prose_numbers_file", "docs/prose_numbers.txt", "", str)
    app.add_transform(Translated)
    app.connect("doctree-read", store)
    pages.connect(app)
    app.connect("env-updated", check)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
