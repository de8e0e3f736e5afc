"""Formulas are MathML in the page: reading needs no script."""

EXTENSIONS = ["docs.plugins.mathml"]


def build(book, text):
    book.write({"index.md": f"# Page\n\n{text}\n"})
    settings = {"myst_enable_extensions": ["dollarmath"]}
    return book.build("html", html_math_renderer="mathml", **settings)


def test_a_formula_in_a_line_is_written_as_mathml(book):
    built = build(book, "So $x^2$ grows.")
    assert built.warnings == []
    assert "<msup>\n    <mi>x</mi>\n    <mn>2</mn>\n  </msup>" in built.html("index")
    assert "mathjax.js" not in built.html("index").lower()


def test_a_function_stands_apart_from_its_argument_unless_in_parentheses(book):
    html = build(book, r"$\log p$ and $\log(p)$").html("index")
    assert html.count('&ApplyFunction;</mo><mspace width="0.1667em"></mspace>') == 1
    assert html.count("&ApplyFunction;") == 2


def test_a_displayed_formula_may_have_a_number(book):
    built = build(book, "$$ a = b $$ (same)\n\n$$ c $$")
    html = built.html("index")
    assert built.warnings == []
    assert '<span class="eqno">(1)</span><math ' in html
    assert html.count('display="block"') == 2
    assert html.count("eqno") == 1


def test_a_formula_that_cannot_be_read_is_a_located_warning(book):
    built = build(book, r"So $\nope{x}$ and" + "\n\n$$ \\nada $$")
    assert built.warnings == [
        "index.md:3: WARNING: formula '\\\\nope{x}':"
        ' Unknown LaTeX command "\\nope". [mathml.formula]',
        "index.md:5: WARNING: formula ' \\\\nada ':"
        ' Unknown LaTeX command "\\nada". [mathml.formula]',
    ]
