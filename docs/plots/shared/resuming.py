"""Runs that break off, forget something, and go on."""

from docs.plots.shared.runs import STEPS, untrained
from microgpt import Adam, train
from microgpt.ladder import arrays
from microgpt.train import Diverged

BREAK = 500


def forgetful(forgotten: str) -> list[float]:
    """All losses, when these numbers of Adam are set to zero after `BREAK` steps."""
    docs, tokenizer, start, _ = untrained()
    gpt = arrays.GPT(start.config, weights=start.floats())
    adam, losses = Adam(gpt.parameters()), []
    try:
        for step in train(gpt, docs, tokenizer, STEPS, adam):
            losses.append(step.loss)
            if step.number == BREAK:
                vars(adam).update({x: 0 if x == "t" else [0.0] for x in forgotten})
    except Diverged:
        pass
    return losses
