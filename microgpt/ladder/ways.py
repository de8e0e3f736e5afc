"""Functions on lists of floats that know their way back; no Value anywhere.

A matrix is a list of rows. Each function that the model needs gives two things: its
result, and its way back, a function that turns the gradient of the result into the
gradient of what went in. Needs the standard library only.

Chapter: Without Values.
"""

import math
from operator import mul

from microgpt import number
from microgpt.number import EPSILON


def _dot(xs, ys):
    return sum(map(mul, xs, ys))


dot = getattr(math, "sumprod", _dot)  # Python 3.12 has it, in C


def product(rows, others):
    """Multiply each row by each of the others: a matrix of dot products.

    >>> product([[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0]])
    [[17.0], [39.0]]
    """
    return [[dot(row, other) for other in others] for row in rows]


def turned(matrix):
    """Make the columns rows."""
    return list(zip(*matrix))


def zeros(matrix):
    """Make a matrix of this shape that holds nothing but 0."""
    return [[0.0] * len(row) for row in matrix]


def added(x, y):
    """Add two matrices."""
    return [[a + b for a, b in zip(*rows)] for rows in zip(x, y)]


def chain(x, *functions):
    """Go through the functions in turn; the way back takes theirs in reverse."""
    ways = []
    for function in functions:
        x, way = function(x)
        ways.append(way)

    def back(grad):
        for way in reversed(ways):
            grad = way(grad)
        return grad

    return x, back


def residual(x, *functions):
    """Add to `x` what the functions, in turn, make of it."""
    y, way = chain(x, *functions)
    return added(x, y), lambda grad: added(grad, way(grad))


def rmsnorm(x):
    """Scale each row to a root mean square of 1."""
    scales = [(dot(row, row) / len(row) + EPSILON) ** -0.5 for row in x]
    y = [[scale * a for a in row] for scale, row in zip(scales, x)]

    def back(grad):
        means = [dot(*rows) / len(rows[0]) for rows in zip(grad, y)]
        return [
            [scale * (g - mean * a) for g, a in zip(*rows)]
            for scale, mean, *rows in zip(scales, means, grad, y)
        ]

    return y, back


def relu(x):
    """Keep what is positive; NaN stays NaN."""
    y = [[0.0 if a <= 0 else a for a in row] for row in x]

    def back(grad):
        return [[0.0 if a == 0 else g for g, a in zip(*rows)] for rows in zip(grad, y)]

    return y, back


def attention(q, k, v):
    """Mix, at each position, the rows of `v` up to it, as their keys fit the query."""
    n, scale = len(q), len(q[0]) ** -0.5
    weights = [
        number.softmax([scale * dot(row, key) for key in k[:t]]) + [0.0] * (n - t)
        for t, row in enumerate(q, start=1)
    ]

    def back(grad):
        fits = [
            [scale * w * (slope - dot(*rows)) for w, slope in zip(*rows)]
            for rows in zip(weights, product(grad, v))
        ]
        q_grad = product(fits, turned(k))
        k_grad = product(turned(fits), turned(q))
        v_grad = product(turned(weights), turned(grad))
        return q_grad, k_grad, v_grad

    return product(weights, turned(v)), back


def heads(q, k, v, size):
    """Attend in each head: in each part of the rows, `size` numbers wide."""
    parts = [slice(i, i + size) for i in range(0, len(q[0]), size)]
    found = [attention(*(cut(x, part) for x in (q, k, v))) for part in parts]

    def back(grad):
        shares = [way(cut(grad, part)) for part, (_, way) in zip(parts, found)]
        return [joined(share) for share in zip(*shares)]

    return joined([y for y, _ in found]), back


def cut(matrix, part):
    """Take the same part of every row."""
    return [row[part] for row in matrix]


def joined(matrices):
    """Put matrices side by side."""
    return [[a for row in rows for a in row] for rows in zip(*matrices)]


def surprise(logits, targets):
    """Average the surprise at each target; give the gradient of the logits too."""
    grad, n = [number.softmax(row) for row in logits], len(logits)
    loss = -number.total(number.log(p[t]) for p, t in zip(grad, targets)) / n
    for probs, target in zip(grad, targets):
        probs[target] -= 1.0
        probs[:] = [p / n for p in probs]
    return loss, grad
