"""Show a backward pass step by step: `{backprop} Caption`.

The body is that of `{graph}`; so are the options `:down:` and `:name:`. The page shows
the graph with local gradients and gradients, and under it a table with a row for each
step that `microgpt.graph.trace` finds. `docs/_static/backprop.js` lets the reader go
from step to step in the graph; without it both stand as they are. What the steps say is
made by `docs.plugins.passes`.
"""

from collections.abc import Sequence
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata, OptionSpec

from docs.plugins.excerpt import tagged
from docs.plugins.expression import Graph, read, references, root_of
from docs.plugins.graph import DRAWN_BY, GraphDirective
from docs.plugins.passes import (
    Step,
    cells,
    graph_after,
    head,
    labels,
    script_data,
    steps,
)


def backward_pass(body: str) -> tuple[list[Step], Graph]:
    """The steps from the Value with which the body ends, and the graph after them."""
    root, names = root_of(body)
    graph = read(root, names, frozenset({"local"}))
    passed = list(steps(root))
    return passed, graph_after(graph, passed)


def table(title: str, rows: Sequence[Sequence[str]]) -> nodes.table:
    """A table of steps; in a row without a child, the action takes its place."""
    group = nodes.tgroup("", cols=len(head()))
    columns = zip(head(), *(row for row in rows if len(row) == len(head())))
    group += [nodes.colspec(colwidth=max(map(len, texts))) for texts in columns]
    group += nodes.thead("", row_of(head()))
    group += nodes.tbody("", *map(row_of, rows))
    classes = ["backprop-table", "colwidths-auto"]
    parts = [nodes.title("", title, translatable=False), group]
    return nodes.table("", *parts, classes=classes, sourced=True)


def row_of(texts: Sequence[str]) -> nodes.row:
    entries = [nodes.entry("", nodes.paragraph("", text)) for text in texts]
    if len(texts) < len(head()):
        entries[2]["morecols"] = 1
    return nodes.row("", *entries)


class Backprop(GraphDirective):
    """The directive `{backprop}`."""

    option_spec: ClassVar[OptionSpec] = {
        "down": directives.flag,
        "name": directives.unchanged_required,
    }

    def show(self, body: str) -> list[nodes.Node]:
        passed, graph = backward_pass(body)
        rows = [(str(i), *cells(step, graph)) for i, step in enumerate(passed)]
        title = _("The backward pass of {name}, step by step")
        title = title.format(name=references(graph)[-1])
        data, names = escape(script_data(passed, graph)), escape(labels())
        opening = f'div class="backprop" data-steps="{data}" data-labels="{names}"'
        return tagged(opening, [self.figure(graph), table(title, rows)])


def add_script(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Load the script, after the page, where there is something to step through."""
    scripted = app.builder.name in {*DRAWN_BY} - {"epub"}
    if scripted and 'class="backprop"' in context.get("body", ""):
        app.add_js_file("backprop.js", loading_method="defer")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("docs.plugins.graph")
    app.add_directive("backprop", Backprop)
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
