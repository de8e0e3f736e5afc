"""A Value that a reader made is drawn as the figures of the book are."""

import json
import math
import sys
from types import SimpleNamespace

import pytest
from sphinx import locale

from docs.live import draw, english
from docs.plugins.backprop import backward_pass
from docs.plugins.drawing import SCRIPT, layout, svg
from docs.plugins.node import ask
from docs.plugins.passes import script_data
from microgpt import Value, closures

BODIES = [
    "a, b = Value(2.0), Value(3.0)\nL = a * b + a",
    "a, b = Value(1.0), Value(1.0)\nL = (a * b) * (a + b)",
    "x = Value(2.0)\nL = x.exp() + x.log() + x.relu() + (x * -1).relu()",
    "x = Value(2.0)\nL = x ** 2 + x ** 0.5 + x ** -1",
    "x, y = Value(2.0), Value(0.5)\nL = (x - y) / (x * y)",
    "xs = [Value(1.0), Value(-2.0)]\nL = (xs[0] + xs[1]) * 3",
    "L = Value(4.0)",
]


def names_after(body, kind=Value):
    """What a cell with these lines has named."""
    names = {"Value": kind, "_hidden": kind(1.0)}
    exec(body, names)
    return names


@pytest.mark.parametrize("body", BODIES)
def test_the_graph_and_its_pass_are_those_of_the_book(body):
    names = names_after(body)
    graph, steps = draw.drawn(names["L"], names)
    assert (steps, graph) == backward_pass(body)
    assert names["L"].grad == 0.0


def test_the_page_gets_what_the_book_shows():
    locale.init([], "en")
    names = names_after(BODIES[0])
    asked = json.loads(draw.asked(names["L"], names))
    (answer,) = ask(SCRIPT, [asked["request"]])
    told = json.loads(draw.told(names["L"], names, json.dumps([answer, "cell-1"])))
    passed, graph = backward_pass(BODIES[0])
    assert told["svg"] == svg(graph, layout(answer), "cell-1")
    assert told["steps"] == script_data(passed, graph)
    assert told["head"][0] == "Step"
    assert told["rows"][0] == ["0", "L", "the root, where the pass begins", "1.0"]
    assert len(told["rows"]) == len(passed)
    assert len(json.loads(told["labels"])) == 5


def test_an_engine_without_local_gradients_has_a_graph_and_no_pass():
    names = names_after(BODIES[0], closures.Value)
    graph, steps = draw.drawn(names["L"], names)
    assert steps == []
    assert [node.op for node in graph.nodes if node.children] == ["×", "+"]


def test_numbers_and_shares_need_no_layout():
    numbers, shares = [0.5] * 10, [[1.0], [0.5, 0.5]]
    assert json.loads(draw.asked(numbers, {})) == {"curve": numbers}
    assert json.loads(draw.asked(shares, {})) == {"map": shares}


def test_too_large_a_graph_is_refused_in_words():
    names = names_after("L = Value(1.0)\nfor _ in range(200):\n    L = L + 1")
    told = json.loads(draw.asked(names["L"], names))
    assert told == {"refused": "401 nodes are too many to draw: at most 200"}


@pytest.mark.parametrize(
    ("result", "data", "slopes"),
    [
        (5.0, [2.0, 3.0], (1.0, 1.0, 1.0)),
        (7.0, [2.0, 3.0], (1.0, 1.0)),
        (7.0, [2.0, 3.0], (3.0, 2.0)),
        (7.0, [2.0], (5.0,)),
        (0.0, [2.0], (5.0,)),
        (7.0, [1e9], (5.0,)),
        (math.inf, [-2.0], (math.inf,)),
    ],
)
def test_an_operation_that_the_numbers_do_not_tell_has_no_name(result, data, slopes):
    assert draw.operation(result, data, slopes) == ""


def test_without_sphinx_words_are_english(monkeypatch):
    monkeypatch.setattr(english, "find_spec", lambda name: None)
    monkeypatch.setattr(english, "sys", SimpleNamespace(modules={}))
    english.install()
    assert vars(english.sys.modules["sphinx.locale"])["_"]("First") == "First"
    monkeypatch.undo()
    before = dict(sys.modules)
    english.install()
    assert sys.modules == before
