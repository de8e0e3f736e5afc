"""Measure every rung against the specimen of the published engine.

Each rung trains in a process of its own, on the same documents from the same seed.
They take turns, a few steps each; what counts is process CPU time, and of it the ratio
within a turn, for the machine may be busy and its speed may drift.
"""

import argparse
import random
import resource
import signal
import statistics
import time
from contextlib import suppress
from itertools import islice
from multiprocessing import get_context

from microgpt import Config, Tokenizer, load_names, train
from microgpt.run import ENGINES, build
from tests.specimens import program

RUNGS = ("specimen", *ENGINES)
STEPS = 1000  # over which the learning rate falls


def start(name, data):
    """Begin a training run; gives a generator with a step behind each `next`."""
    rng = random.Random(42)
    docs = load_names(data)
    rng.shuffle(docs)
    tokenizer = Tokenizer(docs)
    if name == "specimen":
        return program.losses(docs, tokenizer, rng, STEPS)
    gpt = build(name, Config(tokenizer.vocab_size), rng)
    return train(gpt, docs, tokenizer, STEPS)


def work(pipe, name, data):
    """Serve one rung: for each number received, take so many steps and tell the cost.

    The cost is (CPU seconds, peak memory of the process in MB).
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that asks
    run = start(name, data)
    with suppress(EOFError):  # raised when nobody asks any more
        while True:
            count = pipe.recv()
            began = time.process_time()
            for _ in islice(run, count):
                pass
            cost = time.process_time() - began
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            pipe.send((cost, peak))


def measure(rounds, steps, data):
    """Let the rungs take turns; give each one's costs, round by round."""
    context = get_context("spawn")
    pipes, costs = {}, {name: [] for name in RUNGS}
    for name in RUNGS:
        pipes[name], theirs = context.Pipe()
        context.Process(target=work, args=(theirs, name, data), daemon=True).start()
    try:
        for i in range(rounds + 1):
            for name, pipe in pipes.items():
                pipe.send(steps)
                cost = pipe.recv()
                if i > 0:  # the first turn only warms up
                    costs[name].append(cost)
            print(f"round {i} of {rounds}", end="\r", flush=True)
    except KeyboardInterrupt:
        print("\nstopped: this is what was measured until now")
    return costs


def report(costs, steps):
    """Print a table: CPU time a step, ratio to the specimen, memory.

    Memory is the most that a process has held, after its first turn and after its last.
    """
    print("rung        ms a step   x the specimen (quartiles)       peak MB")
    for name, own in costs.items():
        ratios = [base[0] / cost[0] for base, cost in zip(costs["specimen"], own)]
        if len(ratios) < 2:
            continue  # stopped before there was anything to compare
        low, middle, high = statistics.quantiles(ratios, n=4)
        milliseconds = 1000 * statistics.median(cost[0] for cost in own) / steps
        spread = f"{middle:8.2f} ({low:.2f} to {high:.2f})"
        peaks = f"{own[0][1]:8.1f} {own[-1][1]:8.1f}"
        print(f"{name:10} {milliseconds:10.3f}   {spread:28} {peaks}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--steps", type=int, default=5, help="steps in a turn")
    parser.add_argument("--data", help="a file instead of the bundled names")
    options = parser.parse_args()
    if options.rounds < 2 or not 1 <= (options.rounds + 1) * options.steps <= STEPS:
        parser.error(f"2 rounds or more, and at most {STEPS:,} steps in all")
    report(measure(options.rounds, options.steps, options.data), options.steps)


if __name__ == "__main__":
    main()
