"""Draw that with which a cell ends: the graph of a Value, as the book draws its own.

The page lays it out between `asked` and `told`. A Value does not know by which
operation it was made: that is read off its numbers.
"""

import json
import math
from typing import Any

from docs.live import english  # noqa: F401 (before what says something)
from docs.live.shapes import is_curve, is_map
from docs.plugins import passes
from docs.plugins.drawing import layout, request, svg
from docs.plugins.expression import Graph, Node, Refused, labels, read


def asked(root: Any, names: dict[str, Any], text: str = "") -> str:
    """What Graphviz is asked, what needs no layout, or why there is no drawing."""
    if is_curve(root):
        return json.dumps({"curve": root})
    if is_map(root):
        return json.dumps({"map": root})
    try:
        return json.dumps({"request": request(drawn(root, names)[0], down=False)})
    except Refused as error:
        return json.dumps({"refused": str(error)})


def told(root: Any, names: dict[str, Any], text: str) -> str:
    """What the page shows, from the answer of Graphviz and an id for the drawing."""
    answer, ident = json.loads(text)
    graph, steps = drawn(root, names)
    rows = [[str(i), *passes.cells(step, graph)] for i, step in enumerate(steps)]
    found = {
        "svg": svg(graph, layout(answer), ident),
        "steps": passes.script_data(steps, graph),
        "labels": passes.labels(),
        "head": passes.head(),
        "rows": rows,
    }
    return json.dumps(found)


def drawn(root: Any, names: dict[str, Any]) -> tuple[Graph, list[passes.Step]]:
    """A graph after its backward pass, and the steps: none without local gradients."""
    known = {name: thing for name, thing in names.items() if name[:1] != "_"}
    slopes = hasattr(root, "_local_grads")
    graph = read(root, labels(known), frozenset({"local"} if slopes else ()))
    nodes = tuple(with_operation(node, graph) for node in graph.nodes)
    graph = graph._replace(nodes=nodes)
    steps = list(passes.steps(root)) if slopes else []
    return (passes.graph_after(graph, steps) if steps else graph), steps


def with_operation(node: Node, graph: Graph) -> Node:
    data = [graph.nodes[child].data for child in node.children]
    return node._replace(op=node.op or operation(node.data, data, node.local_grads))


def operation(result: float, data: list[float], slopes: tuple[float, ...]) -> str:
    """What gives this result with these slopes, or ""."""
    if len(data) == len(slopes) == 1:
        return of_one(result, data[0], slopes[0])
    if len(data) == len(slopes) == 2:
        a, b = data
        if slopes == (1.0, 1.0) and result == a + b:
            return "+"
        if slopes == (b, a) and result == a * b:
            return "×"
    return ""


def of_one(result: float, x: float, slope: float) -> str:
    """The operation on one number, or ""."""
    if slope == result == safely(math.exp, x):
        return "exp"
    if result == safely(math.log, x) and slope == 1.0 / x:
        return "log"
    if result == max(x, 0.0) and slope == float(x > 0):
        return "relu"
    n = round(slope * x / result, 9) if result else math.nan
    return f"**{n:g}" if safely(pow, x, n) == result else ""


def safely(function: Any, *xs: float) -> Any:
    """What a function gives, or None."""
    try:
        return function(*xs)
    except (ArithmeticError, ValueError):
        return None
