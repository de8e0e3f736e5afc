"""A figure of trust: what is promised, in which bounds, and how it is measured."""

from collections.abc import Callable
from typing import NamedTuple


class Figure(NamedTuple):
    """A promise, and the function that puts it to the test."""

    what: str  # what is promised, a sentence for the page
    bound: str
    quick: int  # how many cases in `make test`
    full: int  # how many in `make trust`
    measure: Callable[[int], str]  # runs so many; AssertionError names one that fails
