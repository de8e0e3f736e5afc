"""Each figure holds in its quick form, and each one would notice an error."""

import pytest

from microgpt import cli, closures, nudge, value
from microgpt.ladder import arrays, by_hand
from microgpt.run import go_on
from tests.specimens import local_grads
from tests.trust import (
    depth,
    engines,
    gradients,
    graphs,
    inputs,
    kills,
    losses,
    mutated,
    resumed,
    rules,
)
from tests.trust.figure import Absent, figures

pytestmark = pytest.mark.no_cover  # with it, a step takes four times as long


class Wrong(value.Value):
    """An engine on which the first slope of `*` is a little too large."""

    __slots__ = ()
    factor = 1 + 1e-10

    def __mul__(self, other):
        result = super().__mul__(other)
        a, b = result._local_grads
        result._local_grads = (self.factor * a, b)
        return result


def a_slope_too_large(module):
    """Let a figure measure that engine in the place of the reference."""
    return lambda monkeypatch: monkeypatch.setattr(module, "Value", Wrong)


def another_engine(monkeypatch):
    monkeypatch.setitem(engines.ENGINES, "value", Wrong)


def a_check_that_accepts_all(monkeypatch):
    monkeypatch.setattr(nudge, "check_grad", lambda f, *xs: None)


def recursion(monkeypatch):
    """Measure the published engine, which sorts by recursion."""
    monkeypatch.setitem(depth.ENGINES, "value", local_grads.Value)


def children_in_a_set(monkeypatch):
    """Let an engine forget the order of its children, as the published one does."""
    monkeypatch.setattr(closures.Value, "_children", property(disordered))
    plant = "from microgpt import closures; closures.Value._children = property("
    plant += "lambda node: tuple(set(node._prev))); "
    monkeypatch.setattr(engines, "PRINT", plant + engines.PRINT)


def nothing_is_saved(monkeypatch):
    """Let what saves, and what trains, end by itself."""
    for program in ("SAVER", "TRAINER"):
        monkeypatch.setattr(kills, program, "raise SystemExit")


def everything_is_believed(monkeypatch):
    """Let the loader ask for nothing."""
    plant = "from microgpt import checkpoint; checkpoint.require = lambda *_: None\n"
    monkeypatch.setattr(mutated, "LOADER", plant + mutated.LOADER)


def one_average_is_forgotten(monkeypatch):
    """Let a run go on without the last bit of one of Adam's averages."""

    def forgetful(c, *rest):
        c.v[-1] *= 1 + 2**-52
        return go_on(c, *rest)

    monkeypatch.setattr(resumed, "go_on", forgetful)


def any_temperature(monkeypatch):
    """Let the command line take every number for a temperature."""
    monkeypatch.setattr(cli, "warmth", float)


def another_program(monkeypatch):
    monkeypatch.setattr(inputs, "PROGRAM", ("-c", "raise SystemExit(1)"))


def disordered(node):
    return tuple(set(node._prev))


def a_slope_larger_by_a_hundredth(monkeypatch):
    """Let an engine whose slopes are wrong train beside the reference."""
    monkeypatch.setattr(Wrong, "factor", 1.01)
    monkeypatch.setitem(losses.KINDS, "closures", Wrong)


def another_epsilon(monkeypatch):
    """Let a rung have an epsilon of its own, which is a tenth too large."""
    monkeypatch.setattr(by_hand, "EPSILON", 1.1e-5)


def every_graph_is_kept(monkeypatch):
    """Let somebody hold on to each loss, and so to its graph."""
    kept, loss = [], arrays.GPT.loss

    def kept_loss(gpt, tokens):
        kept.append(loss(gpt, tokens))
        return kept[-1]

    monkeypatch.setattr(arrays.GPT, "loss", kept_loss)


ERRORS = {  # for each figure an error that it has to notice
    "graphs.against_mpmath": a_slope_too_large(graphs),
    "graphs.against_pytorch": a_slope_too_large(graphs),
    "gradients.of_the_loss": a_slope_too_large(gradients),
    "rules.of_derivatives": a_slope_too_large(rules),
    "checker.notices": a_check_that_accepts_all,
    "depth.deep": recursion,
    "engines.same_bits": another_engine,
    "engines.same_in_every_process": children_in_a_set,
    "losses.to_the_last_bit": a_slope_larger_by_a_hundredth,
    "losses.up_to_rounding": another_epsilon,
    "losses.of_one_step": another_epsilon,
    "memory.long_run": every_graph_is_kept,
    "kills.kill": nothing_is_saved,
    "kills.end": nothing_is_saved,
    "mutated.mutate": everything_is_believed,
    "resumed.resume": one_average_is_forgotten,
    "inputs.refuse": any_temperature,
    "inputs.refuse_as_process": another_program,
}


@pytest.mark.parametrize("name", figures())
def test_a_figure_holds(name):
    figure = figures()[name]
    try:
        assert figure.measure(figure.quick)
    except Absent as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize("name", figures())
def test_a_figure_notices_an_error(name, monkeypatch):
    figure = figures()[name]
    ERRORS[name](monkeypatch)
    try:
        with pytest.raises(AssertionError):
            figure.measure(figure.quick)
    except Absent as reason:
        pytest.skip(str(reason))
