"""Measure what one core of this machine can do at most, for the chapter Compiled.

The kernels of `limit.c` do one thing as often as they can. The best of many short
turns counts, since whatever else runs here makes a turn longer and none shorter.
"""

import argparse
import json
import sys
from pathlib import Path
from time import perf_counter

from microgpt.ladder.compiler import library
from tests.bench import circumstances

KERNELS = {"multiply_add": 20_000, "divide_by_root": 20, "exponential": 20}
REALS = {"float64": "double", "float32": "float"}


def seconds(kernel, turns, rounds):
    """Time one doing of a kernel, at best."""
    times = []
    for _ in range(rounds):
        began = perf_counter()
        count = kernel(turns)
        times.append((perf_counter() - began) / (turns * count))
    return min(times)


def measure(real, rounds):
    """Give the nanoseconds that each kernel takes for one doing."""
    text = Path(__file__).with_name("limit.c").read_text("utf-8")
    kernels = library(text, {"REAL": REALS[real]})
    return {
        name: 1e9 * seconds(getattr(kernels, name), turns, rounds)
        for name, turns in KERNELS.items()
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=2000)
    parser.add_argument("--store", type=Path, metavar="FILE", help="what to write, too")
    options = parser.parse_args()
    try:
        found = {real: measure(real, options.rounds) for real in REALS}
    except ValueError as error:
        sys.exit(f"not measured: {error}")
    for real, times in found.items():
        print(
            real, *(f"{name} {time:.3f} ns" for name, time in times.items()), sep="  "
        )
    if options.store:
        command = f"python -m tests.limit --rounds {options.rounds}"
        whole = {**circumstances(command), "reals": found}
        options.store.write_text(json.dumps(whole, indent=1) + "\n")


if __name__ == "__main__":
    main()
