"""Training: one document a step, and a report after each.

Chapter: The training loop.
"""

import gc
import math
from typing import NamedTuple

from microgpt.optim import adam_of


class Step(NamedTuple):
    """What one step of training reports."""

    number: int  # counts from 1
    loss: float  # in nats, before the step changed anything
    lr: float  # the learning rate of this step
    doc: str  # the document it learned from


class Diverged(ArithmeticError):
    """The numbers of a step have left the range of floats; names the step."""


def train(gpt, docs, tokenizer, steps=1000, optimizer=None, start=0):
    """Train `gpt`, yielding a `Step` after each: the reader owns the loop.

    Step number i learns from the i-th document, starting over when they run out, with
    a learning rate that falls evenly to 0 over `steps`. `optimizer` is Adam unless
    given; `start` counts the steps that were done before. Where the numbers of a step
    leave the range of floats, `Diverged` is raised; `ValueError` without documents.

    >>> from microgpt import GPT, Config, Tokenizer
    >>> docs, tokenizer = ["ab"], Tokenizer(["ab"])
    >>> gpt = GPT(Config(tokenizer.vocab_size, n_embd=4, n_head=1))
    >>> [step.number for step in train(gpt, docs, tokenizer, steps=3)]
    [1, 2, 3]
    """
    if not docs:
        raise ValueError("there are no documents to learn from")
    optimizer = optimizer or adam_of(gpt)
    for i in range(start, steps):
        doc = docs[i % len(docs)]
        lr_scale = 1 - i / steps
        tokens = tokenizer.encode(doc)
        try:
            with _CollectorPaused():
                loss = _learn(gpt, tokens, optimizer, lr_scale)
        except (ArithmeticError, ValueError) as error:
            raise Diverged(f"training diverged at step {i + 1}: {error}") from error
        yield Step(i + 1, loss, optimizer.lr * lr_scale, doc)


def _learn(gpt, tokens, optimizer, lr_scale):
    """Do one step: forward, backward, update. Gives the loss."""
    loss = gpt.loss(tokens)
    nats = float(loss)
    if not math.isfinite(nats):
        raise ArithmeticError(f"the loss is {nats}")
    loss.backward()
    optimizer.step(lr_scale)
    return nats


class _CollectorPaused:
    """Keep the cyclic garbage collector off: a step makes no cycles for it to find."""

    def __enter__(self):
        self.was_enabled = gc.isenabled()
        gc.disable()

    def __exit__(self, *error):
        if self.was_enabled:
            gc.enable()
