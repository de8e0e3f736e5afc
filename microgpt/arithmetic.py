"""What every kind of number shares, whatever its design.

`Value`, `closures.Value` and `Dual` each define `+`, `*`, `**`, exp, log and relu.
All the rest follows from those, and stands here once.

Chapters: The Value; Six primitives; Seven conveniences.
"""

from numbers import Real

from microgpt import number


def real(x, kind="Value"):
    """Make a float of any real number; refuse everything else by the name of its type.

    Integers, fractions and NumPy's scalars are real numbers; strings, arrays, complex
    and decimal numbers are not (`TypeError`), nor is an integer beyond the range of a
    float (`OverflowError`).

    >>> real(3)
    3.0
    >>> real("3")
    Traceback (most recent call last):
    TypeError: a Value is made of a real number, not of str
    """
    if not isinstance(x, Real):
        raise TypeError(f"a {kind} is made of a real number, not of {type(x).__name__}")
    return float(x)


def constant(n):
    """Accept an exponent that is a constant; refuse one that has a slope of its own.

    >>> constant(-1)
    -1.0
    """
    if isinstance(n, Arithmetic):
        raise TypeError("an exponent is constant: write x ** y as (y * x.log()).exp()")
    return real(n, "power")


class Arithmetic:
    """A number with `+`, `*` and `**` of its own gets all the rest from here.

    >>> from microgpt import Value
    >>> 3 - Value(1.0) / 4
    Value(data=2.75, grad=0.0)
    """

    __slots__ = ()
    __array_ufunc__ = None  # tells NumPy to leave `array * value` to us: we refuse it

    def __neg__(self):
        return self * -1.0

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return self + (-self._operand(other))

    def __rsub__(self, other):
        return other + (-self)

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        return self * number.power(self._operand(other), -1.0)

    def __rtruediv__(self, other):
        return other * self**-1

    def __rpow__(self, other):
        return constant(self)  # raises: `2 ** value` has a Value as its exponent

    def _operand(self, x):
        """Let any number with a slope pass; make a float of another before it acts."""
        return x if isinstance(x, Arithmetic) else real(x, type(self).__name__)

    def __float__(self):
        return self.data

    def __format__(self, spec):
        return format(self.data, spec) if spec else repr(self)

    def __bool__(self):
        kind = type(self).__name__
        raise TypeError(f"a {kind} is neither true nor false: ask its data")

    def __getstate__(self):
        if getattr(self, "_children", ()):
            raise TypeError("a result is not copied without its graph: take float(v)")
        return super().__getstate__()
