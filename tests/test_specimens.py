"""The specimens are right where they claim to be, and have the faults they admit."""

import gc
import math

import pytest

from microgpt import value
from tests.engines import run
from tests.specimens import closures, local_grads

SPECIMENS = {"local_grads": local_grads.Value, "closures": closures.Value}
STEPS = [
    ("*", 0, 1, 1),
    ("relu", 2, 0, 1),
    ("**", 3, 0, 3),
    ("+", 4, 0, 1),
    ("+", 5, 4, 1),
    ("*", 6, 6, 1),
]


@pytest.fixture(params=SPECIMENS.values(), ids=SPECIMENS.keys())
def Specimen(request):
    return request.param


def test_a_specimen_is_right_the_first_time(Specimen):
    found = []
    for kind in (Specimen, value.Value):
        leaves = [kind(2.0), kind(3.0)]
        root = run(STEPS, leaves)[-1]
        root.backward()
        found.append((root.data, *(leaf.grad for leaf in leaves)))
    assert found[0] == found[1]


def test_a_specimen_has_all_conveniences(Specimen):
    x = Specimen(8.0)
    results = [x + 2, 2 + x, x - 2, 2 - x, x * 2, 2 * x, x / 2, 2 / x, x**2, -x]
    assert [y.data for y in results] == [10, 10, 6, -6, 16, 16, 4, 0.25, 64, -8]


def test_exp_and_log_of_the_specimen_are_right():
    x = local_grads.Value(2.0)
    (x.exp() + x.log()).backward()
    assert x.grad == pytest.approx(math.exp(2) + 0.5)


def test_a_specimen_takes_any_object_for_a_number(Specimen):
    assert (Specimen("3") + Specimen("4")).data == "34"
    assert Specimen(None).data is None
    assert type(Specimen(Specimen(1.0)).data) is Specimen


def test_a_specimen_mixes_integers_into_the_gradients(Specimen):
    x = Specimen(2.0)
    assert type(x.grad) is int
    x.backward()
    assert type(x.grad) is int


def test_a_specimen_turns_complex(Specimen):
    assert type((Specimen(-8.0) ** 0.5).data) is complex


def test_zero_to_the_power_zero_has_no_slope_in_a_specimen(Specimen):
    with pytest.raises(ZeroDivisionError):
        (Specimen(0.0) ** 0).backward()


def test_the_truth_of_a_specimen_is_not_that_of_its_data(Specimen):
    assert bool(Specimen(0.0)) is True


def test_powers_with_a_slope_are_refused_without_a_word():
    with pytest.raises(AssertionError, match=r"^assert isinstance|^$"):
        closures.Value(2.0) ** closures.Value(3.0)
    with pytest.raises(TypeError, match="unsupported operand"):
        local_grads.Value(2.0) ** local_grads.Value(3.0)


def test_the_sort_of_a_specimen_leaves_a_cycle_behind(Specimen):
    x = Specimen(2.0)
    gc.collect()
    x.backward()
    assert gc.collect() > 0
