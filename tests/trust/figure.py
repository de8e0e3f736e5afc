"""A figure: what is promised, how many cases hold it, and how one measures that.

A module of this folder that measures something ends with `FIGURES` and is named in
`PARTS`. `make trust` measures all figures at full size, `make test` a few cases of
each (`test_figures.py`).
"""

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

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
