"""The pictures of Part I show what they say."""

import random
import re

from docs.plots import breaking, checked_slopes, circle, passes, widths, wrong_rules
from microgpt import SGD, number
from microgpt.nn import MLP
from tests.drawn import words


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


def test_a_wrong_relu_is_hardly_seen_in_the_loss_and_a_wrong_softmax_late():
    means = re.findall(
        r"(\w+) (\w+): (\S+) at first, (\S+) at last", words(wrong_rules)
    )
    last = {f"{a} {b}": float(mean) for a, b, _, mean in means}
    assert list(last) == ["right rules", "wrong relu", "wrong softmax"]
    assert 0 < last["wrong relu"] - last["right rules"] < 0.03
    assert 0.05 < last["wrong softmax"] - last["right rules"] < 0.15


def test_gradients_behind_a_wrong_relu_are_off_and_no_others():
    found = re.findall(r"(\w+), (\w+) \w+: (\d+) of (\d+) are", words(checked_slopes))
    off = {(engine, place): int(count) for engine, place, count, _ in found}
    assert off["Value", "before"] == off["Value", "after"] == 0
    assert off["Careless", "after"] == 0 < 50 < off["Careless", "before"]
    assert sum(int(whole) for *_, whole in found) == 2 * 180


def test_forward_mode_costs_as_many_times_as_there_are_parameters():
    ways = {}
    for way in words(passes).rstrip(".").split(". "):
        name, points = way.split(": ")
        pairs = re.findall(r"(\d+) for (\d+) parameters", points)
        ways[name] = [(int(cost), int(n)) for cost, n in pairs]
    assert ways["reverse mode"][-1][1] == 4192
    for (forward, n), (reverse, _) in zip(ways["forward mode"], ways["reverse mode"]):
        assert forward == n * reverse
    assert all(a < b for a, b in zip(ways["nudging"], ways["forward mode"]))


def test_a_network_learns_the_circle_of_the_chapter():
    assert "after 0 steps, 26 of 49" in words(circle)
    assert "after 100 steps, 49 of 49 points are right." in words(circle)


def test_networks_that_are_trained_side_by_side_learn_what_each_learns_alone():
    for width, seed in ((3, 2), (8, 1)):
        mlp = MLP([2, width, 1], rng=random.Random(seed))
        sgd = SGD(mlp.parameters(), lr=0.1)
        for _ in range(15):
            errors = [(mlp(p)[0] - sign) ** 2 for p, sign in circle.SIGNS.items()]
            (number.total(errors) * (1 / len(errors))).backward()
            sgd.step()
        alone = sum(mlp(p)[0].data * sign > 0 for p, sign in circle.SIGNS.items())
        assert widths.right(width, [5, seed], 15)[1] == alone


def test_a_circle_needs_more_than_two_neurons_and_luck_with_four():
    found = {n: sorted(widths.right(n)) for n in (2, 4, 10)}
    assert found[2][-1] < 40 > found[4][0]
    assert found[4][-1] == found[10][-1] == 49 > found[10][0]
    assert words(widths).startswith("Medians: 1 neurons 29, 2 neurons 35,")
