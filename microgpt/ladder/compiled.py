"""The whole step in C, compiled for the shape of the model, called from Python.

The file `step.c` beside this one holds the loss, its way back and Adam. What they work
on are arrays of `ctypes`, which are passed as they are. Needs a C compiler.

Chapter: Compiled.
"""

import random
from ctypes import c_char, c_double, c_float, c_int
from importlib import resources

from microgpt import model, optim
from microgpt.ladder.compiler import library
from microgpt.ladder.lists import Loss

NAMES = {c_double: "double", c_float: "float"}  # of the kinds of real numbers, in C


class Step:
    """The functions of `step.c` for one shape, and the arrays that they work on."""

    def __init__(self, config, real, size):
        text = resources.files("microgpt.ladder").joinpath("step.c").read_text("utf-8")
        shape = {name.upper(): number for name, number in vars(config).items()}
        c = library(text, {"REAL": NAMES[real], **shape})
        self.Tokens = c_int * (config.block_size + 1)
        self.Vector = real * size  # a number for each weight
        self.Trail = c_char * c.size_of_trail()
        self.forward, self.backward, self.adam = c.forward, c.backward, c.adam
        self.forward.restype = c_double
        self.forward.argtypes = [c_int, self.Tokens, self.Vector, self.Trail]
        self.backward.restype = self.adam.restype = None
        self.backward.argtypes = [c_int, self.Tokens, self.Trail, self.Vector]
        self.adam.argtypes = [self.Vector] * 4 + [c_double] * 6


class Weights:
    """Every weight in one array, its gradient in another, and what moves them."""

    def __init__(self, step, floats):
        self.step = step
        self.data, self.grad = step.Vector(*floats), step.Vector()


class Adam(optim.Adam):
    """The Adam of `microgpt.optim`, in C."""

    def __init__(self, params, lr=0.01, betas=(0.85, 0.99), eps=1e-8):
        super().__init__(params, lr, betas, eps)
        self.m = [p.step.Vector() for p in params]
        self.v = [p.step.Vector() for p in params]

    def step(self, lr_scale=1.0):
        """Move, at `lr_scale` times the learning rate, and clear the gradients."""
        self.t += 1
        beta1, beta2 = self.betas
        settings = self.lr * lr_scale, beta1, beta2, self.eps
        unbias = 1 - beta1**self.t, 1 - beta2**self.t
        for p, m, v in zip(self.params, self.m, self.v):
            p.step.adam(p.data, p.grad, m, v, *settings, *unbias)


class GPT:
    """The model of `microgpt.model` in C, with one parameter: an array."""

    Adam = Adam
    real = c_double

    def __init__(self, config, rng=random, weights=None):
        self.config = config
        floats = model.GPT(config, float, rng, weights).floats()
        self.step = Step(config, self.real, len(floats))
        self.theta = Weights(self.step, floats)

    def loss(self, tokens):
        """Average the surprise, in nats, at each token after the first."""
        n, step, theta = self.config.predictions(tokens), self.step, self.theta
        ids, trail = step.Tokens(*tokens[: n + 1]), step.Trail()
        loss = step.forward(n, ids, theta.data, trail)
        return Loss(loss, lambda: step.backward(n, ids, trail, theta.grad))

    def parameters(self):
        """List the one array that holds every weight."""
        return [self.theta]

    def floats(self):
        """List the parameters as plain floats."""
        return self.theta.data[:]

    def to(self, kind):
        """Copy the model into the ordinary one, of any kind of number."""
        return model.GPT(self.config, kind, weights=self.floats())

    def flatten(self, arrays):
        """Turn one array for each of `parameters()` into plain floats."""
        return arrays[0][:]

    def unflatten(self, floats):
        """Turn plain floats into one array for each of `parameters()`."""
        return [self.step.Vector(*floats)]
