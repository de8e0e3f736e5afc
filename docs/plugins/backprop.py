"""Show a backward pass step by step: `{backprop} Caption`.

The body is that of `{graph}`; so are the options `:down:` and `:name:`. The page shows
the graph with local gradients and gradients, and under it a table with a row for each
step that `microgpt.graph.trace` finds. `docs/_static/backprop.js` lets the reader go
from step to step in the graph; without it both stand as they are. Results that have no
name are called `#1`, `#2` ...
"""

import json
from collections.abc import Iterator, Sequence
from html import escape
from itertools import islice
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata, OptionSpec

from docs.plugins.drawing import gradient
from docs.plugins.excerpt import tagged
from docs.plugins.expression import Graph, read, references, root_of, short, term
from docs.plugins.graph import DRAWN_BY, GraphDirective
from microgpt.graph import Row, topological_order, trace


class Step(NamedTuple):
    """A moment of a backward pass; nodes are numbers in topological order."""

    node: int
    child: int  # the node itself where nothing is given
    place: int | None  # of the child among the node's children
    action: str
    result: str
    sum: float  # the gradient of the child so far


def backward_pass(body: str) -> tuple[list[Step], Graph]:
    """The steps from the Value with which the body ends, and the graph after them."""
    root, names = root_of(body)
    graph = read(root, names, frozenset({"local"}))
    passed = list(steps(root))
    return passed, graph_after(graph, passed)


def steps(root: Any) -> Iterator[Step]:
    """The root's 1, then for each node its rows of the trace; a leaf has none."""
    order = topological_order(root)
    number = {node: i for i, node in enumerate(order)}
    rows, sums = iter(trace(root)), {root: 1.0}
    begin = _("the root, where the pass begins")
    yield Step(number[root], number[root], None, begin, short(1.0), 1.0)
    for node in reversed(order):
        i = number[node]
        for place, row in enumerate(islice(rows, len(node._children))):
            result = total(sums.get(row.child), row)
            sums[row.child] = row.sum
            yield Step(i, number[row.child], place, product(row), result, row.sum)
        if not node._children:
            leaf = _("a leaf, with nothing to hand on")
            yield Step(i, i, None, leaf, short(sums[node]), sums[node])


def product(row: Row) -> str:
    factors = f"{short(row.local_grad)} × {operand(row.grad)}"
    return f"{factors} = {short(row.gives)}"


def total(before: float | None, row: Row) -> str:
    """The sum so far, and how this share has changed it unless it is the first."""
    terms = "" if before is None else f"{short(before)} + {operand(row.gives)} = "
    return terms + short(row.sum)


def operand(x: float) -> str:
    """A number after the sign of an operation."""
    return f"({short(x)})" if short(x).startswith("-") else short(x)


def graph_after(graph: Graph, passed: Sequence[Step]) -> Graph:
    """The graph with the gradients of this pass, all results named, room for sums."""
    grads, columns = [0.0] * len(graph.nodes), [0] * len(graph.nodes)
    for step in passed:
        grads[step.child] = step.sum
        columns[step.child] = max(columns[step.child], len(gradient(step.sum)))
    found = []
    for i, (node, name) in enumerate(zip(graph.nodes, references(graph))):
        name = name if node.children else node.name
        found.append(node._replace(name=name, grad=grads[i], columns=columns[i]))
    return Graph(tuple(found), frozenset({"grad", "local"}))


def cells(step: Step, graph: Graph) -> list[str]:
    """A row of the table after its number; without a child where nothing is given."""
    refer, node = references(graph), graph.nodes[step.node]
    if step.place is None:
        return [refer[step.node], step.action, step.result]
    equation = f"{refer[step.node]} = {term(node, refer)}" if node.op else node.name
    return [equation, refer[step.child], step.action, step.result]


def sentence(step: Step, graph: Graph) -> str:
    """What happens in a step, for those who hear it."""
    refer = references(graph)
    node, child = refer[step.node], refer[step.child]
    if step.place is None:
        text = _("{node} is {action}; it holds {result}.")
    else:
        text = _("{node} gives {action} to {child}, which then holds {result}.")
    return text.format(node=node, child=child, action=step.action, result=step.result)


def script_data(passed: Sequence[Step], graph: Graph) -> str:
    """For each step: node, link and child in the drawing, gradient, and sentence."""
    found = []
    for i, step in enumerate(passed):
        link = [] if step.place is None else [f"e{step.node}.{step.place}"]
        if link and graph.nodes[step.node].op:
            link += [f"o{step.node}", f"r{step.node}"]
        place = f"v{step.node}", link, f"v{step.child}"
        text = _("Step {number} of {last}: {sentence}")
        said = sentence(step, graph)
        said = text.format(number=i, last=len(passed) - 1, sentence=said)
        found.append([*place, gradient(step.sum), said])
    return compact(found)


def labels() -> str:
    """What the script calls its buttons, and all of them together."""
    names = _("First"), _("← Back"), _("Forward →"), _("Last")
    return compact([_("Steps of the pass"), *names])


def compact(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def head() -> tuple[str, ...]:
    share = _("Local gradient × gradient = share")
    return _("Step"), _("Node"), _("Child"), share, _("Sum so far")


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
