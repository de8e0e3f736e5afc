"""List the pages of a part: `{chapters}`, in a section with the title of the part.

Each page has its title, as a link, its summary and the minutes that it takes; chapters
have their numbers. All of it comes from `docs.plugins.places`, and the list is written
again when any of that changes. A section whose title is no caption of a table of
contents on the first page is a warning.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.by_page import ByPage
from docs.plugins.places import Place, places

logger = logging.getLogger(__name__)


class chapters_list(nodes.General, nodes.Element):
    """Stands for the list until all pages are read."""


class Chapters(SphinxDirective):
    """The directive `{chapters}`."""

    def run(self) -> list[nodes.Node]:
        pages(self.env)[self.env.docname] = True
        node = chapters_list()
        self.set_source_info(node)
        return [node]


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Give the pages with lists, when they show something else than before."""
    before = vars(env).get("chapters_shown")
    vars(env)["chapters_shown"] = now = places(env)
    return [] if before in (None, now) else sorted(pages(env))


def replace(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the lists where they are to be."""
    for node in list(doctree.findall(chapters_list)):
        part = title(node)
        found = [place for place in places(app.env).values() if place.part == part]
        if found:
            node.replace_self(listed(app, docname, found))
        else:
            node.parent.remove(node)
            logger.warning(
                f"chapters: no table of contents has the caption {part!r}",
                type="chapters",
                subtype="part",
                location=node,
            )


def title(node: nodes.Node) -> str:
    """The title of the section in which a node stands."""
    while not isinstance(node, nodes.section):
        node = node.parent
    return node[0].astext()


def listed(app: Sphinx, docname: str, found: list[Place]) -> nodes.Element:
    """A list of pages, with numbers where they have some."""
    rows = [row(app, docname, place) for place in found]
    if found[0].number is None:
        return nodes.bullet_list("", *rows, classes=["chapters"])
    numbers = {"enumtype": "arabic", "prefix": "", "suffix": "."}
    return nodes.enumerated_list(
        "", *rows, classes=["chapters"], start=found[0].number, **numbers
    )


def row(app: Sphinx, docname: str, place: Place) -> nodes.list_item:
    text = nodes.Text(place.title)
    link = make_refnode(app.builder, docname, place.docname, None, text)
    head = nodes.paragraph("", "", link, classes=["chapters-title"])
    if place.minutes:
        time = _("%d min") % place.minutes
        head += [nodes.Text(" "), nodes.inline("", time, classes=["chapters-time"])]
    summary = nodes.paragraph("", place.summary, classes=["chapters-summary"])
    return nodes.list_item("", head, summary)


pages = ByPage[bool]("chapters_pages")  # the pages with such lists


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("docs.plugins.places")
    app.add_node(chapters_list)
    app.add_directive("chapters", Chapters)
    pages.connect(app)
    app.connect("env-updated", update)
    app.connect("doctree-resolved", replace)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
