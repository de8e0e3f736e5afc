"""Write what the search page searches: `_static/search-data.js`.

Sphinx's own search finds pages, and shows what it found only where a page can fetch
others, which no browser allows a book opened from a file. Ours finds places: pages and
sections, terms of the glossary, objects of the reference, and excerpts, each with its
text. Solutions of exercises are found on their own page, and the pages that
`search_skip` names, which repeat others, are not searched. `docs/_static/search.js`
does the searching; this is loaded by no other page.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.by_page import ByPage
from docs.plugins.places import Place, places

UNSEARCHED = (
    *(nodes.raw, nodes.comment, nodes.meta, nodes.system_message, nodes.title),
    *(addnodes.toctree, addnodes.index, addnodes.desc_signature),
)
PAGE = "search"
CODE = (nodes.literal_block, nodes.doctest_block, nodes.math_block)
SEARCHED_BY = {"html", "dirhtml"}


class Found(NamedTuple):
    """A place: its anchor, what it is called, and what stands there.

    `kind` is "page", "section", "term", "object" or "excerpt". Code and displayed
    formulas are kept apart, line by line.
    """

    anchor: str
    kind: str
    title: str
    prose: str
    code: str


def texts(node: nodes.Node) -> Iterator[tuple[bool, str]]:
    """The texts in a node, without those of places in it; whether each is code."""
    for child in node.children:
        if isinstance(child, UNSEARCHED) or heading(child):
            continue
        if isinstance(child, nodes.term) and child["ids"]:
            continue  # it is the title of its place
        if isinstance(child, nodes.Element) and "solution" in child:
            continue
        if isinstance(child, CODE):
            yield True, child.astext()
        elif isinstance(child, nodes.TextElement):
            yield False, " ".join(child.astext().split())
        else:
            yield from texts(child)


def heading(node: nodes.Node) -> tuple[str, str, str] | None:
    """Anchor, kind and title of a place, or None for what is no place."""
    match node:
        case nodes.section(children=[title, *_]):
            return node["ids"][0], "section", title.astext()
        case addnodes.desc(
            children=[nodes.Element(attributes={"ids": [name, *_]}), *_]
        ):
            return name, "object", name
        case nodes.definition_list_item(
            children=[nodes.Element(attributes={"ids": [anchor, *_]}) as term, *_]
        ):
            return anchor, "term", term.astext()
        case nodes.container(
            attributes={"classes": ["excerpt", *_], "ids": [anchor, *_]}
        ):
            return anchor, "excerpt", anchor.removeprefix("excerpt-")
    return None


def found(doctree: nodes.document) -> Iterator[Found]:
    """All places of a page, the page itself first."""
    first = True
    for node in doctree.findall(nodes.Element):
        if place := heading(node):
            anchor, kind, title = ("", "page", place[2]) if first else place
            first = False
            both = list(texts(node))
            prose = " ".join(text for is_code, text in both if not is_code)
            code = "\n".join(text for is_code, text in both if is_code)
            yield Found(anchor, kind, title, prose, code)


def script(
    pages: Mapping[str, Sequence[Found]], shown: Iterable[Place], builder: Builder
) -> str:
    """The script that holds everything, page by page: address, title, part, places."""
    told = [
        (
            builder.get_relative_uri(PAGE, place.docname),
            *(place.title, place.part, pages[place.docname]),
        )
        for place in shown
    ]
    data = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return f"globalThis.searched = {data};\n"


def replace(app: Sphinx) -> None:
    """Let Sphinx make no index of its own, and so no page that searches it."""
    if isinstance(app.builder, StandaloneHTMLBuilder):
        app.builder.search = False


def page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    if app.builder.name in SEARCHED_BY:
        yield PAGE, {}, "search.html"


def store(app: Sphinx, doctree: nodes.document) -> None:
    found_on(app.env)[app.env.docname] = list(found(doctree))


def write(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.name not in SEARCHED_BY:
        return
    book = places(app.env).values()
    shown = [place for place in book if place.docname not in app.config.search_skip]
    text = script(found_on(app.env), shown, app.builder)
    path = Path(app.outdir) / "_static" / "search-data.js"
    path.write_text(text, encoding="utf-8", newline="\n")


found_on = ByPage[list[Found]]("search_found")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("docs.plugins.places")
    app.add_config_value("search_skip", [], "html", list)
    found_on.connect(app)
    app.connect("builder-inited", replace)
    app.connect("doctree-read", store)
    app.connect("html-collect-pages", page)
    app.connect("build-finished", write)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
