"""Print the whole package, code and prose side by side: `{listing}`.

The modules come in the order in which the book first shows them, each cut into the
pieces that the excerpts quote (those marked `:again:` do not count). The code stands on
the right, with its true indentation, line numbers and an anchor a line (`#value-43`);
on the left, beside their lines, the excerpt's side notes, the first lines of
docstrings, and a link to the excerpt in its chapter. Nothing is written twice: the
notes are those of the chapters. The page with the listing is written again when the
code, a note or a title changes.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.by_page import ByPage
from docs.plugins.excerpt import Shown, excerpt_links, fold_label, parts, said, tagged
from docs.plugins.owners import place, reading_order, title_of
from docs.plugins.source import Missing, Source, Span, read_source, source_files
from docs.plugins.tables import cell, table
from docs.plugins.tiles import (
    Aside,
    Docstring,
    Piece,
    code_lines,
    docstrings,
    introduction,
    rows,
    tiles,
)

logger = logging.getLogger(__name__)


class listing_place(nodes.General, nodes.Element):
    """Stands for the listing until all pages are read."""


class Module(NamedTuple):
    """A file of the package, its pieces, which tile it, and its docstrings."""

    source: Source
    pieces: list[Piece]
    docstrings: list[Docstring]

    @property
    def name(self) -> str:
        """The name that is imported."""
        path = self.source.path.removesuffix(".py").removesuffix("/__init__")
        return path.replace("/", ".")

    @property
    def anchor(self) -> str:
        """The name without that of the package: what the module's links begin with."""
        return self.name.partition(".")[2] or self.name


class Listing(SphinxDirective):
    """The directive `{listing}`."""

    def run(self) -> list[nodes.Node]:
        pages(self.env)[self.env.docname] = True
        return [listing_place()]


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what a page's excerpts show, with their notes."""
    page = app.env.current_document.docname
    boxes = [box for box in doctree.findall(nodes.container) if "shown" in box]
    found = [piece_of(box, page) for box in boxes if not box["shown"].again]
    if found:
        collected(app.env)[page] = found


def piece_of(box: nodes.container, page: str) -> Piece:
    item: Shown = box["shown"]
    notes = [
        Aside(note["beside"], detached(note))
        for note in box.findall(nodes.paragraph)
        if "beside" in note
    ]
    title = heading_over(box)
    return Piece(
        item.path, item.span, item.target, page, box["ids"][0], title, tuple(notes)
    )


def detached(note: nodes.paragraph) -> nodes.paragraph:
    """A copy that does not hold the document which it was taken from."""
    copy = note.deepcopy()
    for node in copy.findall():
        vars(node).pop("_document", None)
    return copy


def heading_over(node: nodes.Element) -> str:
    """The heading of the section around a node; "" for the page's own title."""
    section = node.parent
    while section and not isinstance(section, nodes.section):
        section = section.parent
    if not section or not isinstance(section.parent, nodes.section):
        return ""
    return str(section.next_node(nodes.title).astext())


def modules(env: BuildEnvironment) -> list[Module]:
    """The package in reading order."""
    root, order = Path(env.config.excerpt_root), reading_order(env)
    found = [piece for some in collected(env).values() for piece in some]
    listed: list[Module] = []
    for file in source_files(root / env.config.every_line_package):
        path = file.relative_to(root).as_posix()
        try:
            source = read_source(path, file.read_text("utf-8"))
        except Missing as error:
            text = f"listing: {error}"
            logger.warning(text, type="listing", subtype=error.kind, once=True)
            continue
        mine = [piece for piece in found if piece.path == path]
        tiled = list(tiles(source, mine))
        listed.append(Module(source, tiled, docstrings(source)))
    listed = [module for module in listed if module.pieces]
    return sorted(listed, key=lambda module: first_place(module, env, order))


def first_place(
    module: Module, env: BuildEnvironment, order: Sequence[str]
) -> tuple[int, str, int]:
    """Where the book first shows a part of the module."""
    return min(
        (*place(piece.page, order), position(piece, env)) for piece in module.pieces
    )


def position(piece: Piece, env: BuildEnvironment) -> int:
    """Which of its page's excerpts this is."""
    anchors = [other.anchor for other in collected(env).get(piece.page, [])]
    return anchors.index(piece.anchor) if piece.anchor in anchors else 0


class Printer:
    """Makes the nodes of the listing."""

    def __init__(self, env: BuildEnvironment) -> None:
        self.env, self.order = env, reading_order(env)

    def everything(self) -> list[nodes.Node]:
        found = modules(self.env)
        contents = tagged(f'nav aria-label="{_("Modules")}"', [self.contents(found)])
        return [*contents, *(self.section(module) for module in found)]

    def contents(self, found: Sequence[Module]) -> nodes.table:
        """A row a module: what to read, how much code, where the source is."""
        rows = [self.row(module) for module in found]
        head = {_("Module"): 25, _("Lines of code"): 15, _("Read"): 40, _("Source"): 20}
        return table(head, rows, "listing-contents")

    def row(self, module: Module) -> nodes.row:
        path = nodes.literal("", module.source.path.partition("/")[2])
        here = nodes.reference("", "", path, internal=True, refid=module.anchor)
        count = nodes.Text(str(code_lines(module.source)))
        read = cell(*self.chapters(module))
        return nodes.row("", cell(here), cell(count), read, self.sources(module))

    def sources(self, module: Module) -> nodes.entry:
        """Links to the highlighted source and to the API, where there are any."""
        if not getattr(self.env, "_viewcode_modules", {}).get(module.name):
            return nodes.entry()
        return cell(excerpt_links("", text=_("source"), module=module.name, name=""))

    def chapters(self, module: Module) -> Iterator[nodes.Node]:
        """Links to the pages that show the module, in the order of the book."""
        found = {piece.page for piece in module.pieces}
        pages = sorted(found, key=lambda page: place(page, self.order))
        for number, page in enumerate(pages):
            if number:
                yield nodes.Text("; ")
            yield self.link(page, self.title(page))

    def title(self, page: str) -> str:
        return title_of(self.env, page)

    def link(self, page: str, text: str, anchor: str = "") -> nodes.Node:
        """A link whose address is found when the page is written."""
        if not page:
            return nodes.Text(text)
        return nodes.reference("", text, internal=True, listing=(page, anchor))

    def section(self, module: Module) -> nodes.section:
        section = nodes.section(ids=[module.anchor], classes=["listing"])
        section += nodes.title("", module.source.path)
        section += list(introduction(module.source))
        for piece in module.pieces:
            section += self.piece(module, piece)
        return section

    def piece(self, module: Module, piece: Piece) -> nodes.container:
        """One grid: caption, then a row for each place at which prose begins."""
        found = rows(piece, module.docstrings)
        box = nodes.container(classes=["listing-piece"])
        box += self.caption(module, piece)
        for number, row in enumerate(found, start=2):
            if row.asides:
                texts = [self.adopted(text, module, piece) for text in row.asides]
                box += tagged(
                    f'div class="listing-prose" style="grid-row: {number}"', texts
                )
        code = [
            node
            for number, row in enumerate(found, start=2)
            for node in self.code(module, row.span, number)
        ]
        box += tagged('div class="listing-code"', code)
        return box

    def caption(self, module: Module, piece: Piece) -> list[nodes.Node]:
        text = f"{piece.path}, {said(piece.span)}"
        name = piece.target.partition(":")[2]
        links = excerpt_links("", text=text, module=module.name, name=name)
        title = self.title(piece.page)
        title += f": {piece.heading}" if piece.heading else ""
        link = self.link(piece.page, title, piece.anchor)
        return [
            nodes.paragraph("", "", link, classes=["listing-chapter"]),
            nodes.paragraph("", "", links, classes=["excerpt-caption"]),
        ]

    def adopted(
        self, text: nodes.paragraph, module: Module, piece: Piece
    ) -> nodes.paragraph:
        """A copy of a note whose links work on this page."""
        copy = text.deepcopy()
        for waiting in copy.findall(pending_xref):
            waiting["refdoc"] = self.env.current_document.docname
        for link in copy.findall(nodes.reference):
            if "refid" in link:
                link["listing"] = piece.page, link.attributes.pop("refid")
        if "beside" in copy:
            number = str(copy["beside"])
            label = nodes.reference("", number, classes=["excerpt-line"], internal=True)
            label["refid"] = f"{module.anchor}-{number}"
            copy[0] = label
        return copy

    def code(self, module: Module, span: Span, number: int) -> list[nodes.Node]:
        """Lines of code; docstrings of several lines are folded."""
        whole = [d.span for d in module.docstrings if d.folded and d.within(span)]
        inside: list[nodes.Node] = []
        for part in parts(span, whole):
            block = self.block(module, part.span)
            if part.folded:
                label = fold_label(part.span)
                inside += tagged('details class="excerpt-fold"', [label, block])
            else:
                inside.append(block)
        return tagged(f'div class="listing-lines" style="grid-row: {number}"', inside)

    def block(self, module: Module, span: Span) -> nodes.literal_block:
        text = "\n".join([*module.source.lines[span.first - 1 : span.last], ""])
        block = nodes.literal_block(text, text, linenos=True)
        block["language"] = module.source.language
        anchors = {"linenostart": span.first, "linespans": module.anchor}
        block["highlight_args"] = anchors
        return block


class Print(SphinxPostTransform):
    """Puts the listing where it is to be, before references are resolved."""

    default_priority = 5

    def run(self, **kwargs: object) -> None:
        for node in list(self.document.findall(listing_place)):
            node.replace_self(Printer(self.env).everything())


def address(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give the links to other pages their addresses."""
    for link in doctree.findall(nodes.reference):
        if "listing" in link:
            page, anchor = link["listing"]
            uri = app.builder.get_relative_uri(docname, page)
            link["refuri"] = f"{uri}#{anchor}" if anchor else uri


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Give the pages with a listing when it has become another one."""
    digest = sha256()
    for module in modules(env) if pages(env) else []:
        digest.update("\n".join(module.source.lines).encode())
        for piece in module.pieces:
            notes = [(note.line, note.text.pformat()) for note in piece.notes]
            title = title_of(env, piece.page)
            digest.update(repr((piece._replace(notes=()), title, notes)).encode())
    if digest.hexdigest() == vars(env).get("listing_digest"):
        return []
    vars(env)["listing_digest"] = digest.hexdigest()
    return sorted(pages(env))


pages = ByPage[bool]("listing_pages")  # the pages with a listing


collected = ByPage[list[Piece]]("listing_pieces")  # the pieces that each page shows


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("docs.plugins.every_line")
    app.add_node(listing_place)
    app.add_directive("listing", Listing)
    app.add_post_transform(Print)
    app.connect("doctree-read", collect)
    pages.connect(app)
    collected.connect(app)
    app.connect("env-updated", update)
    app.connect("doctree-resolved", address)
    return {"env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
