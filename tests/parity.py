"""Train as the original does: the same losses, then the same samples.

`make parity` runs all 1,000 steps. The environment variable MICROGPT_NAMES holds the
path of makemore's names.txt. Instead of a long file of losses, a digest of all their
bits stands here, from a run of the original itself.
"""

import argparse
import hashlib
import os
import platform
import random
import sys
from functools import cache
from itertools import islice

from microgpt import Config, Tokenizer, load_names, sample, train
from microgpt.run import ENGINES, build
from tests.specimens import program

STEPS = 1000
EXACT = ("value", "closures", "specimen")  # the others use other formulas
RUNGS = (*ENGINES, "specimen")
FIRST_TEN = "3.3660 3.4243 3.1778 3.0664 3.2209 2.9452 3.2894 3.3245 2.8990 3.2229"
LOSSES = {
    1: "0x1.aed80143a59ddp+1",
    10: "0x1.9c879a12fc478p+1",
    100: "0x1.aef797a92d633p+1",
    500: "0x1.08406dbccbb9cp+1",
    1000: "0x1.53293039f6dd0p+1",
}
DIGESTS = {  # sha256 of the first so many losses in hexadecimal, one a line
    100: "34c9da887bdb2c216c2900622459dbf1d864b882003dfb496ae91510228ba576",
    1000: "ca22105dde3eb3e3336d5587117bc0f34d2abbd2a5332cb27fed87b794cf4b2a",
}
SAMPLES = [
    *("kamon", "ann", "karai", "jaire", "vialan", "karia", "yeran", "anna", "areli"),
    *("kaina", "konna", "keylen", "liole", "alerin", "earan", "lenne", "kana", "lara"),
    *("alela", "anton"),
]

BITS = (
    platform.python_implementation() == "CPython"
    and platform.machine() in {"x86_64", "AMD64"}
    and platform.libc_ver()[0] == "glibc"
)
CHECKED = "bit for bit" if BITS else "within 1e-9"  # elsewhere exp and log may differ


class Run:
    """A training run of one rung, as the original arranges it."""

    def __init__(self, rung, data=None, seed=42):
        self.rng = random.Random(seed)
        docs = load_names(data)
        self.rng.shuffle(docs)
        self.tokenizer = Tokenizer(docs)
        if rung == "specimen":
            self._losses = program.losses(docs, self.tokenizer, self.rng, STEPS)
            return
        config = Config(self.tokenizer.vocab_size)
        self.gpt = build(rung, config, self.rng)
        steps = train(self.gpt, docs, self.tokenizer, STEPS)
        self._losses = (step.loss for step in steps)

    def losses(self, count):
        """Take the next steps; list their losses."""
        return list(islice(self._losses, count))

    def samples(self):
        """Write as many samples as the original does after training."""
        return [sample(self.gpt, self.tokenizer, rng=self.rng) for _ in SAMPLES]


def digest(losses):
    """Condense the bits of all losses into one line."""
    lines = "\n".join(loss.hex() for loss in losses)
    return hashlib.sha256(lines.encode()).hexdigest()


def distance(losses, others):
    """Find the largest difference, relative to the loss."""
    return max(abs(a - b) / abs(b) for a, b in zip(losses, others, strict=True))


def like_the_original(losses):
    """Tell whether the losses are the original's, as closely as this machine can."""
    if BITS:
        return digest(losses) == DIGESTS[len(losses)]
    steps = [step for step in LOSSES if step <= len(losses)]
    golden = [float.fromhex(LOSSES[step]) for step in steps]
    return distance([losses[step - 1] for step in steps], golden) <= 1e-9


@cache
def train_all(rung, data):
    """Run all steps, telling how far we are."""
    run, losses = Run(rung, data), []
    while len(losses) < STEPS:
        losses += run.losses(50)
        print(f"{rung}: step {len(losses)}/{STEPS}", end="\r", flush=True)
    print()
    return run, losses


def judge(rung, data):
    """Train one rung; print a verdict on its losses and samples, and give it."""
    run, losses = train_all(rung, data)
    if rung in EXACT:
        right = like_the_original(losses)
        print(
            f"  losses {'equal' if right else 'DIFFER from'} the original's, {CHECKED}"
        )
    else:
        gap = distance(losses, train_all("value", data)[1])
        right = gap <= 1e-12
        print(f"  losses {'agree' if right else 'DISAGREE'} with value's: {gap:.1e}")
    if rung != "specimen":
        same = run.samples() == SAMPLES
        print(f"  samples {'equal' if same else 'DIFFER from'} the original's")
        right = right and same
    return right


def main(argv=None):
    """Judge the rungs; give 0 when all are right."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", choices=RUNGS, action="append", dest="rungs")
    rungs = parser.parse_args(argv).rungs or ["value", "closures"]
    data = os.environ.get("MICROGPT_NAMES")
    if not data:
        parser.error("set MICROGPT_NAMES to the path of makemore's names.txt")
    verdicts = [judge(rung, data) for rung in rungs]
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
