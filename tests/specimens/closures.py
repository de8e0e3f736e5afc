"""An engine of micrograd's kind as explainers print it, faults included.

Faults kept on purpose: children in a set, functions that read data late and hold their
own node, a recursive sort, inner gradients never reset, a plain assertion for powers.
"""


class Value:
    def __init__(self, data, children=(), op=""):
        self.data = data
        self.grad = 0
        self._prev = set(children)
        self._op = op
        self._backward = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        result = Value(self.data + other.data, (self, other), "+")

        def backward():
            self.grad += result.grad
            other.grad += result.grad

        result._backward = backward
        return result

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        result = Value(self.data * other.data, (self, other), "*")

        def backward():
            self.grad += other.data * result.grad
            other.grad += self.data * result.grad

        result._backward = backward
        return result

    def __pow__(self, n):
        assert isinstance(n, (int, float))
        result = Value(self.data**n, (self,), f"**{n}")

        def backward():
            self.grad += n * self.data ** (n - 1) * result.grad

        result._backward = backward
        return result

    def relu(self):
        result = Value(0 if self.data < 0 else self.data, (self,), "ReLU")

        def backward():
            self.grad += (result.data > 0) * result.grad

        result._backward = backward
        return result

    def __neg__(self):
        return self * -1

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for child in node._prev:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1
        for node in reversed(order):
            node._backward()
