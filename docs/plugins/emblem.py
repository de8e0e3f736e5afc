"""Give the book an icon, and a picture for those who link to it.

Both show where a head of a trained model looks; `docs/plots/shared/emblem.py` draws
them, and they are drawn again when the model or the words on them change. Templates get
the public address of the picture as `social_image`, which is "" where the book has no
public address.
"""

import shutil
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from docutils import nodes
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from docs.plugins import fonts, pictures
from docs.plugins.isolation import isolated
from docs.plugins.places import places

SHOWN_BY = {"html", "dirhtml"}
DRAWING = pictures.DOCS / "plots" / "shared" / "emblem.py"
FACE = "serif-600"


def kept(store: Path, title: str, words: str) -> Path:
    """A folder with the pictures, made once and kept while nothing has changed."""
    drawing = pictures.keys({"emblem": DRAWING})["emblem"]
    font = fonts.source(FACE).read_bytes()
    key = sha256(f"{drawing} {title} {words}".encode() + font).hexdigest()
    folder = store / key
    if not folder.exists():
        shutil.rmtree(store, ignore_errors=True)
        part = folder.with_suffix(".part")
        part.mkdir(parents=True)
        for name, content in drawn(title, words, font, store).items():
            (part / name).write_bytes(content)
        part.rename(folder)
    return folder


def drawn(title: str, words: str, font: bytes, folder: Path) -> dict[str, bytes]:
    """The pictures; Matplotlib keeps what it wants to in the folder."""
    plain = TTFont(BytesIO(font))
    plain.flavor = None
    plain.save(folder / "font.ttf")
    with isolated(), pictures.settings_in(folder):
        from docs.plots.shared import emblem  # slow to import, and seldom needed

        return emblem.files(title, words, folder / "font.ttf")


def ship(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.name not in SHOWN_BY:
        return
    words = places(app.env)[app.config.root_doc].summary
    try:
        folder = kept(Path(app.doctreedir) / "emblem", app.config.html_title, words)
    except fonts.NotInstalled:
        return  # the plugin for fonts says so
    shutil.copytree(folder, Path(app.outdir) / "_static", dirs_exist_ok=True)


def give(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    base = app.config.html_baseurl.rstrip("/")
    context["social_image"] = base and f"{base}/_static/social.png"


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("docs.plugins.fonts")
    app.setup_extension("docs.plugins.places")
    app.connect("build-finished", ship)
    app.connect("html-page-context", give)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
