"""Cut the book's fonts to the characters that it uses, and ship them with the pages.

The fonts stand in the npm packages of `docs/assets`: Source Serif 4 for prose and
headings, Source Code Pro for code. Each `FACE` becomes `_static/fonts/NAME.woff2`,
which `docs/_static/book.css` names, with the glyphs of `CHARACTERS`, kerning and the
ligatures of f. Whoever writes another character on a page is told so: it goes into
`CHARACTERS` or, when the fonts do not have it or it is rare, into `FALL_BACK`, and is
then shown in a font of the reader's machine. A translation gets the letters of western
Europe too, and what it writes beyond them falls back.

The families get names of our own, as the license asks of changed fonts; it is shipped
beside them.
"""

import re
import shutil
from collections.abc import Iterator, Set
from hashlib import sha256
from html import unescape
from importlib.metadata import version
from io import BytesIO
from logging import WARNING, getLogger
from pathlib import Path
from string import printable

from docutils import nodes
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.messages import is_translated
from docs.plugins.node import MODULES

logger = logging.getLogger(__name__)
PACKAGES = MODULES / "@fontsource"
FACES = {  # what a face is called, and where it comes from
    "serif-400": ("source-serif-4", "400-normal"),
    "serif-400-italic": ("source-serif-4", "400-italic"),
    "serif-600": ("source-serif-4", "600-normal"),
    "code-400": ("source-code-pro", "400-normal"),
    "code-600": ("source-code-pro", "600-normal"),
}
FAMILIES = {"serif": "Book Serif", "code": "Book Code"}
LETTERS = "éèëïöóüçı"
SIGNS = "\N{NO-BREAK SPACE}·×÷±°§¶©−–—‘’“”„…′″•‹›«»½²³↑↓"
CHARACTERS = frozenset(printable.strip() + " " + LETTERS + SIGNS)
FALL_BACK = frozenset("→←√∞ˣŁş" + "▶◀▲▼─│└" + "Жан李")
WESTERN = frozenset(map(chr, range(0xC0, 0x100))) - CHARACTERS
LAYOUT = ["kern", "liga"]
NAMES = {0: "copyright", 1: "family", 13: "license", 14: "address of the license"}
TAG = re.compile(r"<[^>]*>")


class NotInstalled(Exception):
    """Says which font is missing."""


def source(face: str) -> Path:
    """The file that a face is cut from."""
    package, style = FACES[face]
    path = PACKAGES / package / "files" / f"{package}-latin-{style}.woff2"
    if not path.is_file():
        message = f"{package} is not installed: npm --prefix docs/assets ci"
        raise NotInstalled(message)
    return path


def cut(face: str, more: Set[str] = frozenset()) -> bytes:
    """The face with our characters and some more only; the same bytes each time."""
    font = subset(source(face), "".join(CHARACTERS | more), LAYOUT)
    for record in font["name"].names:
        if record.nameID == 1:
            record.string = FAMILIES[face.partition("-")[0]]
    return woff2(font)


def subset(path: Path, characters: str, layout: list[str]) -> TTFont:
    """A font with these characters and features of layout only."""
    options = Options(layout_features=layout, name_IDs=list(NAMES), hinting=False)
    getLogger("fontTools").setLevel(WARNING)  # a package of Furo's shows all else
    font = TTFont(BytesIO(path.read_bytes()), recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    return font


def woff2(font: TTFont) -> bytes:
    """A font as browsers load it."""
    file = BytesIO()
    font.flavor = "woff2"
    font.save(file)
    return file.getvalue()


def licenses() -> Iterator[tuple[str, bytes]]:
    """A file with the license of each package."""
    for package in sorted({package for package, _ in FACES.values()}):
        path = PACKAGES / package / "LICENSE"
        yield f"LICENSE-{package}.txt", path.read_bytes()


def key(more: Set[str] = frozenset()) -> str:
    """A digest of all that the cut fonts depend on."""
    digest = sha256((version("fonttools") + "".join(sorted(more))).encode())
    for path in (Path(__file__), *map(source, FACES)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def cut_all(store: Path, more: Set[str] = frozenset()) -> Path:
    """A folder with `fonts/` in it, made once and kept while nothing has changed."""
    folder = store / key(more)
    if not folder.exists():
        shutil.rmtree(store, ignore_errors=True)
        part = folder.with_suffix(".part")
        (part / "fonts").mkdir(parents=True)
        files = {f"{face}.woff2": cut(face, more) for face in FACES}
        for name, content in {**files, **dict(licenses())}.items():
            (part / "fonts" / name).write_bytes(content)
        part.rename(folder)
    return folder


def ship(app: Sphinx) -> None:
    """Let Sphinx copy the cut fonts; one warning when their packages are missing."""
    if app.builder.format != "html":
        return
    try:
        more = WESTERN if is_translated(app.config) else frozenset()
        folder = cut_all(Path(app.doctreedir) / "fonts", more)
    except NotInstalled as error:
        logger.warning(f"fonts: {error}", type="fonts", subtype="missing")
    else:
        app.config.html_static_path.append(str(folder))


def unknown(text: str) -> list[str]:
    """The characters for which nothing has been decided, in their order."""
    known = CHARACTERS | FALL_BACK | {"\n", "\t"}
    return sorted(set(text) - known)


def check(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Warn of each character of a page that is neither cut nor falls back."""
    if app.builder.format != "html" or is_translated(app.config):
        return
    for text in doctree.findall(nodes.Text):
        if isinstance(text.parent, nodes.math | nodes.math_block):
            continue
        raw = isinstance(text.parent, nodes.raw)
        for character in unknown(unescape(TAG.sub("", text)) if raw else text):
            message = f"fonts: decide about {character!r} (U+{ord(character):04X})"
            message += " in docs/plugins/fonts.py"
            location = text.parent if text.parent.line else docname
            logger.warning(message, type="fonts", subtype="glyph", location=location)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("builder-inited", ship)
    app.connect("doctree-resolved", check, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
