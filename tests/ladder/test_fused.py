import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt import Tokenizer, check_grad, closures, number, train, value
from microgpt.graph import topological_order
from microgpt.ladder import fused
from tests.engines import DotAlone, bits
from tests.learning import DOCS, TINY, WIDE, loss_and_grads, model

TOKENS = [8, 0, 3, 5, 1, 8]
VECTORS = {
    "dot": lambda xs: number.dot(xs, [*xs[1:], xs[0]]),
    "softmax": lambda xs: number.softmax(xs)[1],
    "rmsnorm": lambda xs: number.rmsnorm(xs)[0],
    "cross_entropy": lambda xs: number.cross_entropy(xs, 2),
}
floats = st.floats(-100, 100)
vectors = st.lists(floats, min_size=3, max_size=8)


def gradients(kind, f, xs):
    """Go backward from a function of a vector; give its data and every gradient."""
    leaves = [kind(x) for x in xs]
    root = f(leaves)
    root.backward()
    return [root.data, *(leaf.grad for leaf in leaves)]


@pytest.mark.parametrize("name", VECTORS)
def test_each_fused_operation_agrees_with_nudging(name):
    xs = [fused.Value(x) for x in (0.5, -1.25, 0.75, 2.0)]
    check_grad(lambda *xs: VECTORS[name](list(xs)), *xs)


@pytest.mark.parametrize("name", VECTORS)
def test_a_fused_operation_is_one_node_where_value_takes_many(name):
    xs = [1.0, 2.0, 3.0, 4.0]
    sizes = [
        len(topological_order(VECTORS[name]([kind(x) for x in xs]))) - len(xs)
        for kind in (fused.Value, value.Value)
    ]
    assert sizes[0] <= 2 < 7 <= sizes[1]


@pytest.mark.parametrize("name", VECTORS)
@given(xs=vectors)
def test_a_fused_operation_gives_what_the_primitives_give(name, xs):
    f = VECTORS[name]
    try:
        expected = gradients(value.Value, f, xs)
    except ValueError:  # a probability of 0
        with pytest.raises(ValueError, match="must be positive"):
            gradients(fused.Value, f, xs)
        return
    scale = max(map(abs, expected)) + max(map(abs, xs))
    assert gradients(fused.Value, f, xs) == pytest.approx(
        expected, rel=0, abs=1e-12 * scale
    )


@given(st.lists(st.tuples(floats, floats), min_size=1, max_size=20))
def test_a_fused_dot_product_gives_the_same_bits(pairs):
    def run(kind):
        ws, xs = zip(*((kind(w), kind(x)) for w, x in pairs))
        root = number.dot(ws, xs) * number.dot(xs, ws)
        root.backward()
        return bits([root.data, *(leaf.grad for leaf in (*ws, *xs))])

    assert run(DotAlone) == run(value.Value)


def test_a_dot_product_with_floats_falls_back_to_the_primitives():
    w = fused.Value(3.0)
    assert len(number.dot([w, w], [1.0, 2.0])._children) == 2


def test_a_fused_node_is_of_its_own_kind():
    xs = [fused.Value(1.0), fused.Value(2.0)]
    made = [number.dot(xs, xs), *number.softmax(xs), *number.rmsnorm(xs)]
    assert {type(x) for x in (*made, number.cross_entropy(xs, 0))} == {fused.Value}


def test_a_list_that_changes_later_does_not_change_the_graph():
    xs = [fused.Value(1.0), fused.Value(2.0)]
    given = [*xs]
    root = number.dot(given, given)
    given.clear()
    root.backward()
    assert [x.grad for x in xs] == [2.0, 4.0]


@pytest.mark.parametrize(("config", "tokens"), [(TINY, TOKENS), (WIDE, TOKENS[:3])])
def test_dot_products_alone_leave_every_bit_of_the_model(config, tokens):
    found = [
        loss_and_grads(model(config, kind), tokens) for kind in (DotAlone, value.Value)
    ]
    assert found[0][0].hex() == found[1][0].hex()
    assert bits(found[0][1]) == bits(found[1][1])


def test_a_hundred_steps_with_fused_dot_products_give_every_bit_of_value():
    runs = [
        train(model(replace(TINY, n_layer=1), kind), DOCS, Tokenizer(DOCS), steps=100)
        for kind in (DotAlone, closures.Value, fused.Value, value.Value)
    ]
    *same, all_fused, expected = ([step.loss for step in run] for run in runs)
    assert [bits(losses) for losses in same] == [bits(expected)] * 2
    assert all_fused == pytest.approx(expected, rel=1e-12)


def test_a_random_vector_has_probabilities_of_the_same_bits():
    rng = random.Random(1)
    xs = [rng.gauss(0, 3) for _ in range(27)]
    for f in (number.softmax, number.rmsnorm):
        fused_data = [y.data for y in f([fused.Value(x) for x in xs])]
        assert fused_data == pytest.approx(f(xs), rel=1e-15)
