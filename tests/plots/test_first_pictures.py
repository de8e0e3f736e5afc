"""The pictures of Part I show what they say."""

import re

from docs.plots import breaking
from docs.plots.shared.paper import draw


def words(picture):
    return draw(picture.picture).words


def test_a_loss_fails_silently_before_it_raises_and_long_after():
    found = re.findall(r"(\w+) from (-?\d+) to (-?\d+) by the (\w+)", words(breaking))
    kinds = {"distance": [], "power": []}
    for kind, first, last, scale in found:
        kinds[scale].append((kind, int(first), int(last)))
    assert kinds["distance"] == [
        ("right", 680, 709),
        ("wrong", 710, 745),
        ("raises", 746, 770),
    ]
    assert kinds["power"] == [
        ("right", -25, 1),
        ("raises", 2, 103),
        ("NaN", 104, 154),
        ("wrong", 155, 200),
    ]
