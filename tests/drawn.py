"""The pictures of the book, each drawn once: what they say and what they show."""

import re
from functools import cache

from docs.plots.shared.paper import draw


@cache
def drawn(module):
    """What a module of `docs.plots` draws."""
    return draw(module.picture)


def words(module):
    """The description of a picture."""
    return drawn(module).words


def texts(module):
    """What is written in a picture."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", drawn(module).svg)
