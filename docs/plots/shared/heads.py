"""What the heads of a model do: where they look, and what is lost without one."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from docs.plots.shared.at_once import read
from docs.plots.shared.runs import Run, mean_loss, unseen

FROM = 3  # the first position at which the places below are four different ones
PLACES = ("BOS", "between", "the letter before", "itself")


def looks(run: Run) -> Any:
    """The mean weight of each head on each of `PLACES`: (n_head, 4)."""
    rows = asked(run)
    at = np.sum(np.isfinite(rows[:, 0]), -1) - 1  # the position that asks
    itself, before = (rows[np.arange(len(at)), :, at - back] for back in (0, 1))
    bos = rows[:, :, 0]
    between = 1 - bos - before - itself
    return np.stack([bos, between, before, itself], -1).mean(0)


def largest(run: Run) -> Any:
    """The largest weight of each head, in the mean: (n_head)."""
    return np.nanmax(asked(run), -1).mean(0)


def asked(run: Run) -> Any:
    """A row of weights for each position from `FROM` on, nan for later ones."""
    found = read(run.gpt, unseen(run))
    (weights,) = found.weights
    later = np.triu(np.full(weights.shape[2:], np.nan), 1)
    return (weights + later).swapaxes(1, 2)[:, FROM:][found.there[:, FROM:]]


def even(run: Run) -> Any:
    """What these would be if all positions had the same weight: (4)."""
    lengths = [n for tokens in unseen(run) for n in range(FROM + 1, len(tokens))]
    share = np.mean([1 / n for n in lengths])
    return np.array([share, 1 - 3 * share, share, share])


def without(gpt: Any, head: int) -> Any:
    """A copy of a model whose matrix `wo` does not read one head of the first layer."""
    size, copy = gpt.config.head_dim, gpt.to(float)
    for row in copy.weights["layer0.attn_wo"]:
        row[head * size : (head + 1) * size] = [0.0] * size
    return copy


def judged(run: Run) -> Iterator[tuple[str, Any, float, str]]:
    """For each head its name, where it looks, how sharply, and what it is worth.

    What it is worth is how much the loss grows without it.
    The last row is what equal weights would look like.
    """
    names = unseen(run)
    whole = mean_loss(run.gpt, names)
    for head, (shares, sharp) in enumerate(zip(looks(run), largest(run))):
        more = mean_loss(without(run.gpt, head), names) - whole
        yield f"head {head + 1}", shares, sharp, f"{more:+.3f}"
    yield "evenly", even(run), even(run)[0], ""
