"""The computation graph: in which order to visit it, and how to show it.

Everything here reads a node's `data` and `_children`, and nothing else but
`_local_grads` and `_op` where a node has them.

Chapters: The graph; Order; Backward.
"""

from typing import NamedTuple


def topological_order(root):
    """List every node that `root` depends on, each after all of its children.

    It is the order in which the obvious recursion would finish with the nodes, found
    without recursion: `path` leads from `root` to the node we are at, and beside each
    node waits an iterator over those of its children that are still to be visited.

    >>> from microgpt import Value
    >>> a, b = Value(2.0), Value(3.0)
    >>> [node.data for node in topological_order(a * b + a)]
    [2.0, 3.0, 6.0, 8.0]
    """
    order, seen = [], {root}
    path = [(root, iter(root._children))]
    while path:
        node, waiting = path[-1]
        for child in waiting:
            if child not in seen:
                seen.add(child)
                path.append((child, iter(child._children)))
                break
        else:  # no child is waiting any more
            path.pop()
            order.append(node)
    return order


class Row(NamedTuple):
    """One step of a backward pass: what `node` gives to one of its children."""

    node: object
    child: object
    local_grad: float
    grad: float  # of the node
    gives: float  # local_grad * grad
    sum: float  # the child's gradient so far


def trace(root):
    """List the steps of `root.backward()`, as rows of a table.

    Leaves are taken to start at a gradient of 0. Needs a graph whose nodes keep their
    local gradients: `closures.Value` does not.

    >>> from microgpt import Value
    >>> a, b = Value(2.0), Value(3.0)
    >>> for row in trace(a * b + a):
    ...     print(row.child.data, row.local_grad, row.grad, row.gives, row.sum)
    6.0 1.0 1.0 1.0 1.0
    2.0 1.0 1.0 1.0 1.0
    2.0 3.0 1.0 3.0 4.0
    3.0 2.0 1.0 2.0 2.0
    """
    rows, sums = [], {root: 1.0}
    for node in reversed(topological_order(root)):
        grad = sums[node]
        for child, local_grad in zip(node._children, node._local_grads, strict=True):
            gives = local_grad * grad
            sums[child] = sums.get(child, 0.0) + gives
            rows.append(Row(node, child, local_grad, grad, gives, sums[child]))
    return rows


def dot(root, names=None):
    r"""Write the graph in Graphviz' language DOT, arrows from children to results.

    `names` maps nodes to the names an author gave them. Edges carry local gradients
    where the nodes keep them, nodes carry their operation where they keep that.

    >>> from microgpt import Value
    >>> a = Value(3.0)
    >>> print(dot(a * a, {a: "a"}))
    digraph {
      rankdir=LR
      n0 [label="a\ndata 3.0"]
      n1 [label="data 9.0"]
      n0 -> n1 [label="3.0"]
      n0 -> n1 [label="3.0"]
    }
    """
    order = topological_order(root)
    number = {node: f"n{i}" for i, node in enumerate(order)}
    lines = ["digraph {", "  rankdir=LR"]
    for node in order:
        lines.append(f'  {number[node]} [label="{_label(node, names or {})}"]')
    for node in order:
        for i, child in enumerate(node._children):
            edge = f"  {number[child]} -> {number[node]}"
            lines.append(edge + _edge_label(node, i))
    return "\n".join([*lines, "}"])


def _label(node, names):
    title = " ".join(filter(None, (names.get(node), getattr(node, "_op", ""))))
    title = title.replace("\\", "\\\\").replace('"', '\\"')
    return "\\n".join(filter(None, (title, f"data {node.data}")))


def _edge_label(node, i):
    if not hasattr(node, "_local_grads"):
        return ""
    return f' [label="{node._local_grads[i]}"]'
