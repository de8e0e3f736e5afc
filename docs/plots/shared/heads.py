"""What the heads of a model do: where they look, and what is lost without one."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from docs.plots.shared.runs import Run, attention_weights, mean_loss, unseen

FROM = 3  # the first position at which the places below are four different ones
PLACES = ("BOS", "between", "the letter before", "itself")


def looks(run: Run) -> Any:
    """The mean weight of each head on each of `PLACES`: (n_head, 4)."""
    return np.mean([row for row, _ in weighed(run)], axis=0)


def even(run: Run) -> Any:
    """What these would be if all positions had the same weight: (4)."""
    shares = [(1, length - 3, 1, 1) / np.array(length) for _, length in weighed(run)]
    return np.mean(shares, axis=0)


def weighed(run: Run) -> Iterator[tuple[Any, int]]:
    """For each position of the names: the weights by place, and how many there are."""
    for tokens in unseen(run):
        weights = attention_weights(run.gpt, tokens[:-1])
        for i in range(FROM, weights.shape[-1]):
            row = weights[:, i, : i + 1]
            between = row[:, 1:-2].sum(1)
            yield np.stack([row[:, 0], between, row[:, -2], row[:, -1]], 1), i + 1


def without(gpt: Any, head: int) -> Any:
    """A copy of a model whose matrix `wo` does not read one head of the first layer."""
    size, copy = gpt.config.head_dim, gpt.to(float)
    for row in copy.weights["layer0.attn_wo"]:
        row[head * size : (head + 1) * size] = [0.0] * size
    return copy


def judged(run: Run) -> Iterator[tuple[str, Any, str]]:
    """For each head its name, where it looks, and how much the loss grows without it.

    The last row is what equal weights would look like.
    """
    names = unseen(run)
    whole = mean_loss(run.gpt, names)
    for head, shares in enumerate(looks(run)):
        more = mean_loss(without(run.gpt, head), names) - whole
        yield f"head {head + 1}", shares, f"{more:+.3f}"
    yield "evenly", even(run), ""
