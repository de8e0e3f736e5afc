"""The map of the parts shows what the pages say of themselves."""

import re

import pytest

EXTENSIONS = ["docs.plugins.chapters"]
META = "---\nmyst:\n  html_meta:\n    description: {}\n---\n\n"
PART = (
    "## {0}\n\n```{{chapters}}\n```\n\n"
    "```{{toctree}}\n:hidden:\n:caption: {0}\n\n{1}\n```\n\n"
)


def page(title, summary, text="Text.\n"):
    return f"{META.format(summary)}# {title}\n\n{text}"


def index(*parts):
    return page("A book", "All.", "".join(PART.format(*part) for part in parts))


@pytest.fixture
def pages(book):
    for name in ("zero", "one", "two", "last"):
        book.write({f"{name}.md": page(name.title(), f"On {name}.")})
    parts = (("Before", "zero"), ("I. First", "one"), ("II. Second", "two"))
    book.write({"index.md": index(*parts, ("Back", "last"))})
    return book


def text(html):
    return " ".join(re.sub("<.*?>", "", html).split())


def lists(built):
    html = built.html("index")
    found = re.findall(
        r'<([ou]l) class="[^"]*chapters[^"]*"(.*?)>(.*?)</\1>', html, re.S
    )
    return [(kind, rest.strip(), text(inside)) for kind, rest, inside in found]


@pytest.mark.parametrize("parallel", [0, 2])
def test_each_part_lists_its_pages(pages, parallel):
    meta = META.replace("myst", "orphan: 1\nmyst").format("More.")
    pages.write({f"more{n}.md": f"{meta}# More {n}\n" for n in range(8)})
    built = pages.build("html", parallel=parallel)
    assert built.warnings == []
    assert lists(built) == [
        ("ul", "", "Zero 1 min On zero."),
        ("ol", 'start="1"', "One 1 min On one."),
        ("ol", 'start="2"', "Two 1 min On two."),
        ("ul", "", "Last On last."),
    ]
    assert 'href="one.html"' in built.html("index")


def test_other_builders_get_the_list_too(pages):
    built = pages.build("text")
    shown = (built.app.outdir / "index.txt").read_text("utf-8")
    assert "2. Two 1 min" in shown


def test_a_second_build_shows_what_has_changed(pages):
    pages.build("html")
    pages.write({"two.md": page("Two", "On two, again.")})
    assert "On two, again." in pages.build("html").html("index")


def test_a_page_with_lists_elsewhere_is_written_when_they_change(pages):
    lists = page("Map", "Map.", "## I. First\n\n```{chapters}\n```\n")
    pages.write({"map.md": lists.replace("myst", "orphan: 1\nmyst")})
    pages.build("html")
    pages.write({"one.md": page("One", "On one, again.")})
    assert "On one, again." in pages.build("html").html("map")


def test_a_section_that_is_no_part_is_named(pages):
    text = index(("Before", "zero\none\ntwo\nlast"))
    pages.write({"index.md": text.replace("## Before", "## After")})
    built = pages.build("html")
    assert built.warnings == [
        "index.md:11: WARNING: chapters: no table of contents has the caption 'After'"
        " [chapters.part]"
    ]
    assert lists(built) == []
