"""Listings, figures and tables with captions have numbers, to which one can refer."""

import re

import pytest

EXTENSIONS = [
    "docs.plugins.excerpt",
    "docs.plugins.numbered",
    "docs.plugins.second_build",
]
CONTENTS = "```{{toctree}}\n:caption: {}\n\n{}\n```\n"
FIGURE = "```{{figure}} a.png\n{}\nA dot.\n```\n"
TABLE = "```{{table}} Two cells\n{}\n| a | b |\n|---|---|\n| 1 | 2 |\n```\n"
EXCERPT = "```{excerpt} pkg.box:Box\n```\n"
ONE = f"# One\n\n{FIGURE.format(':name: dot')}\n{EXCERPT}\n{FIGURE.format('')}"
TWO = f"# Two\n\n{TABLE.format(':name: cells')}\n{EXCERPT}\n"
BACK = "# Back\n\n{{numref}}`{}`, {{numref}}`{}` and {{numref}}`{}`.\n"
COPYING = """
def copy(app, doctree, docname):
    if docname == "back":
        (section,) = app.env.get_doctree("one").children
        doctree += [child.deepcopy() for child in section.children[1:]]

def setup(app):
    app.connect("doctree-resolved", copy, priority=100)
"""
SETTINGS = {"suppress_warnings": ["places.summary"], "html_theme": "basic"}


@pytest.fixture
def pages(book):
    parts = CONTENTS.format("I. All", "one\ntwo") + CONTENTS.format("Rest", "back")
    names = BACK.format("dot", "cells", "pkg.box:Box")
    book.write({"pkg/__init__.py": "", "pkg/box.py": "class Box:\n    size = 3\n"})
    book.write({"index.md": f"# A book\n\n{parts}\n{FIGURE.format('')}", "one.md": ONE})
    book.write({"two.md": TWO, "back.md": names, "a.png": ""})
    return book


def build(book, builder="html", **settings):
    return book.build(builder, **SETTINGS, **settings)


def numbers(built, page):
    return re.findall(r'<span class="caption-number">(.*?)</span>', built.html(page))


def references(built):
    pattern = r'href="([^"]*)"><span>(\w+ [\d.]+)</span></a>'
    return re.findall(pattern, built.html("back"))


def written(built):
    lines = (line for line in built.status if "writing output" in line and "%" in line)
    return {line.split()[-1] for line in lines}


def test_each_kind_is_counted_by_chapter(pages):
    built = build(pages)
    assert built.warnings == []
    assert numbers(built, "one") == ["Figure 1.1", "Listing 1.1", "Figure 1.2"]
    assert numbers(built, "two") == ["Table 2.1", "Listing 2.1"]


def test_a_page_that_is_no_chapter_counts_alone(pages):
    pages.write({"back.md": f"# Back\n\n{FIGURE.format('')}"})
    assert numbers(build(pages), "back") == ["Figure 1"]


def test_the_first_page_of_the_book_has_no_numbers(pages):
    assert numbers(build(pages), "index") == []


def test_a_number_stands_before_the_caption(pages):
    html = re.sub("<[^>]+>", "", build(pages).html("one"))
    assert "Figure 1.1 A dot." in html
    assert "Listing 1.1 pkg/box.py, lines 1 to 2" in html


def test_the_box_of_the_theme_around_a_table_has_no_number_of_its_own(pages):
    built = pages.build("html", **{**SETTINGS, "html_theme": "furo"})
    assert built.warnings == []
    assert 'class="table-wrapper' in built.html("two")
    assert numbers(built, "two") == ["Table 2.1", "Listing 2.1"]


def test_what_has_no_caption_has_no_number(pages):
    text = "# One\n\n![](a.png)\n\n| a |\n|---|\n| 1 |\n\n```{figure} a.png\n```\n"
    pages.write({"one.md": text, "back.md": "# Back\n"})
    built = build(pages)
    assert built.warnings == []
    assert numbers(built, "one") == []


def test_a_sentence_refers_to_a_number(pages):
    assert references(build(pages)) == [
        ("one.html#dot", "Figure 1.1"),
        ("two.html#cells", "Table 2.1"),
        ("one.html#excerpt-pkg.box.Box", "Listing 1.1"),
    ]


def test_a_copy_on_another_page_has_no_number(pages):
    conf = (pages.root / "conf.py").read_text("utf-8")
    pages.write({"conf.py": f"{conf}\n{COPYING}"})
    built = build(pages)
    assert "A dot." in built.html("back")
    assert numbers(built, "back") == []
    assert numbers(built, "one") == ["Figure 1.1", "Listing 1.1", "Figure 1.2"]


def test_a_name_that_is_none_is_a_warning(pages):
    pages.write({"back.md": BACK.format("dot", "cells", "pkg.box:box.size")})
    built = build(pages)
    assert built.warnings == [
        "back.md:3: WARNING: numbered: nothing that has a number is called"
        " 'pkg.box:box.size' [numbered.name]"
    ]
    assert "pkg.box:box.size" in built.html("back")


def test_a_chapter_that_is_put_before_others_gives_them_new_numbers(pages):
    build(pages)
    index = (pages.root / "index.md").read_text("utf-8")
    pages.write({"index.md": index.replace("one\n", "new\none\n"), "new.md": "# New\n"})
    built = build(pages)
    assert numbers(built, "one") == ["Figure 2.1", "Listing 2.1", "Figure 2.2"]
    assert numbers(built, "two") == ["Table 3.1", "Listing 3.1"]
    assert [number for _, number in references(built)] == [
        *("Figure 2.1", "Table 3.1", "Listing 2.1")
    ]


def test_a_figure_that_is_put_before_others_is_seen_where_they_are_named(pages):
    build(pages)
    pages.write({"one.md": ONE.replace("# One\n", f"# One\n\n{FIGURE.format('')}")})
    built = build(pages)
    assert numbers(built, "one")[1] == "Figure 1.2"
    assert references(built)[0] == ("one.html#dot", "Figure 1.2")
    assert "two" not in written(built)


def test_a_changed_sentence_changes_no_number(pages):
    build(pages)
    pages.write({"one.md": f"{ONE}\nMore.\n"})
    assert "back" not in written(build(pages))


def test_two_processes_number_as_one_does(pages):
    built = build(pages, parallel=2)
    assert built.warnings == []
    assert numbers(built, "two") == ["Table 2.1", "Listing 2.1"]
    assert len(references(built)) == 3


def test_other_builders_have_the_numbers_too(pages):
    built = build(pages, "text")
    text = (built.app.outdir / "two.txt").read_text("utf-8")
    assert built.warnings == []
    assert "Listing 2.1 pkg/box.py, lines 1 to 2" in text
