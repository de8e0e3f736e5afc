"""Each figure holds in its quick form, and each one would notice an error."""

import pytest

from microgpt import closures, value
from tests.trust import engines, kills
from tests.trust.figure import Absent, figures


def tenth_of_a_percent(monkeypatch):
    """Let the slopes of `*` be 0.1 % too large on the reference engine."""

    class Wrong(value.Value):
        __slots__ = ()

        def __mul__(self, other):
            result = super().__mul__(other)
            a, b = result._local_grads
            result._local_grads = (1.001 * a, b)
            return result

    monkeypatch.setitem(engines.ENGINES, "value", Wrong)


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


def disordered(node):
    return tuple(set(node._prev))


ERRORS = {  # for each figure an error that it has to notice
    "engines.same_bits": tenth_of_a_percent,
    "engines.same_in_every_process": children_in_a_set,
    "kills.kill": nothing_is_saved,
    "kills.end": nothing_is_saved,
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
