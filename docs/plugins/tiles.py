"""Cut a file into the pieces that the book shows, and set prose beside their lines."""

import ast
import tokenize
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import pairwise
from typing import NamedTuple

from docutils import nodes

from docs.plugins.source import DOCUMENTED, CSource, Source, Span, lines
from docs.plugins.tables import with_code

NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER}
NO_CODE |= {tokenize.INDENT, tokenize.DEDENT}


class Aside(NamedTuple):
    """Prose that stands beside a line."""

    line: int
    text: nodes.paragraph


class Piece(NamedTuple):
    """Lines of a module which one excerpt shows; `page` is "" where none does."""

    path: str
    span: Span
    target: str
    page: str = ""
    anchor: str = ""
    heading: str = ""
    notes: tuple[Aside, ...] = ()


class Docstring(NamedTuple):
    """A docstring: the line of what it describes (0 for a module), and its first."""

    owner: int
    span: Span
    text: str

    def has(self, line: int) -> bool:
        """Whether this line is one of its lines."""
        return self.span.first <= line <= self.span.last

    def within(self, span: Span) -> bool:
        """Whether all its lines are among these."""
        return span.first <= self.span.first and self.span.last <= span.last

    @property
    def folded(self) -> bool:
        """Whether it is long enough to be folded."""
        return self.span.first < self.span.last


class Row(NamedTuple):
    """Lines of code, and the prose that begins beside the first of them."""

    span: Span
    asides: list[nodes.paragraph]


def tiles(source: Source, found: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces in their order, with what no page shows between them.

    Each line that is not blank stands in exactly one.
    """
    at = 1
    for piece in sorted(found, key=lambda piece: piece.span):
        first = max(at, piece.span.first)
        if first <= piece.span.last:
            yield from gap(source, at, first - 1)
            yield piece._replace(span=Span(first, piece.span.last))
            at = piece.span.last + 1
    yield from gap(source, at, len(source.lines))


def gap(source: Source, first: int, last: int) -> Iterator[Piece]:
    if any(line.strip() for line in source.lines[first - 1 : last]):
        yield Piece(source.path, source.trimmed(first, last), "")


def docstrings(source: Source) -> list[Docstring]:
    """All docstrings of a file, in order."""
    found: list[Docstring] = []
    for node in ast.walk(source.tree):
        if isinstance(node, DOCUMENTED) and (text := ast.get_docstring(node)):
            owner = 0 if isinstance(node, ast.Module) else node.lineno
            span = Span(*lines(node.body[0]))
            found.append(Docstring(owner, span, text.split("\n")[0]))
    return sorted(found, key=lambda docstring: docstring.span)


def rows(piece: Piece, found: Sequence[Docstring]) -> list[Row]:
    """The piece, cut where prose begins; never inside a docstring."""
    starts = {piece.span.first: list[nodes.paragraph]()}
    asides = [*summaries(piece, found), *piece.notes]
    for aside in sorted(asides, key=lambda aside: aside.line):
        line = next((d.span.first for d in found if d.has(aside.line)), aside.line)
        starts.setdefault(max(line, piece.span.first), []).append(aside.text)
    ends = pairwise([*starts, piece.span.last + 1])
    return [Row(Span(first, end - 1), starts[first]) for first, end in ends]


def summaries(piece: Piece, found: Sequence[Docstring]) -> Iterator[Aside]:
    """First lines of docstrings: of the folded ones, or of all if there is no note."""
    for docstring in found:
        inside = docstring.within(piece.span) and docstring.owner
        if inside and (docstring.folded or not piece.notes):
            text = with_code(docstring.text)
            summary = nodes.paragraph("", "", *text, classes=["listing-summary"])
            yield Aside(docstring.owner, summary)


def introduction(source: Source) -> Iterator[nodes.paragraph]:
    """A module's docstring, without the list of chapters that ends it."""
    text = ast.get_docstring(source.tree) or ""
    for paragraph in filter(None, text.split("\n\n")):
        if not paragraph.startswith(("Chapter:", "Chapters:")):
            yield nodes.paragraph("", "", *with_code(" ".join(paragraph.split())))


def code_lines(source: Source) -> int:
    """How many lines hold code: docstrings and comments are none."""
    if isinstance(source, CSource):
        return sum(line.strip()[:2] not in {"", "//"} for line in source.lines)
    found: set[int] = set()
    text = "\n".join([*source.lines, ""])
    for token in tokenize.generate_tokens(StringIO(text).readline):
        if token.type not in NO_CODE:
            found.update(range(token.start[0], token.end[0] + 1))
    for first, last in source.docstrings(Span(1, len(source.lines))):
        found.difference_update(range(first, last + 1))
    return len(found)
