"""A graph is laid out by Graphviz in boxes of the right size and drawn as SVG."""

import json
import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

from docs.plugins.drawing import (
    CHARACTER,
    lay_out,
    number,
    request,
    svg,
)
from docs.plugins.expression import graph_of
from docs.plugins.node import NotAnswered

BOTH = frozenset({"grad", "local"})
EXAMPLE = "a, b = Value(2.0), Value(-3.0)\nd = a * b\nL = (d + 10.0).relu()"
SOFTMAX = (
    "from microgpt.number import softmax\n"
    "logits = [Value(1.0), Value(2.0), Value(-0.123456)]\nsoftmax(logits)[0]"
)


def drawn(body, show=frozenset(), down=False):
    graph = graph_of(body, show)
    (layout,) = lay_out([request(graph, down)])
    return graph, layout


def tree(body, show=frozenset(), down=False):
    return ElementTree.fromstring(svg(*drawn(body, show, down), "id"))


def texts(markup, kind):
    return [text.text for text in markup.iter("text") if text.get("class") == kind]


def test_values_and_operations_show_their_texts():
    markup = tree(EXAMPLE)
    data = ["a = 2.0", "b = -3.0", "d = -6.0", "10.0", "4.0", "L = 4.0"]
    assert texts(markup, "graph-data") == data
    assert texts(markup, "graph-name") == ["×", "+", "relu"]
    assert texts(markup, "graph-grad") == texts(markup, "graph-local") == []


def test_gradients_are_shown_when_asked_for():
    markup = tree(EXAMPLE, BOTH)
    grads = [f"grad {grad}" for grad in (-3.0, 2.0, 1.0, 1.0, 1.0, 1.0)]
    assert texts(markup, "graph-grad") == grads
    local = ["-3.0", "2.0", "1.0", "1.0", "1.0"]
    assert sorted(texts(markup, "graph-local")) == sorted(local)


def test_a_node_made_by_hand_has_no_operation_and_a_leaf_alone_no_edge():
    markup = tree("a = Value(2.0)\nc = Value(4.0, (a, a), (2.0, 2.0))")
    assert len(list(markup.iter("polygon"))) == 2
    assert list(markup.iter("ellipse")) == []
    assert list(tree("Value(1.0)").iter("path")) == []


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("body", [EXAMPLE, SOFTMAX])
def test_no_box_covers_another_or_leaves_the_drawing(body, down):
    _, layout = drawn(body, BOTH, down)
    for box in layout.boxes.values():
        assert box.width / 2 <= box.x <= layout.width - box.width / 2
        assert box.height / 2 <= box.y <= layout.height - box.height / 2
    for a, b in combinations(layout.boxes.values(), 2):
        apart = abs(a.x - b.x) >= (a.width + b.width) / 2
        assert apart or abs(a.y - b.y) >= (a.height + b.height) / 2


def test_a_label_fits_into_its_box():
    graph, layout = drawn("a_rather_long_name = Value(-1.234e-5)", BOTH)
    text = texts(ElementTree.fromstring(svg(graph, layout, "id")), "graph-data")[0]
    assert text == "a_rather_long_name = -1.234e-05"
    assert len(text) * CHARACTER < layout.boxes["v0"].width


def test_results_stand_to_the_right_of_their_children_or_below():
    places = [drawn("Value(2.0).exp().exp()")[1].boxes[f"v{i}"] for i in range(3)]
    assert all(a.x < b.x for a, b in pairwise(places))
    places = [
        drawn("Value(2.0).exp().exp()", down=True)[1].boxes[f"v{i}"] for i in range(3)
    ]
    assert all(a.y < b.y for a, b in pairwise(places))


def test_the_drawing_says_what_it_shows():
    markup = tree("x = Value(1.0)\ny = x + 1").find("svg")
    assert markup.get("role") == "img"
    title = markup.find(f"title[@id='{markup.get('aria-labelledby')}']")
    words = markup.find(f"desc[@id='{markup.get('aria-describedby')}']")
    assert title.text == "Computation graph of y"
    assert words.text.startswith("Computation graph with 2 leaves (x = 1.0, 1.0) and 1")
    assert tree("Value(1.0)").find("svg/title").text == "Computation graph"


def test_the_markup_has_classes_and_no_colors():
    markup = svg(*drawn(EXAMPLE, BOTH), "id")
    assert not re.search(r"#[0-9a-f]{3}|rgb|\b(fill|stroke|font)=", markup)
    kinds = set(re.findall(r'class="([\w -]+)"', markup))
    assert {"graph-value", "graph-value graph-leaf", "graph-op", "graph-edge"} <= kinds


def test_only_a_wide_drawing_can_be_scrolled_by_key():
    assert tree("Value(1.0)").get("tabindex") is None
    assert tree(SOFTMAX).get("tabindex") == "0"


def test_many_graphs_are_laid_out_in_one_process_and_always_the_same():
    asked = [request(graph_of(body, BOTH), False) for body in (EXAMPLE, SOFTMAX)] * 2
    first, second, *again = lay_out(asked)
    assert again == [first, second]
    assert lay_out([asked[1]]) == [second]


def test_an_error_of_graphviz_is_passed_on():
    with pytest.raises(NotAnswered) as refused:
        lay_out([json.dumps({"nodes": [{"nam": "a"}]})])
    assert str(refused.value) == "'node' failed: Error: nodes must have a name"


@pytest.mark.parametrize(("x", "text"), [(2.0, "2"), (2.04, "2"), (-0.25, "-0.2")])
def test_coordinates_are_tenths_of_pixels(x, text):
    assert number(x) == text
