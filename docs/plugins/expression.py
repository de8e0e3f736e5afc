"""Run a few lines of Python and read the computation graph that they make.

This runs code of the book's own pages, as their examples do.
"""

import ast
import math
import random
from collections.abc import Iterator, Set
from typing import Any, NamedTuple

from sphinx.locale import _

from docs.plugins.isolation import isolated
from microgpt import closures, value
from microgpt.graph import topological_order

LARGEST = 200
SYMBOLS = {"*": "×"}


class Refused(Exception):
    """Says why lines of Python have no graph that can be drawn."""


class Value(value.Value):
    """A `Value` that also knows by which operation it was made."""

    __slots__ = ("_op",)

    def __add__(self, other: Any) -> "Value":
        return made(super().__add__(other), "+")

    def __mul__(self, other: Any) -> "Value":
        return made(super().__mul__(other), "*")

    def __pow__(self, n: Any) -> "Value":
        return made(super().__pow__(n), f"**{n:g}")

    def exp(self) -> "Value":
        return made(super().exp(), "exp")

    def log(self) -> "Value":
        return made(super().log(), "log")

    def relu(self) -> "Value":
        return made(super().relu(), "relu")


def made(result: Any, op: str) -> Value:
    result._op = op
    return result  # type: ignore[no-any-return]  # the core has no annotations


class Node(NamedTuple):
    """One value of a graph; children are numbers of earlier nodes."""

    name: str
    op: str
    data: float
    grad: float
    children: tuple[int, ...]
    local_grads: tuple[float, ...]
    columns: int = 0  # keep room for a text of this length


class Graph(NamedTuple):
    """Nodes in topological order, and what is to be shown of them."""

    nodes: tuple[Node, ...]
    show: Set[str]


def graph_of(body: str, show: Set[str] = frozenset()) -> Graph:
    """The graph of the Value with which the body ends; always the same one."""
    return read(*root_of(body), show)


def root_of(body: str) -> tuple[Any, dict[Any, str]]:
    """The Value with which the body ends, and what nodes are called."""
    with isolated():
        random.seed(0)
        root, names = run(body)
    if not is_node(root):
        kind = "nothing" if root is None else type(root).__name__
        raise Refused(f"the last line gives {kind}, not a Value")
    return root, labels(names)


def run(body: str) -> tuple[Any, dict[str, Any]]:
    """What the last line gives, and every name that the lines bind."""
    names: dict[str, Any] = {"math": math, "closures": closures}
    exec("from microgpt import *", names)
    names["Value"] = Value
    root = None
    try:
        statements = ast.parse(body, "body").body
    except SyntaxError as error:
        raise Refused(f"SyntaxError: {error}") from error
    for statement in statements:
        try:
            result = execute(statement, names)
        except Exception as error:
            text = ast.unparse(statement).split("\n")[0]
            kind = type(error).__name__
            raise Refused(f"{text!r} raised {kind}: {error}") from error
        root = root if result is None else result
    return root, names


def execute(statement: ast.stmt, names: dict[str, Any]) -> Any:
    """Run a statement; give the value of an expression or of the last name bound."""
    if isinstance(statement, ast.Expr):
        expression = ast.Expression(statement.value)
        return eval(compile(expression, "body", "eval"), names)
    exec(compile(ast.Module([statement], []), "body", "exec"), names)
    bound = list(bound_names(statement))
    return names[bound[-1]] if bound else None


def bound_names(statement: ast.stmt) -> Iterator[str]:
    """The names that an assignment binds, from left to right."""
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
        targets = [statement.target]
    for target in targets:
        for part in ast.walk(target):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                yield part.id


def is_node(thing: Any) -> bool:
    """Whether a thing is a Value, also one of a class that a reader has written."""
    backward = getattr(type(thing), "backward", None)
    return callable(backward) and hasattr(thing, "_children")


def labels(names: dict[str, Any]) -> dict[Any, str]:
    """What each node is called; `xs[0]` only where it has no name of its own."""
    found: dict[Any, str] = {}
    for name, thing in names.items():
        if is_node(thing):
            found[thing] = f"{found[thing]}, {name}" if thing in found else name
    for name, thing in names.items():
        for label, node in elements(name, thing):
            found.setdefault(node, label)
    return found


def elements(name: str, thing: Any) -> Iterator[tuple[str, Any]]:
    """The nodes in a list, or in a list of lists, each with its label."""
    if is_node(thing):
        yield name, thing
    elif isinstance(thing, list | tuple):
        for i, item in enumerate(thing):
            yield from elements(f"{name}[{i}]", item)


def read(root: Any, names: dict[Any, str], show: Set[str]) -> Graph:
    """Make plain data of a graph, after its backward pass if gradients are shown."""
    order = topological_order(root)
    if len(order) > LARGEST:
        raise Refused(f"{len(order)} nodes are too many to draw: at most {LARGEST}")
    if "local" in show and not hasattr(root, "_local_grads"):
        raise Refused("closures.Value keeps no local gradients to show")
    if "grad" in show and not any(node.grad for node in order):
        root.backward()
    number = {node: i for i, node in enumerate(order)}
    nodes = (
        Node(
            names.get(node, ""),
            SYMBOLS.get(getattr(node, "_op", ""), getattr(node, "_op", "")),
            node.data,
            node.grad,
            tuple(number[child] for child in node._children),
            tuple(getattr(node, "_local_grads", ())),
        )
        for node in order
    )
    return Graph(tuple(nodes), show)


def short(x: float) -> str:
    """A float in at most four significant digits; a small whole one exactly."""
    if x.is_integer() and abs(x) < 1e6:
        return f"{x:.1f}"
    return f"{x:.4g}"


def describe(graph: Graph) -> str:
    """The graph in words, for those who do not see it."""
    refer = references(graph)
    leaves = [i for i, node in enumerate(graph.nodes) if not node.children]
    results = [i for i, node in enumerate(graph.nodes) if node.children]
    listed = ", ".join(equation(graph.nodes[i]) for i in leaves)
    counted = count(leaves, _("{count} leaf"), _("{count} leaves"))
    with_leaves = _("Computation graph with {leaves} ({listed})")
    sentences = [with_leaves.format(leaves=counted, listed=listed)]
    if results:
        steps = "; ".join(step(graph.nodes[i], refer[i], refer) for i in results)
        counted = count(results, _("{count} operation"), _("{count} operations"))
        text = _("and {operations}: {steps}").format(operations=counted, steps=steps)
        sentences[0] += f" {text}"
    if "local" in graph.show and results:
        found = local_gradients(graph, refer)
        sentences.append(_("Local gradients: {found}").format(found=found))
    if "grad" in graph.show:
        pairs = zip(refer, graph.nodes)
        listed = "; ".join(f"{name}: {short(node.grad)}" for name, node in pairs)
        sentences.append(_("Gradients: {found}").format(found=listed))
    return ". ".join(sentences) + "."


def references(graph: Graph) -> list[str]:
    """How the text speaks of each node: name, data of a leaf, or `#1`."""
    unnamed, found = 0, []
    for node in graph.nodes:
        unnamed += not node.name and bool(node.children)
        found.append(
            node.name or (f"#{unnamed}" if node.children else short(node.data))
        )
    return found


def count(items: list[int], one: str, many: str) -> str:
    return (one if len(items) == 1 else many).format(count=len(items))


def equation(node: Node) -> str:
    return f"{node.name} = {short(node.data)}" if node.name else short(node.data)


def step(node: Node, name: str, refer: list[str]) -> str:
    """One operation as an equation: `d = a × b = -6.0`."""
    if not node.op:
        children = ", ".join(refer[child] for child in node.children)
        source = _("from {children}").format(children=children)
        return f"{name} = {short(node.data)} {source}"
    return f"{name} = {term(node, refer)} = {short(node.data)}"


def term(node: Node, refer: list[str]) -> str:
    """What an operation computes: `a × b`."""
    children = [refer[child] for child in node.children]
    if node.op.isalpha():
        return f"{node.op}({', '.join(children)})"
    if len(children) == 1:
        return f"{children[0]} ** {node.op.removeprefix('**')}"
    return f" {node.op} ".join(children)


def local_gradients(graph: Graph, refer: list[str]) -> str:
    found = []
    for name, node in zip(refer, graph.nodes):
        if node.children:
            slopes = zip(node.local_grads, node.children)
            text = _("{slope} for {child}")
            pairs = [text.format(slope=short(s), child=refer[c]) for s, c in slopes]
            both = f" {_('and')} ".join(pairs)
            found.append(_("of {name}, {slopes}").format(name=name, slopes=both))
    return "; ".join(found)
