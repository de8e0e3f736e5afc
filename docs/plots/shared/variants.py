"""Models that differ from that of the book in one thing."""

from typing import Any

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
