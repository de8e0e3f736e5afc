"""Whether what checks gradients sees errors: thirty wrong derivatives."""

import math
from itertools import islice

from microgpt import nudge
from microgpt.value import Value
from tests.trust.figure import Figure

OPERATIONS = {  # of floats: the result, and the slope for each operand
    "x + y": lambda x, y: (x + y, (1.0, 1.0)),
    "x - y": lambda x, y: (x - y, (1.0, -1.0)),
    "x * y": lambda x, y: (x * y, (y, x)),
    "x / y": lambda x, y: (x / y, (1 / y, -x / y**2)),
    "x ** 3": lambda x: (x**3, (3 * x**2,)),
    "x ** -0.5": lambda x: (x**-0.5, (-0.5 * x**-1.5,)),
    "exp(x)": lambda x: (math.exp(x), (math.exp(x),)),
    "log(x)": lambda x: (math.log(x), (1 / x,)),
    "relu(x)": lambda x: (max(x, 0.0), (float(x > 0),)),
}
SLIPS = {  # what may happen to slopes
    "0.1 % too large": lambda first, *rest: (1.001 * first, *rest),
    "0.1 % too small": lambda *slopes: (*slopes[:-1], 0.999 * slopes[-1]),
    "the wrong sign": lambda *slopes: (*slopes[:-1], -slopes[-1]),
}
RULES = {  # what somebody might write in earnest
    "x * y": ("the factors not swapped", lambda x, y: (x, y)),
    "x ** 3": ("the exponent not lowered", lambda x: (3 * x**3,)),
    "log(x)": ("a logarithm to base two", lambda x: (1 / (x * math.log(2)),)),
}
AT = (0.7, -1.3)  # where they are checked: no two results or slopes are alike there


def operation(name, wrong=None):
    """Make an operation on Values whose slopes are right, or else these."""

    def made(*xs):
        floats = [x.data for x in xs]
        result, right = OPERATIONS[name](*floats)
        return Value(result, xs, wrong(floats, right) if wrong else right)

    return made


def wrong_ones():
    """Name every wrong derivative; give the operation, right and wrong."""
    for name in OPERATIONS:
        for what, slip in SLIPS.items():
            wrong = operation(name, lambda floats, right, slip=slip: slip(*right))
            yield f"{name}: {what}", operation(name), wrong
    for name, (what, rule) in RULES.items():
        wrong = operation(name, lambda floats, right, rule=rule: rule(*floats))
        yield f"{name}: {what}", operation(name), wrong


def accepted(f, arguments):
    """Tell whether the check lets a derivative pass."""
    try:
        nudge.check_grad(f, *arguments)
    except AssertionError:
        return False
    return True


def notices(cases):
    """Hand so many wrong derivatives to the checker, and the right ones as well."""
    for name, right, wrong in islice(wrong_ones(), cases):
        count = 2 if "y" in name.partition(":")[0] else 1
        arguments = [Value(x) for x in AT[:count]]
        assert accepted(right, arguments), f"refused although it is right: {name}"
        assert not accepted(wrong, arguments), f"not caught: {name}"
    return f"{cases} of {cases} caught"


FIGURES = (
    Figure(
        "The check of gradients, `check_grad`, catches thirty wrong derivatives, "
        "among them some that are 0.1 % off",
        "each one caught, the right ones accepted",
        30,
        30,
        notices,
    ),
)
