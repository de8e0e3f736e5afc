"""Draw the computation graph of a few lines of Python: `{graph} Caption`.

The body is run with the public names of the package, `math` and `closures`; nothing
that it does is left behind. The last expression or assignment gives the root, and each
name that the body binds labels its node. Options:

`:show:`  `grad`: gradients, after `backward()` of the root unless the body called it;
          `local`: local gradients on the edges
`:down:`  from top to bottom
`:name:`  a label for references

Web pages get an SVG, laid out by one run of Graphviz for all new graphs of a build;
other builders get the description in words.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata, OptionSpec

import microgpt
from docs.plugins.by_page import ByPage
from docs.plugins.drawing import SCRIPT, Layout, lay_out, request, svg
from docs.plugins.expression import Graph, Refused, describe, graph_of
from docs.plugins.messages import worded
from docs.plugins.node import NotAnswered

logger = logging.getLogger(__name__)
DRAWN_BY = ("html", "dirhtml", "singlehtml", "epub")


class computation_graph(nodes.General, nodes.Element):
    """Stands for a graph until its page is written."""


class Wanted(NamedTuple):
    """A graph of a page: its key among the layouts, what to ask, and its place."""

    key: str
    request: str
    location: str


def words(text: str) -> frozenset[str]:
    """What is to be shown of a graph."""
    return frozenset(
        directives.choice(word, ("grad", "local")) for word in text.split()
    )


class GraphDirective(SphinxDirective):
    """The directive `{graph}`."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[OptionSpec] = {
        "show": words,
        "down": directives.flag,
        "name": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        for path in sorted(Path(microgpt.__file__).parent.rglob("*.py")):
            self.env.note_dependency(str(path))
        try:
            return self.show("\n".join(self.content))
        except Refused as error:
            warn(self.name, "body", str(error), self.get_location())
            return []

    def show(self, body: str) -> list[nodes.Node]:
        """What stands in the page."""
        show = self.options.get("show", frozenset())
        return [self.figure(graph_of(body, show))]

    def figure(self, graph: Graph) -> nodes.figure:
        key = self.note_wanted(request(graph, "down" in self.options))
        serial = self.env.new_serialno("graph")
        ident = f"graph-{nodes.make_id(self.env.docname)}-{serial}"
        figure = nodes.figure()
        figure += computation_graph("", graph=graph, key=key, ident=ident)
        figure += worded(self, nodes.caption(), self.arguments[0])
        self.set_source_info(figure)
        self.add_name(figure)
        return figure

    def note_wanted(self, text: str) -> str:
        """Store what is to be laid out once all pages are read."""
        scripts = [SCRIPT, SCRIPT.with_name("package-lock.json")]
        seed = text.encode() + b"".join(path.read_bytes() for path in scripts)
        wanted = Wanted(sha256(seed).hexdigest(), text, self.get_location())
        pages(self.env).setdefault(self.env.docname, []).append(wanted)
        return wanted.key


def warn(name: str, kind: str, message: str, location: Any) -> None:
    logger.warning(f"{name}: {message}", type=name, subtype=kind, location=location)


pages = ByPage[list[Wanted]]("graph_pages")  # the graphs of each page


def layouts(env: BuildEnvironment) -> dict[str, Layout]:
    """The layouts of all graphs by their keys; stored in the environment."""
    found: dict[str, Layout] = vars(env).setdefault("graph_layouts", {})
    return found


def draw(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Lay out all graphs that are new, in one process; give the pages they are on."""
    if app.builder.name not in DRAWN_BY:
        return []
    known = layouts(env)
    all_wanted = [item for name in sorted(pages(env)) for item in pages(env)[name]]
    for key in set(known) - {item.key for item in all_wanted}:
        del known[key]
    new = {item.key: item for item in all_wanted if item.key not in known}
    if not new:
        return []
    requests = [item.request for item in new.values()]
    try:
        answers = lay_out(requests, app.config.graph_node)
    except NotAnswered as error:
        warn("graph", "layout", str(error), next(iter(new.values())).location)
        return []
    known.update(zip(new, answers, strict=True))
    return [name for name in pages(env) if any(w.key in new for w in pages(env)[name])]


def replace(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the drawing or the description where the graph is to be."""
    for node in list(doctree.findall(computation_graph)):
        drawn = layouts(app.env).get(node["key"])
        if drawn and app.builder.name in DRAWN_BY:
            markup = svg(node["graph"], drawn, node["ident"])
            node.replace_self(nodes.raw("", markup, format="html"))
        else:
            node.replace_self(nodes.paragraph("", describe(node["graph"])))


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_node(computation_graph)
    app.add_directive("graph", GraphDirective)
    app.add_config_value("graph_node", "node", "", str)
    pages.connect(app)
    app.connect("env-updated", draw)
    app.connect("doctree-resolved", replace)
    return {"env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
