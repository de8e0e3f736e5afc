"""What a Value promises, on every engine."""

import gc
import math
import sys

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from microgpt.nudge import nudge
from tests.engines import (
    ENGINES,
    any_leaves,
    bits,
    mild_leaves,
    refused,
    run,
    run_backward,
    sizes_of_gradients,
    steps,
)

whole_steps = st.lists(
    st.tuples(
        st.sampled_from(["+", "*", "relu"]),
        st.integers(0, 30),
        st.integers(0, 30),
        st.just(1),
    ),
    min_size=1,
    max_size=12,
)


def slopes(f, *leaves):
    """Go backward from a function of leaves; give its data and each gradient."""
    root = f(*leaves)
    root.backward()
    return root.data, *(leaf.grad for leaf in leaves)


# Data and gradients


def test_a_new_value_has_data_and_a_gradient_of_zero(Value):
    x = Value(3)
    assert (x.data, x.grad) == (3.0, 0.0)
    assert type(x.data) is type(x.grad) is float


def test_each_primitive_has_its_rule(Value):
    x, y = Value(2.0), Value(3.0)
    assert slopes(lambda x, y: x + y, Value(2.0), Value(3.0)) == (5, 1, 1)
    assert slopes(lambda x, y: x * y, Value(2.0), Value(3.0)) == (6, 3, 2)
    assert slopes(lambda x: x**3, Value(2.0)) == (8, 12)
    assert slopes(Value.exp, Value(2.0)) == (math.exp(2), math.exp(2))
    assert slopes(Value.log, Value(2.0)) == (math.log(2), 0.5)
    assert slopes(Value.relu, Value(2.0)) == (2, 1)
    assert slopes(Value.relu, Value(-2.0)) == (0, 0)
    assert (x.grad, y.grad) == (0, 0)


def test_each_convenience_has_the_slopes_it_should(Value):
    assert slopes(lambda x, y: x - y, Value(2.0), Value(4.0)) == (-2, 1, -1)
    assert slopes(lambda x, y: x / y, Value(2.0), Value(4.0)) == (0.5, 0.25, -0.125)
    assert slopes(lambda x: 3 - x, Value(2.0)) == (1, -1)
    assert slopes(lambda x: 1 / x, Value(2.0)) == (0.5, -0.25)
    assert slopes(lambda x: -x, Value(2.0)) == (-2, -1)


def test_a_value_used_twice_gets_both_gradients(Value):
    assert slopes(lambda x: x + x, Value(3.0)) == (6, 2)
    assert slopes(lambda x: x * x, Value(3.0)) == (9, 6)
    assert slopes(lambda x: x - x, Value(3.0)) == (0, 0)
    assert slopes(lambda x: x / x, Value(4.0)) == (1, 0)


def test_data_and_gradients_are_always_floats(Value):
    x = Value(2)
    for f in (Value.relu, Value.exp, Value.log, lambda x: x**2, lambda x: x * 3 - 1):
        for number in slopes(f, x):
            assert type(number) is float
    assert type(Value(-2).relu().data) is float


def test_a_result_is_of_the_kind_of_its_inputs(Value):
    x = Value(2.0)
    assert {type(f(x)) for f in (Value.relu, Value.exp, Value.log)} == {Value}
    assert {type(y) for y in (x + 1, 1 * x, x**2, x / x, x - x, -x)} == {Value}


def test_a_class_of_ones_own_keeps_its_kind(Value):
    class Own(Value):
        __slots__ = ()

    x = Own(2.0)
    results = x + 1, 1 * x, x * x, x**2, x.exp(), x.log(), x.relu(), -x, 1 / x, x - 1
    assert {type(y) for y in results} == {Own}


def test_a_value_knows_its_children(Value):
    x, y = Value(2.0), Value(3.0)
    assert (x._children, (x * y)._children, (x**2)._children) == ((), (x, y), (x,))


# Backward, again and again


def test_a_leaf_is_its_own_root(Value):
    x = Value(3.0)
    x.backward()
    x.backward()
    assert x.grad == 2.0


def test_a_second_backward_adds_exactly_as_much(Value):
    x = Value(3.0)
    y = x * x
    z = y + x * 3
    z.backward()
    assert (z.grad, y.grad, x.grad) == (1, 1, 9)
    z.backward()
    assert (z.grad, y.grad, x.grad) == (1, 1, 18)


def test_two_losses_may_share_a_trunk(Value):
    x = Value(2.0)
    trunk = x * x
    (trunk * 3).backward()
    (trunk * 5).backward()
    assert x.grad == 32.0


def test_a_gradient_that_is_cleared_is_found_again(Value):
    x = Value(3.0)
    y = (x * x) * x
    y.backward()
    x.grad = 0.0
    y.backward()
    assert x.grad == 27.0


def test_backward_from_an_inner_node_touches_nothing_above_it(Value):
    x = Value(2.0)
    inner = x * 3
    outer = inner * 5
    outer.backward()
    inner.backward()
    assert (outer.grad, inner.grad, x.grad) == (1, 1, 18)


def test_backward_leaves_what_the_root_does_not_depend_on(Value):
    x, other = Value(2.0), Value(3.0)
    unused = x * other
    (x * 2).backward()
    assert (other.grad, unused.grad) == (0, 0)


def test_backward_gives_nothing_back(Value):
    assert Value(1.0).backward() is None


# What changes after the forward pass


def test_a_leaf_is_captured_when_it_is_used(Value):
    x = Value(5.0)
    y = x * x
    x.data = 100.0
    y.backward()
    assert (y.data, x.grad) == (25.0, 10.0)


def test_every_primitive_captures_its_operand(Value):
    for f, slope in (
        (lambda x: x * 3, 3),
        (lambda x: x**2, 4),
        (Value.exp, math.exp(2)),
        (Value.log, 0.5),
        (Value.relu, 1),
    ):
        x = Value(2.0)
        y = f(x)
        x.data = y.data = -100.0
        y.backward()
        assert x.grad == slope


def test_a_leaf_can_be_moved_and_used_again(Value):
    x = Value(5.0)
    (x * x).backward()
    x.data -= 0.1 * x.grad
    x.grad = 0.0
    (x * x).backward()
    assert (x.data, x.grad) == (4.0, 8.0)


def test_adding_to_a_leaf_in_place_makes_another_value(Value):
    x = leaf = Value(1.0)
    x += 1
    assert x is not leaf
    assert (x.data, leaf.data, x._children[0] is leaf) == (2, 1, True)


# At the edges of the floats


def test_relu_lets_nan_through_and_its_gradient_too(Value):
    x = Value(math.nan)
    y = x.relu()
    y.backward()
    assert math.isnan(y.data)
    assert x.grad == 1.0


def test_relu_of_either_zero_is_zero_with_a_gradient_of_zero(Value):
    for zero in (0.0, -0.0):
        assert bits(slopes(Value.relu, Value(zero))) == bits((0.0, 0.0))


def test_zero_to_the_power_zero_is_one_with_a_gradient_of_zero(Value):
    assert slopes(lambda x: x**0, Value(0.0)) == (1, 0)


def test_a_root_of_zero_has_an_infinite_gradient(Value):
    assert slopes(lambda x: x**0.5, Value(0.0)) == (0, math.inf)


@pytest.mark.parametrize(
    ("x", "n", "message"),
    [
        (-8.0, 0.5, "-8.0 ** 0.5 is not a real number"),
        (-8.0, 1.5, "-8.0 ** 1.5 is not a real number"),
        (-1.0, -0.5, "-1.0 ** -0.5 is not a real number"),
    ],
)
def test_a_power_is_never_complex(Kind, x, n, message):
    with refused(ValueError, message):
        Kind(x) ** n


def test_a_power_too_large_for_a_float_is_refused(Kind):
    message = "1e+200 ** 2.0 is too large for a float"
    with refused(OverflowError, message):
        Kind(1e200) ** 2


def test_a_product_too_large_for_a_float_is_infinite(Value):
    assert slopes(lambda x: x * x, Value(1e200)) == (math.inf, 2e200)


@pytest.mark.parametrize("x", [0.0, -0.0, -1.0])
def test_a_logarithm_of_no_positive_number_names_its_operand(Kind, x):
    message = f"log({x}) is not defined: the number must be positive"
    with refused(ValueError, message):
        Kind(x).log()


def test_an_exponential_that_is_too_large_names_its_operand(Kind):
    message = "exp(1000.0) is too large for a float"
    with refused(OverflowError, message):
        Kind(1000.0).exp()


def test_zero_to_a_negative_power_names_its_operand(Kind):
    for divide in (lambda: Kind(0.0) ** -1, lambda: 1 / Kind(0.0)):
        message = "0.0 ** -1.0 divides by zero"
        with refused(ZeroDivisionError, message):
            divide()


# Depth and memory


def alive(kind):
    """Count the Values there are."""
    return sum(type(thing) is kind for thing in gc.get_objects())


def test_a_graph_is_freed_with_its_root_without_the_collector(Value):
    enabled = gc.isenabled()
    gc.disable()
    try:
        before = alive(Value)
        x = Value(0.5)
        y = ((x * 2 + 1).exp().log().relu() ** 2 / x) - x
        y.backward()
        y.backward()
        assert alive(Value) > before + 5
        del y
        assert alive(Value) == before + 1
    finally:
        if enabled:
            gc.enable()


def test_a_graph_holds_no_cycle_of_references(Value):
    gc.collect()
    y = Value(0.5)
    for _ in range(100):
        y = (y * 2 + 1).log().relu() ** 2 + y.exp() ** -1
    y.backward()
    del y
    assert gc.collect() == 0


def test_memory_stays_flat_with_the_collector_off(Value):
    x = Value(0.5)

    def learn(times):
        for _ in range(times):
            y = x
            for _ in range(100):
                y = (y * 0.5 + x).relu()
            y.backward()
            x.grad = 0.0

    enabled = gc.isenabled()
    gc.disable()
    try:
        learn(10)
        before = sys.getallocatedblocks()
        learn(50)
        assert sys.getallocatedblocks() - before < 100
    finally:
        if enabled:
            gc.enable()


# Random graphs: every engine, nudging


def judged_alike(program):
    """Tell whether every engine gives the same bits."""
    expected = run_backward(ENGINES["value"], program)
    return all(run_backward(kind, program) == expected for kind in ENGINES.values())


@given(any_leaves, steps)
def test_no_graph_gives_other_bits_on_another_engine(leaves, steps):
    assert judged_alike((leaves, steps))


@given(any_leaves, steps)
def test_a_graph_of_floats_gives_the_data_of_a_graph_of_values(leaves, steps):
    expected = bits(run(steps, leaves))
    for kind in ENGINES.values():
        assert bits(x.data for x in run(steps, map(kind, leaves))) == expected


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=4), whole_steps)
def test_repeated_backward_doubles_every_leaf_and_no_inner_node(leaves, steps):
    for kind in ENGINES.values():
        nodes = run(steps, [kind(x) for x in leaves])
        nodes[-1].backward()
        once = [node.grad for node in nodes]
        assume(all(abs(x) < 2**50 for node in nodes for x in (node.data, node.grad)))
        nodes[-1].backward()
        for node, grad in zip(nodes, once):
            assert node.grad == grad * (1 if node._children else 2)


@given(mild_leaves, steps)
def test_gradients_agree_with_nudging_where_nudging_can_be_trusted(leaves, steps):
    kind = ENGINES["value"]
    values = [kind(x) for x in leaves]
    nodes = run(steps, values)
    root = nodes[-1]
    assume(all(abs(node.data) < 1e4 for node in nodes))
    assume(all(abs(node.data) > 1e-3 for node in nodes))  # far from kinks and poles
    root.backward()
    sizes = sizes_of_gradients(root, values)
    assume(all(size < 1e4 for size in sizes))

    def f(*xs):
        made = run(steps, xs)
        return made[-1] if len(made) == len(nodes) else math.nan

    coarse, fine = nudge(f, *leaves, step=1e-5), nudge(f, *leaves, step=5e-6)
    for leaf, size, slope, other in zip(values, sizes, coarse, fine):
        if abs(slope - other) <= 1e-6 * (1 + size):
            assert leaf.grad == pytest.approx(slope, abs=1e-4 * (1 + size))
