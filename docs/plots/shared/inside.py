"""Every vector that a model of one layer makes for the last of some tokens."""

from collections.abc import Sequence
from typing import Any

from docs.plots.shared.runs import Run
from microgpt.model import add, attention, linear
from microgpt.number import dot, relu, rmsnorm, softmax


def inside(gpt: Any, tokens: Sequence[int]) -> dict[str, list[float]]:
    """The vectors by name, in the order in which they are made."""
    w, size = gpt.weights, gpt.config.head_dim
    cache = gpt.cache()
    for position, token in enumerate(tokens):
        gpt(token, position, cache)
    found = {"token": w["wte"][tokens[-1]], "place": w["wpe"][len(tokens) - 1]}
    x = found["embedding"] = rmsnorm(add(found["token"], found["place"]))
    found["query"] = linear(rmsnorm(x), w["layer0.attn_wq"])
    found["key"], found["value"] = cache[0][-1]
    parts = [slice(i, i + size) for i in range(0, len(x), size)]
    found["weights"], found["mixtures"] = [], []
    for part in parts:
        q, keys, values = found["query"][part], *zip(*cut(cache[0], part))
        found["weights"] += softmax([dot(q, key) * size**-0.5 for key in keys])
        found["mixtures"] += attention(q, keys, values)
    found["attention"] = linear(found["mixtures"], w["layer0.attn_wo"])
    x = found["+ attention"] = add(found["attention"], x)
    hidden = linear(rmsnorm(x), w["layer0.mlp_fc1"])
    found["hidden"] = [relu(h) for h in hidden]
    found["MLP"] = linear(found["hidden"], w["layer0.mlp_fc2"])
    x = found["+ MLP"] = add(found["MLP"], x)
    found["logits"] = linear(x, w["lm_head"])
    found["probabilities"] = softmax(found["logits"])
    return found


def cut(past: Any, part: slice) -> list[Any]:
    """A head's part of each key and of each value."""
    return [(key[part], value[part]) for key, value in past]


def guess(run: Run, x: Sequence[float]) -> str:
    """The two likeliest tokens if the residual stream ended with this vector."""
    shares = softmax(linear(x, run.gpt.weights["lm_head"]))
    best = sorted(zip(shares, [*run.tokenizer.chars, "BOS"]), reverse=True)[:2]
    return ", ".join(f"{token} {share:.2f}" for share, token in best)
