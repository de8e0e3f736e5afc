"""Measure what a reader waits for: the first output, and a step of training.

The page and the Python of this machine train the same model in turns, a step each; what
counts is the fastest step of both, since whatever else runs here makes a step slower.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.live import browser

ENGINES = {"value": "microgpt", "fused": "microgpt.ladder"}
BEGIN = """
import random, time
from microgpt import GPT, Config, Tokenizer, load_names, train
from {} import {} as engine
docs, rng = load_names(), random.Random(42)
rng.shuffle(docs)
tokenizer = Tokenizer(docs)
steps = train(GPT(Config(tokenizer.vocab_size), engine.Value, rng), docs, tokenizer)
def step():
    began = time.perf_counter()
    next(steps)
    return 1000 * (time.perf_counter() - began)
"""


def turns(cells, name, count):
    """Let both take steps; give the fastest of each, in milliseconds."""
    begin, names = BEGIN.format(ENGINES[name], name), {}
    exec(begin, names)
    cells.reset()
    cells.value(begin)
    here, there = [], []
    for _ in range(count):
        here.append(names["step"]())
        there.append(float(cells.value("step()")))
    return min(here), min(there)


def report(cells, count):
    """Print the seconds until the first output, then a line for each engine."""
    began = time.perf_counter()
    cells.value("from microgpt import Value\nValue(1.0)")
    print(f"first output after {time.perf_counter() - began:.1f} s")
    for name in ENGINES:
        here, there = turns(cells, name, count)
        times = f"{there:8.1f} ms a step in the page, {here:8.1f} here"
        print(f"{name:10}{times}: {there / here:.2f} times as long")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=30)
    options = parser.parse_args()
    why = browser.missing()
    if why:
        print(f"nothing measured in the page: {why}", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        browser.make_site(Path(folder))
        with (
            browser.chromium() as chromium,
            browser.served(Path(folder), isolated=False) as address,
        ):
            report(browser.Cells(chromium, address), options.steps)


if __name__ == "__main__":
    main()
