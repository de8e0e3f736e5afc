"""Stop and go on: N + M steps are N steps, a checkpoint, and M steps, bit for bit."""

import random
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from microgpt.checkpoint import load, save
from microgpt.run import ENGINES, begin, go_on
from microgpt.train import train
from tests.trust.figure import Figure

LETTERS = "abcde"
ABSENT = " needs ", "no C compiler"  # what a rung says that cannot be run here


def installed():
    """Name the rungs that this machine can run, and those that it cannot."""
    able = []
    for name in ENGINES:
        try:
            begin(None, 0, name, 1)
        except ValueError as error:
            if not any(sign in str(error) for sign in ABSENT):
                raise
        else:
            able.append(name)
    return able, [name for name in ENGINES if name not in able]


def learn(run, steps):
    """Train so many steps; give every bit of their losses."""
    going = train(run.gpt, run.docs, run.tokenizer, run.steps, run.adam, run.step)
    losses = []
    for step in islice(going, steps):
        run.step = step.number
        losses.append(step.loss.hex())
    return losses


def keep(run, path):
    """Save a run, and give all that the file holds."""
    save(path, run.checkpoint())
    return path.read_bytes()


def resume(count):
    """Break so many runs off, each on the next rung, and go on from the file."""
    able, unable = installed()
    with TemporaryDirectory() as name:
        for i in range(count):
            rng, engine = random.Random(i), able[i % len(able)]
            steps, then, seed = rng.randint(1, 3), rng.randint(1, 3), rng.randrange(999)
            docs = ["".join(rng.choices(LETTERS, k=rng.randint(1, 4))) for _ in "12345"]
            text, path = Path(name, "text.txt"), Path(name, "run.json")
            text.write_text("\n".join(docs), "utf-8")
            whole = begin(str(text), seed, engine, steps + then)
            expected = learn(whole, steps + then), keep(whole, path)
            run = begin(str(text), seed, engine, steps + then)
            before = learn(run, steps)
            keep(run, path)
            run = go_on(load(path), str(text), engine)
            found = before + learn(run, then), keep(run, path)
            case = f"{engine}, {steps} + {then} steps, seed {seed}"
            assert found[0] == expected[0], f"{case}: another loss"
            assert found[1] == expected[1], f"{case}: another checkpoint"
    absent = f"; not installed: {', '.join(unable)}" * bool(unable)
    return f"{count} of {count} equal, on {', '.join(able)}{absent}"


FIGURES = (
    Figure(
        "N + M steps equal N steps, a checkpoint, and M steps, on each rung of the "
        "ladder",
        "losses and checkpoint equal bit for bit",
        len(ENGINES),
        100,
        resume,
    ),
)
