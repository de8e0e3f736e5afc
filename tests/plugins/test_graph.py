"""Graphs in the pages are drawn from live expressions."""

import re
from xml.etree import ElementTree

import pytest

from docs.plugins import graph
from docs.plugins.drawing import lay_out

EXTENSIONS = ["docs.plugins.graph"]
EXAMPLE = "a, b = Value(2.0), Value(-3.0)\nd = a * b\nL = (d + 10.0).relu()"
WORDS = "Computation graph with 3 leaves (a = 2.0, b = -3.0, 10.0)"


def fence(body=EXAMPLE, options=""):
    return f"```{{graph}} A *neuron*\n{options}{body}\n```\n"


def page(*parts):
    return "\n".join(["# Page\n", *parts])


def build(book, *parts, builder="html", **settings):
    book.write({"index.md": page(*(parts or [fence()]))})
    return book.build(builder, **settings)


@pytest.fixture
def asked(monkeypatch):
    """For each process that lays out, how many graphs it was given."""
    counts = []

    def counted(requests, name):
        counts.append(len(requests))
        return lay_out(requests, name)

    monkeypatch.setattr(graph, "lay_out", counted)
    return counts


def test_a_graph_is_drawn_as_a_figure_with_a_caption(book):
    built = build(book)
    html = built.html("index")
    assert built.warnings == []
    assert html.count("<svg ") == html.count("<figcaption>") == 1
    assert '<span class="caption-text">A <em>neuron</em></span>' in html
    assert WORDS in html


def test_a_figure_is_numbered_and_can_be_referred_to(book):
    text = "See {numref}`fig-one`.\n"
    built = build(book, fence(options=":name: fig-one\n"), text, numfig=True)
    assert built.warnings == []
    assert 'href="#fig-one"><span class="std std-numref">Fig. 1<' in built.html("index")


def test_options_say_what_is_shown_and_in_which_direction(book):
    html = build(book, fence(), fence(options=":show: grad local\n:down:\n")).html(
        "index"
    )
    plain, full = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert "graph-grad" not in plain
    assert "graph-local" not in plain
    assert "graph-grad" in full
    assert "graph-local" in full
    wide, high = (ElementTree.fromstring(text) for text in (plain, full))
    assert float(wide.get("width")) > float(wide.get("height"))
    assert float(high.get("width")) < float(high.get("height"))


def test_ids_are_unique_in_a_book_on_one_page(book):
    book.write({"more.md": page(fence(), fence())})
    toctree = "```{toctree}\nmore\n```\n"
    built = build(book, fence(), fence(), toctree, builder="singlehtml")
    ids = re.findall(r' id="(graph-[^"]+)"', built.html("index"))
    assert len(ids) == len(set(ids)) == 8


def test_other_builders_write_the_words(book):
    built = build(book, builder="text")
    text = (built.app.outdir / "index.txt").read_text("utf-8")
    assert WORDS in " ".join(text.split())
    assert "<svg" not in text
    assert built.warnings == []


def test_an_e_book_has_the_drawing(book):
    settings = {"epub_copyright": "c", "version": "1", "root_doc": "index"}
    built = build(book, builder="epub", **settings)
    text = (built.app.outdir / "index.xhtml").read_text("utf-8")
    assert "<svg" in text
    assert built.warnings == []


def test_all_new_graphs_are_laid_out_by_one_process(book, asked):
    book.write({"more.md": page(fence("Value(1.0)"), fence("Value(10.0)"))})
    toctree = "```{toctree}\nmore\n```\n"
    assert build(book, fence(), fence("Value(1.0)"), toctree).warnings == []
    assert asked == [3]


def test_a_second_build_lays_out_what_is_new_and_forgets_what_is_gone(book, asked):
    first = build(book, fence(), fence("Value(1.0)")).html("index")
    assert book.build("html").html("index") == first
    assert asked == [2]
    built = build(book, fence("Value(2.0)"), fence("Value(10.0)"))
    assert asked == [2, 1]
    assert len(graph.layouts(built.app.env)) == 2


def test_a_page_read_for_another_builder_is_drawn_later(book):
    assert build(book, builder="text").warnings == []
    assert "<svg " in book.build("html").html("index")


def test_pages_may_be_read_in_parallel(book):
    names = [f"page{i}" for i in range(8)]
    book.write({f"{name}.md": page(fence(f"Value({name[4:]})")) for name in names})
    toctree = "```{toctree}\n" + "\n".join(names) + "\n```\n"
    built = build(book, fence(), toctree, parallel=2)
    assert built.warnings == []
    assert all("<svg " in built.html(name) for name in ["index", *names])


def test_two_builds_are_the_same_to_the_byte(book):
    body = "import random\nx = Value(random.random())\ny = x * x"
    first = build(book, fence(body)).html("index")
    assert book.build("html", freshenv=True).html("index") == first


def test_an_error_of_the_body_is_one_located_warning(book):
    assert build(book, fence("a = Value(1.0)\na / 'b'")).warnings == [
        "index.md:3: WARNING: graph: \"a / 'b'\" raised TypeError: "
        "a Value is made of a real number, not of str [graph.body]"
    ]


def test_a_body_without_a_value_is_one_located_warning(book):
    assert build(book, fence("2.0")).warnings == [
        "index.md:3: WARNING: graph: the last line gives float, not a Value "
        "[graph.body]"
    ]


def test_an_unknown_word_is_one_located_warning(book):
    assert build(book, fence(options=":show: grad data\n")).warnings == [
        "index.md:4: WARNING: 'graph': Invalid option value for 'show': grad data: "
        '"data" unknown; choose from "grad", or "local" [myst.directive_option]'
    ]


def test_a_missing_node_is_one_located_warning_and_words_stand_instead(book):
    built = build(book, fence(), fence("Value(1.0)"), graph_node="no-such-node")
    assert built.warnings == [
        "index.md:3: WARNING: graph: there is no program 'no-such-node': "
        "install Node.js [graph.layout]"
    ]
    assert WORDS in built.html("index")
    again = book.build("html")
    assert again.warnings == []
    assert again.html("index").count("<svg ") == 2


def test_a_page_is_read_again_when_the_package_changes(book):
    built = build(book, builder="dummy")
    files = {str(path) for path in built.app.env.dependencies["index"]}
    assert any(path.endswith("microgpt/value.py") for path in files)
