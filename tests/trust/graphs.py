"""Gradients of random graphs against judges that share none of our code.

Each step is judged at the operands that it had: where two nearly equal numbers are
subtracted, the rounding of both is passed on, through no fault of the step. An error is
divided by the gradient of absolute paths, since the terms of a gradient may cancel; a
number below the smallest normal one counts as that, for floats grow coarse there. Where
an absolute path leaves the range of floats, there is nothing to judge.
"""

import math

from microgpt.value import Value
from tests.engines import PRIMITIVES
from tests.trust.figure import Figure, needed
from tests.trust.programs import programs, run

BOUND = 1e-13
LEAST = 2.0**-1022  # the smallest normal float
DATA = 2.0**-51  # how far a single result may be off: two units of the last place


def rules(mp):
    """Tell each primitive and its slopes once more, in the numbers of mpmath."""

    def power(x, n):
        if n == 0:
            return mp.one, (mp.zero,)
        if x == 0:
            return mp.zero, (mp.inf if n < 1 else mp.mpf(n == 1),)
        below = mp.power(x, n - 1)
        return below * x, (n * below,)

    return {
        "+": lambda n, x, y: (x + y, (mp.one, mp.one)),
        "*": lambda n, x, y: (x * y, (y, x)),
        "**": lambda n, x: power(x, n),
        "exp": lambda n, x: (mp.exp(x), (mp.exp(x),)),
        "log": lambda n, x: (mp.log(x), (1 / x,)),
        "relu": lambda n, x: (x, (mp.one,)) if x > 0 else (mp.zero, (mp.zero,)),
    }


def with_60_digits():
    """Make the judge: a context of mpmath of our own."""
    mp = needed("mpmath").MPContext()
    mp.dps = 60
    return mp, rules(mp)


def exact(judge, data, made, least=LEAST):
    """Compute each number's result and slope again, and the size of that slope.

    The size is the sum over its paths of absolute products, as a float; infinite where
    a path leaves the range of floats.
    """
    mp, rules = judge
    exactly = list(map(mp.mpf, data))
    results, local = [], []
    for name, operands, n in made:
        known = all(math.isfinite(data[i]) for i in operands)
        result, slopes = (
            rules[name](n, *(exactly[i] for i in operands))
            if known
            else (mp.nan, (mp.inf,) * len(operands))
        )
        results.append(result)
        local.append(slopes)
    slopes, sizes = [mp.zero] * len(data), [0.0] * len(data)
    slopes[-1], sizes[-1] = mp.one, 1.0
    leaves = len(data) - len(made)
    for at in range(len(data) - 1, leaves - 1, -1):
        if sizes[at]:
            for child, slope in zip(made[at - leaves][1], local[at - leaves]):
                slopes[child] += slope * slopes[at]
                sizes[child] += max(abs(float(slope)), least) * sizes[at] + least
    return results, slopes, sizes


def scaled_errors(judge, program):
    """Give the error of each gradient of a graph, divided by its size."""
    mp, _ = judge
    numbers, made = run(Value, program)
    numbers[-1].backward()
    data = [number.data for number in numbers]
    results, slopes, sizes = exact(judge, data, made)
    for result, x in zip(results, data[len(data) - len(made) :]):
        if abs(result) <= 2.0**1023:
            assert abs(x - result) <= DATA * abs(result) + 2.0**-1074, (
                f"{x} is not {mp.nstr(result, 20)} in {program}"
            )
    for number, slope, size in zip(numbers, slopes, sizes):
        if 0 < size < math.inf:
            yield float(abs(number.grad - slope) / size)


def against_mpmath(cases):
    """Hold the numbers and gradients of random graphs against 60 digits."""
    judge = with_60_digits()
    worst, judged = 0.0, 0
    for number, program in enumerate(programs(cases)):
        for error in scaled_errors(judge, program):
            assert error <= BOUND, f"error {error:.2g} in program {number}: {program}"
            worst, judged = max(worst, error), judged + 1
    return f"worst {worst:.1e}, of {judged:,} gradients"


def with_pytorch(torch, program):
    """Run a program in PyTorch on the numbers of the engine; give these, and both.

    PyTorch has rules, an order and sums of its own. Its result of each step is compared
    and then replaced by the engine's: both go backward at the same numbers. From
    infinite operands it makes NaN where Python's power has a limit.
    """

    def tensor(x):
        return torch.tensor(float(x), dtype=torch.float64, requires_grad=True)

    numbers, made = run(Value, program)
    leaves, data = len(numbers) - len(made), [number.data for number in numbers]
    tensors = [tensor(leaf) for leaf in program[0]]
    for number, (name, operands, n) in zip(numbers[leaves:], made):
        result = PRIMITIVES[name](
            *(tensors[i] for i in (*operands, operands[0])[:2]), n
        )
        theirs, ours = result.item(), number.data
        if math.isfinite(ours) and all(math.isfinite(data[i]) for i in operands):
            assert abs(theirs - ours) <= 2 * DATA * abs(ours) + LEAST, (
                f"{name} gives {ours}, PyTorch {theirs}, in {program}"
            )
        result.data.fill_(ours)
        tensors.append(result)
    numbers[-1].backward()
    tensors[-1].backward()
    return numbers, made, tensors[:leaves]


def against_pytorch(cases):
    """Hold the gradients of the leaves of random graphs against PyTorch's float64."""
    torch, judge = needed("torch"), with_60_digits()
    worst, judged = 0.0, 0
    for number, program in enumerate(programs(cases)):
        numbers, made, tensors = with_pytorch(torch, program)
        data = [x.data for x in numbers]
        _, _, sizes = exact(judge, data, made, LEAST / BOUND)  # it may flush to zero
        for leaf, tensor, size in zip(numbers, tensors, sizes):
            if 0 < size < math.inf:
                error = abs(leaf.grad - tensor.grad.item()) / size
                assert error <= BOUND, (
                    f"error {error:.2g} in program {number}: {program}"
                )
                worst, judged = max(worst, error), judged + 1
    return f"worst {worst:.1e}, of {judged:,} gradients"


FIGURES = (
    Figure(
        "Gradients of random graphs agree with mpmath at 60 digits",
        "error at most `1e-13` of the gradient of absolute paths",
        300,
        100_000,
        against_mpmath,
    ),
    Figure(
        "Gradients of random graphs agree with PyTorch in float64",
        "difference at most `1e-13` of the gradient of absolute paths",
        200,
        20_000,
        against_pytorch,
    ),
)
