import math
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt import number
from tests.engines import KINDS, refused

FUNCTIONS = {
    "exp": number.exp,
    "log": number.log,
    "relu": number.relu,
    "power": lambda x: number.power(x, -1.5),
}
VECTORS = {
    "total": lambda xs: [number.total(xs)],
    "dot": lambda xs: [number.dot(xs, list(reversed(xs)))],
    "softmax": number.softmax,
    "rmsnorm": number.rmsnorm,
    "cross_entropy": lambda xs: [number.cross_entropy(xs, 1)],
}


class Answering:
    """A kind of number that does by itself what may be done to a whole vector."""

    def dot(self, *asked):
        return "dot", *asked

    def softmax(self, *asked):
        return "softmax", *asked

    def rmsnorm(self, *asked):
        return "rmsnorm", *asked

    def cross_entropy(self, *asked):
        return "cross_entropy", *asked


vectors = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=8)


def test_exp_and_log_are_those_of_the_standard_library():
    assert number.exp(1.5) == math.exp(1.5)
    assert number.log(1.5) == math.log(1.5)


def test_an_exponential_that_is_too_large_names_its_operand():
    message = "exp(1000.0) is too large for a float"
    with refused(OverflowError, message):
        number.exp(1000.0)


def test_an_exponential_that_is_too_small_is_zero():
    assert number.exp(-1000.0) == 0.0


@pytest.mark.parametrize("x", [0.0, -0.0, -1.0, -math.inf])
def test_a_logarithm_of_no_positive_number_names_its_operand(x):
    message = f"log({x}) is not defined: the number must be positive"
    with refused(ValueError, message):
        number.log(x)


def test_a_logarithm_of_nan_is_nan():
    assert math.isnan(number.log(math.nan))


@pytest.mark.parametrize(
    ("x", "result"),
    [
        (2.0, 2.0),
        (0.5, 0.5),
        (-2.0, 0.0),
        (0.0, 0.0),
        (-0.0, 0.0),
        (math.inf, math.inf),
        (3, 3.0),
    ],
)
def test_relu_keeps_what_is_positive_as_a_float(x, result):
    assert number.relu(x).hex() == result.hex()


def test_relu_lets_nan_through():
    assert math.isnan(number.relu(math.nan))


@pytest.mark.parametrize(
    ("x", "n", "error", "message"),
    [
        (0.0, -1, ZeroDivisionError, "0.0 ** -1 divides by zero"),
        (0.0, -0.5, ZeroDivisionError, "0.0 ** -0.5 divides by zero"),
        (1e200, 2, OverflowError, "1e+200 ** 2 is too large for a float"),
        (1e-320, -1, OverflowError, "1e-320 ** -1 is too large for a float"),
        (-8.0, 0.5, ValueError, "-8.0 ** 0.5 is not a real number"),
        (-8.0, 1 / 3, ValueError, f"-8.0 ** {1 / 3} is not a real number"),
    ],
)
def test_a_power_that_is_no_float_says_why(x, n, error, message):
    with refused(error, message):
        number.power(x, n)


def test_zero_to_the_power_zero_is_one():
    assert number.power(0.0, 0) == 1.0
    assert number.power_slope(0.0, 0) == 0.0


@pytest.mark.parametrize(
    ("x", "n", "slope"),
    [
        (3.0, 2, 6.0),
        (0.0, 1, 1.0),
        (0.0, 2, 0.0),
        (-2.0, 3, 12.0),
        (0.0, 0.5, math.inf),
        (1e-300, -0.1, -math.inf),
        (1e200, 2.6, math.inf),
        (-1e200, 3, math.inf),
        (-1e160, 4, -math.inf),
        (-1e-170, -1, -math.inf),
        (-1e-170, -2, math.inf),
    ],
)
def test_the_slope_of_a_power_is_infinite_where_it_is_too_steep(x, n, slope):
    assert number.power_slope(x, n) == slope


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_asks_a_number_of_any_kind(name, Kind):
    x = Kind(0.75)
    result = FUNCTIONS[name](x)
    assert type(result) is Kind
    assert result.data == FUNCTIONS[name](0.75)


@pytest.mark.parametrize("name", VECTORS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_vector_of_any_kind_gives_what_one_of_floats_gives(name, kind):
    rng = random.Random(1)
    xs = [rng.uniform(-2, 2) for _ in range(5)]
    results = VECTORS[name]([KINDS[kind](x) for x in xs])
    assert {type(result) for result in results} == {KINDS[kind]}
    assert [result.data for result in results] == pytest.approx(
        VECTORS[name](xs), rel=1e-15
    )


def test_a_kind_may_answer_for_a_whole_vector():
    ws, xs = [Answering()], [Answering()]
    assert number.dot(ws, xs) == ("dot", ws, xs)
    assert number.softmax(xs) == ("softmax", xs)
    assert number.rmsnorm(xs) == ("rmsnorm", xs)
    assert number.cross_entropy(xs, 0) == ("cross_entropy", xs, 0)


def test_a_total_rounds_after_each_number_as_sum_did():
    assert number.total([0.1] * 10) == 0.9999999999999999
    assert number.total([1.0, 1e100, 1.0, -1e100]) == 0.0


def test_a_total_makes_no_node_for_a_zero_to_start_from(Value):
    x, y = Value(1.0), Value(2.0)
    assert number.total([x, y])._children == (x, y)


def test_a_dot_product_of_floats_and_values_is_a_value(Value):
    w = Value(3.0)
    result = number.dot([w, Value(1.0)], [2.0, 5.0])
    result.backward()
    assert (result.data, w.grad) == (11.0, 2.0)


@given(vectors)
def test_probabilities_are_positive_and_add_up_to_one(xs):
    probs = number.softmax(xs)
    assert all(0 <= p <= 1 for p in probs)
    assert math.fsum(probs) == pytest.approx(1, rel=1e-14)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=8), st.integers(-(2**40), 9))
def test_a_shift_of_all_logits_changes_no_probability(xs, shift):
    assert number.softmax([float(x + shift) for x in xs]) == number.softmax(
        [float(x) for x in xs]
    )


def test_logits_of_any_size_do_not_overflow():
    assert number.softmax([1e308, -1e308, 1e308]) == [0.5, 0.0, 0.5]


@given(vectors.filter(lambda xs: max(map(abs, xs)) > 0.1))
def test_a_normed_vector_has_a_root_mean_square_just_below_one(xs):
    exact = [Fraction(x) for x in xs]
    mean_square = sum(x * x for x in exact) / len(xs)
    expected = float(mean_square / (mean_square + Fraction(number.EPSILON))) ** 0.5
    square = math.fsum(y * y for y in number.rmsnorm(xs)) / len(xs)
    assert square**0.5 == pytest.approx(expected, rel=1e-12)


def test_a_vector_of_zeros_is_normed_to_zeros():
    assert number.rmsnorm([0.0, 0.0]) == [0.0, 0.0]


@given(vectors.filter(lambda xs: max(xs) - xs[-1] < 700))
def test_the_loss_is_the_surprise_at_the_target(xs):
    surprise = math.log(math.fsum(math.exp(x - max(xs)) for x in xs)) - xs[-1] + max(xs)
    assert number.cross_entropy(xs, len(xs) - 1) == pytest.approx(
        surprise, rel=1e-12, abs=1e-12
    )


def test_a_probability_that_underflows_is_refused_by_the_logarithm():
    message = "log(0.0) is not defined: the number must be positive"
    with refused(ValueError, message):
        number.cross_entropy([800.0, 0.0], 1)
