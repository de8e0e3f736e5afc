"""Random programs for the figures: long, shared, and at the edges of the floats."""

import random

from tests.engines import EXPONENTS, PRIMITIVES

EDGES = (0.0, -0.0, 1.0, -1.0, 5e-324, -1e-310, 1e150, -1e150, 1e-150, -1e-150)
NAMES = (*PRIMITIVES, *"++**")  # sums and products come three times as often


def program(rng):
    """Draw a program for `tests.engines.run`: up to 5 leaves, 3 to 60 steps.

    Every third leaf or so is one of the edges. A step counts its operands from the
    end, and takes one of the last few as a rule: the graph is deep, and much is shared.
    """
    leaves = [
        rng.choice(EDGES) if rng.random() < 0.3 else rng.uniform(-2, 2)
        for _ in range(rng.randint(1, 5))
    ]
    steps = []
    for _ in range(rng.randint(3, 60)):
        i, j = (-1 - int(rng.expovariate(0.5)) for _ in range(2))
        j = i if rng.random() < 0.1 else j  # x op x
        steps.append((rng.choice(NAMES), i, j, rng.choice(EXPONENTS)))
    return leaves, steps


def programs(count):
    """Draw so many programs, the same ones each time."""
    rng = random.Random(2026)
    return (program(rng) for _ in range(count))


def run(kind, program):
    """Run a program; give its numbers, and the steps that made those after the leaves.

    A step, (primitive, indices of its operands, exponent), that has no result in the
    range of floats makes none.
    """
    leaves, steps = program
    numbers, made = [kind(leaf) for leaf in leaves], []
    for name, i, j, n in steps:
        i, j = i % len(numbers), j % len(numbers)
        try:
            numbers.append(PRIMITIVES[name](numbers[i], numbers[j], n))
        except (ArithmeticError, ValueError):
            continue
        made.append((name, (i, j) if name in "+*" else (i,), n))
    return numbers, made
