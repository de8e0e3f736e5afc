import re

import pytest

from microgpt import check_grad, number
from microgpt.nudge import nudge
from tests.engines import refused


def planted(f, slopes):
    """Make a function of Values that answers with slopes of our choice."""

    def faulty(*xs):
        make = type(xs[0])
        data = f(*(x.data for x in xs))
        return sum(
            ((x - x.data) * slope for x, slope in zip(xs, slopes(*xs))), make(data)
        )

    return faulty


def refusal(f, *xs):
    with pytest.raises(AssertionError) as caught:
        check_grad(f, *xs)
    return str(caught.value)


def test_nudging_finds_the_slope_of_each_input():
    slopes = nudge(lambda x, y, z: x * y + z**3, 2.0, 3.0, 1.0)
    assert slopes == pytest.approx((3, 2, 3), rel=1e-8)


def test_nudging_calls_the_function_twice_for_each_input():
    calls = []
    nudge(lambda *xs: calls.append(xs) or 0.0, 1.0, 2.0, step=0.5)
    assert calls == [(1.5, 2.0), (0.5, 2.0), (1.0, 2.5), (1.0, 1.5)]


def test_a_central_difference_is_exact_on_a_parabola():
    assert nudge(lambda x: x * x, 3.0, step=0.5) == (6.0,)
    assert nudge(lambda x: x**3, 0.0, step=0.5) == (0.25,)


def test_nudging_works_on_values(Value):
    assert nudge(lambda x: Value(x) * 2, 1.0) == pytest.approx((2,))


SOUND = {
    "x + y": lambda x, y: x + y,
    "x - y": lambda x, y: x - y,
    "x * y": lambda x, y: x * y,
    "x / y": lambda x, y: x / y,
    "x ** 3": lambda x, y: x**3 + y,
    "x ** -0.5": lambda x, y: x**-0.5 + y,
    "exp": lambda x, y: x.exp() * y,
    "log": lambda x, y: x.log() + y,
    "relu": lambda x, y: x.relu() * y.relu() + (-x).relu(),
    "softmax": lambda x, y: number.softmax([x, y, x * y])[0],
    "rmsnorm": lambda x, y: number.rmsnorm([x, y])[1],
    "cross_entropy": lambda x, y: number.cross_entropy([x, y, -x], 1),
}


@pytest.mark.parametrize("name", SOUND)
def test_every_operation_agrees_with_nudging(Value, name):
    check_grad(SOUND[name], Value(0.7), Value(-1.3))


@pytest.mark.parametrize("error", [1.001, 0.999, -1.0, 0.0, 2.0])
def test_a_slope_that_is_wrong_by_a_factor_is_caught(Value, error):
    f = planted(lambda x: x**3, lambda x: [3 * x.data**2 * error])
    backward = 3 * 2.0**2 * error
    message = f"argument 1: backward finds {backward}, nudging 12.0"
    assert refusal(f, Value(2.0)) == message


def test_the_slope_of_a_planted_function_that_is_right_is_accepted(Value):
    check_grad(planted(lambda x: x**3, lambda x: [3 * x.data**2]), Value(2.0))


def test_slopes_that_are_swapped_are_caught(Value):
    f = planted(lambda x, y: x * y, lambda x, y: [x.data, y.data])
    assert refusal(f, Value(2.0), Value(3.0)) == (
        "argument 1: backward finds 2.0, nudging 3.0"
    )


def test_the_argument_whose_slope_is_wrong_is_named(Value):
    f = planted(lambda x, y: x * y, lambda x, y: [y.data, x.data * 1.01])
    assert re.match(
        "^argument 2: backward finds 2.02", refusal(f, Value(2.0), Value(3))
    )


def test_nan_is_caught(Value):
    f = planted(lambda x: x, lambda x: [float("nan")])
    assert refusal(f, Value(2.0)) == "argument 1: backward finds nan, nudging nan"


def test_checking_leaves_the_arguments_as_they_are(Value):
    x = Value(2.0)
    x.grad = 7.0
    check_grad(lambda x: x * x, x)
    assert (x.data, x.grad) == (2.0, 7.0)


@pytest.mark.parametrize(
    ("slope", "found", "options"),
    [
        (0.0, 1e-6, {}),
        (0.0, 0.5, {"tolerance": 0.5}),
        (4.0, 6.5, {"tolerance": 0.5}),
        (-4.0, -6.5, {"tolerance": 0.5}),
    ],
)
def test_the_tolerance_is_relative_to_one_plus_the_size(Value, slope, found, options):
    check_grad(planted(lambda x: x * slope, lambda x: [found]), Value(0.0), **options)
    more = found * 1.001
    f = planted(lambda x: x * slope, lambda x: [more])
    message = f"argument 1: backward finds {more}, nudging {slope:.6}"
    with refused(AssertionError, message):
        check_grad(f, Value(0.0), **options)
