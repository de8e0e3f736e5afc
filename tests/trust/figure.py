"""A figure: what is promised, how many cases hold it, and how one measures that.

A module of this folder that measures something ends with `FIGURES` and is named in
`PARTS`. `make trust` measures all figures at full size, `make test` a few cases of
each (`test_figures.py`).
"""

import json
from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from tests.bench import circumstances

PARTS = (
    "graphs",
    "gradients",
    "rules",
    "checker",
    "depth",
    "engines",
    "losses",
    "memory",
    "kills",
    "mutated",
    "resumed",
    "inputs",
)  # the modules with figures, in the order of the page

OF_TESTS = (
    "mutants.core",
    "mutants.rest",
    "shuffled.orders",
    "covered.engines",
    "covered.plugins",
    "covered.all",
)  # what `tests.json` holds: how much the tests notice


class Figure(NamedTuple):
    """A promise that can be measured, case by case."""

    what: str  # is promised, a sentence for the page
    bound: str  # what each case is held to
    quick: int  # so many cases in `make test`
    full: int  # so many in `make trust`
    measure: Callable[[int], str]  # runs so many cases, tells what it found;
    # raises AssertionError with the first case that fails, Absent where it cannot be


class Absent(Exception):
    """What a figure needs is not here; says what that is."""


def needed(module):
    """Import a package that need not be installed."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise Absent(f"{error.name} is not installed") from None


def figures():
    """Find every figure by its name: that of its module, and of its function."""
    return {
        f"{part}.{figure.measure.__name__}": figure
        for part in PARTS
        for figure in import_module(f"tests.trust.{part}").FIGURES
    }


def store(path, found, command, order):
    """Write what was measured beside what was stored before of other figures.

    `order` names all figures that the file may hold; one that failed is dropped.
    """
    before = json.loads(path.read_text("utf-8"))["figures"] if path.exists() else {}
    came = circumstances(command)
    after = before | {name: gave and gave | came for name, gave in found.items()}
    kept = {name: after[name] for name in order if after.get(name)}
    path.write_text(json.dumps({"figures": kept}, indent=1) + "\n", "utf-8")
