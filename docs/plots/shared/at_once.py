"""What a model does with many documents, read at once and not one by one.

Shorter documents are filled up with zeros behind their ends, where no position of
their own can look.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np


class Reading(NamedTuple):
    """B documents of at most T predictions each."""

    there: Any  # (B, T): is there a prediction?
    weights: list[Any]  # of attention, for each layer: (B, n_head, T, T)
    surprises: Any  # (B, T), zero where there is no prediction


def read(gpt: Any, documents: Sequence[Sequence[int]]) -> Reading:
    """Let a model of floats read documents."""
    tables = {name: np.array(rows) for name, rows in gpt.weights.items()}
    lengths = np.array([len(document) - 1 for document in documents])
    tokens = np.zeros((len(documents), max(lengths) + 1), int)
    for row, document in zip(tokens, documents):
        row[: len(document)] = document
    there = np.arange(max(lengths)) < lengths[:, None]
    weights = []
    x = normed(tables["wte"][tokens[:, :-1]] + tables["wpe"][: max(lengths)])
    for i in range(gpt.config.n_layer):
        layer = {m: tables[f"layer{i}.{m}"].T for m in ("mlp_fc1", "mlp_fc2")}
        wq, wk, wv, wo = (tables[f"layer{i}.attn_w{m}"].T for m in "qkvo")
        y, shape = normed(x), (*x.shape[:2], gpt.config.n_head, -1)
        q, k, v = ((y @ w).reshape(shape).swapaxes(1, 2) for w in (wq, wk, wv))
        weights.append(weighed(q @ k.swapaxes(2, 3) * gpt.config.head_dim**-0.5))
        x = (weights[-1] @ v).swapaxes(1, 2).reshape(x.shape) @ wo + x
        x = np.maximum(normed(x) @ layer["mlp_fc1"], 0) @ layer["mlp_fc2"] + x
    logits = x @ tables["lm_head"].T
    asked = np.take_along_axis(logits, tokens[:, 1:, None], -1)[..., 0]
    surprises = np.log(np.exp(logits).sum(-1)) - asked
    return Reading(there, weights, surprises * there)


def normed(x: Any) -> Any:
    """`rmsnorm` of the last axis."""
    return x * ((x * x).mean(-1, keepdims=True) + 1e-5) ** -0.5


def weighed(fits: Any) -> Any:
    """Softmax of the last axis, where later positions get nothing."""
    fits[..., *np.triu_indices(fits.shape[-1], 1)] = -np.inf
    weights = np.exp(fits - fits.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True)
