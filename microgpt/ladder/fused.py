"""Fewer, larger nodes: a dot product, a softmax, a loss as one Value each.

A node may have any number of children, as long as it knows the slope for each. So what
takes dozens of nodes of `+` and `*` fits into one, with the same data and gradients
up to rounding.

Chapter: Fused nodes.
"""

from operator import mul

from microgpt import number, value


class Value(value.Value):
    """A `Value` that answers the model's larger questions itself.

    >>> ws, xs = [Value(2.0), Value(3.0)], [Value(4.0), Value(5.0)]
    >>> y = number.dot(ws, xs)
    >>> y.data, len(y._children)
    (23.0, 4)
    """

    __slots__ = ()

    @staticmethod
    def dot(ws, xs):
        """Multiply two vectors of Values in one node; children w0, x0, w1, x1 ..."""
        w_data, x_data = [w.data for w in ws], [x.data for x in xs]
        children, local_grads = [*ws, *xs], x_data + w_data
        children[::2], children[1::2] = ws, xs
        local_grads[::2], local_grads[1::2] = x_data, w_data
        return Value(number.total(map(mul, w_data, x_data)), children, local_grads)

    @staticmethod
    def softmax(xs):
        """Give each probability as one node with all of `xs` as children."""
        probs = number.softmax([x.data for x in xs])
        return [
            Value(p, xs, [p * ((i == j) - q) for j, q in enumerate(probs)])
            for i, p in enumerate(probs)
        ]

    @staticmethod
    def rmsnorm(xs):
        """Find the scale in one node, then multiply."""
        x_data = [x.data for x in xs]
        mean_square = number.dot(x_data, x_data) / len(xs)
        scale = (mean_square + number.EPSILON) ** -0.5
        slope = -(scale**3) / len(xs)
        scale = Value(scale, xs, [slope * x for x in x_data])
        return [x * scale for x in xs]

    @staticmethod
    def cross_entropy(logits, target):
        """Measure the surprise in one node: its slopes are softmax minus one-hot."""
        probs = number.softmax([logit.data for logit in logits])
        slopes = probs.copy()
        slopes[target] -= 1.0
        return Value(-number.log(probs[target]), logits, slopes)
