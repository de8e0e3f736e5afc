"""Deep graphs are freed one object after the other, without the engine's doing."""

import builtins
import gc
import inspect

import pytest

from docs.live import guard
from microgpt import closures, value
from tests.specimens import closures as cyclic


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    monkeypatch.setattr(builtins, "__build_class__", builtins.__build_class__)
    guard.install()


class Probe:
    """Notes how many calls are under way where it is freed."""

    def __init__(self, depths):
        self.depths = depths

    def __del__(self):
        self.depths.append(len(inspect.stack()))


def engine():
    class Value:
        def __init__(self, data, children=()):
            self.data = data
            self._children = children

        def backward(self):
            """Make an engine of the class."""

    return Value


def subclass(engine):
    class Guarded(engine):
        __slots__ = ()

        def backward(self):
            super().backward()

    return Guarded


def test_a_chain_is_freed_without_calls_within_calls():
    kind, depths = engine(), []
    chain = kind(Probe(depths))
    for _ in range(100):
        chain = kind(Probe(depths), (chain,))
    del chain
    assert len(depths) == 101
    assert len(set(depths[1:])) == 1


@pytest.mark.parametrize("engine", [value.Value, closures.Value])
def test_the_engines_compute_as_before_and_free_at_once(engine):
    kind = subclass(engine)
    x = kind(0.5)
    y = x
    for _ in range(100_000):
        y = y * 0.5 + x
    y.backward()
    plain = engine(0.5)
    z = plain
    for _ in range(100):
        z = z * 0.5 + plain
    z.backward()
    assert (y.data, x.grad) == (z.data, plain.grad) == (1.0, 2.0)
    before = sum(type(thing) is kind for thing in gc.get_objects())
    assert before > 200_000
    del y
    assert sum(type(thing) is kind for thing in gc.get_objects()) == 1


def test_a_child_that_others_hold_stays():
    kind = engine()
    child = kind(1.0)
    parent = kind(2.0, (child,))
    grandparent = kind(3.0, (parent,))
    del grandparent
    assert parent._children[0].data == 1.0


def test_nodes_that_hold_themselves_are_left_to_the_collector():
    class Value(cyclic.Value):
        def backward(self):
            super().backward()

    gc.collect()
    x = Value(2.0)
    y = x * 3
    x._backward.me = x
    del x, y
    assert gc.collect() > 0


def test_other_classes_are_left_alone():
    class Plain:
        def forward(self):
            pass

    class Closing:
        def backward(self):
            pass

        def __del__(self):
            pass

    class Slotted:
        __slots__ = ("mine",)

        def backward(self):
            pass

    closing = Closing.__del__
    assert not hasattr(Plain, "__del__")
    assert not hasattr(Slotted, "__del__")
    assert Closing.__del__ is closing


def test_a_node_that_was_never_finished_is_freed():
    kind = subclass(value.Value)
    with pytest.raises(TypeError, match="not of str"):
        kind("3")
