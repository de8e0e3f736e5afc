import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt import Value, closures
from microgpt.graph import dot, topological_order, trace
from tests.engines import ENGINES, mild_leaves, run, steps


def recursive_order(root):
    """Find the order in the obvious way."""
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for child in node._children:
                visit(child)
            order.append(node)

    visit(root)
    return order


@given(mild_leaves, steps, st.sampled_from(list(ENGINES)))
def test_the_order_is_that_of_the_obvious_recursion(leaves, program_steps, engine):
    root = run(program_steps, map(ENGINES[engine], leaves))[-1]
    assert topological_order(root) == recursive_order(root)


@given(mild_leaves, steps)
def test_every_node_stands_once_and_after_its_children(leaves, program_steps):
    root = run(program_steps, map(Value, leaves))[-1]
    order = topological_order(root)
    place = {node: i for i, node in enumerate(order)}
    assert len(place) == len(order)
    assert order[-1] is root
    assert all(place[c] < place[node] for node in order for c in node._children)


def test_a_leaf_is_an_order_of_one():
    x = Value(1.0)
    assert topological_order(x) == [x]


def test_the_order_of_a_deep_graph_needs_no_recursion(Value):
    x = Value(1.0)
    for _ in range(10_000):
        x = x.relu()
    assert len(topological_order(x)) == 10_001


@given(mild_leaves, steps)
def test_a_trace_tells_every_addition_of_the_backward_pass(leaves, program_steps):
    root = run(program_steps, map(Value, leaves))[-1]
    rows = trace(root)
    root.backward()
    assert len(rows) == sum(len(node._children) for node in topological_order(root))
    last = {row.child: row.sum for row in rows}
    for row in rows:
        assert row.gives == row.local_grad * row.grad or row.gives != row.gives
        assert repr(row.grad) == repr(row.node.grad)
    for child, found in last.items():
        assert repr(child.grad) == repr(found)


def test_a_trace_changes_nothing():
    x = Value(2.0)
    y = x * x
    assert [row.sum for row in trace(y)] == [2.0, 4.0]
    assert (x.grad, y.grad) == (0, 0)


def test_a_trace_needs_local_gradients():
    x = closures.Value(2.0)
    with pytest.raises(AttributeError, match="_local_grads"):
        trace(x * x)


def test_a_node_with_too_few_local_gradients_is_refused():
    x = Value(2.0)
    with pytest.raises(ValueError, match="shorter than argument 1"):
        trace(Value(4.0, (x, x), (1.0,)))


def test_a_drawing_shows_an_edge_for_each_use():
    x, y = Value(2.0), Value(3.0)
    assert dot(x * y + x, {x: "x"}) == "\n".join(
        [
            "digraph {",
            "  rankdir=LR",
            r'  n0 [label="x\ndata 2.0"]',
            '  n1 [label="data 3.0"]',
            '  n2 [label="data 6.0"]',
            '  n3 [label="data 8.0"]',
            '  n0 -> n2 [label="3.0"]',
            '  n1 -> n2 [label="2.0"]',
            '  n2 -> n3 [label="1.0"]',
            '  n0 -> n3 [label="1.0"]',
            "}",
        ]
    )


def test_a_drawing_of_closures_shows_operations_and_no_local_gradients():
    x = closures.Value(2.0)
    y = x.relu()
    assert dot(y * y, {x: "x", y: "y"}) == "\n".join(
        [
            "digraph {",
            "  rankdir=LR",
            r'  n0 [label="x\ndata 2.0"]',
            r'  n1 [label="y relu\ndata 2.0"]',
            r'  n2 [label="*\ndata 4.0"]',
            "  n0 -> n1",
            *["  n1 -> n2"] * 2,
            "}",
        ]
    )


def test_a_name_may_hold_any_character():
    x = Value(2.0)
    assert r'label="say \"x\\y\"\ndata 2.0"' in dot(x, {x: 'say "x\\y"'})
