"""Graphs in the pages are drawn from live expressions."""

EXTENSIONS = ["docs.plugins.graph"]
EXAMPLE = "a, b = Value(2.0), Value(-3.0)\nd = a * b\nL = (d + 10.0).relu()"


def build(book, body=EXAMPLE, options="", builder="html", **settings):
    text = f"# Page\n\n```{{graph}} A *neuron*\n{options}{body}\n```\n"
    book.write({"index.md": text})
    return book.build(builder, **settings)


def test_a_graph_is_drawn_as_a_figure_with_a_caption(book):
    built = build(book)
    html = built.html("index")
    assert built.warnings == []
    assert html.count("<svg ") == html.count("<figcaption>") == 1
    assert '<span class="caption-text">A <em>neuron</em></span>' in html
