"""Measure every rung against the specimen of the published engine.

Each rung trains in a process of its own, on the same documents from the same seed.
They take turns of some steps each; what counts is process CPU time, and of it the ratio
within a turn, for the machine may be busy and its speed may drift.
"""

import argparse
import json
import platform
import random
import signal
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from datetime import date
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from microgpt import Config, Tokenizer, load_names, train
from microgpt.run import ENGINES, build
from tests.specimens import program

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
    """Serve one rung: tell what the beginning costs, then serve turns.

    For each number received, take so many steps. A cost is (CPU seconds, peak memory of
    the process in MB).
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that asks
    run = start(name, data)
    pipe.send(cost(0.0))
    with suppress(EOFError):  # raised when nobody asks any more
        while True:
            count = pipe.recv()
            began = time.process_time()
            for _ in islice(run, count):
                pass
            pipe.send(cost(began))


def cost(began):
    """Tell what this process has used since then, and at most held."""
    return time.process_time() - began, peak() / 1e6


def peak(pid="self"):
    """Tell how many bytes of memory a process has held at most; 0 but on Linux.

    `getrusage` would count what its parent held when it was started.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except FileNotFoundError:
        return 0
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def present():
    """List the specimen and the rungs; say of each that is left out what it lacks."""
    found, small = ["specimen"], Config(2, n_embd=1, n_head=1, block_size=1)
    for name in ENGINES:
        try:
            build(name, small, random)
        except ValueError as error:
            print(f"without {name}: {error}", file=sys.stderr)
        else:
            found.append(name)
    return found


def measure(rounds, steps, data, rungs):
    """Let the rungs take turns; give each one's costs, the beginning first."""
    context = get_context("spawn")
    pipes, costs = {}, {}
    for name in rungs:
        pipes[name], theirs = context.Pipe()
        context.Process(target=work, args=(theirs, name, data), daemon=True).start()
        costs[name] = [pipes[name].recv()]
    try:
        for i in range(rounds + 1):
            for name, pipe in pipes.items():
                pipe.send(steps)
                turn = pipe.recv()
                if i > 0:  # the first turn only warms up
                    costs[name].append(turn)
            print(f"round {i} of {rounds}", end="\r", flush=True)
    except KeyboardInterrupt:
        print("\nstopped: this is what was measured until now")
    return costs


def summary(costs, steps):
    """Give, for each rung that took two turns or more, what a table shows.

    That is CPU milliseconds a step, the quartiles of the ratio to the specimen in the
    same turn, the most that the process has held, in MB, and the CPU seconds until it
    could begin.
    """
    found = {}
    for name, ((begin, _), *turns) in costs.items():
        base = costs["specimen"][1:]
        ratios = [theirs[0] / own[0] for theirs, own in zip(base, turns)]
        if len(ratios) > 1:
            found[name] = {
                "ms": 1000 * statistics.median(turn[0] for turn in turns) / steps,
                "ratio": statistics.quantiles(ratios, n=4),
                "mb": turns[-1][1],
                "begin": begin,
            }
    return found


def report(rungs):
    """Print a table, a rung a line."""
    print(
        "rung        ms a step   x the specimen (quartiles)    peak MB   begins after s"
    )
    for name, rung in rungs.items():
        low, middle, high = rung["ratio"]
        spread = f"{middle:8.2f} ({low:.2f} to {high:.2f})"
        ends = f"{rung['mb']:8.1f} {rung['begin']:10.2f} s"
        print(f"{name:10} {rung['ms']:10.3f}   {spread:28} {ends}")


def circumstances(command):
    """Say when, where and how something was measured."""
    git = ["git", "-C", Path(__file__).parent, "rev-parse", "--short", "HEAD"]
    found = subprocess.run(git, capture_output=True, text=True, check=False)
    return {
        "date": date.today().isoformat(),
        "machine": machine(),
        "python": platform.python_version(),
        "commit": found.stdout.strip() or "unknown",
        "command": command,
    }


def machine(cpuinfo=Path("/proc/cpuinfo")):
    """Name the processor."""
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2] for line in lines if line.startswith("model name")]
    return " ".join((names or [platform.machine()])[0].split())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--steps", type=int, default=30, help="steps in a turn")
    parser.add_argument("--data", help="a file instead of the bundled names")
    parser.add_argument("--store", type=Path, metavar="FILE", help="what to write, too")
    options = parser.parse_args()
    if options.rounds < 2 or not 1 <= (options.rounds + 1) * options.steps <= STEPS:
        parser.error(f"2 rounds or more, and at most {STEPS:,} steps in all")
    costs = measure(options.rounds, options.steps, options.data, present())
    rungs = summary(costs, options.steps)
    report(rungs)
    if options.store and len(costs["specimen"]) == options.rounds + 1:
        asked = f"--rounds {options.rounds} --steps {options.steps}"
        whole = {**circumstances(f"python -m tests.bench {asked}"), "rungs": rungs}
        options.store.write_text(json.dumps(whole, indent=1) + "\n")


if __name__ == "__main__":
    main()
