"""What must hold of slopes whatever the function: the rules of the derivative.

No judge is needed: two computations of ours have to agree. The difference is divided by
the gradient of absolute paths; functions whose numbers leave the range of floats, or
come near its end, are left out.
"""

import random

from microgpt.graph import topological_order
from microgpt.value import Value
from tests.engines import PRIMITIVES, sizes_of_gradients
from tests.trust.figure import Figure
from tests.trust.programs import program, run

BOUND = 1e-13
LARGE, SMALL = 1e60, 1e-60


def slopes(leaves, f):
    """Go backward from f at fresh leaves: the root, its slopes, their sizes."""
    values = [Value(x) for x in leaves]
    root = f(values)
    root.backward()
    return root, [x.grad for x in values], sizes_of_gradients(root, values)


def function(made):
    """Make a function of leaves out of the steps of a program."""

    def f(leaves):
        numbers = list(leaves)
        for name, operands, n in made:
            x, y = (numbers[i] for i in (*operands, operands[0])[:2])
            numbers.append(PRIMITIVES[name](x, y, n))
        return numbers[-1]

    return f


def reordered(rng, count, made):
    """Put the steps into another order in which each finds its operands."""
    place = dict(enumerate(range(count)))  # where the numbers stand now
    waiting, steps = dict(enumerate(made, start=count)), []
    while waiting:
        ready = [i for i, step in waiting.items() if all(j in place for j in step[1])]
        i = rng.choice(ready)
        name, operands, n = waiting.pop(i)
        place[i] = count + len(steps)
        steps.append((name, tuple(place[j] for j in operands), n))
    last = place[count + len(made) - 1] if made else count - 1
    return [*steps, ("**", (last,), 1)]  # the root stands last again


def same_in_another_order(rng, leaves, f, g):
    """Build f in another order."""
    _, expected, _ = slopes(leaves, function(f))
    return slopes(leaves, function(reordered(rng, len(leaves), f))), expected


def linear(rng, leaves, f, g):
    """The slope of 2 f - 3 g is twice that of f less three times that of g."""
    f, g = function(f), function(g)
    (_, df, _), (_, dg, _) = slopes(leaves, f), slopes(leaves, g)
    found = slopes(leaves, lambda xs: f(xs) * 2 - g(xs) * 3)
    return found, [2 * x - 3 * y for x, y in zip(df, dg)]


def product(rng, leaves, f, g):
    """The slope of f g is that of f times g and that of g times f."""
    f, g = function(f), function(g)
    (u, df, _), (v, dg, _) = slopes(leaves, f), slopes(leaves, g)
    found = slopes(leaves, lambda xs: f(xs) * g(xs))
    return found, [x * v.data + u.data * y for x, y in zip(df, dg)]


RULES = (linear, product, same_in_another_order)


def tame(root, sizes):
    """Tell whether the numbers and slopes are far from the ends of the range."""
    numbers = [*(abs(node.data) for node in topological_order(root)), *sizes]
    return all(SMALL < x < LARGE for x in numbers if x)


def differences(rng, rule):
    """Try a rule on functions drawn at random: each slope's difference, by its size."""
    leaves = [rng.uniform(-2, 2) for _ in range(rng.randint(2, 5))]
    f, g = (run(Value, (leaves, program(rng)[1]))[1] for _ in "fg")
    (root, found, sizes), expected = rule(rng, leaves, f, g)
    if not tame(root, sizes):
        return
    for slope, other, size in zip(found, expected, sizes):
        difference = abs(slope - other)
        assert difference <= BOUND * size, (
            f"{rule.__name__}: {slope}, not {other}, at {leaves} with {f} and {g}"
        )
        if size:
            yield difference / size


def of_derivatives(cases):
    """Try each rule in turn on random functions."""
    rng = random.Random(2026)
    worst, compared = 0.0, 0
    for number in range(cases):
        for difference in differences(rng, RULES[number % len(RULES)]):
            worst, compared = max(worst, difference), compared + 1
    assert compared >= cases / 2, f"only {compared} of {cases} could be compared"
    return f"worst {worst:.1e}, of {compared:,} gradients"


FIGURES = (
    Figure(
        "Gradients of random functions are linear, obey the product rule, and do not "
        "depend on the order in which a graph is built",
        "difference at most `1e-13` of the gradient of absolute paths",
        300,
        10_000,
        of_derivatives,
    ),
)
