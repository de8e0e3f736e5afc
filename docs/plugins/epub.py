"""Write the book as an e-book in EPUB 3: the builder `epub`.

It is Sphinx's builder with templates and a style sheet of our own, in `docs/epub`:
formulas are MathML, what can be folded on a page lies open, a solution is a link to the
page of solutions, and there is no script. The table of contents has the parts of the
book. The same book gives the same file, byte by byte; its date is SOURCE_DATE_EPOCH,
which the Makefile takes from the last commit.
"""

import os
import re
from datetime import UTC, datetime
from html import unescape
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from docutils import nodes
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata

from docs.plugins import fonts, pictures
from docs.plugins.exercise import ANY, ident, pages
from docs.plugins.isolation import isolated
from docs.plugins.places import Place, places

FOLDER = Path(__file__).parents[1] / "epub"
STYLE, COVER, CONTAINER = "epub.css", "cover.png", "META-INF/container.xml"
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # that a zip knows
CHANGES = [  # what XHTML, and readers without scripts, want otherwise
    (re.compile(r"<details\b([^>]*?)(?: open(?:=\"[^\"]*\")?)?>"), r"<div\1>"),
    (re.compile(r"</details>"), "</div>"),
    (re.compile(r"<summary\b[^>]*>"), '<div class="folded-title">'),
    (re.compile(r"</summary>"), "</div>"),
    (re.compile(r"<svg (?!xmlns)"), '<svg xmlns="http://www.w3.org/2000/svg" '),
    (re.compile(r' (?:tabindex|data-[\w-]+)="[^"]*"'), ""),
]
ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)\w+;")
PROPERTIES = {"mathml": "<math ", "svg": "<svg "}


def xhtml(body: str) -> str:
    """The body of a page as e-readers want it."""
    for pattern, instead in CHANGES:
        body = pattern.sub(instead, body)
    return ENTITY.sub(lambda found: unescape(found[0]), body)


def properties(text: str) -> str:
    """What a page has in it that is no XHTML."""
    return " ".join(name for name, sign in PROPERTIES.items() if sign in text)


def parts(found: list[Place]) -> list[tuple[str, list[Place]]]:
    """The pages by the parts of the book; those of none have "" as their part."""
    return [(part, list(group)) for part, group in groupby(found, lambda it: it.part)]


def modified() -> datetime:
    """When the book was changed, as far as we are told."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(told), UTC) if told else EARLIEST


def pack(path: Path, files: dict[str, bytes]) -> None:
    """Write an e-book: a zip, of which the first file is not compressed."""
    with ZipFile(path, "w") as book:
        for i, (name, content) in enumerate(files.items()):
            info = ZipInfo(name)
            info.external_attr = 0o644 << 16
            book.writestr(info, content, ZIP_DEFLATED if i else ZIP_STORED)


def cover(title: str, author: str, folder: Path) -> bytes:
    """The cover; Matplotlib keeps what it wants to in the folder."""
    folder.mkdir(exist_ok=True)
    font = TTFont(fonts.source("serif-600"))
    font.flavor = None
    font.save(folder / "cover.ttf")
    with isolated(), pictures.settings_in(folder):
        from docs.plots.shared.cover import draw  # slow to import, and seldom needed

        return draw(title, author, folder / "cover.ttf")


class Ebook(Epub3Builder):
    """The builder `epub`."""

    def init(self) -> None:
        self.config.templates_path = [str(FOLDER)]
        self.config.html_domain_indices = False
        self.config.epub_use_index = False
        super().init()

    def copy_assets(self) -> None:
        """Copy nothing: the book has one style sheet and one picture."""

    def handle_page(
        self, pagename: str, addctx: dict[str, Any], *args: Any, **options: Any
    ) -> None:
        addctx["body"] = xhtml(addctx["body"])
        super().handle_page(pagename, addctx, *args, **options)

    def handle_finish(self) -> None:
        """Write the book, from its pages."""
        found = list(places(self.env).values())
        texts = {f"{one.docname}.xhtml": self.written(one.docname) for one in found}
        context = {**self.metadata(found[0]), "parts": parts(found)}
        context["files"] = [(name, properties(text)) for name, text in texts.items()]
        for name in ("content.opf", "nav.xhtml", "cover.xhtml"):
            texts[name] = self.templates.render(name, context)
        for name in (CONTAINER, STYLE):
            texts[name] = (FOLDER / Path(name).name).read_text("utf-8")
        try:
            folder = Path(self.doctreedir) / "cover"
            picture = cover(found[0].title, context["author"], folder)
        except fonts.NotInstalled:
            return  # the plugin for fonts says so
        files = {"mimetype": b"application/epub+zip", COVER: picture}
        files |= {name: text.encode() for name, text in texts.items()}
        pack(self.outdir / f"{self.config.epub_basename}.epub", files)

    def written(self, docname: str) -> str:
        return Path(self.get_output_path(docname)).read_text("utf-8")

    def metadata(self, first: Place) -> dict[str, Any]:
        """What the book says of itself."""
        language = self.config.epub_language
        return {
            "author": self.config.epub_author,
            "contents": _("Contents"),
            "copyright": self.config.epub_copyright,
            "cover": _("Cover"),
            "description": first.summary,
            "first": first,
            "identifier": uuid5(NAMESPACE_URL, f"{first.title} {language}").urn,
            "lang": language,
            "modified": modified().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "title": first.title,
        }


def solutions_page(env: BuildEnvironment) -> str | None:
    """The page with all solutions, if there is one."""
    names = sorted(pages(env))
    return next((name for name in names if ANY in pages(env)[name].uses), None)


def link_solutions(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put a link in the place of each solution that a page lets unfold."""
    target = solutions_page(app.env)
    if app.builder.name != "epub" or target in (None, docname):
        return
    for solution in list(doctree.findall(nodes.container)):
        if "solution" in solution:
            uri = app.builder.get_relative_uri(docname, str(target))
            uri += f"#{ident(docname, solution['solution'], 'solution')}"
            link = nodes.reference("", _("Solution"), internal=True, refuri=uri)
            box = solution.parent
            place = box.index(solution)  # between two tags; a title stands before
            box[place - 2 : place + 2] = [nodes.paragraph("", "", link)]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("docs.plugins.exercise")
    app.setup_extension("docs.plugins.places")
    app.add_builder(Ebook, override=True)
    app.connect("doctree-resolved", link_solutions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
