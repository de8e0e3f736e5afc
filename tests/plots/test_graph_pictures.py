"""The pictures of the chapters on the graph show what the graph is."""

from pathlib import Path

from docs.plots import holding, levels, walk
from microgpt import Value
from microgpt.graph import topological_order
from tests.drawn import words

CHAPTER = Path(__file__).parents[2] / "docs" / "graph.md"


def test_the_walk_ends_with_each_node_in_the_order_of_the_list():
    a, b = Value(2.0), Value(3.0)
    c = a + b
    d = c * a
    names = {a: "a", b: "b", c: "c", d: "d"}
    listed = ", ".join(names.get(node, "e") for node in topological_order(d.log()))
    assert f"Finished, and so in the list: {listed}. Walk: " in words(walk)
    assert words(walk).endswith("Walk: e d c a a b b c d e.")


def test_an_operation_stands_one_level_above_the_highest_of_its_inputs():
    a = Value(2.0)
    b = a * a
    assert levels.widths(b * a + b * b) == [1, 2, 1]
    assert "\n(248, 5376)\n" in CHAPTER.read_text(encoding="utf-8")
    assert "on 248 levels. The widest has 5,376," in words(levels)


def test_only_in_the_published_design_a_function_holds_its_own_node():
    ours, published = (set(holding.pairs(kind)) for kind in holding.DESIGNS.values())
    assert published - ours == {("function", "c")}
    assert ours <= published
    assert words(holding).count("function holds c.") == 1
