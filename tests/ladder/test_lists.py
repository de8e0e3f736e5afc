from operator import mul

import pytest

from microgpt.ladder import lists, ways
from microgpt.model import attention
from microgpt.nudge import nudge
from microgpt.number import cross_entropy, relu, rmsnorm

X = [[0.5, -1.25, 0.75, 2.0], [1.5, 0.25, -0.75, -0.5], [0.1, 0.2, 0.3, 0.4]]
OTHER = [[0.25, 1.5, -0.5, 0.75], [2.0, -1.0, 0.5, 1.0], [-0.3, 0.6, 0.9, -1.2]]


def halves(x):
    """Attend in two heads, to a matrix and what is made of it."""
    y, way = ways.heads(x, OTHER, x, 2)

    def back(grad):
        q, _, v = way(grad)
        return ways.added(q, v)

    return y, back


def keys(x):
    y, way = ways.attention(OTHER, x, OTHER)
    return y, lambda grad: way(grad)[1]


FUNCTIONS = {
    "rmsnorm": ways.rmsnorm,
    "relu": ways.relu,
    "linear": lambda x: lists.Matrix(OTHER).linear(x),
    "heads": halves,
    "keys": keys,
    "residual": lambda x: ways.residual(x, ways.rmsnorm, ways.relu),
    "chain": lambda x: ways.chain(x, ways.relu, ways.rmsnorm),
}


def matrix(floats):
    """Arrange twelve numbers as X is."""
    return [list(floats[i : i + 4]) for i in (0, 4, 8)]


def flat(rows):
    return [a for row in rows for a in row]


def weights_like(rows):
    """Give each entry another weight, so that none is mistaken for another."""
    return [[0.3 + 0.7 * j - 0.4 * i for j in range(len(rows[0]))] for i in range(3)]


def weighted(rows):
    return sum(map(mul, flat(rows), flat(weights_like(rows))))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_way_back_agrees_with_nudging(name):
    f = FUNCTIONS[name]
    y, back = f(X)
    slopes = nudge(lambda *xs: weighted(f(matrix(xs))[0]), *flat(X))
    assert flat(back(weights_like(y))) == pytest.approx(slopes, rel=1e-6, abs=1e-6)


def test_results_are_those_of_the_ordinary_functions():
    small = [[a / 1000 for a in row] for row in X]  # where the epsilon counts
    for rows in (X, small):
        y, _ = ways.rmsnorm(rows)
        assert flat(y) == pytest.approx(flat(map(rmsnorm, rows)), rel=1e-14)
    y, _ = ways.residual(X, ways.relu, ways.rmsnorm)
    expected = [[relu(a) for a in row] for row in X]
    expected = ways.added(X, map(rmsnorm, expected))
    assert flat(y) == pytest.approx(flat(expected), rel=1e-14)


def test_attention_at_once_is_attention_position_by_position():
    y, _ = ways.attention(X, OTHER, X[::-1])
    expected = [
        attention(row, OTHER[:t], X[::-1][:t]) for t, row in enumerate(X, start=1)
    ]
    assert flat(y) == pytest.approx(flat(expected), rel=1e-14)


def test_the_gradient_of_a_matrix_agrees_with_nudging():
    w = lists.Matrix(OTHER)
    y, back = w.linear(X)
    back(weights_like(y))
    slopes = nudge(lambda *ws: weighted(ways.product(X, matrix(ws))), *flat(OTHER))
    assert flat(w.grad) == pytest.approx(slopes, rel=1e-6)


def test_a_row_that_is_picked_twice_gets_both_shares():
    table = lists.Matrix([[1.0], [2.0], [3.0]])
    rows, back = table.rows([0, 2, 0])
    back([[1.0], [10.0], [100.0]])
    assert (rows, table.grad) == ([[1.0], [3.0], [1.0]], [[101.0], [0.0], [10.0]])


def test_the_surprise_is_that_of_the_rows_and_its_gradient_agrees_with_nudging():
    targets = [3, 0, 1]
    loss, grad = ways.surprise(X, targets)
    assert loss == pytest.approx(sum(map(cross_entropy, X, targets)) / 3, rel=1e-14)
    slopes = nudge(lambda *xs: ways.surprise(matrix(xs), targets)[0], *flat(X))
    assert flat(grad) == pytest.approx(slopes, rel=1e-6)


def test_relu_lets_nan_through_and_its_gradient_too():
    y, back = ways.relu([[float("nan"), -1.0, -0.0, 2.0]])
    assert [str(a) for a in y[0]] == ["nan", "0.0", "0.0", "2.0"]
    assert back([[1.0, 1.0, 1.0, 1.0]]) == [[1.0, 0.0, 0.0, 1.0]]


def test_both_dot_products_agree():
    for xs, ys in zip(X, OTHER):
        assert ways.dot(xs, ys) == pytest.approx(ways._dot(xs, ys), rel=1e-15)
