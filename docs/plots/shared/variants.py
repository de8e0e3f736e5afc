"""Models that differ from that of the book in one thing."""

from collections.abc import Callable
from typing import Any

import numpy as np

from microgpt.ladder import arrays


class Replacing(arrays.GPT):
    """The model with no residual connection."""

    def loss(self, tokens: Any) -> Any:
        n, w = len(tokens) - 1, self._matrices()
        x = (w["wte"].rows(tokens[:n]) + w["wpe"].rows(slice(n))).rmsnorm()
        for i in range(self.config.n_layer):
            x = self._attend(x.rmsnorm(), w, f"layer{i}.attn_")
            hidden = x.rmsnorm().linear(w[f"layer{i}.mlp_fc1"]).relu()
            x = hidden.linear(w[f"layer{i}.mlp_fc2"])
        return x.linear(w["lm_head"]).cross_entropy(tokens[1:])


class Normed(arrays.GPT):
    """The model with something else for its first `rmsnorm` and for the others."""

    def __init__(
        self, start: Any, first: Callable[[Any], Any], others: Callable[[Any], Any]
    ):
        super().__init__(start.config, weights=start.floats())
        self.first, self.others = first, others

    def loss(self, tokens: Any) -> Any:
        n, w = len(tokens) - 1, self._matrices()
        x = self.first(w["wte"].rows(tokens[:n]) + w["wpe"].rows(slice(n)))
        for i in range(self.config.n_layer):
            x = self._attend(self.others(x), w, f"layer{i}.attn_") + x
            hidden = self.others(x).linear(w[f"layer{i}.mlp_fc1"]).relu()
            x = hidden.linear(w[f"layer{i}.mlp_fc2"]) + x
        return x.linear(w["lm_head"]).cross_entropy(tokens[1:])


def same(x: Any) -> Any:
    """Leave the rows as they are."""
    return x


def centered(x: Any) -> Any:
    """LayerNorm without a gain: subtract the mean of each row, then `rmsnorm`."""
    n = x.data.shape[-1]
    return x.linear(arrays.Value(np.eye(n) - 1 / n)).rmsnorm()


class Tied(arrays.GPT):
    """The model with one matrix for both jobs of a token: to be read, to be guessed."""

    def _matrices(self) -> dict[str, Any]:
        w: dict[str, Any] = super()._matrices()
        w["lm_head"] = w["wte"]
        return w


class Biased(arrays.GPT):
    """The model with a bias, at first zero, for each number that a matrix gives."""

    def __init__(self, config: Any, rng: Any = None, weights: Any = None) -> None:
        super().__init__(config, rng, weights)
        shapes = {k: v for k, v in config.shapes().items() if k not in ("wte", "wpe")}
        self.biases = {
            name: arrays.Value(np.zeros((1, rows)))
            for name, (rows, _) in shapes.items()
        }

    def parameters(self) -> list[Any]:
        return [self.theta, *self.biases.values()]

    def loss(self, tokens: Any) -> Any:
        n, w = len(tokens) - 1, self._matrices()

        def linear(x: Any, name: str) -> Any:
            return x.linear(w[name]) + self.biases[name].rows([0] * n)

        x = (w["wte"].rows(tokens[:n]) + w["wpe"].rows(slice(n))).rmsnorm()
        for i in range(self.config.n_layer):
            normed, size = x.rmsnorm(), self.config.n_head
            q, k, v = (
                linear(normed, f"layer{i}.attn_{name}").split(size)
                for name in ("wq", "wk", "wv")
            )
            scale = self.config.head_dim**-0.5
            heads = q.linear(k).softmax(scale, self.mask[:n, :n]) @ v
            x = linear(heads.join(), f"layer{i}.attn_wo") + x
            hidden = linear(x.rmsnorm(), f"layer{i}.mlp_fc1").relu()
            x = linear(hidden, f"layer{i}.mlp_fc2") + x
        return linear(x, "lm_head").cross_entropy(tokens[1:])
