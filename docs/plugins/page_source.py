"""Show the Markdown of each page on a page of its own, `_sources/NAME.html`.

The page is highlighted, and needs no server that knows its encoding. Templates get its
name as `source_page`, which is None where there is none.
"""

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.typing import ExtensionMetadata

FOLDER = "_sources"
SHOWN_BY = {"html", "dirhtml"}


def pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """A page for each source, made as all others are."""
    builder = app.builder
    if isinstance(builder, StandaloneHTMLBuilder) and builder.name in SHOWN_BY:
        for name in sorted(app.env.found_docs):
            text = app.env.doc2path(name).read_text(encoding="utf-8")
            code = builder.highlighter.highlight_block(text, "markdown", force=True)
            context = {"source_of": name, "body": code}
            context["title"] = app.env.titles[name].astext()
            yield f"{FOLDER}/{name}", context, "source.html"


def give(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Tell the template where the source of its page is shown."""
    is_shown = pagename in app.env.found_docs and app.builder.name in SHOWN_BY
    context["source_page"] = f"{FOLDER}/{pagename}" if is_shown else None


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-collect-pages", pages)
    app.connect("html-page-context", give)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
