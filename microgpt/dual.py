"""Forward mode: a number that carries its slope with it, with respect to one input.

Chapter: Why backward.
"""

from microgpt import number
from microgpt.arithmetic import Arithmetic, constant, real


class Dual(Arithmetic):
    """A float `data` and its `slope` with respect to one chosen input.

    Give that input the slope 1 and every other number the slope 0, and each result
    carries its slope with respect to that input (Wengert 1964).

    >>> x, y = Dual(2.0, 1.0), Dual(3.0)
    >>> x * y + x
    Dual(data=8.0, slope=4.0)
    """

    __slots__ = ("data", "slope")

    def __init__(self, data, slope=0.0):
        self.data = real(data, "Dual")
        self.slope = real(slope, "Dual")

    def __repr__(self):
        return f"Dual(data={self.data}, slope={self.slope})"

    def __add__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.data + other.data, self.slope + other.slope)

    def __mul__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        slope = self.slope * other.data + self.data * other.slope
        return Dual(self.data * other.data, slope)

    def __pow__(self, n):
        x, n = self.data, constant(n)
        return Dual(number.power(x, n), number.power_slope(x, n) * self.slope)

    def exp(self):
        """Raise e to this power."""
        result = number.exp(self.data)
        return Dual(result, result * self.slope)

    def log(self):
        """Take the natural logarithm."""
        return Dual(number.log(self.data), self.slope / self.data)

    def relu(self):
        """Keep the number where it is positive, else give 0.0; NaN stays NaN."""
        return Dual(number.relu(self.data), 0.0 if self.data <= 0 else self.slope)
