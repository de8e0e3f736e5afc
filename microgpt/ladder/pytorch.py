"""The model as functions of PyTorch, which finds the slopes itself. Needs PyTorch.

Its tensors are arrays that remember as a `Value` does, and its functions are those of
the model: linear, RMSNorm, attention, cross-entropy.

Chapter: PyTorch, and many machines.
"""

import random

import torch
from torch.nn import functional

from microgpt import model
from microgpt.number import EPSILON


def rmsnorm(x):
    """Scale each row to a root mean square of 1."""
    return functional.rms_norm(x, x.shape[-1:], eps=EPSILON)


class Adam:
    """The Adam of `microgpt.optim` on tensors: `m` and `v` have the shapes of `params`.

    >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> Adam([w], lr=0.1).step()
    >>> [round(x, 6) for x in w.tolist()]
    [0.9, 1.9]
    """

    def __init__(self, params, lr=0.01, betas=(0.85, 0.99), eps=1e-8):
        self.params = params
        self.lr, self.betas, self.eps = lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = 0

    def step(self, lr_scale=1.0):
        """Move, at `lr_scale` times the learning rate, and clear the gradients."""
        self.t += 1
        lr, (beta1, beta2) = self.lr * lr_scale, self.betas
        unbias1, unbias2 = 1 - beta1**self.t, 1 - beta2**self.t
        with torch.no_grad():
            for p, m, v in zip(self.params, self.m, self.v, strict=True):
                m.mul_(beta1).add_((1 - beta1) * p.grad)
                v.mul_(beta2).add_((1 - beta2) * p.grad**2)
                p -= lr * (m / unbias1) / ((v / unbias2).sqrt() + self.eps)
                p.grad = None


class Loss:
    """A tensor of one number, as training asks for it: a float with a way back."""

    def __init__(self, tensor):
        self.tensor = tensor

    def __float__(self):
        return self.tensor.item()

    def backward(self):
        """Add the slope of each weight to its gradient; it may be done again."""
        self.tensor.backward(retain_graph=True)


class GPT:
    """The model of `microgpt.model`, with one parameter: a vector, in float64.

    >>> gpt = GPT(model.Config(vocab_size=27), random.Random(42))
    >>> [tuple(p.shape) for p in gpt.parameters()]
    [(4192,)]
    """

    Adam = Adam

    def __init__(self, config, rng=random, weights=None):
        self.config = config
        floats = model.GPT(config, float, rng, weights).floats()
        self.theta = torch.tensor(floats, dtype=torch.float64, requires_grad=True)

    def loss(self, tokens):
        """Average the surprise, in nats, at each token after the first."""
        return Loss(self.surprise(tokens))

    def surprise(self, tokens):
        """Give the loss as PyTorch has it: a tensor."""
        n = self.config.predictions(tokens)
        ids, w = torch.tensor(tokens[: n + 1]), self._matrices()
        x = rmsnorm(functional.embedding(ids[:n], w["wte"]) + w["wpe"][:n])
        for i in range(self.config.n_layer):
            x = x + self._attend(rmsnorm(x), w, f"layer{i}.attn_")
            hidden = functional.linear(rmsnorm(x), w[f"layer{i}.mlp_fc1"]).relu()
            x = x + functional.linear(hidden, w[f"layer{i}.mlp_fc2"])
        return functional.cross_entropy(functional.linear(x, w["lm_head"]), ids[1:])

    def _attend(self, x, w, layer):
        heads = self.config.n_head, self.config.head_dim
        q, k, v = (
            functional.linear(x, w[layer + name]).unflatten(-1, heads).transpose(0, 1)
            for name in ("wq", "wk", "wv")
        )  # (n_head, n, head_dim)
        mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        return functional.linear(mixed.transpose(0, 1).flatten(1), w[layer + "wo"])

    def _matrices(self):
        """Copy the vector, and look at its parts as the matrices of the model."""
        shapes = self.config.shapes()
        sizes = [rows * columns for rows, columns in shapes.values()]
        parts = zip(shapes.items(), self.theta.clone().split(sizes), strict=True)
        return {name: part.view(shape) for (name, shape), part in parts}

    def parameters(self):
        """List the one vector that holds every weight."""
        return [self.theta]

    def floats(self):
        """List the parameters as plain floats."""
        return self.theta.tolist()

    def to(self, kind):
        """Copy the model into the ordinary one, of any kind of number."""
        return model.GPT(self.config, kind, weights=self.floats())

    def flatten(self, tensors):
        """Turn one tensor for each of `parameters()` into plain floats."""
        return tensors[0].tolist()

    def unflatten(self, floats):
        """Turn plain floats into one tensor for each of `parameters()`."""
        return [torch.tensor(floats, dtype=torch.float64)]
