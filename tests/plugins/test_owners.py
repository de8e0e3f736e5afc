"""A table tells for each module which chapters show which of its lines."""

import re
from html import unescape

import pytest

from docs.plugins.excerpt import Shown
from docs.plugins.owners import owned, runs
from docs.plugins.source import Span

EXTENSIONS = ["sphinx.ext.autodoc", "sphinx.ext.viewcode", "docs.plugins.owners"]
BOX = (
    '"""Boxes."""\n\nSTD = 1\n\n\ndef f():\n    return 1\n\n\ndef g():\n    return 2\n'
)
CONTENTS = "# A book\n\n```{toctree}\nmap\nsecond\nfirst\n```\n"
MAP = "# The map\n\n```{owners}\n```\n"


def excerpts(title, *names):
    blocks = (f"```{{excerpt}} {name}\n```\n" for name in names)
    return f"# {title}\n\n" + "\n".join(blocks)


def files(**more):
    return {
        "pkg/__init__.py": "",
        "pkg/box.py": BOX,
        "pkg/lid.py": "LID = 1\n",
        "index.md": CONTENTS,
        "map.md": MAP,
        "first.md": excerpts("First", "pkg.box:f"),
        "second.md": excerpts("Second", "pkg.box:g", "pkg.box:STD"),
        **{f"{name}.md": text for name, text in more.items()},
    }


def rows(text):
    """The cells of each row of a page's table, as text."""
    found = re.findall(r"<tr.*?>(.*?)</tr>", text, re.S)
    cells = (re.findall(r"<t[dh].*?>(.*?)</t[dh]>", row, re.S) for row in found)
    return [[unescape(re.sub("<.*?>", "", cell)).strip() for cell in c] for c in cells]


def build(book, builder="html", **settings):
    return book.build(builder, every_line_package="pkg", **settings)


EXPECTED = [
    ["Module", "Lines", "Chapter", "Shows"],
    ["pkg/box.py", "6", "Second", "3, 10 to 11"],
    ["First", "6 to 7"],
    ["no chapter", "1"],
    ["pkg/lid.py", "1", "no chapter", "1"],
]


@pytest.mark.parametrize("parallel", [0, 2])
def test_the_table_follows_the_order_of_the_book(book, parallel):
    orphans = {f"more{n}": f"---\norphan: 1\n---\n# More {n}\n" for n in range(8)}
    book.write(files(**orphans))
    assert rows(build(book, parallel=parallel).html("map")) == EXPECTED


def test_a_chapter_is_linked_and_so_is_a_module_with_a_source_page(book):
    options = "   :members:\n   :undoc-members:\n"
    api = f"```{{eval-rst}}\n.. automodule:: pkg.box\n{options}```\n"
    book.write(files(api=f"---\norphan: 1\n---\n# API\n\n{api}"))
    page = build(book).html("map")
    assert 'href="second.html"' in page
    assert 'href="_modules/pkg/box.html"' in page
    assert 'href="_modules/pkg/lid.html"' not in page
    assert '<td rowspan="3"' in page


def test_other_builders_get_the_table_too(book):
    book.write(files())
    built = build(book, "text")
    text = (built.app.outdir / "map.txt").read_text("utf-8")
    assert "pkg/box.py" in text
    assert "3, 10 to 11" in text


def test_a_page_outside_the_contents_comes_last(book):
    other = "---\norphan: 1\n---\n" + excerpts("Aside", "pkg.lid:LID")
    book.write(files(aside=other))
    assert rows(build(book).html("map"))[-1] == ["pkg/lid.py", "1", "Aside", "1"]


def test_a_contents_that_leads_back_is_followed_once(book):
    back = excerpts("First", "pkg.box:f") + "\n```{toctree}\nsecond\n```\n"
    book.write(files(first=back))
    assert rows(build(book).html("map")) == EXPECTED


def test_a_second_build_sees_what_changed_and_writes_nothing_else(book):
    book.write(files())
    build(book)
    assert build(book).app.env.config.every_line_package == "pkg"
    page = book.root / "_build" / "html" / "map.html"
    before = page.stat().st_mtime_ns
    build(book)
    assert page.stat().st_mtime_ns == before
    book.write({"first.md": excerpts("The first", "pkg.box:f")})
    assert rows(build(book).html("map"))[2] == ["The first", "6 to 7"]
    book.write({"pkg/box.py": "# Above.\n" + BOX})
    assert rows(build(book).html("map"))[1:3] == [
        ["pkg/box.py", "7", "Second", "4, 11 to 12"],
        ["The first", "7 to 8"],
    ]
    book.write({"map.md": "# The map\n"})
    assert rows(build(book).html("map")) == []


def test_blank_lines_part_no_run():
    assert list(runs([1, 4, 9], [1, 4, 6, 9])) == ["1 to 4", "9"]
    assert list(runs([], [1, 2])) == []


def test_repetitions_other_files_and_empty_modules_do_not_count():
    pages = {"a": [Shown("x.py", Span(1, 2), again=True), Shown("y.py", Span(1, 2))]}
    assert list(owned("x.py", "a\nb\n", pages, ["a"])) == [("x.py", 2, "", "1 to 2")]
    assert list(owned("x.py", "\n", pages, ["a"])) == []
