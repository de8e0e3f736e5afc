"""A backward pass stands in the page as a table, and as a graph to step through."""

import json
import re
from html import unescape
from itertools import accumulate
from pathlib import Path

import pytest

from docs.plugins.backprop import backward_pass
from docs.plugins.expression import Refused, graph_of, references
from docs.plugins.passes import script_data

EXTENSIONS = ["docs.plugins.backprop"]
EXAMPLE = (
    "a, b, c = Value(2.0), Value(-3.0), Value(10.0)\nd = a * b\ne = d + c\nL = e.relu()"
)
TWICE = "a, b = Value(2.0), Value(3.0)\nc = a * b\nd = c + a"
UNNAMED = "(Value(2.0) * 3).exp().log() - 1"
BY_HAND = "a = Value(2.0)\nc = Value(4.0, (a, a), (2.0, -2.0))"
SCRIPT = Path(__file__).parents[2] / "docs" / "_static" / "backprop.js"


def data(body):
    return json.loads(script_data(*backward_pass(body)))


def fence(body=EXAMPLE, options=""):
    return f"```{{backprop}} A *pass*\n{options}{body}\n```\n"


def build(book, *parts, builder="html", **settings):
    book.write({"index.md": "\n".join(["# Page\n", *(parts or [fence()])])})
    return book.build(builder, **settings)


def table(html):
    """The texts of a page's table, row by row, without the head."""
    body = re.search(r"<tbody>(.*?)</tbody>", html, re.DOTALL)[1]
    rows = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    return [re.findall(r"<td.*?><p>(.*?)</p></td>", row) for row in rows]


def test_the_table_is_that_of_the_worked_example(book):
    built = build(book)
    assert built.warnings == []
    assert table(built.html("index")) == [
        ["0", "L", "the root, where the pass begins", "1.0"],
        ["1", "L = relu(e)", "e", "1.0 × 1.0 = 1.0", "1.0"],
        ["2", "e = d + c", "d", "1.0 × 1.0 = 1.0", "1.0"],
        ["3", "e = d + c", "c", "1.0 × 1.0 = 1.0", "1.0"],
        ["4", "c", "a leaf, with nothing to hand on", "1.0"],
        ["5", "d = a × b", "a", "-3.0 × 1.0 = -3.0", "-3.0"],
        ["6", "d = a × b", "b", "2.0 × 1.0 = 2.0", "2.0"],
        ["7", "b", "a leaf, with nothing to hand on", "2.0"],
        ["8", "a", "a leaf, with nothing to hand on", "-3.0"],
    ]


def test_the_table_has_a_head_a_title_and_cells_over_two_columns(book):
    html = build(book).html("index")
    head = re.findall(r'<th class="head"><p>(.*?)</p></th>', html)
    words = "Local gradient × gradient = share"
    assert head == ["Step", "Node", "Child", words, "Sum so far"]
    assert "The backward pass of L, step by step" in html
    assert html.count('<td colspan="2">') == 4


def test_a_number_used_twice_shows_how_its_sum_grows():
    result = [step.result for step in backward_pass(TWICE)[0]]
    assert result == ["1.0", "1.0", "1.0", "1.0 + 3.0 = 4.0", "2.0", "2.0", "4.0"]


def test_negative_numbers_stand_in_brackets_after_a_sign():
    found, _ = backward_pass(f"{BY_HAND}\n-(c ** 2)")
    assert [(step.action, step.result) for step in found[-3:-1]] == [
        ("2.0 × (-8.0) = -16.0", "-16.0"),
        ("-2.0 × (-8.0) = 16.0", "-16.0 + 16.0 = 0.0"),
    ]


@pytest.mark.parametrize("body", [EXAMPLE, TWICE, UNNAMED, BY_HAND, "Value(2.0)"])
def test_the_gradients_are_those_of_backward(body):
    _, graph = backward_pass(body)
    expected = graph_of(body, frozenset({"grad"}))
    assert [node.grad for node in graph.nodes] == [node.grad for node in expected.nodes]


def test_gradients_that_the_body_has_found_do_not_count_twice():
    assert backward_pass(f"{TWICE}\nd.backward()\nd.backward()") == backward_pass(TWICE)


def test_results_without_a_name_are_numbered():
    found, graph = backward_pass(UNNAMED)
    names = [node.name for node in graph.nodes]
    assert names == ["", "", "#1", "#2", "#3", "", "#4"]
    assert references(graph)[found[0].node] == "#4"


def test_a_node_made_by_hand_and_a_leaf_alone_can_be_shown():
    assert [said[4] for said in data(BY_HAND)] == [
        "Step 0 of 3: c is the root, where the pass begins; it holds 1.0.",
        "Step 1 of 3: c gives 2.0 × 1.0 = 2.0 to a, which then holds 2.0.",
        "Step 2 of 3: c gives -2.0 × 1.0 = -2.0 to a, which then holds "
        "2.0 + (-2.0) = 0.0.",
        "Step 3 of 3: a is a leaf, with nothing to hand on; it holds 0.0.",
    ]
    assert [said[3] for said in data("Value(2.0)")] == ["grad 1.0", "grad 1.0"]


def test_a_node_made_by_hand_has_no_equation_in_the_table(book):
    rows = table(build(book, fence(BY_HAND)).html("index"))
    assert [row[1] for row in rows] == ["c", "c", "c", "a"]


def test_the_script_is_told_what_to_mark_and_to_say():
    assert data(TWICE)[3] == [
        *("v2", ["e2.0", "o2", "r2"], "v0", "grad 4.0"),
        "Step 3 of 6: c gives 3.0 × 1.0 = 3.0 to a, which then holds 1.0 + 3.0 = 4.0.",
    ]
    assert data(BY_HAND)[2][1] == ["e1.1"]


def test_everything_to_mark_is_in_the_drawing(book):
    html = build(book, *map(fence, (EXAMPLE, TWICE, UNNAMED, BY_HAND))).html("index")
    boxes = re.findall(r'data-steps="(.*?)".*?(<svg.*?</svg>)', html, re.DOTALL)
    assert len(boxes) == 4
    for told, svg in boxes:
        parts = re.findall(r'data-part="(.*?)"', svg)
        assert len(parts) == len(set(parts))
        for node, link, child, _, _ in json.loads(unescape(told)):
            assert {node, *link, child} <= set(parts)


def test_the_last_sums_are_the_gradients_that_are_drawn(book):
    html = build(book, fence(TWICE)).html("index")
    *_, last = accumulate(
        ({child: grad} for _, _, child, grad, _ in data(TWICE)), lambda x, y: x | y
    )
    drawn = re.findall(r'data-part="(v\d)".*?graph-grad.*?>(.*?)</text>', html)
    assert dict(drawn) == last


def test_a_box_has_room_for_each_sum_on_the_way():
    _, graph = backward_pass("x = Value(3.0)\nx * 0.125 + x * 0.875")
    assert (graph.nodes[0].grad, graph.nodes[0].columns) == (1.0, len("grad 0.125"))


def test_only_pages_with_a_pass_load_the_script(book):
    book.write({"other.md": "# Other\n"})
    built = build(book, fence(), "```{toctree}\nother\n```\n")
    assert '<script defer="defer" src="_static/backprop.js' in built.html("index")
    assert "backprop" not in built.html("other")
    assert "backprop" not in built.html("genindex")


def test_there_is_no_script_in_the_page_but_one_small_file(book):
    html = build(book).html("index")
    assert "<button" not in html
    assert SCRIPT.stat().st_size < 3000
    assert not re.search(r"https?:|import|innerHTML|eval", SCRIPT.read_text("utf-8"))


def test_other_builders_write_the_table_and_words(book):
    built = build(book, builder="text")
    text = (built.app.outdir / "index.txt").read_text("utf-8")
    assert "Computation graph with 3 leaves" in " ".join(text.split())
    assert "-3.0 × 1.0 = -3.0" in text
    assert "backprop.js" not in text
    assert built.warnings == []


def test_an_e_book_has_the_drawing_and_no_script(book):
    settings = {"epub_copyright": "c", "version": "1", "root_doc": "index"}
    built = build(book, builder="epub", **settings)
    text = (built.app.outdir / "index.xhtml").read_text("utf-8")
    assert "<svg" in text
    assert "backprop.js" not in text
    assert built.warnings == []


def test_the_figure_takes_a_direction_and_a_label(book):
    text = "See {numref}`fig-one`.\n"
    options = ":name: fig-one\n:down:\n"
    built = build(book, fence(options=options), text, numfig=True)
    html = built.html("index")
    assert built.warnings == []
    assert 'href="#fig-one"><span class="std std-numref">Fig. 1<' in html
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', html).groups()
    assert float(width) < float(height)


def test_an_error_of_the_body_is_one_located_warning(book):
    assert build(book, fence("a = Value(1.0)\na / 'b'")).warnings == [
        "index.md:3: WARNING: backprop: \"a / 'b'\" raised TypeError: "
        "a Value is made of a real number, not of str [backprop.body]"
    ]


def test_an_option_of_graph_that_it_lacks_is_one_located_warning(book):
    assert build(book, fence(options=":show: grad\n")).warnings == [
        "index.md:4: WARNING: 'backprop': Unknown option key: 'show' "
        "(allowed: ['down', 'name']) [myst.directive_option]"
    ]


def test_closures_keep_no_local_gradients_to_show():
    with pytest.raises(Refused) as refused:
        backward_pass("a = closures.Value(2.0)\na * a")
    assert str(refused.value) == "closures.Value keeps no local gradients to show"


def test_a_missing_node_leaves_words_and_the_table(book):
    built = build(book, graph_node="no-such-node")
    assert built.warnings == [
        "index.md:3: WARNING: graph: there is no program 'no-such-node': "
        "install Node.js [graph.layout]"
    ]
    assert len(table(built.html("index"))) == 9


def test_a_second_build_after_a_change_shows_the_new_pass(book):
    first = build(book).html("index")
    assert book.build("html").html("index") == first
    assert book.build("html", freshenv=True).html("index") == first
    rows = table(build(book, fence(TWICE)).html("index"))
    assert rows[3] == ["3", "c = a × b", "a", "3.0 × 1.0 = 3.0", "1.0 + 3.0 = 4.0"]


def test_pages_may_be_read_in_parallel(book):
    names = [f"page{i}" for i in range(8)]
    book.write({f"{name}.md": f"# {name}\n\n{fence()}" for name in names})
    toctree = "```{toctree}\n" + "\n".join(names) + "\n```\n"
    built = build(book, fence(), toctree, parallel=2)
    assert built.warnings == []
    for name in ["index", *names]:
        assert "<svg " in built.html(name)
        assert 'src="_static/backprop.js' in built.html(name)


def test_a_page_is_read_again_when_the_package_changes(book):
    built = build(book, builder="dummy")
    files = {str(path) for path in built.app.env.dependencies["index"]}
    assert any(path.endswith("microgpt/graph.py") for path in files)
