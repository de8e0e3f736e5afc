"""The model: a GPT, written once for every kind of number.

Chapters: Parameters; Linear, softmax, RMSNorm; Attention; Where is the mask?; Heads;
Residual stream and MLP; The whole model; The loss.
"""

import random
from dataclasses import dataclass

from microgpt import number
from microgpt.number import rmsnorm, softmax
from microgpt.value import Value

STD = 0.08  # standard deviation of the random weights that training starts from


@dataclass(frozen=True)
class Config:
    """The five numbers that fix the shape of a model.

    Each is a positive integer, and `n_embd` a multiple of `n_head`; else `ValueError`.

    >>> Config(vocab_size=27).head_dim
    4
    """

    vocab_size: int  # different tokens
    n_layer: int = 1  # blocks of attention and MLP
    n_embd: int = 16  # width: numbers that stand for one token
    n_head: int = 4  # attention heads in a layer
    block_size: int = 16  # most tokens that the model looks at

    def __post_init__(self):
        for name, size in vars(self).items():
            if type(size) is not int or size < 1:
                raise ValueError(f"{name} must be a positive integer, not {size!r}")
        if self.n_embd % self.n_head:
            sizes = f"n_embd {self.n_embd}, n_head {self.n_head}"
            raise ValueError(f"n_embd must be a multiple of n_head: {sizes}")

    @property
    def head_dim(self):
        """Say how many numbers each head works on."""
        return self.n_embd // self.n_head

    def shapes(self):
        """Name every matrix, in the order of drawing, with its rows and columns."""
        n = self.n_embd
        shapes = {"wte": (self.vocab_size, n), "wpe": (self.block_size, n)}
        shapes["lm_head"] = (self.vocab_size, n)
        for i in range(self.n_layer):
            for name in ("attn_wq", "attn_wk", "attn_wv", "attn_wo"):
                shapes[f"layer{i}.{name}"] = (n, n)
            shapes[f"layer{i}.mlp_fc1"] = (4 * n, n)
            shapes[f"layer{i}.mlp_fc2"] = (n, 4 * n)
        return shapes

    def predictions(self, tokens):
        """Count the predictions that a loss averages: `block_size` at most.

        `ValueError` without a second token, or where there is no such token.
        """
        if len(tokens) < 2:
            raise ValueError("a loss needs two tokens: one to see and one to guess")
        if not 0 <= min(tokens) <= max(tokens) < self.vocab_size:
            raise ValueError(f"there are tokens 0 to {self.vocab_size - 1}, no others")
        return min(self.block_size, len(tokens) - 1)


def linear(x, w):
    """Multiply the matrix `w`, (n_out, n_in), by the vector `x`, (n_in).

    >>> linear([1.0, 2.0], [[3.0, 4.0], [5.0, 6.0], [0.0, 1.0]])
    [11.0, 17.0, 2.0]
    """
    return [number.dot(row, x) for row in w]


def attention(q, keys, values):
    """Mix the `values` by how well their keys fit the query `q` (Vaswani et al. 2017).

    `q` is (head_dim); `keys` and `values` are (t, head_dim), one row for each position
    up to this one. Gives (head_dim).

    >>> attention([0.0], [[1.0], [2.0]], [[10.0], [20.0]])
    [15.0]
    """
    scale = (len(q) ** 0.5) ** -1
    weights = softmax([number.dot(q, key) * scale for key in keys])  # (t)
    return [number.dot(weights, column) for column in zip(*values, strict=True)]


def add(xs, ys):
    """Add two vectors.

    >>> add([1.0, 2.0], [3.0, 4.0])
    [4.0, 6.0]
    """
    return [x + y for x, y in zip(xs, ys, strict=True)]


class GPT:
    """A model: its matrices, and how a token becomes logits for the next one.

    `kind` makes a number out of a float: `float`, or the `Value` of an engine.
    `weights` gives all numbers as flat floats; without it they are drawn from `rng`.
    `ValueError` if they are too few or too many.

    >>> gpt = GPT(Config(vocab_size=27), float, random.Random(42))
    >>> len(gpt.parameters())
    4192
    """

    def __init__(self, config, kind=Value, rng=random, weights=None):
        self.config = config
        size = sum(rows * columns for rows, columns in config.shapes().values())
        if weights is None:
            weights = [rng.gauss(0, STD) for _ in range(size)]
        if len(weights) != size:
            raise ValueError(f"the model has {size:,} weights, not {len(weights):,}")
        floats = iter(weights)
        self.weights = {
            name: [[kind(next(floats)) for _ in range(columns)] for _ in range(rows)]
            for name, (rows, columns) in config.shapes().items()
        }

    def __call__(self, token_id, pos_id, cache):
        """Give the logits, (vocab_size), of what follows `token_id` at `pos_id`.

        The cache holds the keys and values of the positions before; it grows by one.
        """
        x = add(self.weights["wte"][token_id], self.weights["wpe"][pos_id])  # (n_embd)
        x = rmsnorm(x)
        for i, past in enumerate(cache):
            x = add(self._attend(rmsnorm(x), f"layer{i}.attn_", past), x)
            x = add(self._think(rmsnorm(x), f"layer{i}.mlp_"), x)
        return linear(x, self.weights["lm_head"])

    def _attend(self, x, layer, past):
        q, k, v, wo = (self.weights[layer + name] for name in ("wq", "wk", "wv", "wo"))
        q = linear(x, q)  # (n_embd)
        past.append((linear(x, k), linear(x, v)))
        heads = []
        for start in range(0, len(q), self.config.head_dim):
            part = slice(start, start + self.config.head_dim)
            keys = [key[part] for key, _ in past]  # (t, head_dim)
            values = [value[part] for _, value in past]
            heads += attention(q[part], keys, values)
        return linear(heads, wo)

    def _think(self, x, layer):
        x = linear(x, self.weights[layer + "fc1"])  # (4 * n_embd)
        x = [number.relu(xi) for xi in x]
        return linear(x, self.weights[layer + "fc2"])  # (n_embd)

    def cache(self):
        """Start an empty cache: for each layer, a list of (key, value) by position."""
        return [[] for _ in range(self.config.n_layer)]

    def loss(self, tokens):
        """Average the surprise, in nats, at each token after the first.

        Only the first `block_size` predictions count. `ValueError` as in
        `Config.predictions`.
        """
        n = self.config.predictions(tokens)
        cache = self.cache()
        losses = []
        for pos_id in range(n):
            logits = self(tokens[pos_id], pos_id, cache)
            losses.append(number.cross_entropy(logits, tokens[pos_id + 1]))
        return number.total(losses) * (1 / n)

    def parameters(self):
        """List every number of every matrix, row by row, in the order of drawing."""
        return [p for rows in self.weights.values() for row in rows for p in row]

    def floats(self):
        """List the parameters as plain floats."""
        return [float(p) for p in self.parameters()]

    def to(self, kind):
        """Copy the model into another kind of number."""
        return GPT(self.config, kind, weights=self.floats())

    def flatten(self, numbers):
        """Turn one number for each of `parameters()` into plain floats."""
        return list(map(float, numbers))

    def unflatten(self, floats):
        """Turn plain floats into one number for each of `parameters()`."""
        return list(floats)
