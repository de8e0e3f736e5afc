"""The whole step by hand: functions on arrays that know their way back.

What `microgpt.ladder.lists` does with lists of rows is done here with arrays. The loss
is one `Value` of `microgpt.ladder.arrays`, whose only child is the vector of all
weights; its share is the backward pass of the model. Needs NumPy.

Chapter: By hand.
"""

from functools import partial

import numpy as np

from microgpt.ladder import arrays
from microgpt.ladder.ways import chain
from microgpt.number import EPSILON


def residual(*functions):
    """Make a function that adds to `x` what these, in turn, make of it."""

    def through(x):
        y, way = chain(x, *functions)
        return x + y, lambda grad: grad + way(grad)

    return through


def rmsnorm(x):
    """Scale each row to a root mean square of 1."""
    n = x.shape[-1]
    scale = (np.vecdot(x, x)[:, None] / n + EPSILON) ** -0.5
    y = x * scale
    return y, lambda grad: scale * (grad - y * (np.vecdot(grad, y)[:, None] / n))


def relu(x):
    """Keep what is positive; NaN stays NaN."""
    alive = ~(x <= 0)
    return x * alive, lambda grad: grad * alive


def attention(n_head, mask, qkv):
    """Attend in all heads at once; each row holds a query, a key and a value."""
    n = len(qkv)
    q, k, v = qkv.reshape(n, 3, n_head, -1).transpose(1, 2, 0, 3)
    scale = q.shape[-1] ** -0.5
    weights = softmax(q @ k.mT * scale + mask[:n, :n])

    def back(grad):
        grad = grad.reshape(n, n_head, -1).swapaxes(0, 1)
        fits = grad @ v.mT
        fits = scale * weights * (fits - np.vecdot(fits, weights)[..., None])
        shares = np.stack((fits @ k, fits.mT @ q, weights.mT @ grad))
        return shares.transpose(2, 0, 1, 3).reshape(n, -1)

    return (weights @ v).swapaxes(0, 1).reshape(n, -1), back


def softmax(x):
    """Make probabilities of each row."""
    exps = np.exp(x - x.max(-1, keepdims=True))
    return exps / exps.sum(-1, keepdims=True)


class Matrix:
    """A part of the vector of weights, and its place in the vector of gradients."""

    def __init__(self, data, grad):
        self.data, self.grad = data, grad

    def linear(self, x):
        """Multiply each row of `x`, (T, n_in), by the matrix, (n_out, n_in)."""

        def back(grad):
            np.matmul(grad.T, x, out=self.grad)
            return grad @ self.data

        return x @ self.data.T, back


class GPT(arrays.GPT):
    """The model of `microgpt.ladder.arrays`, with a way back that is written down.

    >>> from microgpt import Config
    >>> loss = GPT(Config(vocab_size=27)).loss([26, 0, 1, 26])
    >>> [child.data.shape for child in loss._children]
    [(4192,)]
    """

    @np.errstate(all="ignore")  # as inf or NaN, a fault reaches whoever reads the loss
    def loss(self, tokens):
        """Average the surprise, in nats, at each token after the first."""
        n = self.config.predictions(tokens)
        w, grads = self._places()
        embed = partial(self._embed, w["wte"], w["wpe"])
        head = w["lm_head"].linear
        logits, way = chain(tokens[:n], embed, rmsnorm, *self._layers(w), head)
        probs, right = softmax(logits), (range(n), tokens[1 : n + 1])
        slopes = probs / n
        slopes[right] -= 1 / n

        def share(grad):
            way(slopes * grad)
            return grads

        return arrays.Value(-np.log(probs[right]).mean(), (self.theta,), (share,))

    def _embed(self, wte, wpe, tokens):
        n = len(tokens)

        def back(grad):
            wte.grad[:] = 0.0
            np.add.at(wte.grad, tokens, grad)
            wpe.grad[:n] = grad

        return wte.data[tokens] + wpe.data[:n], back

    def _layers(self, w):
        attend = partial(attention, self.config.n_head, self.mask)
        for i in range(self.config.n_layer):
            qkv, wo, fc1, fc2 = (
                w[f"layer{i}.{name}"].linear
                for name in ("attn_wqkv", "attn_wo", "mlp_fc1", "mlp_fc2")
            )
            yield residual(rmsnorm, qkv, attend, wo)
            yield residual(rmsnorm, fc1, relu, fc2)

    def _places(self):
        """Copy the weights, and cut them and a vector of gradients into matrices."""
        vectors = np.stack((self.theta.data, np.zeros_like(self.theta.data)))
        places, end = {}, 0
        for name, (rows, columns) in self.config.shapes().items():
            start, end = end, end + rows * columns
            if name.endswith("wv"):  # wq, wk and wv lie side by side: one matrix
                name, start = name[:-1] + "qkv", start - 2 * rows * columns
            places[name] = Matrix(*vectors[:, start:end].reshape(2, -1, columns))
        return places, vectors[1]
