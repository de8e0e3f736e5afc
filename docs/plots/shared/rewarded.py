"""A table of pairs of letters that is rewarded for names which end in a."""

import random
from collections.abc import Iterator
from typing import Any

import numpy as np

from microgpt import Tokenizer, load_names, ngrams

TEXTS, STEPS, LR = 20, 180, 0.1


def learn(leash: float) -> Iterator[tuple[float, float]]:
    """Teach it; before each step and at the end, its loss and how often it does so."""
    rng, counts = random.Random(0), counted()
    table = np.log(counts + 0.1)
    begin = logs(table)
    for _ in range(STEPS):
        now = logs(table)
        yield loss(now, counts), ending(now)
        texts = [write(np.exp(now).tolist(), rng) for _ in range(TEXTS)]
        costs = [(now - begin)[text].sum() for text in texts]
        rewards = [float(text[0][-1] == 0) - leash * c for text, c in zip(texts, costs)]
        for text, reward in zip(texts, rewards - np.mean(rewards)):
            np.add.at(table, text, LR * reward)
            np.subtract.at(table, text[0], LR * reward * np.exp(now)[text[0]])
    yield loss(logs(table), counts), ending(logs(table))


def counted() -> Any:
    """How often each token follows each, in the names of the list."""
    names, counts = load_names(), np.zeros((27, 27))
    for (one,), other in ngrams.windows(2, names, Tokenizer(names)):
        counts[one, other] += 1
    return counts


def logs(table: Any) -> Any:
    """The logarithm of the probability of each pair."""
    return table - np.log(np.exp(table).sum(1, keepdims=True))


def write(
    chances: list[list[float]], rng: random.Random
) -> tuple[list[int], list[int]]:
    """The tokens of a text, and those that follow them."""
    tokens = [26]
    while len(tokens) < 2 or (tokens[-1] != 26 and len(tokens) < 20):
        tokens += rng.choices(range(27), chances[tokens[-1]])
    return tokens[:-1], tokens[1:]


def loss(now: Any, counts: Any) -> float:
    """The mean surprise at the names of the list."""
    return float(-(now * counts).sum() / counts.sum())


def ending(now: Any) -> float:
    """How likely a text ends in a, exactly: how often it comes there, times the end."""
    chances = np.exp(now)
    visits = np.linalg.solve(np.eye(26) - chances[:26, :26].T, chances[26, :26])
    return float(visits[0] * chances[0, 26])
