"""Run the tests of the package again and again, each time in another order.

It ends at the first run that fails, with the seed of its order.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

from tests.mutants import ROOT, judges, modules
from tests.trust.figure import OF_TESTS, store

FILES = sorted({file for module in modules() for file in judges(module)})


def run(seed):
    """Run all tests in the order of this seed; give what pytest said, or nothing."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2"]
    command += ["-p", "no:cacheprovider", "-m", "not no_cover"]  # none that trains long
    command += ["--shuffle", str(seed), *FILES]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return done.stdout + done.stderr if done.returncode else ""


def row(seconds):
    """What the store should hold of runs that took so long."""
    return {
        "what": "The tests of the package pass in any order, but for long training",
        "bound": "each run, all of its tests",
        "cases": len(seconds),
        "measured": f"all passed, each in {min(seconds):.0f} to {max(seconds):.0f} s",
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--first", type=int, default=1, help="the seed to begin with")
    parser.add_argument("--store", type=Path, metavar="FILE", help="what to write, too")
    options = parser.parse_args()
    seconds = []
    for seed in range(options.first, options.first + options.runs):
        began = time.perf_counter()
        said = run(seed)
        if said:
            sys.exit(f"{said}\nfailed in the order of seed {seed}")
        seconds.append(time.perf_counter() - began)
        print(f"seed {seed}: passed in {seconds[-1]:.0f} s", flush=True)
    if options.store:
        found = {"shuffled.orders": row(seconds)}
        store(options.store, found, "python -m tests.shuffled", OF_TESTS)


if __name__ == "__main__":
    main()
