"""Adam, and Adam with one of its parts taken away."""

from functools import partial
from typing import Any

from microgpt import Adam


class Undivided(Adam):
    def __init__(self, params: Any) -> None:
        super().__init__(params)
        self.t = 1_000_000


class Steady(Adam):
    def step(self, lr_scale: float = 1.0) -> None:
        super().step()


PARTS: dict[str, Any] = {
    "all": Adam,
    "no m": partial(Adam, betas=(0.0, 0.99)),
    "no v": partial(Adam, lr=1e5, eps=1e6),
    "no divisions": Undivided,
    "constant rate": Steady,
}
