"""Random programs for the figures: long, shared, and at the edges of the floats."""

import random

from tests.engines import EXPONENTS, PRIMITIVES

EDGES = (0.0, -0.0, 1.0, -1.0, 5e-324, -1e-310, 1e150, -1e150, 1e-150, -1e-150)
NAMES = (*PRIMITIVES, "+", "*")  # sums and products come twice as often


def program(rng):
    """Draw a program for `tests.engines.run`: up to 5 leaves, 3 to 60 steps.

    Every third leaf or so is one of the edges. A step takes any of the numbers there
    are, one of the last few as a rule, so that much is shared and the graph is deep.
    """
    leaves = [
        rng.choice(EDGES) if rng.random() < 0.3 else rng.uniform(-2, 2)
        for _ in range(rng.randint(1, 5))
    ]
    size, steps = len(leaves), []
    for _ in range(rng.randint(3, 60)):
        i, j = (max(0, size - 1 - int(rng.expovariate(0.2))) for _ in range(2))
        j = i if rng.random() < 0.1 else j  # x op x
        steps.append((rng.choice(NAMES), i, j, rng.choice(EXPONENTS)))
        size += 1
    return leaves, steps


def programs(count):
    """Draw so many programs, the same ones each time."""
    rng = random.Random(2026)
    return (program(rng) for _ in range(count))
