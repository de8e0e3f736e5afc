"""A training run: begin one, freeze it in a checkpoint, go on, stop between steps.

Chapter: The command line.
"""

import hashlib
import importlib
import os
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from microgpt.checkpoint import Checkpoint
from microgpt.model import GPT, Config
from microgpt.names import load_names
from microgpt.optim import Adam, adam_of
from microgpt.tokenizer import Tokenizer

ENGINES = {  # the modules of the rungs, in the order of the ladder
    "value": "microgpt.value",
    "closures": "microgpt.closures",
    "fused": "microgpt.ladder.fused",
    "tape": "microgpt.ladder.tape",
    "lists": "microgpt.ladder.lists",
    "arrays": "microgpt.ladder.arrays",
    "by_hand": "microgpt.ladder.by_hand",
    "compiled": "microgpt.ladder.compiled",
    "compiled32": "microgpt.ladder.compiled32",
    "torch": "microgpt.ladder.pytorch",
}


@dataclass
class Run:
    """A training run: what a step needs, and what a checkpoint keeps."""

    data: str | None
    docs: list[str]  # in the order of training
    tokenizer: Tokenizer
    gpt: Any  # a GPT of any kind of number
    adam: Adam
    rng: random.Random
    engine: str
    seed: int
    steps: int
    step: int  # steps done

    def checkpoint(self) -> Checkpoint:
        """Freeze the run as it is between two steps."""
        gpt, adam = self.gpt, self.adam
        return Checkpoint(
            config=gpt.config,
            chars=self.tokenizer.chars,
            engine=self.engine,
            weights=gpt.floats(),
            m=gpt.flatten(adam.m),
            v=gpt.flatten(adam.v),
            lr=adam.lr,
            betas=adam.betas,
            eps=adam.eps,
            step=self.step,
            steps=self.steps,
            seed=self.seed,
            data=self.data,
            docs_sha256=digest(self.docs),
            rng=self.rng.getstate(),
        )


def begin(data: str | None, seed: int, engine: str, steps: int) -> Run:
    """Begin a run, drawing from the generator in the order of the original."""
    docs = load_names(data)
    rng = random.Random(seed)
    rng.shuffle(docs)
    tokenizer = Tokenizer(docs)
    gpt = build(engine, Config(tokenizer.vocab_size), rng)
    adam = adam_of(gpt)
    return Run(place(data), docs, tokenizer, gpt, adam, rng, engine, seed, steps, 0)


def go_on(c: Checkpoint, data: str | None, engine: str) -> Run:
    """Go on from a checkpoint with the same documents, wherever they lie now."""
    docs = load_names(data)
    rng = random.Random(c.seed)
    rng.shuffle(docs)
    if digest(docs) != c.docs_sha256:
        raise ValueError(f"{data or 'names.txt'}: not the documents of the checkpoint")
    rng.setstate(c.rng)
    gpt = build(engine, c.config, rng, c.weights)
    adam = adam_of(gpt, c.lr, c.betas, c.eps)
    adam.m, adam.v, adam.t = gpt.unflatten(c.m), gpt.unflatten(c.v), c.step
    common = place(data), docs, Tokenizer(docs), gpt, adam, rng, engine
    return Run(*common, c.seed, c.steps, c.step)


def place(data: str | None) -> str | None:
    """Name the data so that they are found from any folder."""
    return data if data in (None, "makemore") else os.path.abspath(data)


def build(engine: str, config: Config, rng: random.Random, weights: Any = None) -> Any:
    """Make the model of an engine, from weights or else from random numbers."""
    if engine not in ENGINES:
        raise ValueError(f"there is no engine {engine!r}: {', '.join(ENGINES)}")
    try:
        module = importlib.import_module(ENGINES[engine])
    except ModuleNotFoundError as error:
        extra = f"pip install '.[{error.name}]' in a checkout"
        raise ValueError(f"engine {engine} needs {error.name}: {extra}") from None
    if hasattr(module, "GPT"):  # a model of its own
        return module.GPT(config, rng=rng, weights=weights)
    return GPT(config, module.Value, rng, weights)


def digest(docs: list[str]) -> str:
    """Give the sha256 of the documents, one a line."""
    return hashlib.sha256("\n".join(docs).encode()).hexdigest()


def whole_number(text: str, least: int) -> int:
    """Read a whole number of at least `least`."""
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least:
        raise ValueError(f"must be a whole number of at least {least}, not {text!r}")
    return number


@contextmanager
def postponed_signals() -> Iterator[list[int]]:
    """Note the first Ctrl-C or SIGTERM, so that a step can end; obey the second."""
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append(number)
        restore()

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    before = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, note)
    try:
        yield came
    finally:
        restore()
