"""What every kind of number shares: operands, conveniences, text, copies."""

import copy
import decimal
import fractions
import math
import pickle

import numpy as np
import pytest

from microgpt import arithmetic, closures, value
from tests.engines import copies, refused

NO_NUMBERS = {
    "str": "3",
    "NoneType": None,
    "list": [1],
    "complex": 1j,
    "Decimal": decimal.Decimal(1),
    "ndarray": np.array([1.0]),
    "dict": {},
}
NUMPY_SCALARS = [
    *(np.float64(3), np.float32(3), np.float16(3)),
    *(np.int64(3), np.int8(3), np.uint8(3), np.uint64(3)),
]
OPERATIONS = {
    "x + y": lambda x, y: x + y,
    "x - y": lambda x, y: x - y,
    "x * y": lambda x, y: x * y,
    "x / y": lambda x, y: x / y,
}


@pytest.fixture(params=OPERATIONS.values(), ids=OPERATIONS.keys())
def operation(request):
    return request.param


@pytest.fixture(params=NUMPY_SCALARS, ids=lambda scalar: type(scalar).__name__)
def scalar(request):
    return request.param


# What a number is made of


@pytest.mark.parametrize("name", NO_NUMBERS)
def test_what_is_no_real_number_is_refused_by_the_name_of_its_type(Kind, name):
    message = f"a {Kind.__name__} is made of a real number, not of {name}"
    with refused(TypeError, message):
        Kind(NO_NUMBERS[name])


def test_a_number_is_not_made_of_another_of_its_kind(Kind):
    name = Kind.__name__
    message = f"a {name} is made of a real number, not of {name}"
    with refused(TypeError, message):
        Kind(Kind(1.0))


def test_an_integer_too_large_for_a_float_is_refused(Kind):
    with refused(OverflowError, "int too large to convert to float"):
        Kind(10**400)


@pytest.mark.parametrize(
    "x", [3, True, fractions.Fraction(1, 2), math.inf, -0.0, *NUMPY_SCALARS]
)
def test_any_real_number_becomes_a_float(Kind, x):
    data = Kind(x).data
    assert type(data) is float
    assert data == x


# What stands on the other side of an operator


def test_a_constant_may_stand_on_either_side(Kind):
    x = Kind(8.0)
    results = [x + 2, 2 + x, x - 2, 2 - x, x * 2, 2 * x, x / 2, 2 / x, x**2, -x]
    assert [y.data for y in results] == [10, 10, 6, -6, 16, 16, 4, 0.25, 64, -8]
    assert {type(y) for y in results} == {Kind}


def test_numbers_of_one_kind_may_stand_on_both_sides(Kind):
    x, y = Kind(8.0), Kind(2.0)
    assert [(z).data for z in (x + y, x - y, x * y, x / y)] == [10, 6, 16, 4]


def test_a_sum_starts_from_zero(Kind):
    assert sum([Kind(1.0), Kind(2.0)]).data == 3.0


def test_a_numpy_scalar_may_stand_on_either_side(Kind, operation, scalar):
    for result, expected in (
        (operation(Kind(2.0), scalar), operation(2.0, 3.0)),
        (operation(scalar, Kind(2.0)), operation(3.0, 2.0)),
    ):
        assert type(result) is Kind
        assert type(result.data) is float
        assert result.data == pytest.approx(expected, rel=1e-15)


def test_a_numpy_scalar_may_be_an_exponent(Kind, scalar):
    result = Kind(2.0) ** scalar
    assert type(result.data) is float
    assert result.data == 8.0


def test_numpy_scalars_leave_floats_in_the_gradients(Value):
    x = Value(2.0)
    y = np.float64(3) * x / np.int64(4) - np.float32(1)
    y.backward()
    assert (type(x.grad), x.grad) == (float, 0.75)


@pytest.mark.parametrize("array", [np.array([2.0, 3.0]), np.array(2.0)])
def test_an_array_is_refused_on_either_side(Kind, operation, array):
    message = f"a {Kind.__name__} is made of a real number, not of ndarray"
    with refused(TypeError, message):
        operation(Kind(1.0), array)
    with refused(TypeError, message):
        operation(array, Kind(1.0))


@pytest.mark.parametrize("name", NO_NUMBERS)
def test_what_is_no_real_number_is_refused_as_an_operand(Kind, operation, name):
    message = f"a {Kind.__name__} is made of a real number, not of {name}"
    with refused(TypeError, message):
        operation(Kind(1.0), NO_NUMBERS[name])


@pytest.mark.parametrize("name", [name for name in NO_NUMBERS if name != "ndarray"])
def test_what_is_no_real_number_is_refused_as_the_first_operand(Kind, name):
    message = f"a {Kind.__name__} is made of a real number, not of {name}"
    with refused(TypeError, message):
        NO_NUMBERS[name] - Kind(1.0)


def test_the_two_engines_do_not_mix(operation):
    message = "a Value is made of a real number, not of Value"
    with refused(TypeError, message):
        operation(value.Value(1.0), closures.Value(1.0))


@pytest.mark.parametrize("zero", [0, 0.0, False, np.float64(0), np.int64(0)])
def test_a_division_by_zero_names_its_operand(Kind, zero):
    for divide in (lambda: Kind(1.0) / zero, lambda: zero / Kind(1.0) / Kind(zero)):
        with refused(ZeroDivisionError, "0.0 ** -1.0 divides by zero"):
            divide()


# Exponents


def test_an_exponent_with_a_slope_is_refused_and_the_way_out_named(Kind):
    message = "an exponent is constant: write x ** y as (y * x.log()).exp()"
    for power in (
        lambda: Kind(2.0) ** Kind(3.0),
        lambda: 2 ** Kind(3.0),
        lambda: np.float64(2) ** Kind(3.0),
    ):
        with refused(TypeError, message):
            power()


def test_the_way_out_gives_the_slopes_of_both(Value):
    x, y = Value(2.0), Value(3.0)
    power = (y * x.log()).exp()
    power.backward()
    assert power.data == pytest.approx(8)
    assert (x.grad, y.grad) == pytest.approx((12, 8 * math.log(2)))


@pytest.mark.parametrize("name", NO_NUMBERS)
def test_an_exponent_that_is_no_real_number_is_refused(Kind, name):
    message = f"a power is made of a real number, not of {name}"
    with refused(TypeError, message):
        Kind(2.0) ** NO_NUMBERS[name]


def test_an_exponent_may_be_a_fraction():
    assert arithmetic.constant(fractions.Fraction(1, 2)) == 0.5


# Identity, text, floats


def test_numbers_are_equal_only_to_themselves(Kind):
    x = Kind(1.0)
    assert x == x
    assert x != Kind(1.0)
    assert x != 1.0
    assert 1.0 not in [x]
    assert len({x, x, Kind(1.0)}) == 2


def test_a_number_is_neither_true_nor_false(Kind):
    message = f"a {Kind.__name__} is neither true nor false: ask its data"
    for x in (Kind(0.0), Kind(1.0)):
        with refused(TypeError, message):
            bool(x)


def test_numbers_have_no_order(Kind):
    with pytest.raises(TypeError, match="not supported between instances"):
        sorted([Kind(1.0), Kind(2.0)])


def test_a_number_shows_what_it_holds(Value):
    x = Value(1.5)
    x.backward()
    assert repr(x) == str(x) == f"{x}" == "Value(data=1.5, grad=1.0)"


def test_a_number_is_formatted_as_its_data(Kind):
    assert f"{Kind(2 / 3):.3f}" == "0.667"
    assert f"{Kind(1.5):>6}" == "   1.5"


def test_a_number_becomes_a_float_without_a_graph(Kind):
    assert float(Kind(1.5)) == 1.5
    assert type(math.exp(Kind(0.0))) is float


# Copies


def test_a_copied_number_holds_the_same(Kind):
    for twin in copies(Kind(1.5)):
        assert (type(twin), twin.data) == (Kind, 1.5)


def test_a_copied_leaf_holds_the_same_and_goes_its_own_way(Value):
    x = Value(1.5)
    x.grad = 2.0
    for twin in copies(x):
        assert (type(twin), twin.data, twin.grad) == (Value, 1.5, 2.0)
        (twin * twin).backward()
        assert (twin.grad, x.grad) == (5.0, 2.0)


def test_a_graph_refuses_to_be_copied(Value):
    x = Value(1.5)
    for y in (x + 1, x * x, x**2, x.exp(), x.log(), x.relu()):
        for make in [copy.copy, copy.deepcopy, pickle.dumps]:
            with refused(
                TypeError, "a result is not copied without its graph: take float(v)"
            ):
                make(y)


def test_leaves_that_are_copied_together_stay_the_same_leaf(Value):
    x = Value(1.5)
    first, second = copy.deepcopy([x, x])
    assert first is second is not x


def test_a_number_has_no_room_for_other_attributes(Kind):
    x = Kind(1.0)
    with pytest.raises(AttributeError):
        x.gradient = 1.0
    assert not hasattr(x, "__dict__")
