"""Tell of a backward pass step by step, for `{backprop}` and for what readers draw.

Results that have no name are called `#1`, `#2` ...
"""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sphinx.locale import _

from docs.plugins.drawing import gradient
from docs.plugins.expression import Graph, references, short, term
from microgpt.graph import Row, topological_order, trace


class Step(NamedTuple):
    """A moment of a backward pass; nodes are numbers in topological order."""

    node: int
    child: int  # the node itself where nothing is given
    place: int | None  # of the child among the node's children
    action: str
    result: str
    sum: float  # the gradient of the child so far


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
