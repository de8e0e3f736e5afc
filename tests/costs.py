"""Measure what a rung costs besides the time of a step of the usual model.

That is how its time grows with the model and the document, what has to be installed and
done before its first step, and how many names a second can be written. Times are those
of the processor; `make bench` stores them for the book.
"""

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from importlib import metadata
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from microgpt import Config, Tokenizer, load_names, sample, train
from microgpt.ladder import arrays, batches
from microgpt.run import ENGINES, build
from tests.bench import circumstances, present
from tests.specimens import program

COMMAND = "OMP_NUM_THREADS=1 python -m tests.costs"  # threads that wait use time, too
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHAPES = (  # n_embd, n_layer, predictions of a document
    *((16, 1, 8), (32, 1, 8), (64, 1, 8)),
    *((16, 2, 8), (16, 4, 8), (16, 1, 4), (16, 1, 16)),
)
FIRST_STEP = """
import importlib, json, resource, sys, time
before, began = set(sys.modules), time.process_time()
from microgpt.run import ENGINES
importlib.import_module(ENGINES[sys.argv[1]])
imported = time.process_time() - began
tops = sorted({name.partition(".")[0] for name in sys.modules.keys() - before})
from tests import bench
next(bench.start(sys.argv[1], None))
compiler = resource.getrusage(resource.RUSAGE_CHILDREN)
first = time.process_time() - began + compiler.ru_utime + compiler.ru_stime
print(json.dumps({"tops": tops, "import": imported, "first": first}))
"""


def growth(rungs, rounds=3, least=0.1):
    """Tell the milliseconds of a step for each shape, the rungs taking turns."""
    runs = {rung: [training(rung, *shape) for shape in SHAPES] for rung in rungs}
    found = {rung: [[] for _ in SHAPES] for rung in rungs}
    for _ in range(rounds + 1):
        for i in range(len(SHAPES)):
            for rung in rungs:
                found[rung][i].append(seconds_a_step(runs[rung][i], least))
    return {
        rung: [1000 * statistics.median(times[1:]) for times in shapes]
        for rung, shapes in found.items()
    }  # the first round only warms up


def training(rung, n_embd, n_layer, length):
    """Begin to train a model of this shape on a document of so many predictions."""
    tokenizer = Tokenizer(LETTERS)
    config = Config(tokenizer.vocab_size, n_layer, n_embd)
    gpt = build(rung, config, random.Random(42))
    return train(gpt, [LETTERS[: length - 1]], tokenizer, 10**9)


def seconds_a_step(run, least):
    """Take steps until so many seconds of the processor are used."""
    began = time.process_time()
    for done in count(1):
        next(run)
        if (used := time.process_time() - began) >= least:
            return used / done


def names(rounds=5):
    """Tell for each way to write how many names a second it writes, and at once."""
    rng = random.Random(42)
    docs = load_names()
    rng.shuffle(docs)
    tokenizer = Tokenizer(docs)
    matrices = program.matrices(tokenizer.vocab_size, rng)
    gpt = arrays.GPT(Config(tokenizer.vocab_size), random.Random(42))
    for _ in train(gpt, docs, tokenizer):
        pass
    gpt = gpt.to(float)
    for p, x in zip(values(matrices), gpt.floats(), strict=True):
        p.data = x
    return [
        {"by": by, "at_once": size, "per_second": rate}
        for (by, size), rate in rates(matrices, gpt, tokenizer, rounds).items()
    ]


def values(matrices):
    """List the Values of the specimen, in the order of drawing."""
    return [p for matrix in matrices.values() for row in matrix for p in row]


def rates(matrices, gpt, tokenizer, rounds):
    """Let each way to write take turns, on the same generators."""

    def one_by_one(write):
        return lambda rngs: [write(rng) for rng in rngs]

    ways = {
        ("specimen", 1): one_by_one(lambda r: program.sample(matrices, tokenizer, r)),
        ("sample", 1): one_by_one(lambda r: sample(gpt, tokenizer, rng=r)),
        **{
            ("batches", size): lambda rngs: batches.samples(gpt, tokenizer, rngs)
            for size in (1, 10, 100, 1000)
        },
    }
    found = {way: [] for way in ways}
    for i in range(rounds):
        for (by, size), write in ways.items():
            rngs = [random.Random(i * 1000 + k) for k in range(max(size, 3))]
            began = time.process_time()
            for start in range(0, len(rngs), size):
                write(rngs[start : start + size])
            found[by, size].append(len(rngs) / (time.process_time() - began))
    return {way: statistics.median(rate) for way, rate in found.items()}


def needs(rungs):
    """Tell what must be installed for a rung, and its seconds to the first step."""
    found = {}
    for rung in rungs:
        with TemporaryDirectory() as empty:  # what is compiled is compiled anew
            told = subprocess.run(
                [sys.executable, "-c", FIRST_STEP, rung],
                env={**os.environ, "XDG_CACHE_HOME": empty},
                capture_output=True,
                text=True,
                check=True,
            )
        told = json.loads(told.stdout)
        packages = installed(told.pop("tops"))
        size = sum(map(megabytes, packages))
        found[rung] = {"packages": sorted(packages), "mb": size, **told}
    return found


def installed(tops):
    """Name the packages that hold these modules, and those that they require."""
    owners = metadata.packages_distributions()
    wanted = [name for top in tops for name in owners.get(top, ())]
    found = set()
    while wanted:
        name = re.split(r"[^\w.-]", wanted.pop())[0].lower().replace("_", "-")
        with suppress(metadata.PackageNotFoundError):
            requires = metadata.distribution(name).requires or ()
            if name not in found and name != "microgpt":
                found.add(name)
                wanted += [each for each in requires if "extra ==" not in each]
    return found


def megabytes(package):
    """Add up the files of an installed package."""
    places = [file.locate() for file in metadata.files(package) or ()]
    return sum(place.stat().st_size for place in places if place.is_file()) / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", type=Path, metavar="FOLDER", help="where to write")
    store = parser.parse_args().store
    rungs = [rung for rung in present() if rung in ENGINES]
    for name, found in {
        "growth": {"shapes": SHAPES, "growth": growth(rungs)},
        "needs": {"needs": needs(rungs)},
        "names": {"names": names()},
    }.items():
        whole = {**circumstances(COMMAND), **found}
        print(json.dumps(found, indent=1))
        if store:
            path = store / f"{name}.json"
            path.write_text(json.dumps(whole, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
