"""The engines that the tests run on, and random graphs to run on each of them."""

import copy
import os
import pickle
import random
import re
import shutil

import pytest
from hypothesis import strategies as st

from microgpt import closures, number, value
from microgpt.dual import Dual
from microgpt.graph import topological_order
from microgpt.ladder import fused

ENGINES = {"value": value.Value, "closures": closures.Value, "fused": fused.Value}
KINDS = {**ENGINES, "dual": Dual}

EXPONENTS = (-2, -1, -0.5, 0, 0.5, 1, 2, 3)
PRIMITIVES = {
    "+": lambda x, y, n: x + y,
    "*": lambda x, y, n: x * y,
    "**": lambda x, y, n: number.power(x, n),
    "exp": lambda x, y, n: number.exp(x),
    "log": lambda x, y, n: number.log(x),
    "relu": lambda x, y, n: number.relu(x),
}

steps = st.lists(
    st.tuples(
        st.sampled_from(list(PRIMITIVES)),
        st.integers(0, 30),
        st.integers(0, 30),
        st.sampled_from(EXPONENTS),
    ),
    min_size=1,
    max_size=20,
)
any_leaves = st.lists(st.floats(), min_size=1, max_size=4)
mild_leaves = st.lists(st.floats(0.25, 2), min_size=1, max_size=4)


class DotAlone(value.Value):
    """A Value that fuses its dot products and nothing else."""

    __slots__ = ()

    @staticmethod
    def dot(ws, xs):
        node = fused.Value.dot(ws, xs)
        return DotAlone(node.data, node._children, node._local_grads)


def refused(error, message):
    """Expect an error with exactly this message."""
    return pytest.raises(error, match=f"^{re.escape(message)}$")


def c_compiler():
    """The C compiler of this machine: its name, and where it lies, if it is there."""
    name = (os.environ.get("CC") or "cc").split()[0]
    return name, shutil.which(name)


def need_compiler():
    """Skip a test where there is no C compiler, and say so."""
    name, place = c_compiler()
    if place is None:
        pytest.skip(f"no C compiler {name} here")


def needed(engine):
    """Skip the test where a package or the compiler is absent that the engine needs."""
    package = {"arrays": "numpy", "by_hand": "numpy", "torch": "torch"}.get(engine)
    if package:
        pytest.importorskip(package)
    if engine.startswith("compiled"):
        need_compiler()


def copies(x):
    """Copy a number in every way there is."""
    yield copy.copy(x)
    yield copy.deepcopy(x)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        yield pickle.loads(pickle.dumps(x, protocol))


def random_program(rng, length):
    """Draw a program: leaves, and steps (primitive, index, index, exponent)."""
    leaves = [rng.uniform(-2, 2) for _ in range(rng.randint(1, 4))]
    steps = [
        (
            rng.choice(list(PRIMITIVES)),
            rng.randrange(1000),
            rng.randrange(1000),
            rng.choice(EXPONENTS),
        )
        for _ in range(length)
    ]
    return leaves, steps


def random_programs(count, seed):
    """Draw many programs of up to 20 steps."""
    rng = random.Random(seed)
    return (random_program(rng, rng.randint(1, 20)) for _ in range(count))


def run(steps, leaves):
    """Run a program on numbers of any kind; give every number it makes.

    An index counts the numbers made so far, round and round; a step that has no result
    in the range of floats makes none.
    """
    numbers = list(leaves)
    for primitive, i, j, n in steps:
        x, y = numbers[i % len(numbers)], numbers[j % len(numbers)]
        try:
            numbers.append(PRIMITIVES[primitive](x, y, n))
        except (ArithmeticError, ValueError):
            continue
    return numbers


def bits(numbers):
    """Write floats so that one can compare their every bit."""
    return [x.hex() for x in numbers]


def run_backward(kind, program):
    """Run a program on an engine and go backward: every number's data and grad."""
    leaves, steps = program
    nodes = run(steps, map(kind, leaves))
    nodes[-1].backward()
    return bits(node.data for node in nodes), bits(node.grad for node in nodes)


def sizes_of_gradients(root, leaves):
    """Bound each leaf's gradient: the sum, over its paths, of absolute products.

    It is the measure of what rounding may do to a gradient, for the terms that add up
    to it may cancel.
    """
    sizes = {root: 1.0}
    for node in reversed(topological_order(root)):
        for child, local_grad in zip(node._children, node._local_grads):
            sizes[child] = sizes.get(child, 0.0) + abs(local_grad) * sizes[node]
    return [sizes.get(leaf, 0.0) for leaf in leaves]
