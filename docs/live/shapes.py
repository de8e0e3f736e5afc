"""Tell what the page can draw of a thing that a cell has shown."""

import math
from typing import Any

FEWEST = 10  # numbers that make a curve
MOST = 30  # rows that make a map


def is_value(thing: Any) -> bool:
    """Whether it has a graph."""
    return callable(getattr(type(thing), "backward", None))


def is_curve(thing: Any) -> bool:
    """Whether it is a list of numbers, such as the losses of a run."""
    return type(thing) is list and len(thing) >= FEWEST and all(map(is_number, thing))


def is_map(thing: Any) -> bool:
    """Whether it is a list of rows of shares, such as weights of attention.

    A row is as long as the list, or ends where its own column does.
    """
    if type(thing) is not list or not 1 < len(thing) <= MOST:
        return False
    ends = [*range(1, len(thing) + 1)], [len(thing)] * len(thing)
    rows = all(type(row) is list and all(map(is_share, row)) for row in thing)
    return rows and [len(row) for row in thing] in ends


def is_number(x: Any) -> bool:
    return type(x) is float and math.isfinite(x)


def is_share(x: Any) -> bool:
    return is_number(x) and 0.0 <= x <= 1.0
