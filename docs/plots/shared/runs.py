"""Training runs of the book, done once in a build, from the bundled names and seed 42.

They take the engine of `ladder.arrays`, with which a thousand steps need a second.
"""

import random
from collections.abc import Callable, Sequence
from functools import cache
from statistics import fmean
from typing import Any, NamedTuple

import numpy as np

from docs.plots.shared.at_once import read
from microgpt import Adam, Config, Tokenizer, load_names, train
from microgpt.ladder import arrays
from microgpt.number import rmsnorm, softmax

STEPS = 1000
UNSEEN = slice(4500, 5000)  # names that come too late for the runs below


class Run(NamedTuple):
    """What is left of a run: the model is one of plain floats."""

    docs: list[str]
    tokenizer: Any
    gpt: Any
    losses: list[float]


def untrained(seed: int = 42, **sizes: int) -> Run:
    """Names in the order of training, and a model that has not begun to learn."""
    rng, docs = random.Random(seed), load_names()
    rng.shuffle(docs)
    tokenizer = Tokenizer(docs)
    gpt = arrays.GPT(Config(tokenizer.vocab_size, **sizes), rng)
    return Run(docs, tokenizer, gpt.to(float), [])


def trained(
    optimizer: Callable[..., Any] = Adam,
    lr: float | None = None,
    *,
    steps: int = STEPS,
    seed: int = 42,
    n_head: int = 4,
) -> Run:
    """A run of `STEPS` steps as `microgpt train` does it, or another."""
    return done(optimizer, lr, steps, seed, n_head)


@cache
def done(
    optimizer: Callable[..., Any], lr: float | None, steps: int, seed: int, n_head: int
) -> Run:
    docs, tokenizer, start, _ = untrained(seed, n_head=n_head)
    gpt = arrays.GPT(start.config, weights=start.floats())
    moving = optimizer(gpt.parameters(), **({} if lr is None else {"lr": lr}))
    losses = [step.loss for step in train(gpt, docs, tokenizer, steps, moving)]
    return Run(docs, tokenizer, gpt.to(float), losses)


def unseen(run: Run) -> list[list[int]]:
    """The tokens of names that come too late for a run."""
    return [run.tokenizer.encode(name) for name in run.docs[UNSEEN]]


def running_mean(xs: Sequence[float], window: int) -> list[float]:
    """The mean of each `window` consecutive numbers."""
    return [fmean(xs[i : i + window]) for i in range(len(xs) - window + 1)]


def attention_fits(gpt: Any, tokens: Sequence[int]) -> Any:
    """How each query of the first layer fits each key, scaled: (n_head, T, T)."""
    tables = {name: np.array(rows) for name, rows in gpt.weights.items()}
    x = tables["wte"][tokens] + tables["wpe"][: len(tokens)]
    x = np.array([rmsnorm(rmsnorm(row)) for row in x.tolist()])
    q, k = (
        (x @ tables[f"layer0.attn_{name}"].T).reshape(len(x), gpt.config.n_head, -1)
        for name in ("wq", "wk")
    )
    return np.einsum("qhd,khd->hqk", q, k) * gpt.config.head_dim**-0.5


def attention_weights(gpt: Any, tokens: Sequence[int]) -> Any:
    """What each head of the first layer takes of each position: (n_head, T, T)."""
    fits = attention_fits(gpt, tokens)
    fits[:, *np.triu_indices(len(tokens), 1)] = -np.inf
    return np.array([[softmax(row) for row in head] for head in fits.tolist()])


def places(config: Config, name: str) -> slice:
    """Where a matrix lies in the one parameter of `arrays.GPT`."""
    start = 0
    for other, (rows, columns) in config.shapes().items():
        if other == name:
            return slice(start, start + rows * columns)
        start += rows * columns
    raise KeyError(name)


def mean_loss(gpt: Any, documents: Sequence[Sequence[int]]) -> float:
    """The mean loss over documents, which are read at once."""
    there, _, surprises = read(gpt.to(float), documents)
    return float((surprises.sum(1) / there.sum(1)).mean())


def token_loss(gpt: Any, documents: Sequence[Sequence[int]]) -> float:
    """The mean loss over all tokens of documents, as a yardstick has it."""
    there, _, surprises = read(gpt.to(float), documents)
    return float(surprises.sum() / there.sum())
