"""Lay out a computation graph with Graphviz and draw it as SVG.

Graphviz is told the size of every box, and only its coordinates are used. The markup
has classes and no colors: the style sheet sets fonts of the sizes given here.
"""

import json
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, NamedTuple

from sphinx.locale import _

from docs.plugins.expression import Graph, Node, describe, short
from docs.plugins.node import ASSETS, ask

SCRIPT = ASSETS / "layout.mjs"
CHARACTER = 7.9  # width in the style sheet's monospace font of 13 px
LINE = 18.0
PADDING = 9.0
MARGIN = 2.0
POINTS = 72.0  # in one of Graphviz' inches; a point of its is a pixel of ours
EDGES = {"fontname": "Courier", "fontsize": 13, "arrowsize": 0.6}
SMALLEST = 0.75  # a drawing shrinks to this, then it scrolls
NARROW = 290  # pixels that even a telephone has

Point = tuple[float, float]


class Box(NamedTuple):
    """Where a value or an operation stands: its center and its size."""

    x: float
    y: float
    width: float
    height: float


class Edge(NamedTuple):
    """A line of Bézier curves, the corners of its arrow, and the place of its label."""

    part: str
    curve: list[Point]
    arrow: list[Point]
    label: str
    place: Point


class Layout(NamedTuple):
    """Where everything stands, in pixels from the upper left corner."""

    width: float
    height: float
    boxes: dict[str, Box]
    edges: list[Edge]


def lines_of(node: Node, graph: Graph) -> list[tuple[str, str]]:
    """The lines in the box of a value, each with its class."""
    name = f"{node.name} = " if node.name else ""
    lines = [("graph-data", f"{name}{short(node.data)}")]
    if "grad" in graph.show:
        lines.append(("graph-grad", gradient(node.grad)))
    return lines


def gradient(grad: float) -> str:
    return f"grad {short(grad)}"


def request(graph: Graph, down: bool) -> str:
    """What Graphviz is asked: boxes with their sizes, and edges, as JSON."""
    direction = {"rankdir": "TB" if down else "LR", "nodesep": 0.2, "ranksep": 0.25}
    description = {
        "directed": True,
        "graphAttributes": direction,
        "nodeAttributes": {"shape": "box", "fixedsize": True, "label": ""},
        "edgeAttributes": EDGES,
        "nodes": list(boxes(graph)),
        "edges": list(edges(graph)),
    }
    return json.dumps(description, ensure_ascii=False)


def boxes(graph: Graph) -> Iterator[dict[str, Any]]:
    for i, node in enumerate(graph.nodes):
        lines = lines_of(node, graph)
        columns = max(node.columns, *(len(text) for _, text in lines))
        yield {"name": f"v{i}", "attributes": size(columns, len(lines))}
        if node.op:
            attributes = {"shape": "ellipse", **size(len(node.op), 1)}
            yield {"name": f"o{i}", "attributes": attributes}


def size(columns: int, rows: int) -> dict[str, Any]:
    """The size of a box for text; never higher than wide."""
    height = rows * LINE + PADDING
    width = max(columns * CHARACTER + 2 * PADDING, height)
    return {"width": width / POINTS, "height": height / POINTS}


def edges(graph: Graph) -> Iterator[dict[str, Any]]:
    for i, node in enumerate(graph.nodes):
        target = f"o{i}" if node.op else f"v{i}"
        for place, child in enumerate(node.children):
            attributes = {"id": f"e{i}.{place}"}
            if "local" in graph.show:
                attributes["label"] = (
                    f" {short(node.local_grads[place])} "  # keeps off the line
                )
            yield {"tail": f"v{child}", "head": target, "attributes": attributes}
        if node.op:
            attributes = {"id": f"r{i}", "weight": "8"}
            yield {"tail": target, "head": f"v{i}", "attributes": attributes}


def lay_out(requests: Sequence[str], name: str = "node") -> list[Layout]:
    """The answers of Graphviz, from one process of Node."""
    return [layout(answer) for answer in ask(SCRIPT, requests, name)]


def layout(answer: dict[str, Any]) -> Layout:
    """What is drawn of Graphviz' answer, which counts y from below."""
    _, _, width, height = map(float, answer["bb"].split(","))

    def flipped(x: float, y: float) -> Point:
        return x + MARGIN, height - y + MARGIN

    def point(text: str) -> Point:
        x, y = text.split(",")
        return flipped(float(x), float(y))

    found = {}
    for item in answer["objects"]:
        sizes = (float(item[side]) * POINTS for side in ("width", "height"))
        found[item["name"]] = Box(*point(item["pos"]), *sizes)
    lines = [
        Edge(
            item["id"],
            [point(text) for text in item["pos"].split()[1:]],
            [flipped(*corner) for corner in item["_hdraw_"][-1]["points"]],
            item.get("label", "").strip(),
            point(item.get("lp", "0,0")),
        )
        for item in answer.get("edges", ())
    ]
    return Layout(width + 2 * MARGIN, height + 2 * MARGIN, found, lines)


def svg(graph: Graph, drawn: Layout, ident: str) -> str:
    """The drawing, with a title and a description for those who do not see it."""
    width, height = number(drawn.width), number(drawn.height)
    least = round(drawn.width * SMALLEST)
    stop = ' tabindex="0"' if least > NARROW else ""
    name = graph.nodes[-1].name
    text = _("Computation graph of {name}") if name else _("Computation graph")
    title = text.format(name=name)
    return "\n".join(
        [
            f'<div class="graph"{stop}>',
            f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            f' style="min-width: {least}px" role="img"'
            f' aria-labelledby="{ident}-title" aria-describedby="{ident}-desc">',
            f'<title id="{ident}-title">{escape(title)}</title>',
            f'<desc id="{ident}-desc">{escape(describe(graph))}</desc>',
            *map(edge_svg, drawn.edges),
            *node_svgs(graph, drawn),
            "</svg>",
            "</div>",
        ]
    )


def edge_svg(edge: Edge) -> str:
    start, *rest = map(pair, edge.curve)
    arrow = " ".join(map(pair, edge.arrow))
    line = f'<path d="M{start} C{" ".join(rest)}"/><polygon points="{arrow}"/>'
    label = text_svg("graph-local", edge.label, *edge.place) if edge.label else ""
    return group_svg("graph-edge", edge.part, line + label)


def node_svgs(graph: Graph, drawn: Layout) -> Iterator[str]:
    for i, node in enumerate(graph.nodes):
        lines = lines_of(node, graph)
        kind = "graph-value" if node.children else "graph-value graph-leaf"
        yield group_svg(kind, f"v{i}", value_svg(lines, drawn.boxes[f"v{i}"]))
        if node.op:
            inside = operation_svg(node.op, drawn.boxes[f"o{i}"])
            yield group_svg("graph-op", f"o{i}", inside)


def group_svg(kind: str, part: str, inside: str) -> str:
    """What belongs together, and the name by which a script finds it."""
    return f'<g class="{kind}" data-part="{part}">{inside}</g>'


def value_svg(lines: Sequence[tuple[str, str]], box: Box) -> str:
    x, y = number(box.x - box.width / 2), number(box.y - box.height / 2)
    side = f'width="{number(box.width)}" height="{number(box.height)}"'
    first = box.y - LINE * (len(lines) - 1) / 2
    texts = (
        text_svg(kind, text, box.x, first + LINE * row)
        for row, (kind, text) in enumerate(lines)
    )
    return f'<rect x="{x}" y="{y}" {side} rx="5"/>{"".join(texts)}'


def operation_svg(op: str, box: Box) -> str:
    center = f'cx="{number(box.x)}" cy="{number(box.y)}"'
    radii = f'rx="{number(box.width / 2)}" ry="{number(box.height / 2)}"'
    text = text_svg("graph-name", op, box.x, box.y)
    return f"<ellipse {center} {radii}/>{text}"


def text_svg(kind: str, text: str, x: float, y: float) -> str:
    place = f'x="{number(x)}" y="{number(y)}"'
    return f'<text class="{kind}" {place}>{escape(text)}</text>'


def pair(point: Point) -> str:
    return ",".join(map(number, point))


def number(x: float) -> str:
    """A coordinate in tenths of a pixel."""
    return f"{x:.1f}".removesuffix(".0")
