"""Formulas are written while building: reading them needs no script."""

import json
import re
from base64 import b64decode
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from docs.plugins import katex
from docs.plugins.katex import Formula, mathml, write

EXTENSIONS = ["docs.plugins.katex"]
LINES = r"a &= b + c \\ &= \begin{pmatrix} d \\ e \end{pmatrix}"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Cut one font only."""
    monkeypatch.setattr(katex, "CUT", {"Size1-Regular"})


@pytest.fixture
def asked(monkeypatch):
    """For each process of Node, the formulas that it was given."""
    calls = []

    def noted(script, questions, name):
        calls.append([json.loads(question)["tex"] for question in questions])
        return ask(script, questions, name)

    ask = katex.ask
    monkeypatch.setattr(katex, "ask", noted)
    return calls


def build(book, *texts, builder="html", **settings):
    """Build a page of each text; the first has the others below it."""
    names = ["index", *(f"page{i}" for i in range(1, len(texts)))]
    files = {f"{name}.md": f"# Page\n\n{text}\n" for name, text in zip(names, texts)}
    rest = "\n".join(names[1:])
    files["index.md"] += f"\n```{{toctree}}\n{rest}\n```\n" if rest else ""
    book.write(files)
    settings = {"myst_enable_extensions": ["dollarmath"], **settings}
    return book.build(builder, **settings)


def shipped(built):
    folder = built.app.outdir / "_static" / "katex"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.*"))
    }


def test_a_formula_in_a_line_is_seen_and_heard(book):
    built = build(book, "So $x^2$ grows.")
    html = built.html("index")
    assert built.warnings == []
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in html
    assert '<span class="katex-html" aria-hidden="true">' in html
    assert "mathjax.js" not in html.lower()
    assert "<div" not in html[html.index("So ") : html.index(" grows.")]


def test_a_block_has_a_line_of_its_own(book):
    built = build(book, "$$ c $$")
    assert built.warnings == []
    assert '<div class="math"><span class="katex-display">' in built.html("index")


def test_a_block_of_several_lines_is_aligned(book):
    built = build(book, f"$$ {LINES} $$")
    html = built.html("index")
    assert built.warnings == []
    assert html.count('columnalign="right left"') == 1
    assert html.count("<mtr>") == 4


def test_a_block_that_says_how_it_is_aligned_is_left_alone(book):
    built = build(book, r"$$\begin{gather*} a \\ b \end{gather*}$$")
    assert built.warnings == []
    assert 'columnalign="right' not in built.html("index")


def test_a_numbered_formula_scrolls_beside_its_number(book):
    built = build(book, "$$ a = b $$ (same)\n\nSee {eq}`same`.")
    html = built.html("index")
    row = html.index('<div class="math-numbered" id="equation-same">')
    formula, number = html.index('<div class="math">'), html.index('class="eqno">(1)')
    assert built.warnings == []
    assert row < formula < number
    assert 'href="#equation-same" title="Link to this equation"' in html


def test_only_a_wide_formula_can_be_scrolled_by_key(book):
    html = build(book, "$$ a = b $$\n\n$$ " + " + ".join("abcdefghijklmn") + " $$")
    assert html.html("index").count('<div class="math" tabindex="0">') == 1
    assert html.html("index").count('<div class="math">') == 1


def test_a_refused_formula_is_a_located_warning_and_stands_there_as_it_is(book):
    built = build(book, "So $\\nope{x}$ and\n\n$$ <\\nada $$\n\n$x^$ é $é$")
    assert built.warnings == [
        r"index.md:3: WARNING: formula '\\nope{x}': Undefined control sequence: \nope"
        " [katex.formula]",
        r"index.md:5: WARNING: formula ' <\\nada ': Undefined control sequence: \nada"
        " [katex.formula]",
        "index.md:7: WARNING: formula 'x^': Expected group after '^' [katex.formula]",
        "index.md:7: WARNING: formula 'é': LaTeX-incompatible input and strict mode is"
        " set to 'error': Accented Unicode text character \"é\" used in math mode"
        " [unicodeTextInMathMode] [katex.formula]",
    ]
    assert r'<code class="math-unwritten"> &lt;\nada </code>' in built.html("index")


def test_a_formula_that_leads_elsewhere_is_refused(book):
    assert build(book, r"$\href{https://example.org}{x}$").warnings == [
        r"index.md:3: WARNING: formula '\\href{https://example.org}{x}':"
        r" \href is not allowed [katex.formula]"
    ]


def test_all_formulas_are_written_by_one_process_and_each_once(book, asked):
    build(book, "$a$ and $b$, $a$", "$c$", "and $b$\n\n$$a$$")
    assert asked == [["a", "a", "b", "c"]]


@pytest.mark.parametrize("parallel", [0, 2])
def test_a_second_build_asks_for_what_is_new_only(book, asked, parallel):
    texts = [f"${letter}$" for letter in "abcdefgh"]
    before = build(book, *texts, parallel=parallel)
    after = build(book, *texts[:-1], "$i$ and $a$", parallel=parallel)
    assert asked == [list("abcdefgh"), ["i"]]
    assert before.warnings == after.warnings == []
    assert ">b</annotation>" in after.html("page1")
    assert ">i</annotation>" in after.html("page7")
    last = build(book, *texts[:-1], "no formula", parallel=parallel)
    assert len(asked) == 2
    assert set(katex.known(last.app.env)) == {
        Formula(letter, False) for letter in "abcdefg"
    }


def test_another_katex_writes_all_pages_again(book, asked, monkeypatch):
    build(book, "$a$", "no formula", "$b$")
    monkeypatch.setattr(katex, "state", lambda: "another")
    built = book.build("html", myst_enable_extensions=["dollarmath"])
    assert asked == [["a", "b"]] * 2
    status = "\n".join(built.status)
    assert "0 added, 0 changed, 0 removed" in status
    assert re.findall(r"writing output.*\] (.*)", status) == ["index", "page2"]


def test_builders_without_markup_leave_formulas_alone(book, asked):
    for builder in ("dummy", "text"):
        assert build(book, r"$\nope$", builder=builder).warnings == []
    assert asked == []


def test_an_e_book_gets_mathml_and_no_style_sheet(book):
    settings = {"version": "1", "copyright": "none"}
    built = build(book, "So $x^2$.\n\n$$ y $$", builder="epub", **settings)
    text = (built.app.outdir / "index.xhtml").read_text("utf-8")
    assert built.warnings == []
    assert 'So <math xmlns="http://www.w3.org/1998/Math/MathML"><semantics>' in text
    assert text.count("</math>") == 2
    assert "katex" not in text
    assert shipped(built) == {}


def test_a_function_stands_apart_from_its_argument_unless_in_parentheses():
    formulas = [Formula(r"\log p", False), Formula(r"\log(p)", False)]
    written = write(formulas, "node")
    spaces = [mathml(written[one].html).count("<mspace") for one in formulas]
    assert spaces == [1, 0]


def test_a_page_loads_the_style_sheet_if_it_has_a_formula(book):
    built = build(book, "$a$", "none", html_css_files=["own.css"], suppress_warnings=[])
    assert "katex.css" not in built.html("page1")
    sheets = re.findall(r"_static/([\w/]+\.css)", built.html("index"))
    assert sheets[-2:] == ["katex/katex.css", "own.css"]


def test_the_fonts_come_with_the_book_cut_to_its_characters(book):
    files = shipped(build(book, r"$\sum_i x$ and $$\sum_i (x)$$"))
    css = files.pop("katex.css").decode()
    assert files.pop("LICENSE.txt").startswith(b"The MIT License")
    named = set(re.findall(r"url\((.+?)\)", css))
    assert {name for name in named if not name.startswith("data:")} == set(files)
    assert "http" not in css
    cut = TTFont(BytesIO(files["fonts/KaTeX_Size1-Regular.woff2"])).getBestCmap()
    assert set(map(chr, cut)) == set("∑()​") & set(map(chr, cut))
    assert "∑" in map(chr, cut)


def test_the_fonts_of_almost_all_formulas_come_with_the_style_sheet(book, monkeypatch):
    monkeypatch.setattr(katex, "CUT", {"Main-Regular"})
    files = shipped(build(book, "$x + 1$"))
    css = files["katex.css"].decode()
    at_once = re.findall(r"KaTeX_(\w+);[^}]*?url\(data:font/woff2;base64,(.+?)\)", css)
    assert [face for face, _ in at_once] == ["Main", "Math"]
    assert not {"fonts/KaTeX_Main-Regular.woff2", "fonts/KaTeX_Math-Italic.woff2"} & {
        *files
    }
    cut = TTFont(BytesIO(b64decode(at_once[0][1]))).getBestCmap()
    assert "+" in map(chr, cut)
    assert "=" not in map(chr, cut)


def test_fonts_are_cut_anew_for_new_characters_only(book, monkeypatch):
    before = shipped(build(book, "$$(a)$$"))
    assert shipped(build(book, "$$(a(a))$$")) == before
    after = shipped(build(book, r"$$(a)\sum$$"))
    assert [name for name in before if before[name] != after[name]] == [
        "fonts/KaTeX_Size1-Regular.woff2"
    ]


def test_a_book_without_formulas_ships_nothing(book, asked):
    built = build(book, "None.")
    assert (built.warnings, shipped(built), asked) == ([], {}, [])


def test_a_missing_node_is_one_warning(book):
    built = build(book, "$a$ and $b$", katex_node="no-such-node")
    assert built.warnings == [
        "WARNING: katex: there is no program 'no-such-node': install Node.js"
        " [katex.node]"
    ]
    assert '<code class="math-unwritten">b</code>' in built.html("index")


def test_a_missing_package_is_one_warning(book, monkeypatch, tmp_path):
    monkeypatch.setattr(katex, "PACKAGE", tmp_path / "katex")
    assert build(book, "$a$").warnings == [
        "WARNING: katex: katex is not installed: npm --prefix docs/assets ci"
        " [katex.node]"
    ]


def test_the_same_formula_is_written_the_same_way_each_time():
    one = [Formula(r"\frac{a}{b}", True)]
    assert write(one, "node") == write(one, "node")
