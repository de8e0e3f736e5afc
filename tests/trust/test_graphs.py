"""The judges of random graphs: they know the slopes, and search for a wrong one."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt.value import Value
from tests.engines import EXPONENTS, PRIMITIVES
from tests.trust import graphs
from tests.trust.graphs import BOUND, exact, scaled_errors, with_60_digits
from tests.trust.programs import EDGES, programs, run
from tests.trust.rules import RULES, differences, function, reordered
from tests.trust.test_figures import Wrong

JUDGE = with_60_digits()
hard_leaves = st.lists(st.floats() | st.sampled_from(EDGES), min_size=1, max_size=5)
steps = st.lists(
    st.tuples(
        st.sampled_from(list(PRIMITIVES)),
        st.integers(0, 30),
        st.integers(-4, 30),
        st.sampled_from(EXPONENTS),
    ),
    min_size=3,
    max_size=60,
)


@given(hard_leaves, steps)
def test_no_graph_has_a_gradient_that_is_off(leaves, steps):
    for error in scaled_errors(JUDGE, (leaves, steps)):
        assert error <= BOUND


def test_the_judge_knows_slopes_and_sizes():
    program = [3.0, 2.0], [("*", 0, 1, 1), ("**", 0, 0, 2), ("exp", 1, 0, 1)]
    numbers, made = run(Value, program)
    assert made == [("*", (0, 1), 1), ("**", (0,), 2), ("exp", (1,), 1)]
    _, slopes, sizes = exact(JUDGE, [x.data for x in numbers], made)
    assert list(map(float, slopes)) == [0, math.exp(2), 0, 0, 1]
    assert sizes == pytest.approx([0, math.exp(2), 0, 0, 1])


def test_terms_that_cancel_have_a_size_all_the_same():
    program = [3.0, -1.0], [("*", 0, 1, 1), ("+", 0, 2, 1)]
    numbers, made = run(Value, program)
    _, slopes, sizes = exact(JUDGE, [x.data for x in numbers], made)
    assert (slopes[0], sizes[0]) == (0, pytest.approx(2))


def test_where_a_path_leaves_the_floats_there_is_nothing_to_judge():
    program = [1e-320], [("log", 0, 0, 1)]
    assert len(list(scaled_errors(JUDGE, program))) == 1  # the root alone
    program = [1e200], [("*", 0, 0, 1), ("relu", 1, 1, 1)]
    assert list(scaled_errors(JUDGE, program)) == [0]


@pytest.mark.parametrize("x", [0.0, -0.0])
@pytest.mark.parametrize("n", [0, 0.5, 1, 2, 3])
def test_the_judge_knows_the_powers_of_zero(x, n):
    assert list(scaled_errors(JUDGE, ([x], [("**", 0, 0, n)])))[-1] == 0


def test_a_slope_that_is_off_by_little_more_than_the_bound_is_noticed(monkeypatch):
    monkeypatch.setattr(graphs, "Value", Wrong)
    monkeypatch.setattr(Wrong, "factor", 1 + 3 * BOUND)
    program = [3.0, 2.0], [("*", 0, 1, 1)]
    assert max(scaled_errors(JUDGE, program)) > BOUND


def test_a_wrong_result_is_noticed(monkeypatch):
    class Off(Value):
        __slots__ = ()

        def exp(self):
            result = super().exp()
            result.data *= 1 + 1e-15
            return result

    monkeypatch.setattr(graphs, "Value", Off)
    with pytest.raises(AssertionError, match=r"^2.71828182845904\d+ is not 2.7182818"):
        list(scaled_errors(JUDGE, ([1.0], [("exp", 0, 0, 1)])))


def test_programs_are_deep_share_much_and_reach_the_edges():
    drawn = list(programs(500))
    lengths = [len(steps) for _, steps in drawn]
    assert (min(lengths), max(lengths)) == (3, 60)
    leaves = {repr(leaf) for leaves, _ in drawn for leaf in leaves}
    assert {repr(edge) for edge in EDGES} <= leaves
    assert any(i == j for _, steps in drawn for _, i, j, _ in steps)
    judged = [sum(1 for _ in scaled_errors(JUDGE, program)) for program in drawn[:100]]
    assert sum(judged) / len(judged) > 10
    assert drawn == list(programs(500))


@given(hard_leaves, steps, st.integers())
def test_another_order_makes_the_same_numbers(leaves, steps, seed):
    numbers, made = run(float, (leaves, steps))
    other = reordered(random.Random(seed), len(leaves), made)
    root = function(other)(leaves)
    assert root == numbers[-1] or math.isnan(root)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_holds_and_compares_something(rule):
    rng = random.Random(1)
    assert len([x for _ in range(60) for x in differences(rng, rule)]) > 20
