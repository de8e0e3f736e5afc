"""Numbers on one long tape, and a record of each operation, in the order of creation.

A number is a place on the tape, a vector a slice of it. A record holds a rule for the
way back, from `microgpt.ladder.rules`, and the places that it is about. The order of
creation is a topological order, so the backward pass is a loop over the records in
reverse. Standard library only.

Chapter: The tape.
"""

import random
from math import sqrt

from microgpt import model, optim
from microgpt.ladder import rules


class Tape:
    """Floats, and how those behind the weights were made of the ones before.

    >>> tape = Tape([2.0, 3.0, 4.0, 5.0])
    >>> y = rules.linear(tape, slice(0, 2), slice(2, 4))
    >>> tape.data[y], tape.gradients()
    ([23.0], [4.0, 5.0, 2.0, 3.0, 1.0])
    """

    def __init__(self, floats):
        self.data = [*floats]
        self.records = []

    def write(self, numbers, back, *places):
        """Write numbers behind the last one, and their record; give their places."""
        out = slice(len(self.data), len(self.data) + len(numbers))
        self.data += numbers
        self.records.append((back, out, places))
        return out

    def gradients(self):
        """Find the gradient of each number on the tape; the last is the root."""
        grad = [0.0] * len(self.data)
        grad[-1] = 1.0
        for back, out, places in reversed(self.records):
            back(self.data, grad, out, *places)
        return grad


class Weights:
    """Every weight in one list, and its gradient in another."""

    def __init__(self, data):
        self.data = data
        self.grad = [0.0] * len(data)


class Loss:
    """The last number of a tape, which can send gradients to the weights."""

    def __init__(self, tape, theta):
        self.tape, self.theta = tape, theta

    def __float__(self):
        return self.tape.data[-1]

    def backward(self):
        """Add to the gradient of each weight; they lie at the beginning of the tape."""
        pairs = zip(self.theta.grad, self.tape.gradients())
        self.theta.grad = [a + g for a, g in pairs]


class Adam(optim.Adam):
    """What `microgpt.optim.Adam` does, on lists of floats."""

    def __init__(self, params, lr=0.01, betas=(0.85, 0.99), eps=1e-8):
        super().__init__(params, lr, betas, eps)
        self.m = [[0.0] * len(p.data) for p in params]
        self.v = [[0.0] * len(p.data) for p in params]

    def step(self, lr_scale=1.0):
        """Move, at `lr_scale` times the learning rate, and clear the gradients."""
        self.t += 1
        for p, m, v in zip(self.params, self.m, self.v):
            self._move(self.lr * lr_scale, p.data, p.grad, m, v)
            p.grad = [0.0] * len(p.data)

    def _move(self, lr, data, grad, m, v):
        (beta1, beta2), eps = self.betas, self.eps
        lr, unbias2 = lr / (1 - beta1**self.t), 1 - beta2**self.t
        rest1, rest2 = 1 - beta1, 1 - beta2
        for i, g in enumerate(grad):
            m[i] = a = beta1 * m[i] + rest1 * g
            v[i] = b = beta2 * v[i] + rest2 * (g * g)
            data[i] -= lr * a / (sqrt(b / unbias2) + eps)


class GPT:
    """The model of `microgpt.model` on a tape, position after position."""

    Adam = Adam  # a parameter is a list here, and the ordinary one takes numbers

    def __init__(self, config, rng=random, weights=None):
        self.config = config
        self.theta = Weights(model.GPT(config, float, rng, weights).floats())
        self.places, end = {}, 0
        for name, (n_out, n_in) in config.shapes().items():
            start, end = end, end + n_out * n_in
            self.places[name] = slice(start, end)

    def loss(self, tokens):
        """Average the surprise, in nats, at each token after the first."""
        tape, losses = Tape(self.theta.data), []
        cache = [([], []) for _ in range(self.config.n_layer)]
        for pos_id in range(self.config.predictions(tokens)):
            logits = self._logits(tape, tokens[pos_id], pos_id, cache)
            losses.append(rules.surprise(tape, logits, tokens[pos_id + 1]))
        rules.mean(tape, losses)
        return Loss(tape, self.theta)

    def _logits(self, tape, token_id, pos_id, cache):
        w, n = self.places, self.config.n_embd
        picked = rules.rows(w["wte"], n)[token_id], rules.rows(w["wpe"], n)[pos_id]
        x = rules.rmsnorm(tape, rules.add(tape, *picked))
        for i, past in enumerate(cache):
            y = self._attend(tape, rules.rmsnorm(tape, x), f"layer{i}.attn_", past)
            x = rules.add(tape, x, y)
            y = self._think(tape, rules.rmsnorm(tape, x), f"layer{i}.mlp_")
            x = rules.add(tape, x, y)
        return rules.linear(tape, w["lm_head"], x)

    def _attend(self, tape, x, layer, past):
        matrices = [self.places[layer + name] for name in ("wq", "wk", "wv", "wo")]
        made = [rules.linear(tape, w, x) for w in matrices[:3]]
        q, *new = [rules.rows(vector, self.config.head_dim) for vector in made]
        for seen, parts in zip(past, new):
            seen.append(parts)
        keys, values = (list(zip(*seen)) for seen in past)  # head by head
        weights = [rules.fit(tape, part, seen) for part, seen in zip(q, keys)]
        heads = [rules.mix(tape, part, seen) for part, seen in zip(weights, values)]
        joined = slice(heads[0].start, heads[-1].stop)
        return rules.linear(tape, matrices[3], joined)

    def _think(self, tape, x, layer):
        x = rules.linear(tape, self.places[layer + "fc1"], x)
        return rules.linear(tape, self.places[layer + "fc2"], rules.relu(tape, x))

    def parameters(self):
        """List the one list that holds every weight."""
        return [self.theta]

    def floats(self):
        """List every weight as a plain float."""
        return [*self.theta.data]

    def to(self, kind):
        """Copy the model into the ordinary one, of any kind of number."""
        return model.GPT(self.config, kind, weights=self.floats())

    def flatten(self, lists):
        """Turn one list for each of `parameters()` into plain floats."""
        return [*lists[0]]

    def unflatten(self, floats):
        """Turn plain floats into one list for each of `parameters()`."""
        return [[*floats]]
