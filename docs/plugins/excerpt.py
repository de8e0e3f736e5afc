"""Quote live source by name: `{excerpt} microgpt.value:Value.__mul__`.

The object is found in the syntax tree of the file; nothing is imported. Options:

`:head:`       a class up to its first method; a module's docstring and imports
`:to:`         from the object to the end of this other one
`:from:`       begin at the one line inside that contains this text
`:until:`      end with the one line inside that contains this text
`:emphasize:`  highlight the lines that contain this text
`:fold:`       `docstring`: show docstrings folded (they count as shown)
`:again:`      a deliberate repetition: the lines are shown elsewhere as well

The body holds side notes, one a line: `text of the code line | note`. An indented
line continues the note above it.
"""

import posixpath
import textwrap
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.ext.viewcode import OUTPUT_DIRNAME, is_supported_builder
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata, OptionSpec

from docs.plugins.by_page import ByPage
from docs.plugins.messages import worded
from docs.plugins.source import Missing, Source, Span, module_path, read_source

logger = logging.getLogger(__name__)
ROOM = 74  # characters of code that leave room for notes beside them


class Shown(NamedTuple):
    """Lines of a file which a page shows: which object, where, and their digest."""

    path: str
    span: Span
    target: str = ""
    digest: str = ""
    location: str = ""
    again: bool = False


class Part(NamedTuple):
    """Lines that are displayed together, from `row` on; a folded part is one row."""

    span: Span
    row: int
    folded: bool

    @property
    def end(self) -> int:
        """The row after this part."""
        return self.row + (1 if self.folded else self.span.last - self.span.first + 1)


class Note(NamedTuple):
    """A side note and the text of the code line which it belongs to."""

    pattern: str
    text: str


class excerpt_links(nodes.Element):
    """Stands for a caption's links until all pages are read."""


def selected(source: Source, name: str, options: dict[str, Any]) -> Span:
    """The lines that a directive's argument and options ask for."""
    node = source.find(name)
    span = source.head(node) if "head" in options else source.span(node)
    if "to" in options:
        end = source.span(source.find(options["to"])).last
        if end < span.first:
            message = f"{options['to']!r} stands before {name!r} in {source.path}"
            raise Missing("name", message)
        span = Span(span.first, end)
    if "from" in options:
        span = Span(source.only(span, options["from"]), span.last)
    if "until" in options:
        span = Span(span.first, source.only(span, options["until"]))
    return span


def parts(span: Span, folds: Sequence[Span]) -> Iterator[Part]:
    """The excerpt as it is displayed: pieces of code, and folded lines between."""
    row, line = 1, span.first
    for fold in folds:
        for piece, folded in ((Span(line, fold.first - 1), False), (fold, True)):
            if piece.first <= piece.last:
                part = Part(piece, row, folded)
                yield part
                row = part.end
        line = fold.last + 1
    if line <= span.last:
        yield Part(Span(line, span.last), row, False)


def row_of(line: int, shown: Sequence[Part]) -> int:
    """The row in which a line of the excerpt is displayed."""
    part = next(part for part in shown if line <= part.span.last)
    return part.row if part.folded else part.row + line - part.span.first


def parse_notes(content: Sequence[str]) -> list[Note]:
    """The side notes in a directive's body."""
    notes: list[Note] = []
    for line in content:
        if notes and line.startswith(" "):
            notes[-1] = Note(notes[-1].pattern, f"{notes[-1].text} {line.strip()}")
        elif line.strip():
            pattern, bar, text = line.partition(" | ")
            if not bar:
                message = f"a note is written 'code | note', not {line!r}"
                raise Missing("note", message)
            notes.append(Note(pattern.strip(), text.strip()))
    return notes


def is_wide(lines: Sequence[str], span: Span, shown_parts: Sequence[Part]) -> bool:
    """Whether a line that is not folded leaves no room for notes beside it."""
    text = textwrap.dedent("\n".join(lines[span.first - 1 : span.last])).split("\n")
    pieces = [part.span for part in shown_parts if not part.folded]
    shown_lines = (
        line
        for piece in pieces
        for line in text[piece.first - span.first : piece.last - span.first + 1]
    )
    return any(len(line) > ROOM for line in shown_lines)


def said(span: Span) -> str:
    """How a page speaks of lines."""
    text = (
        _("line {first}") if span.first == span.last else _("lines {first} to {last}")
    )
    return text.format(first=span.first, last=span.last)


def fold_label(span: Span) -> nodes.raw:
    """What stands for a docstring until it is unfolded."""
    text = _("docstring, {lines}").format(lines=said(span))
    return nodes.raw("", f"<summary>{text}</summary>", format="html")


def tagged(opening: str, inside: Sequence[nodes.Node]) -> list[nodes.Node]:
    """Nodes between an opening and a closing tag, which only HTML writes."""
    closing = f"</{opening.split()[0]}>"
    before = nodes.raw("", f"<{opening}>", format="html")
    return [before, *inside, nodes.raw("", closing, format="html")]


class Excerpt(SphinxDirective):
    """The directive `{excerpt}`."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[OptionSpec] = {
        "head": directives.flag,
        "to": directives.unchanged_required,
        "from": directives.unchanged_required,
        "until": directives.unchanged_required,
        "emphasize": directives.unchanged_required,
        "fold": lambda word: directives.choice(word, ("docstring",)),
        "again": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        module, _, name = self.arguments[0].partition(":")
        try:
            source = self.read(module)
            span = selected(source, name, self.options)
            box = nodes.container(classes=["excerpt"], ids=[self.anchor(module, name)])
            self.set_source_info(box)
            box += self.caption(source, span, module, name)
            box += self.display(source, span)
        except Missing as error:
            logger.warning(
                f"excerpt: {error}",
                type="excerpt",
                subtype=error.kind,
                location=self.get_location(),
            )
            return []
        box["shown"] = self.note_shown(source, span)
        return [box]

    def anchor(self, module: str, name: str) -> str:
        """A name for links to this excerpt; the page may quote the object before."""
        name = f"excerpt-{module}.{name}".rstrip(".")
        earlier = shown(self.env).get(self.env.docname, [])
        number = sum(item.target == self.arguments[0] for item in earlier)
        return f"{name}-{number + 1}" if number else name

    def note_shown(self, source: Source, span: Span) -> Shown:
        """Store what this excerpt shows, for the plugins that account for it."""
        text = "\n".join(source.lines[span.first - 1 : span.last])
        digest = sha256(text.encode()).hexdigest()[:8]
        item = Shown(
            source.path,
            span,
            self.arguments[0],
            digest,
            self.get_location(),
            "again" in self.options,
        )
        shown(self.env).setdefault(self.env.docname, []).append(item)
        return item

    def read(self, module: str) -> Source:
        """The module's file; the page is built again when it changes."""
        root = Path(self.config.excerpt_root)
        path = module_path(root, module)
        self.env.note_dependency(str(path))
        if not path.is_file():
            raise Missing("module", f"there is no module {module!r}")
        return read_source(path.relative_to(root).as_posix(), path.read_text("utf-8"))

    def caption(
        self, source: Source, span: Span, module: str, name: str
    ) -> nodes.paragraph:
        text = f"{source.path}, {said(span)}"
        links = excerpt_links("", text=text, module=module, name=name)
        return nodes.paragraph("", "", links, classes=["excerpt-caption"])

    def display(self, source: Source, span: Span) -> list[nodes.Node]:
        """Code, folded docstrings and side notes, each with its rows in a grid."""
        folds = list(source.docstrings(span)) if "fold" in self.options else []
        if "fold" in self.options and not folds:
            message = f"there is no docstring in {source.path}, {span}"
            raise Missing("fold", message)
        shown_parts = list(parts(span, folds))
        inside: list[nodes.Node] = []
        for part in shown_parts:
            inside += self.display_part(source, span, part)
        inside += self.display_notes(source, span, shown_parts)
        wide = " excerpt-wide" if is_wide(source.lines, span, shown_parts) else ""
        return tagged(f'div class="excerpt-body{wide}"', inside)

    def display_part(self, source: Source, span: Span, part: Part) -> list[nodes.Node]:
        rows = f'style="grid-row: {part.row} / {part.end}"'
        block = self.code(source, span, part.span)
        if not part.folded:
            return tagged(f'div class="excerpt-code" {rows}', [block])
        return tagged(
            f'details class="excerpt-fold" {rows}', [fold_label(part.span), block]
        )

    def code(self, source: Source, span: Span, piece: Span) -> nodes.literal_block:
        text = textwrap.dedent("\n".join(source.lines[span.first - 1 : span.last]))
        some = text.split("\n")[piece.first - span.first : piece.last - span.first + 1]
        block = nodes.literal_block("\n".join(some), "\n".join(some), excerpt=True)
        block["language"] = source.language
        block["linenos"] = True
        block["highlight_args"] = {"linenostart": piece.first}
        if "emphasize" in self.options:
            marked = source.matching(span, self.options["emphasize"])
            numbers = [n - piece.first + 1 for n in marked]
            numbers = [n for n in numbers if 1 <= n <= len(some)]
            block["highlight_args"]["hl_lines"] = numbers
        self.set_source_info(block)
        return block

    def display_notes(
        self, source: Source, span: Span, shown_parts: Sequence[Part]
    ) -> list[nodes.Node]:
        notes: dict[int, list[str]] = {}
        for note in parse_notes(list(self.content)):
            notes.setdefault(source.only(span, note.pattern), []).append(note.text)
        starts = [row_of(line, shown_parts) for line in sorted(notes)]
        rows = pairwise([*starts, shown_parts[-1].end])
        inside: list[nodes.Node] = []
        for (line, texts), (row, end) in zip(sorted(notes.items()), rows, strict=True):
            label = nodes.inline("", str(line), classes=["excerpt-line"], sourced=True)
            paragraph = nodes.paragraph("", "", label, nodes.Text(" "))
            worded(self, paragraph, "; ".join(texts))["beside"] = line
            style = f'div class="excerpt-note" style="grid-row: {row} / {end}"'
            inside += tagged(style, [paragraph])
        return inside


def link_captions(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link each caption to the highlighted source and to the API entry."""
    for node in list(doctree.findall(excerpt_links)):
        links = [source_link(app, node, docname), *api_link(app, node, docname)]
        node.replace_self(links)


def source_link(app: Sphinx, node: excerpt_links, docname: str) -> nodes.Node:
    pages: dict[str, Any] = getattr(app.env, "_viewcode_modules", {})
    entry = pages.get(node["module"])
    if not entry or not is_supported_builder(type(app.builder), False):
        return nodes.Text(node["text"])
    page = posixpath.join(OUTPUT_DIRNAME, *node["module"].split("."))
    uri = app.builder.get_relative_uri(docname, page)
    anchor = nearest(node["name"], entry[2])
    uri += f"#{anchor}" if anchor else ""
    return nodes.reference("", node["text"], internal=True, refuri=uri)


def api_link(app: Sphinx, node: excerpt_links, docname: str) -> list[nodes.Node]:
    objects = app.env.domains.python_domain.objects
    name = nearest(f"{node['module']}.{node['name']}".rstrip("."), objects)
    if not name.startswith(node["module"]):
        return []
    entry = objects[name]
    uri = app.builder.get_relative_uri(docname, entry.docname)
    link = nodes.reference("", _("API"), internal=True, reftitle=name)
    link["refuri"] = f"{uri}#{entry.node_id}"
    return [nodes.Text(" · "), link]


def nearest(name: str, known: dict[str, Any]) -> str:
    """The name itself or the innermost one around it which is known, or ""."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name


shown = ByPage[list[Shown]]("excerpt_shown")  # the lines that each page shows


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("excerpt", Excerpt)
    app.add_config_value("excerpt_root", str(app.confdir), "", str)
    shown.connect(app)
    app.connect("doctree-resolved", link_captions)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
