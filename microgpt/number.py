"""What a number must answer to: the functions that the model asks of it.

Each function here takes plain floats, or any kind of number that has a method of the
same name (`Value`, `Dual`): the model is written once, for all of them.
On floats the functions raise the standard exceptions, with the operand in the message.

Chapters: Six primitives; Linear, softmax, RMSNorm; The loss.
"""

import math
from functools import reduce
from operator import add, mul

EPSILON = 1e-5  # keeps rmsnorm away from a division by zero


def exp(x):
    """Raise e to the power `x`.

    >>> exp(0.0)
    1.0
    >>> exp(1000.0)
    Traceback (most recent call last):
    OverflowError: exp(1000.0) is too large for a float
    """
    if not isinstance(x, (int, float)):
        return x.exp()
    try:
        return math.exp(x)
    except OverflowError:
        raise OverflowError(f"exp({x}) is too large for a float") from None


def log(x):
    """Take the natural logarithm of a positive `x`.

    >>> log(1.0)
    0.0
    >>> log(0.0)
    Traceback (most recent call last):
    ValueError: log(0.0) is not defined: the number must be positive
    """
    if not isinstance(x, (int, float)):
        return x.log()
    if x <= 0:
        raise ValueError(f"log({x}) is not defined: the number must be positive")
    return math.log(x)


def relu(x):
    """Keep `x` where it is positive, else give 0.0; NaN stays NaN.

    >>> relu(2.0), relu(-2.0), relu(math.nan)
    (2.0, 0.0, nan)
    """
    if not isinstance(x, (int, float)):
        return x.relu()
    return 0.0 if x <= 0 else float(x)


def power(x, n):
    """Raise `x` to the constant power `n`, or say why there is no such real number.

    >>> power(2.0, -1)
    0.5
    >>> power(-8.0, 0.5)
    Traceback (most recent call last):
    ValueError: -8.0 ** 0.5 is not a real number
    """
    if not isinstance(x, (int, float)):
        return x**n
    try:
        result = x**n
    except ZeroDivisionError:
        raise ZeroDivisionError(f"{x} ** {n} divides by zero") from None
    except OverflowError:
        raise OverflowError(f"{x} ** {n} is too large for a float") from None
    if isinstance(result, complex):
        raise ValueError(f"{x} ** {n} is not a real number")
    return result


def power_slope(x, n):
    """Find the slope of `x ** n` at the float `x`: n * x ** (n - 1), or infinity.

    >>> power_slope(3.0, 2), power_slope(0.0, 0), power_slope(0.0, 0.5)
    (6.0, 0.0, inf)
    """
    if n == 0:
        return 0.0
    try:
        return n * x ** (n - 1)
    except (ZeroDivisionError, OverflowError):  # a slope too steep for a float
        return n * math.copysign(math.inf, x if n % 2 == 0 else 1.0)


def total(xs):
    """Add the numbers from left to right, as `sum` does up to Python 3.11.

    >>> total([0.1] * 10)
    0.9999999999999999
    """
    return reduce(add, xs)


def dot(ws, xs):
    """Multiply two vectors of one length element by element and add the products.

    >>> dot([1.0, 2.0, 3.0], [4.0, 5.0, 6.0])
    32.0
    """
    if hasattr(ws[0], "dot") and hasattr(xs[0], "dot"):
        return ws[0].dot(ws, xs)
    return reduce(add, map(mul, ws, xs))


def softmax(xs):
    """Turn any numbers into probabilities: none negative, with a sum of 1.

    The largest is subtracted first, so that no exponential can overflow.

    >>> softmax([0.0, 0.0]), softmax([1000.0, 0.0])
    ([0.5, 0.5], [1.0, 0.0])
    """
    if hasattr(xs[0], "softmax"):
        return xs[0].softmax(xs)
    largest = max(map(float, xs))
    exps = [exp(x - largest) for x in xs]
    whole = total(exps)
    return [e * whole**-1 for e in exps]


def rmsnorm(xs):
    """Scale a vector to a root mean square of 1 (Zhang and Sennrich 2019).

    >>> [round(x, 2) for x in rmsnorm([3.0, -4.0])]
    [0.85, -1.13]
    """
    if hasattr(xs[0], "rmsnorm"):
        return xs[0].rmsnorm(xs)
    mean_square = dot(xs, xs) * len(xs) ** -1
    scale = (mean_square + EPSILON) ** -0.5
    return [x * scale for x in xs]


def cross_entropy(logits, target):
    """Measure the surprise, in nats, at the outcome number `target`.

    >>> cross_entropy([0.0, 0.0], 1)
    0.6931471805599453
    """
    if hasattr(logits[0], "cross_entropy"):
        return logits[0].cross_entropy(logits, target)
    return -log(softmax(logits)[target])
