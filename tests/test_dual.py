import math

import pytest
from hypothesis import assume, given

from microgpt.dual import Dual
from tests.engines import (
    ENGINES,
    copies,
    mild_leaves,
    random_programs,
    refused,
    run,
    sizes_of_gradients,
    steps,
)


def slopes(program_steps, leaves):
    """Find the slope of a program's last number by each leaf, one pass for each."""
    for i in range(len(leaves)):
        duals = [Dual(x, float(i == j)) for j, x in enumerate(leaves)]
        yield run(program_steps, duals)[-1].slope


def compared(leaves, program_steps):
    """Hold forward against backward; tell whether there were gradients to compare."""
    kind = ENGINES["value"]
    values = [kind(x) for x in leaves]
    root = run(program_steps, values)[-1]
    root.backward()
    sizes = sizes_of_gradients(root, values)
    if not all(map(math.isfinite, sizes)):
        return False
    for value, size, slope in zip(values, sizes, slopes(program_steps, leaves)):
        assert abs(value.grad - slope) <= 1e-13 * size + 1e-300
    return True


@pytest.mark.parametrize(
    ("f", "data", "slope"),
    [
        (lambda x: x + x * 3, 8, 4),
        (lambda x: x * x, 4, 4),
        (lambda x: x**3, 8, 12),
        (lambda x: x**0, 1, 0),
        (lambda x: 1 / x, 0.5, -0.25),
        (Dual.exp, math.exp(2), math.exp(2)),
        (Dual.log, math.log(2), 0.5),
        (Dual.relu, 2, 1),
        (lambda x: (-x).relu(), 0, 0),
        (lambda x: (x - 2).relu(), 0, 0),
        (lambda x: (x / 4).relu(), 0.5, 0.25),
    ],
)
def test_each_operation_carries_the_slope_along(f, data, slope):
    result = f(Dual(2.0, 1.0))
    assert (result.data, result.slope) == (data, slope)


def test_a_number_has_no_slope_unless_given():
    assert repr(Dual(2)) == "Dual(data=2.0, slope=0.0)"
    assert repr(Dual(2, 1)) == "Dual(data=2.0, slope=1.0)"


@pytest.mark.parametrize("arguments", [("2", 1.0), (2.0, "1")])
def test_data_and_slope_are_real_numbers(arguments):
    with refused(TypeError, "a Dual is made of a real number, not of str"):
        Dual(*arguments)


def test_relu_lets_nan_through_and_its_slope_too():
    y = Dual(math.nan, 1.0).relu()
    assert math.isnan(y.data)
    assert y.slope == 1.0


def test_a_result_can_be_copied_for_it_has_no_graph():
    for twin in copies(Dual(1.5, 1.0) * 2):
        assert (twin.data, twin.slope) == (3.0, 2.0)


@given(mild_leaves, steps)
def test_forward_finds_what_backward_finds(leaves, program_steps):
    assume(compared(leaves, program_steps))


def test_forward_finds_what_backward_finds_on_random_graphs():
    assert sum(compared(*program) for program in random_programs(500, seed=7)) > 400
