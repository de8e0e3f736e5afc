"""The other design: a node keeps a function that hands its gradient on.

This is the design of micrograd, with the same interface and the same numbers as
`microgpt.value`. Each function holds floats and children, never its own node: no
cycle of references, so a graph is freed as soon as nobody holds its root.

Chapter: Closures.
"""

from microgpt import number
from microgpt.arithmetic import Arithmetic, constant, real
from microgpt.graph import topological_order


def nothing(grad):
    """Hand no gradient on: a leaf has nobody to give it to."""


class Value(Arithmetic):
    """A float, its gradient, its inputs, and the function that hands its gradient on.

    >>> a, b = Value(2.0), Value(3.0)
    >>> c = a * b + a
    >>> c.backward()
    >>> c, a, b
    (Value(data=8.0, grad=1.0), Value(data=2.0, grad=4.0), Value(data=3.0, grad=2.0))
    """

    __slots__ = ("data", "grad", "_prev", "_op", "_backward")

    def __init__(self, data, prev=(), op="", backward=nothing):
        self.data = data if type(data) is float else real(data)
        self.grad = 0.0
        self._prev = prev
        self._op = op
        self._backward = backward

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"

    @property
    def _children(self):
        return self._prev

    def __add__(self, other):
        other = other if isinstance(other, Value) else type(self)(other)

        def backward(grad):
            self.grad += grad
            other.grad += grad

        return type(self)(self.data + other.data, (self, other), "+", backward)

    def __mul__(self, other):
        other = other if isinstance(other, Value) else type(self)(other)
        a, b = self.data, other.data

        def backward(grad):
            self.grad += b * grad
            other.grad += a * grad

        return type(self)(a * b, (self, other), "*", backward)

    def __pow__(self, n):
        x, n = self.data, constant(n)
        return self._unary(number.power(x, n), number.power_slope(x, n), f"**{n:g}")

    def exp(self):
        """Raise e to this power."""
        result = number.exp(self.data)
        return self._unary(result, result, "exp")

    def log(self):
        """Take the natural logarithm."""
        return self._unary(number.log(self.data), 1 / self.data, "log")

    def relu(self):
        """Keep the number where it is positive, else give 0.0; NaN stays NaN."""
        slope = 0.0 if self.data <= 0 else 1.0
        return self._unary(number.relu(self.data), slope, "relu")

    def _unary(self, result, slope, op):
        def backward(grad):
            self.grad += slope * grad

        return type(self)(result, (self,), op, backward)

    def backward(self):
        """Find the slope of this number with respect to every node it depends on.

        >>> x = Value(3.0)
        >>> y = x * x
        >>> y.backward()
        >>> y.backward()
        >>> x.grad
        12.0
        """
        order = topological_order(self)
        for node in order:
            if node._prev:
                node.grad = 0.0
        self.grad += 1.0
        for node in reversed(order):
            node._backward(node.grad)
