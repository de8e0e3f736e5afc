"""The gradient of every parameter of the real loss, against PyTorch."""

import random

from microgpt import GPT, Config, Tokenizer, Value, load_names
from tests.engines import sizes_of_gradients
from tests.trust.figure import Figure, needed

BOUND = 1e-12
SHAPES = (
    {},
    {"n_layer": 2, "n_embd": 8, "n_head": 2, "block_size": 8},
    {"n_layer": 1, "n_embd": 24, "n_head": 1, "block_size": 5},
)


def errors(rung, config, weights, tokens):
    """Give the error of each parameter's gradient, divided by its size."""
    gpt, theirs = GPT(config, Value, weights=weights), rung.GPT(config, weights=weights)
    parameters, (theta,) = gpt.parameters(), theirs.parameters()
    loss = gpt.loss(tokens)
    loss.backward()
    theirs.loss(tokens).backward()
    sizes = sizes_of_gradients(loss, parameters)
    for p, slope, size in zip(parameters, theta.grad.tolist(), sizes, strict=True):
        if size:
            yield abs(p.grad - slope) / size
        else:
            assert p.grad == slope == 0.0, f"{p.grad} and {slope} where no path leads"


def of_the_loss(cases):
    """Hold the gradients of so many losses against PyTorch, in three shapes in turn."""
    rung = needed("microgpt.ladder.pytorch")
    docs, rng = load_names(), random.Random(42)
    rng.shuffle(docs)
    tokenizer = Tokenizer(docs)
    worst, judged = 0.0, 0
    for number, doc in enumerate(docs[:cases]):
        config = Config(tokenizer.vocab_size, **SHAPES[number % len(SHAPES)])
        weights = GPT(config, float, rng).floats()
        for error in errors(rung, config, weights, tokenizer.encode(doc)):
            assert error <= BOUND, f"error {error:.2g} for {doc!r} in {config}"
            worst, judged = max(worst, error), judged + 1
    return f"worst {worst:.1e}, of {judged:,} gradients"


FIGURES = (
    Figure(
        "The gradients of all parameters of the loss agree with PyTorch in float64, "
        "in three shapes of the model",
        "difference at most `1e-12` of the gradient of absolute paths",
        3,
        60,
        of_the_loss,
    ),
)
