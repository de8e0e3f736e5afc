"""Whether every rung trains as the reference engine does, loss by loss."""

import random
from itertools import islice

from microgpt import GPT, Config, closures, train, value
from microgpt.run import ENGINES, build
from tests.engines import DotAlone
from tests.learning import loss_and_grads, names_and_tokenizer
from tests.trust.figure import Figure

KINDS = {"closures": closures.Value, "a fused dot product": DotAlone}
RUNGS = [name for name in ENGINES if name not in ("value", "closures", "compiled32")]
SHAPES = (Config(27), Config(27, n_layer=2, n_embd=32, n_head=8, block_size=8))
BOUND = 1e-12


def losses(gpt):
    """Train on the names; yield each loss."""
    _, docs, tokenizer = names_and_tokenizer()
    return (step.loss for step in train(gpt, docs, tokenizer))


def present():
    """List the rungs that can be had here, and those that cannot."""
    here, absent = [], []
    for name in RUNGS:
        try:
            build(name, Config(2), random)
        except ValueError:  # names the package that is not installed
            absent.append(name)
        else:
            here.append(name)
    return here, absent


def told(worst, absent):
    """Say which rung was the farthest off, and which could not be asked."""
    name = max(worst, key=worst.get)
    without = f", without {' and '.join(absent)}" if absent else ""
    return f"worst {worst[name]:.1e} ({name}), of {len(worst)} rungs{without}"


def to_the_last_bit(cases):
    """Compare the losses of so many steps by their bits."""
    expected = losses(GPT(Config(27), value.Value, random.Random(42)))
    runs = {
        name: losses(GPT(Config(27), kind, random.Random(42)))
        for name, kind in KINDS.items()
    }
    for step, right in enumerate(islice(expected, cases), 1):
        for name, run in runs.items():
            found = next(run)
            assert found.hex() == right.hex(), f"step {step}: {name} {found}, {right}"
    return f"every bit, with {' and '.join(KINDS)}"


def up_to_rounding(cases):
    """Compare the losses of so many steps on every other rung of float64."""
    expected = losses(GPT(Config(27), value.Value, random.Random(42)))
    here, absent = present()
    runs = {name: losses(build(name, Config(27), random.Random(42))) for name in here}
    worst = dict.fromkeys(here, 0.0)
    for step, right in enumerate(islice(expected, cases), 1):
        for name, run in runs.items():
            found = next(run)
            gap = abs(found - right) / right
            assert gap <= BOUND, f"step {step}: {name} {found}, {right}"
            worst[name] = max(worst[name], gap)
    return told(worst, absent)


def judged(config, doc):
    """The tokens of a document, and its gradients on the reference engine."""
    tokens = names_and_tokenizer()[2].encode(doc)
    gpt = GPT(config, value.Value, random.Random(42))
    return tokens, loss_and_grads(gpt, tokens)[1]


def of_one_step(cases):
    """Compare all gradients of so many documents, in two shapes in turn."""
    here, absent = present()
    docs = names_and_tokenizer()[1]
    worst = dict.fromkeys(here, 0.0)
    for number, doc in enumerate(docs[:cases]):
        config = SHAPES[number % len(SHAPES)]
        tokens, expected = judged(config, doc)
        scale = max(map(abs, expected))
        for name in here:
            gpt = build(name, config, random.Random(42))
            pairs = zip(loss_and_grads(gpt, tokens)[1], expected, strict=True)
            gap = max(abs(one - other) for one, other in pairs) / scale
            assert gap <= BOUND, f"{name} is off by {gap:.1e} for {doc!r} in {config}"
            worst[name] = max(worst[name], gap)
    return told(worst, absent)


FIGURES = (
    Figure(
        "Training on closures, or with dot products as single nodes, gives the losses "
        "of the reference engine",
        "bit for bit, step by step",
        2,
        100,
        to_the_last_bit,
    ),
    Figure(
        "Training on every other rung of float64 gives its losses",
        "difference at most `1e-12` of each loss, step by step",
        2,
        1000,
        up_to_rounding,
    ),
    Figure(
        "All gradients of a document are those of the reference engine on each of "
        "these rungs, in two shapes of the model",
        "difference at most `1e-12` of the largest",
        1,
        100,
        of_one_step,
    ),
)
