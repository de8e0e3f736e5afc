"""Measure what the book promises: `make trust`.

Each figure is measured in turn, and the table grows a line. Ctrl-C keeps what was
measured until then. A figure that cannot be measured here is skipped by name, and what
was stored of it stays; what was stored of one that fails is dropped. How much the tests
notice takes long and has commands of its own: it is shown as it was measured last.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from tests.trust.figure import Absent, figures, store

OF_THE_TESTS = Path(__file__).parents[2] / "docs" / "measured" / "tests.json"


def chosen(name):
    """Find the figures that are asked for: all, those of a module, or a single one."""
    known = figures()
    found = {
        each: figure
        for each, figure in known.items()
        if name in (None, each, each.partition(".")[0])
    }
    if not found:
        raise SystemExit(f"there is no figure {name!r}: {', '.join(known)}")
    return found


def attempt(figure, cases):
    """Measure a figure: tell whether it held, and what there is to say."""
    try:
        return "held", figure.measure(cases)
    except Absent as reason:
        return "skipped", str(reason)
    except AssertionError as error:
        return "FAILED", str(error)


def measured(wanted, quick):
    """Measure each figure and print a line; yield what the store should hold of it.

    That is nothing for a figure that failed; one that was skipped is not mentioned.
    """
    print(f"{'figure':32} {'cases':>9} {'seconds':>8}  measured")
    for count, (name, figure) in enumerate(wanted.items(), start=1):
        cases = figure.quick if quick else figure.full
        if sys.stdout.isatty():
            print(f"{count} of {len(wanted)}: {name} ...", end="\r", flush=True)
        began = time.monotonic()
        state, text = attempt(figure, cases)
        seconds = round(time.monotonic() - began, 1)
        line = text if state == "held" else f"{state}: {text}"
        print(f"{name:32} {cases:9,} {seconds:8.1f}  {line}", flush=True)
        if state == "held":
            what = {"what": figure.what, "bound": figure.bound, "cases": cases}
            yield name, {**what, "measured": text, "seconds": seconds}
        elif state == "FAILED":
            yield name, {}


def remembered(path):
    """Print what commands of their own have measured of the tests, and when."""
    figures = json.loads(path.read_text("utf-8"))["figures"] if path.exists() else {}
    for name, row in figures.items():
        when = f"by {row['command']}, {row['date']}"
        print(f"{name:32} {row['cases']:9,} {'before':>8}  {row['measured']} ({when})")


def main(argv=None):
    """Run the command line; give the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.trust", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--quick", action="store_true", help="a few cases of each")
    parser.add_argument("--only", metavar="NAME", help="a figure, or those of a module")
    parser.add_argument("--store", type=Path, metavar="FILE", help="what to write, too")
    options = parser.parse_args(argv)
    if options.quick and options.store:
        parser.error("what was measured with a few cases is not stored")
    wanted, found, status = chosen(options.only), {}, 0
    try:
        for name, gave in measured(wanted, options.quick):
            found[name] = gave
        if not options.only:
            remembered(OF_THE_TESTS)
    except KeyboardInterrupt:
        print("\nstopped: this is what was measured until now")
        status = 130
    if options.store and found:
        only = f" --only {options.only}" if options.only else ""
        store(options.store, found, f"python -m tests.trust{only}", figures())
    return status or int({} in found.values())


if __name__ == "__main__":
    sys.exit(main())
