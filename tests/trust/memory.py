"""Whether a long run of a larger model holds no more memory than a short one."""

import tracemalloc
from itertools import islice

from microgpt import Config, train
from microgpt.ladder import arrays
from tests.learning import names_and_tokenizer
from tests.trust.figure import Figure

WARM = 20  # steps after which everything is there that stays
LEAST = 500_000  # bytes: less than half of what one copy of the weights takes


def long_run(cases):
    """Train 4 layers, 64 wide, so many steps; compare what is held before and after."""
    rng, docs, tokenizer = names_and_tokenizer()
    gpt = arrays.GPT(Config(tokenizer.vocab_size, n_layer=4, n_embd=64), rng)
    steps = train(gpt, docs, tokenizer, WARM + cases)
    tracemalloc.start()
    try:
        list(islice(steps, WARM))
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        for done, _ in enumerate(steps, 1):
            held = tracemalloc.get_traced_memory()[0] - before
            assert held < LEAST, f"{held:,} bytes more after {done} steps"
        peak = tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()
    return f"{held:+,} bytes at the end, at most {peak:.0f} MB in a step"


FIGURES = (
    Figure(
        "A model of 4 layers, 64 wide, trains on arrays for long without holding more "
        "memory step by step",
        "less than 0.5 MB more after each step than after the first ones",
        20,
        20_000,
        long_run,
    ),
)
