"""The arithmetic of a step of training, counted from the shape of the model.

A floating-point operation is an addition, a multiplication, a division, a comparison,
a root, an exponential function or a logarithm.
"""

from functools import cache
from statistics import fmean

from microgpt import Config, load_names

MULTIPLY_ADD = 2
THERE_AND_BACK = 3  # a matrix is used once there and twice on the way back


class Counts(dict[str, float]):
    """Operations by the part of the step to which they belong."""

    @property
    def total(self) -> float:
        return sum(self.values())


def matrices(config: Config) -> int:
    """The weights that are multiplied at each position: all but the embeddings."""
    shapes = config.shapes().items()
    return sum(
        rows * columns for name, (rows, columns) in shapes if name not in {"wte", "wpe"}
    )


def weights(config: Config) -> int:
    return sum(rows * columns for rows, columns in config.shapes().values())


def pairs(n: int) -> int:
    """How often a position looks at one: at itself and at those before it."""
    return n * (n + 1) // 2


def work(config: Config, n: int) -> Counts:
    """The operations of a step on n positions."""
    e, layers, pair = config.n_embd, config.n_layer, pairs(n) * config.n_layer
    multiply_adds = THERE_AND_BACK * MULTIPLY_ADD
    norms = 9 * e * (1 + 2 * layers)  # 3 there, 6 back for each number
    sums = 3 * e + 4 * e * layers + 2 * 4 * e * layers  # of vectors; and ReLU
    logits = 6 * config.vocab_size  # 4 there, 2 back
    return Counts(
        {
            "matrices": multiply_adds * n * matrices(config),
            "attention": 2 * multiply_adds * e * pair,  # how well it fits; the mixture
            "the rest": n * (norms + sums + logits) + 10 * config.n_head * pair,
            "Adam": 13 * weights(config),
        }
    )


def exponentials(config: Config, n: int) -> int:
    """How often a step on n positions needs `exp` or `log`."""
    seen = config.n_head * config.n_layer * pairs(n)
    return seen + n * (config.vocab_size + 1)


@cache
def lengths(config: Config) -> list[int]:
    """The positions of each name that comes with the package."""
    return [min(len(name) + 1, config.block_size) for name in load_names()]


def average(config: Config) -> Counts:
    """The operations of a step, on average over the names."""
    found = [work(config, n) for n in lengths(config)]
    return Counts({part: fmean(one[part] for one in found) for part in found[0]})
