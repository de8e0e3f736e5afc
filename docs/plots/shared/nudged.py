"""The model that the chapter on nudging nudges, and how far nudged slopes are off."""

import random
from collections.abc import Sequence
from math import exp
from statistics import median

from microgpt import GPT, Config, Value
from microgpt.nudge import nudge

MODEL = GPT(Config(27), float, random.Random(42))
TOKENS = [26, 4, 12, 12, 0, 26]  # "emma" between two marks
FIRST = 4 * 16  # the first of the numbers that describe "e"
STEPS = [10.0**-i for i in range(1, 15)]
PARAMETERS = 10
POINTS = [0.5 + i / 50 for i in range(51)]  # where e^x is nudged


def loss_at(x: float, i: int = FIRST) -> float:
    """The loss of the model when its parameter `i` is `x`."""
    floats = MODEL.floats()
    weights = [*floats[:i], x, *floats[i + 1 :]]
    return float(GPT(MODEL.config, float, weights=weights).loss(TOKENS))


def errors() -> dict[str, Sequence[float]]:
    """The relative error for each of the steps, nudging in three ways."""
    return {
        "eˣ, one side": [median(one_side(x, h) for x in POINTS) for h in STEPS],
        "eˣ, both": [median(both_sides(x, h) for x in POINTS) for h in STEPS],
        "the model, both": model_errors(),
    }


def one_side(x: float, h: float) -> float:
    """The relative error of the slope of e^x at `x`, found on one side."""
    return abs((exp(x + h) - exp(x)) / h / exp(x) - 1)


def both_sides(x: float, h: float) -> float:
    """The relative error of the slope of e^x at `x`, found on both sides."""
    return float(abs(nudge(exp, x, step=h)[0] / exp(x) - 1))


def model_errors() -> list[float]:
    """The median error among some parameters that move the loss, for each step."""
    twin, floats = MODEL.to(Value), MODEL.floats()
    twin.loss(TOKENS).backward()
    truth = {i: p.grad for i, p in enumerate(twin.parameters()) if p.grad}
    some = random.Random(0).sample(sorted(truth), PARAMETERS)

    def error(i: int, step: float) -> float:
        found = nudge(lambda x: loss_at(x, i), floats[i], step=step)[0]
        return float(abs(found / truth[i] - 1))

    return [median(error(i, step) for i in some) for step in STEPS]
