"""A Value whose data is an array: one node for a whole matrix product.

The idea of `microgpt.value` stays. A node keeps its children; but where it kept the
slope for each, it keeps a function that turns its own gradient into the child's share,
because a matrix has too many slopes to list. All positions of a document go through the
model at once, as the rows of a matrix. Needs NumPy.

Chapter: Arrays.
"""

import random

import numpy as np

from microgpt import model
from microgpt.graph import topological_order
from microgpt.number import EPSILON


class Value:
    """An array of floats, its gradient of the same shape, and where it came from.

    >>> w, x = Value([[1.0, 2.0]]), Value([[3.0], [4.0]])
    >>> (w @ x).backward()
    >>> w.grad, x.grad.T
    (array([[3., 4.]]), array([[1., 2.]]))
    """

    __slots__ = ("data", "grad", "_children", "_shares")
    __array_ufunc__ = None  # tells NumPy to leave `array @ value` to us: we refuse it

    def __init__(self, data, children=(), shares=()):
        self.data = np.asarray(data, dtype=float)
        self.grad = 0.0
        self._children = children
        self._shares = shares

    def __float__(self):
        return float(self.data)

    def __add__(self, other):
        shares = (lambda grad: grad, lambda grad: grad)
        return Value(self.data + other.data, (self, other), shares)

    def __matmul__(self, other):
        a, b = self.data, other.data
        shares = (lambda grad: grad @ b.mT, lambda grad: a.mT @ grad)
        return Value(a @ b, (self, other), shares)

    def linear(self, w):
        """Multiply each row, (n_in), by the matrix `w`, (n_out, n_in)."""
        x, w_data = self.data, w.data
        shares = (lambda grad: grad @ w_data, lambda grad: grad.mT @ x)
        return Value(x @ w_data.mT, (self, w), shares)

    def rows(self, indices):
        """Pick rows, the same one possibly more than once."""

        def share(grad):
            whole = np.zeros(self.data.shape)
            np.add.at(whole, indices, grad)
            return whole

        return Value(self.data[indices], (self,), (share,))

    def cut(self, part, shape):
        """Copy a part of a vector as a matrix of this shape."""

        def share(grad):
            whole = np.zeros(self.data.shape)
            whole[part] = grad.ravel()
            return whole

        return Value(self.data[part].reshape(shape).copy(), (self,), (share,))

    def split(self, n_head):
        """Cut each row into heads: (T, n_embd) becomes (n_head, T, head_dim)."""
        t, n = self.data.shape
        heads = self.data.reshape(t, n_head, n // n_head).swapaxes(0, 1)
        return Value(heads, (self,), (lambda grad: grad.swapaxes(0, 1).reshape(t, n),))

    def join(self):
        """Put the heads side by side again: what `split` does, undone."""
        n_head, t, d = self.data.shape
        rows = self.data.swapaxes(0, 1).reshape(t, n_head * d)
        shares = (lambda grad: grad.reshape(t, n_head, d).swapaxes(0, 1),)
        return Value(rows, (self,), shares)

    def relu(self):
        """Keep what is positive; NaN stays NaN."""
        alive = ~(self.data <= 0)
        return Value(self.data * alive, (self,), (lambda grad: grad * alive,))

    def rmsnorm(self):
        """Scale each row to a root mean square of 1."""
        x, n = self.data, self.data.shape[-1]
        scale = (np.vecdot(x, x)[:, None] / n + EPSILON) ** -0.5
        y = x * scale

        def share(grad):
            return scale * (grad - y * (np.vecdot(grad, y)[:, None] / n))

        return Value(y, (self,), (share,))

    def softmax(self, scale, mask):
        """Make probabilities of each row, scaled; -inf in the `mask` hides a column."""
        probs = _probabilities(self.data * scale + mask)

        def share(grad):
            return scale * probs * (grad - np.vecdot(grad, probs)[..., None])

        return Value(probs, (self,), (share,))

    def cross_entropy(self, targets):
        """Average, over the rows of logits, the surprise at each row's target."""
        probs = _probabilities(self.data)
        right = np.arange(len(targets)), targets
        slopes = probs.copy()
        slopes[right] -= 1.0
        shares = (lambda grad: slopes * (grad / len(targets)),)
        return Value(-np.log(probs[right]).mean(), (self,), shares)

    def backward(self):
        """Find the gradient of every array that this one depends on."""
        order = topological_order(self)
        for node in order:
            if node._children:
                node.grad = 0.0
        self.grad = self.grad + np.ones(self.data.shape)
        for node in reversed(order):
            for child, share in zip(node._children, node._shares):
                child.grad += share(node.grad)


def _probabilities(x):
    """Softmax along the last axis."""
    exps = np.exp(x - x.max(-1, keepdims=True))
    return exps / exps.sum(-1, keepdims=True)


class GPT:
    """The model of `microgpt.model` on matrices, with one parameter: a long vector.

    >>> gpt = GPT(model.Config(vocab_size=27), random.Random(42))
    >>> [p.data.shape for p in gpt.parameters()]
    [(4192,)]
    """

    def __init__(self, config, rng=random, weights=None):
        self.config = config
        self.theta = Value(model.GPT(config, float, rng, weights).floats())
        self.mask = np.triu(np.full([config.block_size] * 2, -np.inf), 1)

    @np.errstate(all="ignore")  # as inf or NaN, a fault reaches whoever reads the loss
    def loss(self, tokens):
        """Average the surprise, in nats, at each token after the first."""
        n = self.config.predictions(tokens)
        w = self._matrices()
        x = (w["wte"].rows(tokens[:n]) + w["wpe"].rows(slice(n))).rmsnorm()
        for i in range(self.config.n_layer):
            x = self._attend(x.rmsnorm(), w, f"layer{i}.attn_") + x
            hidden = x.rmsnorm().linear(w[f"layer{i}.mlp_fc1"]).relu()
            x = hidden.linear(w[f"layer{i}.mlp_fc2"]) + x
        return x.linear(w["lm_head"]).cross_entropy(tokens[1 : n + 1])

    def _attend(self, x, w, layer):
        n = len(x.data)
        q, k, v = (
            x.linear(w[layer + name]).split(self.config.n_head)  # (n_head, n, head_dim)
            for name in ("wq", "wk", "wv")
        )
        fits = q.linear(k).softmax(self.config.head_dim**-0.5, self.mask[:n, :n])
        return (fits @ v).join().linear(w[layer + "wo"])

    def _matrices(self):
        """Cut the vector into the matrices of the model."""
        matrices, end = {}, 0
        for name, (rows, columns) in self.config.shapes().items():
            start, end = end, end + rows * columns
            matrices[name] = self.theta.cut(slice(start, end), (rows, columns))
        return matrices

    def parameters(self):
        """List the one vector that holds every weight."""
        return [self.theta]

    def floats(self):
        """List the parameters as plain floats."""
        return self.theta.data.tolist()

    def to(self, kind):
        """Copy the model into the ordinary one, of any kind of number."""
        return model.GPT(self.config, kind, weights=self.floats())

    def flatten(self, arrays):
        """Turn one array for each of `parameters()` into plain floats."""
        return arrays[0].tolist()

    def unflatten(self, floats):
        """Turn plain floats into one array for each of `parameters()`."""
        return [np.array(floats)]
