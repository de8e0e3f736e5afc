import numpy as np
import pytest

from microgpt import number
from microgpt.ladder import by_hand
from microgpt.nudge import nudge
from tests.learning import TINY, WIDE

X = np.array([[0.5, -1.25, 0.75, 2.0], [1.5, 0.25, -0.75, -0.5], [0.1, 0.2, 0.3, 0.4]])
MASK = np.triu(np.full((3, 3), -np.inf), 1)
WEIGHTS = np.arange(1.0, 13.0).reshape(3, 4)


def mixed(x):
    """Attend in two heads, to queries, keys and values made of a matrix."""
    y, way = by_hand.attention(2, MASK, np.hstack((x, x * 2, x[::-1])))

    def back(grad):
        q, k, v = np.split(way(grad), 3, axis=1)
        return q + 2 * k + v[::-1]

    return y, back


FUNCTIONS = {
    "rmsnorm": by_hand.rmsnorm,
    "relu": by_hand.relu,
    "attention": mixed,
    "residual": by_hand.residual(by_hand.rmsnorm, by_hand.relu),
    "linear": by_hand.Matrix(WEIGHTS, np.zeros((3, 4))).linear,
}


def weighted(y):
    """Make one number of an array, with a weight of its own for each entry."""
    return float(y.ravel() @ np.cos(np.arange(y.size)))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_way_back_agrees_with_nudging(name):
    f = FUNCTIONS[name]
    y, back = f(X)
    found = back(np.cos(np.arange(y.size)).reshape(y.shape))
    slopes = nudge(lambda *xs: weighted(f(np.reshape(xs, X.shape))[0]), *X.ravel())
    assert found.ravel() == pytest.approx(slopes, rel=1e-6, abs=1e-6)


def test_rows_of_any_size_become_probabilities():
    rows = [[0.0, 0.0], [1000.0, 1000.0], [-1000.0, -1000.0], [1000.0, 0.0]]
    expected = [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5], [1.0, 0.0]]
    assert by_hand.softmax(np.array(rows)).tolist() == expected
    logits = X[None] * 3
    expected = [[number.softmax(row) for row in rows] for rows in logits.tolist()]
    assert by_hand.softmax(logits) == pytest.approx(np.array(expected), rel=1e-15)


def test_rows_are_normed_as_vectors_are():
    for rows in (X, X / 1000):  # where the epsilon counts
        expected = [number.rmsnorm(row) for row in rows.tolist()]
        y, _ = by_hand.rmsnorm(rows)
        assert y == pytest.approx(np.array(expected), rel=1e-15)


def test_relu_lets_nan_through_and_its_gradient_too():
    y, back = by_hand.relu(np.array([np.nan, -1.0, -0.0, 2.0]))
    assert [str(abs(a)) for a in y.tolist()] == ["nan", "0.0", "0.0", "2.0"]
    assert back(np.ones(4)).tolist() == [1.0, 0.0, 0.0, 1.0]


@pytest.mark.parametrize("config", [TINY, WIDE])
def test_each_matrix_is_its_part_of_the_vectors(config):
    gpt = by_hand.GPT(config)
    places, grads = gpt._places()
    ordinary = gpt.to(float).weights
    for i in range(config.n_layer):
        layer = f"layer{i}.attn_"
        q, k, v = (ordinary.pop(layer + name) for name in ("wq", "wk", "wv"))
        assert places.pop(layer + "wqkv").data.tolist() == [*q, *k, *v]
        del places[layer + "wq"], places[layer + "wk"]
    assert {name: m.data.tolist() for name, m in places.items()} == ordinary
    places["lm_head"].grad += 1.0
    assert grads.sum() == places["lm_head"].data.size


def test_two_losses_may_be_added():
    gpt = by_hand.GPT(TINY)
    tokens = [8, 0, 3, 5, 1, 8], [8, 5, 5, 8]
    for one in tokens:
        gpt.loss(one).backward()
    apart, gpt.theta.grad = gpt.theta.grad, 0.0
    (gpt.loss(tokens[0]) + gpt.loss(tokens[1])).backward()
    assert gpt.theta.grad == pytest.approx(apart, rel=1e-12)
