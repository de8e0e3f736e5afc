"""Tell how much of the program the tests have run, and refuse too little.

Reads what pytest has just counted with `--cov`. What needs PyTorch, which need not be
installed, is held to the last of the bounds only, and so is what needs a C compiler
where there is none.
"""

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from coverage import Coverage

from tests.engines import c_compiler
from tests.trust.figure import OF_TESTS, store

ROOT = Path(__file__).parents[1]
CORE = ("arithmetic", "closures", "dual", "graph", "model", "number", "optim", "value")
WITH_PYTORCH = ("microgpt/ladder/pytorch.py", "microgpt/ladder/ranks.py")
WITH_COMPILER = ("microgpt/ladder/compile*.py",)


def elsewhere():
    """The files of engines that tests need not run here."""
    return WITH_PYTORCH if c_compiler()[1] else WITH_PYTORCH + WITH_COMPILER


class Part(NamedTuple):
    """A part of the program, and the percentage of it that tests must run."""

    what: str
    least: int
    files: tuple[str, ...]
    omit: tuple[str, ...] = ()


PARTS = {
    "covered.engines": Part(
        "Tests run each line and branch of the engines (those in PyTorch apart), "
        "the model and the optimizers",
        100,
        (*(f"microgpt/{name}.py" for name in CORE), "microgpt/ladder/*"),
        elsewhere(),
    ),
    "covered.plugins": Part(
        "Tests run each line and branch of the book's plugins",
        100,
        ("docs/plugins/*",),
    ),
    "covered.all": Part(
        "Tests run the package, the plugins, the pictures and what runs in the page",
        95,
        ("microgpt/*", "docs/*"),
    ),
}


def totals(counted, part, folder):
    """Count the lines and branches of a part, and those that were run."""
    path = Path(folder, "covered.json")
    counted.json_report(include=part.files, omit=part.omit, outfile=str(path))
    return json.loads(path.read_text("utf-8"))["totals"]


def measured(counted):
    """Print what was run of each part; yield what the store should hold of it.

    What was missed is printed where it is too much, and nothing is stored then.
    """
    for name, part in PARTS.items():
        with TemporaryDirectory() as folder:
            found = totals(counted, part, folder)
        text = "{covered_branches:,} of {num_branches:,} branches, "
        text += "{covered_lines:,} of {num_statements:,} lines"
        text = text.format(**found)
        held = found["percent_covered"] >= part.least
        print(f"{name}: {text}; held to {part.least} %{'' if held else ': TOO LITTLE'}")
        if not held:
            counted.report(include=part.files, omit=part.omit, show_missing=True)
        least = "at least " if part.least < 100 else ""
        bound = f"{least}{part.least} % of branches and lines"
        row = {"what": part.what, "bound": bound, "cases": found["num_branches"]}
        yield name, {**row, "measured": text} if held else {}


def main(argv=None):
    """Run the command line; give the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", type=Path, metavar="FILE", help="what to write, too")
    options = parser.parse_args(argv)
    counted = Coverage()
    counted.load()
    found = dict(measured(counted))
    if options.store:
        store(options.store, found, "python -m tests.covered", OF_TESTS)
    return int(not all(found.values()))


if __name__ == "__main__":
    sys.exit(main())
