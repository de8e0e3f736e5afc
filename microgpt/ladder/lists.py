"""The model on lists of floats, forward and back, without a Value.

The positions of a document are the rows of a matrix, and go through the model together.
What a layer computes, and its way back, is put together from `microgpt.ladder.ways`.
Needs the standard library only.

Chapter: Without Values.
"""

import random
from functools import partial

from microgpt import model
from microgpt.ladder import tape
from microgpt.ladder.ways import (
    added,
    chain,
    heads,
    product,
    relu,
    residual,
    rmsnorm,
    surprise,
    turned,
    zeros,
)


class Matrix:
    """A matrix of weights, and the gradient of each."""

    def __init__(self, data):
        self.data = data
        self.grad = zeros(data)

    def linear(self, x):
        """Multiply each row of `x`, (T, n_in), by the matrix, (n_out, n_in)."""
        w = self.data

        def back(grad):
            self.grad = added(self.grad, product(turned(grad), turned(x)))
            return product(grad, turned(w))

        return product(x, w), back

    def rows(self, indices):
        """Pick rows, the same one possibly more than once."""

        def back(grad):
            for i, row in zip(indices, grad):
                [self.grad[i]] = added([self.grad[i]], [row])

        return [self.data[i] for i in indices], back


class Loss:
    """A float that knows the way back."""

    def __init__(self, data, backward):
        self.data, self.backward = data, backward

    def __float__(self):
        return self.data


class Adam(tape.Adam):
    """The Adam of the tape, row by row."""

    def __init__(self, params, lr=0.01, betas=(0.85, 0.99), eps=1e-8):
        super().__init__(params, lr, betas, eps)
        self.m = [zeros(p.data) for p in params]
        self.v = [zeros(p.data) for p in params]

    def step(self, lr_scale=1.0):
        """Move, at `lr_scale` times the learning rate, and clear the gradients."""
        self.t += 1
        for p, m, v in zip(self.params, self.m, self.v):
            p.data = [[*row] for row in p.data]  # an older loss keeps the rows it read
            for rows in zip(p.data, p.grad, m, v):
                self._move(self.lr * lr_scale, *rows)
            p.grad = zeros(p.data)


class GPT:
    """The model of `microgpt.model`, all positions of a document at once.

    >>> gpt = GPT(model.Config(vocab_size=27), random.Random(42))
    >>> loss = gpt.loss([26, 0, 1, 26])
    >>> loss.backward()
    >>> gpt.weights["lm_head"].grad[0][0] != 0
    True
    """

    Adam = Adam  # a parameter is a matrix here, and the ordinary one takes numbers

    def __init__(self, config, rng=random, weights=None):
        self.config = config
        drawn = model.GPT(config, float, rng, weights).weights
        self.weights = {name: Matrix(rows) for name, rows in drawn.items()}

    def loss(self, tokens):
        """Average the surprise, in nats, at each token after the first."""
        n = self.config.predictions(tokens)
        parts = [
            partial(part, f"layer{i}.")
            for i in range(self.config.n_layer)
            for part in (self._attend, self._think)
        ]
        head = self.weights["lm_head"].linear
        logits, way = chain(tokens[:n], self._embed, rmsnorm, *parts, head)
        loss, grad = surprise(logits, tokens[1 : n + 1])
        return Loss(loss, lambda: way(grad))

    def _embed(self, tokens):
        x, token_back = self.weights["wte"].rows(tokens)
        y, position_back = self.weights["wpe"].rows(range(len(tokens)))

        def back(grad):
            token_back(grad)
            position_back(grad)

        return added(x, y), back

    def _attend(self, layer, x):
        wo = self.weights[layer + "attn_wo"]
        return residual(x, rmsnorm, partial(self._mix, layer + "attn_"), wo.linear)

    def _mix(self, layer, x):
        qkv = [self.weights[layer + name].linear(x) for name in ("wq", "wk", "wv")]
        y, way = heads(*(rows for rows, _ in qkv), self.config.head_dim)

        def back(grad):
            q, k, v = (back(share) for (_, back), share in zip(qkv, way(grad)))
            return added(added(q, k), v)

        return y, back

    def _think(self, layer, x):
        fc1, fc2 = (self.weights[layer + name] for name in ("mlp_fc1", "mlp_fc2"))
        return residual(x, rmsnorm, fc1.linear, relu, fc2.linear)

    def parameters(self):
        """List the matrices."""
        return list(self.weights.values())

    def floats(self):
        """List every weight as a plain float."""
        return self.flatten([matrix.data for matrix in self.parameters()])

    def to(self, kind):
        """Copy the model into the ordinary one, of any kind of number."""
        return model.GPT(self.config, kind, weights=self.floats())

    def flatten(self, matrices):
        """Turn one matrix for each of `parameters()` into plain floats."""
        return [a for rows in matrices for row in rows for a in row]

    def unflatten(self, floats):
        """Turn plain floats into one matrix for each of `parameters()`."""
        return [*model.GPT(self.config, float, weights=floats).weights.values()]
