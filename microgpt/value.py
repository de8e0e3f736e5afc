"""A number that remembers how it was made, and so can tell what it depends on.

This is the design of microgpt: a node keeps its children and its local gradients.

Chapters: The Value; Six primitives; Backward.
"""

from microgpt import number
from microgpt.arithmetic import Arithmetic, constant, real
from microgpt.graph import topological_order


class Value(Arithmetic):
    """A float, its gradient, and the operation that it came from.

    `data` is the number; `grad` is the slope of the root with respect to it, once
    `backward()` of that root was called. Both are floats. The other two arguments are
    for whoever adds an operation: the inputs, and the slope with respect to each.
    Anything but a real number raises `TypeError`.

    >>> a, b = Value(2.0), Value(3.0)
    >>> c = a * b + a
    >>> c.backward()
    >>> c, a, b
    (Value(data=8.0, grad=1.0), Value(data=2.0, grad=4.0), Value(data=3.0, grad=2.0))
    """

    __slots__ = ("data", "grad", "_children", "_local_grads")

    def __init__(self, data, children=(), local_grads=()):
        self.data = data if type(data) is float else real(data)
        self.grad = 0.0
        self._children = children
        self._local_grads = local_grads

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"

    def __add__(self, other):
        other = other if isinstance(other, Value) else type(self)(other)
        return type(self)(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else type(self)(other)
        a, b = self.data, other.data
        return type(self)(a * b, (self, other), (b, a))

    def __pow__(self, n):
        x, n = self.data, constant(n)
        return type(self)(number.power(x, n), (self,), (number.power_slope(x, n),))

    def exp(self):
        """Raise e to this power; `OverflowError` where that is too large for a float.

        >>> Value(0.0).exp()
        Value(data=1.0, grad=0.0)
        """
        result = number.exp(self.data)
        return type(self)(result, (self,), (result,))

    def log(self):
        """Take the natural logarithm; `ValueError` unless the number is positive.

        >>> Value(1.0).log()
        Value(data=0.0, grad=0.0)
        """
        return type(self)(number.log(self.data), (self,), (1 / self.data,))

    def relu(self):
        """Keep the number where it is positive, else give 0.0; NaN stays NaN.

        >>> Value(-2.0).relu()
        Value(data=0.0, grad=0.0)
        """
        slope = 0.0 if self.data <= 0 else 1.0
        return type(self)(number.relu(self.data), (self,), (slope,))

    def backward(self):
        """Find the slope of this number with respect to every node it depends on.

        The gradients of leaves are added to what they hold, those of all other nodes
        are found anew; so a second call, or a second root, adds what is right.

        >>> x = Value(3.0)
        >>> y = x * x
        >>> y.backward()
        >>> y.backward()
        >>> x.grad
        12.0
        """
        order = topological_order(self)
        for node in order:
            if node._children:
                node.grad = 0.0
        self.grad += 1.0
        for node in reversed(order):
            grad = node.grad
            for child, local_grad in zip(node._children, node._local_grads):
                child.grad += local_grad * grad
