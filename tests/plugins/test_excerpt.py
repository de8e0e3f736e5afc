"""Live source is quoted by name; what cannot be found is a located warning."""

import os
import re
import time

import pytest

from docs.plugins.excerpt import Note, Part, parse_notes, parts, row_of, shown
from docs.plugins.source import Span

EXTENSIONS = ["sphinx.ext.autodoc", "sphinx.ext.viewcode", "docs.plugins.excerpt"]
CODE = '''\
"""Boxes."""

import math

STD = 0.08


class Box:
    """Holds things."""

    size = 3

    def grow(self):
        """Make it larger.

        By one.
        """
        self.size += 1
        return math.sqrt(self.size)

    def shrink(self):
        self.size -= 1
'''


@pytest.fixture
def box(book):
    book.write({"pkg/__init__.py": "", "pkg/box.py": CODE})
    return book


def page(argument, *lines, close="```"):
    body = "\n".join(lines)
    return f"# Page\n\n```{{excerpt}} {argument}\n{body}\n{close}\n"


def text_of(html):
    """The text of the page's excerpts, without tags."""
    body = html[html.index('<div class="excerpt ') : html.index("</section>")]
    return re.sub("<[^>]+>", "", body).replace("&#39;", "'").replace("&quot;", '"')


def quoted(box, argument, *lines):
    box.write({"page.md": page(argument, *lines)})
    built = box.build("html")
    assert built.warnings == orphan
    return text_of(built.html("page"))


orphan = ["page.md: WARNING: document isn't included in any toctree [toc.not_included]"]


def test_a_method_is_shown_dedented_with_real_line_numbers(box):
    text = quoted(box, "pkg.box:Box.shrink")
    assert "pkg/box.py, lines 21 to 22\n" in text
    assert "21def shrink(self):\n22    self.size -= 1\n" in text


def test_a_constant_is_shown(box):
    text = quoted(box, "pkg.box:STD")
    assert "pkg/box.py, line 5\n5STD = 0.08\n" in text


def test_the_head_of_a_class_is_shown(box):
    text = quoted(box, "pkg.box:Box", ":head:")
    assert "pkg/box.py, lines 8 to 11\n" in text
    assert "11    size = 3\n" in text


def test_the_head_of_a_module_is_shown(box):
    assert "pkg/box.py, lines 1 to 3\n" in quoted(box, "pkg.box", ":head:")


def test_a_whole_module_is_shown(box):
    assert "pkg/box.py, lines 1 to 22\n" in quoted(box, "pkg.box")


def test_several_objects_are_shown_in_one_piece(box):
    text = quoted(box, "pkg.box:STD", ":to: Box.grow")
    assert "pkg/box.py, lines 5 to 19\n" in text


def test_a_part_is_chosen_by_what_its_first_and_last_lines_contain(box):
    text = quoted(box, "pkg.box:Box.grow", ":from: By one", ":until: += 1")
    assert "pkg/box.py, lines 16 to 18\n" in text
    assert "18self.size += 1\n" in text


def test_a_text_with_colons_and_quotes_is_chosen_when_quoted(box):
    text = quoted(box, "pkg.box:Box", ':from: "def grow(self):"')
    assert "pkg/box.py, lines 13 to 22\n" in text


def test_lines_are_emphasized_by_what_they_contain(box):
    box.write({"page.md": page("pkg.box:Box.grow", ":emphasize: self.size")})
    html = box.build("html").html("page")
    marked = re.findall(r'<span class="hll"><span class="linenos">(\d+)</span>', html)
    assert marked == ["18", "19"]


def test_a_docstring_is_folded_and_can_be_opened(box):
    options = ":fold: docstring", ":emphasize: return"
    box.write({"page.md": page("pkg.box:Box.grow", *options)})
    built = box.build("html")
    html = built.html("page")
    summary = "<summary>docstring, lines 14 to 17</summary>"
    assert f'<details class="excerpt-fold" style="grid-row: 2 / 3">{summary}' in html
    assert html.count('<div class="excerpt-code"') == 2
    assert '<span class="hll"><span class="linenos">19</span>' in html
    assert shown(built.app.env)["page"][0][:2] == ("pkg/box.py", Span(13, 19))


def test_code_with_a_long_line_tells_that_notes_have_no_room_beside_it(box):
    long = f"        # {'long ' * 16}\n"
    for text, options, wide in (
        (CODE, [], False),
        (CODE.replace("        self.size += 1\n", long), [], True),
        (CODE.replace("        By one.\n", long), [], True),
        (CODE.replace("        By one.\n", long), [":fold: docstring"], False),
    ):
        box.write({"pkg/box.py": text, "page.md": page("pkg.box:Box.grow", *options)})
        html = box.build("html").html("page")
        assert ('<div class="excerpt-body excerpt-wide">' in html) == wide
        assert ('<div class="excerpt-body">' in html) != wide


def test_side_notes_sit_beside_their_lines(box):
    notes = "+= 1 | it *grows*", "  by one", "", "def grow | the `method`"
    box.write({"page.md": page("pkg.box:Box.grow", ":fold: docstring", "", *notes)})
    html = box.build("html").html("page")
    first = '<div class="excerpt-note" style="grid-row: 1 / 3"><p>'
    second = '<div class="excerpt-note" style="grid-row: 3 / 5"><p>'
    assert f'{first}<span class="excerpt-line">13</span> the <code' in html
    grows = '<span class="excerpt-line">18</span> it <em>grows</em> by one</p>'
    assert second + grows in html


def test_two_notes_on_one_line_are_one_note(box):
    notes = "+= 1 | one", "+= 1 | *two*"
    box.write({"page.md": page("pkg.box:Box.grow", ":fold: docstring", "", *notes)})
    html = box.build("html").html("page")
    assert html.count('<div class="excerpt-note"') == 1
    assert '<span class="excerpt-line">18</span> one; <em>two</em></p>' in html


def test_a_caption_links_to_the_source_and_to_the_reference(box):
    reference = "# API\n\n```{eval-rst}\n.. autoclass:: pkg.box.Box\n```\n"
    box.write({"api.md": reference})
    box.write({"page.md": page("pkg.box:Box.grow") + page("pkg.box:STD")})
    html = box.build("html").html("page")
    source = '<a class="reference internal" href="_modules/pkg/box.html'
    assert f'{source}#Box">pkg/box.py, lines 13 to 19</a> · <a' in html
    api = 'href="api.html#pkg.box.Box" title="pkg.box.Box">API</a>'
    assert api in html
    assert f'{source}">pkg/box.py, line 5</a></p>' in html


def test_other_builders_show_the_code_as_well(box):
    box.write({"page.md": page("pkg.box:Box.shrink", "", "-= 1 | less")})
    built = box.build("text")
    text = (built.app.outdir / "page.txt").read_text("utf-8")
    assert built.warnings == orphan
    assert "pkg/box.py, lines 21 to 22\n\n   def shrink(self):\n" in text
    assert "22 less\n" in text


@pytest.mark.parametrize(
    ("argument", "lines", "kind", "message"),
    [
        ("pkg.nope:Box", [], "module", "there is no module 'pkg.nope'"),
        ("pkg.bad", [], "module", "pkg/bad.py, line 1: invalid syntax"),
        ("pkg.box:Nope", [], "name", "pkg/box.py has no 'Nope'"),
        ("pkg.box:Box.nope", [], "name", "pkg/box.py has no 'Box.nope'"),
        ("pkg.box:Box", [":to: nope"], "name", "pkg/box.py has no 'nope'"),
        (
            "pkg.box:Box",
            [":to: STD"],
            "name",
            "'STD' stands before 'Box' in pkg/box.py",
        ),
        (
            "pkg.box:STD",
            [":from: x"],
            "pattern",
            "no line contains 'x' in pkg/box.py, line 5",
        ),
        (
            "pkg.box:Box",
            [":until: size"],
            "pattern",
            "4 lines contain 'size' in pkg/box.py: 11, 18, 19, 22",
        ),
        (
            "pkg.box:Box",
            [":from: def shrink", ":until: def grow"],
            "pattern",
            "no line contains 'def grow' in pkg/box.py, lines 21 to 22",
        ),
        (
            "pkg.box:STD",
            [":emphasize: x"],
            "pattern",
            "no line contains 'x' in pkg/box.py, line 5",
        ),
        (
            "pkg.box:STD",
            [":fold: docstring"],
            "fold",
            "there is no docstring in pkg/box.py, line 5",
        ),
        (
            "pkg.box:STD",
            ["", "a word"],
            "note",
            "a note is written 'code | note', not 'a word'",
        ),
        (
            "pkg.box:STD",
            ["", "x | y"],
            "pattern",
            "no line contains 'x' in pkg/box.py, line 5",
        ),
    ],
)
def test_what_is_not_there_is_one_located_warning(box, argument, lines, kind, message):
    box.write({"pkg/bad.py": "def :\n", "index.md": page(argument, *lines)})
    warning = f"index.md:3: WARNING: excerpt: {message} [excerpt.{kind}]"
    built = box.build()
    assert built.warnings == [warning]
    assert shown(built.app.env) == {}


def test_a_warning_inside_an_admonition_names_the_true_line(box):
    inner = page("pkg.box:Nope").removeprefix("# Page\n")
    box.write({"index.md": f"# Page\n\n:::{{admonition}} x\n{inner}:::\n"})
    built = box.build(myst_enable_extensions=["colon_fence"])
    assert built.warnings[0].startswith("index.md:5: WARNING: excerpt: pkg/box.py has")


def later(path, text):
    """Change a file so that its time of change is another one."""
    path.write_text(text, "utf-8")
    os.utime(path, (time.time() + 9, time.time() + 9))


def test_an_excerpt_has_an_address_of_its_own(box):
    parts = page("pkg.box:Box.grow", ":until: By one") + page("pkg.box", ":head:")
    box.write({"index.md": parts + page("pkg.box:Box.grow", ":from: += 1")})
    found = re.findall(
        r'class="excerpt [^>]* id="(.*?)"', box.build("html").html("index")
    )
    name = "excerpt-pkg.box.Box.grow"
    assert found == [name, "excerpt-pkg.box", f"{name}-2"]


def test_a_page_is_built_again_when_the_source_changes(box):
    box.write({"index.md": page("pkg.box:Box.shrink")})
    assert "lines 21 to 22" in box.build("html").html("index")
    later(box.root / "pkg/box.py", "# One line more.\n" + CODE)
    built = box.build("html")
    assert "lines 22 to 23" in built.html("index")
    later(box.root / "pkg/box.py", CODE.replace("shrink", "reduce"))
    message = "excerpt: pkg/box.py has no 'Box.shrink' [excerpt.name]"
    assert box.build("html").warnings == [f"index.md:3: WARNING: {message}"]
    later(box.root / "pkg/box.py", CODE)
    assert box.build("html").warnings == []


def test_what_a_page_shows_is_stored(box):
    box.write({"index.md": page("pkg.box:STD", ":again:") + page("pkg.box:STD")})
    again, once = shown(box.build().app.env)["index"]
    place = f"{box.root}/index.md"
    assert once == (
        "pkg/box.py",
        (5, 5),
        "pkg.box:STD",
        "7ccc26f0",
        f"{place}:8",
        False,
    )
    assert again == (*once[:4], f"{place}:3", True)


def test_what_a_page_shows_is_forgotten_with_the_page(box):
    box.write({"page.md": page("pkg.box:STD")})
    assert list(shown(box.build().app.env)) == ["page"]
    (box.root / "page.md").unlink()
    assert shown(box.build().app.env) == {}


def test_pages_read_in_parallel_are_put_together(box):
    names = [f"page{n}" for n in range(8)]
    box.write({f"{name}.md": page("pkg.box:STD") for name in names})
    found = shown(box.build(parallel=2).app.env)
    assert sorted(found) == names
    assert found["page3"][0][:2] == ("pkg/box.py", Span(5, 5))


def test_two_builds_are_equal(box):
    box.write({"index.md": page("pkg.box:Box.grow", "", "+= 1 | more")})
    first = box.build("html").html("index")
    (box.root / "_build/html/index.html").unlink()
    assert box.build("html").html("index") == first


def test_parts_keep_every_line_in_order():
    folds = [Span(3, 4), Span(8, 8)]
    assert list(parts(Span(3, 9), folds)) == [
        Part(Span(3, 4), 1, True),
        Part(Span(5, 7), 2, False),
        Part(Span(8, 8), 5, True),
        Part(Span(9, 9), 6, False),
    ]
    assert list(parts(Span(7, 8), folds[1:]))[-1] == Part(Span(8, 8), 2, True)


def test_a_folded_line_is_in_the_row_of_its_fold():
    rows = [row_of(line, list(parts(Span(1, 5), [Span(2, 4)]))) for line in range(1, 6)]
    assert rows == [1, 2, 2, 2, 3]


def test_a_note_goes_on_in_indented_lines():
    content = ["a | b | c", "  d", "e | f"]
    assert parse_notes(content) == [Note("a", "b | c d"), Note("e", "f")]


def test_c_is_quoted_as_c(box):
    box.write({"pkg/box.c": "// A box.\n\nint size(void) {\n    return 3;\n}\n"})
    text = quoted(box, "pkg.box.c:size", "return 3 | liters")
    assert "pkg/box.c, lines 3 to 5\n" in text
    assert "4    return 3;\n" in text
    html = box.build("html").html("page")
    assert 'class="highlight-c ' in html
    assert '<span class="kt">int</span>' in html
