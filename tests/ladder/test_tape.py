import random
from math import sqrt

import pytest

from microgpt.ladder import rules, tape
from microgpt.nudge import nudge
from microgpt.number import cross_entropy, relu, rmsnorm, softmax
from tests.learning import TINY

X = [0.5, -1.25, 0.75, 2.0, 1.5, 0.25, -0.75, -0.5]
FIRST, SECOND, ALL = slice(0, 4), slice(4, 8), slice(0, 8)
PARTS = [slice(0, 2), slice(2, 4), slice(4, 6)]
OPERATIONS = {
    "add": lambda t: rules.add(t, FIRST, SECOND),
    "add to itself": lambda t: rules.add(t, FIRST, FIRST),
    "linear": lambda t: rules.linear(t, ALL, FIRST),
    "linear with a dead input": lambda t: rules.linear(t, ALL, rules.relu(t, SECOND)),
    "rmsnorm": lambda t: rules.rmsnorm(t, FIRST),
    "relu": lambda t: rules.relu(t, FIRST),
    "fit": lambda t: rules.fit(t, slice(6, 8), PARTS),
    "fit to itself": lambda t: rules.fit(t, PARTS[0], PARTS),
    "mix": lambda t: rules.mix(t, slice(5, 8), PARTS),
    "surprise": lambda t: rules.surprise(t, FIRST, 2),
    "mean": lambda t: rules.mean(t, [slice(1, 2), slice(6, 7)]),
}


def weighted(operation, numbers):
    """Make one number of a result, with a weight of its own for each entry."""
    size = len(written(operation, numbers))
    t = tape.Tape([*numbers, *(0.3 + 0.7 * i * i for i in range(size))])
    rules.linear(t, slice(len(numbers), len(t.data)), operation(t))
    return t


def written(operation, numbers):
    t = tape.Tape(numbers)
    return t.data[operation(t)]


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_rule_agrees_with_nudging(name):
    operation = OPERATIONS[name]
    slopes = nudge(lambda *xs: weighted(operation, xs).data[-1], *X)
    found = weighted(operation, X).gradients()[: len(X)]
    assert found == pytest.approx(slopes, rel=1e-6, abs=1e-6)


def test_results_are_those_of_the_ordinary_functions():
    assert written(OPERATIONS["rmsnorm"], X) == pytest.approx(rmsnorm(X[:4]), rel=1e-15)
    fits = [(X[6] * X[i] + X[7] * X[i + 1]) / sqrt(2) for i in (0, 2, 4)]
    assert written(OPERATIONS["fit"], X) == pytest.approx(softmax(fits), rel=1e-15)
    assert written(OPERATIONS["relu"], X) == [relu(x) for x in X[:4]]
    [loss] = written(OPERATIONS["surprise"], X)
    assert loss == pytest.approx(cross_entropy(X[:4], 2), rel=1e-15)


def test_relu_lets_nan_through_and_its_gradient_too():
    t = tape.Tape([float("nan"), -1.0, -0.0, 2.0, 1.0, 1.0, 1.0, 1.0])
    y = rules.relu(t, FIRST)
    assert [str(a) for a in t.data[y]] == ["nan", "0.0", "0.0", "2.0"]
    rules.linear(t, SECOND, y)
    assert t.gradients()[FIRST] == [1.0, 0.0, 0.0, 1.0]


def test_what_the_root_does_not_reach_gets_no_gradient():
    t = tape.Tape(X)
    rules.linear(t, ALL, FIRST)
    rules.mean(t, [slice(0, 1)])
    assert t.gradients()[:-1] == [1.0] + [0.0] * 9


def test_what_is_frozen_for_a_checkpoint_does_not_change_later():
    gpt = tape.GPT(TINY, random.Random(1))
    theirs = [0.0] * len(gpt.floats())
    [ours] = gpt.unflatten(theirs)
    frozen, weights = gpt.flatten([ours]), gpt.floats()
    ours[0] = gpt.theta.data[0] = 7.0
    assert theirs[0] == frozen[0] == 0.0
    assert weights[0] != 7.0
