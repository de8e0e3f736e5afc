"""Number what has a caption: Listing 7.2, Figure 7.3, Table 7.1.

Listings are the excerpts of code. The first number is the chapter's, the second counts
through the page; on pages that are no chapters there is only the second. What one page
shows of another has its number there only, and the first page of the book numbers
nothing. A sentence refers to a figure or a table by the name which its directive gives
it, and to the first excerpt of an object by what that shows:

    {numref}`loss-curve` and {numref}`microgpt.value:Value.backward`

These are links whose text is the number.
"""

from collections.abc import Iterator
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.by_page import ByPage
from docs.plugins.places import places

logger = logging.getLogger(__name__)


class numbered_link(nodes.Inline, nodes.Element):
    """Stands for a link to what has a number until all pages are read."""


class Item(NamedTuple):
    """What is numbered on a page: its kind, and the names that one may refer to."""

    kind: str
    names: tuple[str, ...]


def captioned(doctree: nodes.document) -> Iterator[tuple[nodes.Element, Item]]:
    """What has a caption, in the order of the page."""
    for node in doctree.findall(nodes.Element):
        names: tuple[str, ...] = tuple(node.get("ids", ()))
        if "shown" in node:
            shows = node["shown"].target.lower()
            yield node, Item("listing", (*names, shows))
        elif isinstance(node, nodes.figure) and has(node, nodes.caption):
            yield node, Item("figure", names)
        elif isinstance(node, nodes.table) and has(node, nodes.title):
            yield node, Item("table", names)


def has(node: nodes.Element, kind: type[nodes.Node]) -> bool:
    return any(isinstance(child, kind) for child in node.children)


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what a page numbers, and whether it refers to numbers."""
    page = app.env.current_document.docname
    found = [] if page == app.config.root_doc else list(captioned(doctree))
    for position, (node, _item) in enumerate(found):
        node["caption_number"] = page, position
    items(app.env)[page] = [item for _node, item in found]
    references = doctree.findall(addnodes.pending_xref)
    found_here = [node for node in references if node["reftype"] == "numref"]
    for node in found_here:
        place = numbered_link("", name=node["reftarget"])
        place.source, place.line = node.source, node.line
        node.replace_self(place)
    referring(app.env)[page] = bool(found_here)


def texts(env: BuildEnvironment, page: str) -> list[str]:
    """The numbers of a page's items, with what they are."""
    labels = {
        "listing": _("Listing {number}"),
        "figure": _("Figure {number}"),
        "table": _("Table {number}"),
    }
    here = places(env).get(page)
    chapter = f"{here.number}." if here and here.number else ""
    counts = dict.fromkeys(labels, 0)
    found = []
    for item in items(env)[page]:
        counts[item.kind] += 1
        number = f"{chapter}{counts[item.kind]}"
        found.append(labels[item.kind].format(number=number))
    return found


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Give the pages that show another number than before."""
    before = vars(env).get("numbered_texts", {})
    now = {page: texts(env, page) for page in items(env)}
    vars(env)["numbered_texts"] = now
    changed = {page for page in now if now[page] != before.get(page)}
    if changed:
        changed.update(page for page in now if referring(env)[page])
    return sorted(changed)


def write(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the numbers in front of the captions, and where sentences refer to them."""
    numbers = texts(app.env, docname)
    for node in doctree.findall(nodes.Element):
        page, position = node.get("caption_number", ("", 0))
        caption = caption_of(node)
        if page == docname and caption is not None:
            label = nodes.inline("", numbers[position])
            label["classes"].append("caption-number")
            caption[:0] = [label, nodes.Text(" ")]
    for reference in list(doctree.findall(numbered_link)):
        reference.replace_self(link(app, reference, docname))


def caption_of(node: nodes.Element) -> nodes.Element | None:
    """The caption; None in the box that the theme puts around a table."""
    kinds = (nodes.caption, nodes.title, nodes.paragraph)
    return next((child for child in node.children if isinstance(child, kinds)), None)


def link(app: Sphinx, node: numbered_link, docname: str) -> nodes.Node:
    for page, ident, text in named(app.env, node["name"]):
        inside = nodes.inline("", text)
        return make_refnode(app.builder, docname, page, ident, inside)
    message = f"numbered: nothing that has a number is called {node['name']!r}"
    logger.warning(message, type="numbered", subtype="name", location=node)
    return nodes.Text(node["name"])


def named(env: BuildEnvironment, name: str) -> Iterator[tuple[str, str, str]]:
    """The page, the address and the number of what has a name, in reading order."""
    labels = env.domains.standard_domain.anonlabels
    ident = labels[name][1] if name in labels else name
    for page in dict.fromkeys([*places(env), *sorted(items(env))]):
        for item, text in zip(items(env)[page], texts(env, page)):
            if ident in item.names:
                yield page, item.names[0], text


items = ByPage[list[Item]]("numbered_items")  # what each page numbers
referring = ByPage[bool]("numbered_referring")  # whether each page refers to numbers


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("docs.plugins.places")
    app.add_node(numbered_link)
    app.connect("doctree-read", collect, priority=900)
    items.connect(app)
    referring.connect(app)
    app.connect("env-updated", update)
    app.connect("doctree-resolved", write, priority=900)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
