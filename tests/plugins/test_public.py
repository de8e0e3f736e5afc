"""A book with an address has what others look for there; one without has not."""

from xml.etree import ElementTree

import pytest

from docs.plugins.public import MADE, absolute

EXTENSIONS = ["docs.plugins.public"]
URL = "https://example.org/book/"
HEAD = "---\nmyst:\n  html_meta:\n    description: {}\n---\n\n"
PAGES = {
    "index.md": HEAD.format("What boxes are & how they open.")
    + "# Boxes\n\n```{toctree}\n:caption: I. First\n\none\n```\n\n"
    + "```{toctree}\n:caption: Back\n\ntwo\n```\n",
    "one.md": HEAD.format("Open a box.") + "# Lids & keys\n",
    "two.md": HEAD.format("Close it.") + "# Two\n",
}
LLMS = """\
# Boxes

> What boxes are & how they open.

## I. First

- [Lids & keys](https://example.org/book/one.html): Open a box.

## Back

- [Two](https://example.org/book/two.html): Close it.
"""


def build(book, builder="html", url=URL):
    book.write(PAGES)
    return book.build(builder, html_baseurl=url, html_theme="furo")


def made(built):
    names = (name for name in MADE if (built.app.outdir / name).exists())
    return sorted(names)


def text(built, name):
    return (built.app.outdir / name).read_text("utf-8")


@pytest.mark.parametrize("url", [URL, URL.rstrip("/")])
def test_each_page_is_in_the_map_for_search_engines(book, url):
    built = build(book, url=url)
    assert built.warnings == []
    found = ElementTree.fromstring(text(built, "sitemap.xml"))
    assert [loc.text for loc in found.iter() if loc.tag.endswith("}loc")] == [
        f"{URL}{name}.html" for name in ("index", "one", "two")
    ]
    assert text(built, "robots.txt").splitlines() == [
        *("User-agent: *", "Allow: /", f"Sitemap: {URL}sitemap.xml")
    ]


def test_language_models_get_all_pages_with_their_summaries(book):
    assert text(build(book), "llms.txt") == LLMS


def test_each_page_names_its_address(book):
    link = f'<link rel="canonical" href="{URL}one.html">'
    assert link in build(book).html("one").replace(" />", ">")
    assert "canonical" not in build(book, url="").html("one")


def test_the_page_for_what_is_not_there_works_from_any_address(book):
    page = build(book).html("404")
    assert "<h1>There is no such page</h1>" in page
    assert f'href="{URL}one.html"' in page
    assert f'href="{URL}_static/styles/furo.css' in page
    assert f'data-content_root="{URL}"' in page


@pytest.mark.parametrize(
    ("relative", "there"),
    [
        ('<a href="one.html#x">', f'<a href="{URL}one.html#x">'),
        ('<a href="./">', f'<a href="{URL}">'),
        ('<img src="i.svg">', f'<img src="{URL}i.svg">'),
        ('<form action="search.html">', f'<form action="{URL}search.html">'),
        ('<a href="#x">', '<a href="#x">'),
        ('<a href="https://a.org/">', '<a href="https://a.org/">'),
        ('<a data-href="x">', '<a data-href="x">'),
    ],
)
def test_a_link_of_that_page_becomes_absolute(relative, there):
    assert absolute(relative, URL) == there


def test_a_book_without_an_address_has_nothing_of_it(book):
    assert made(build(book, url="")) == []


def test_other_builders_make_nothing_of_it(book):
    assert made(build(book, "dirhtml")) == []


def test_a_second_build_without_the_address_removes_it(book):
    assert made(build(book)) == sorted(MADE)
    assert made(build(book, url="")) == []


def test_a_second_build_follows_a_summary(book):
    build(book)
    PAGE = PAGES["two.md"].replace("Close it.", "Close all.")
    book.write({"two.md": PAGE})
    built = book.build("html", html_baseurl=URL, html_theme="furo")
    assert text(built, "llms.txt") == LLMS.replace("Close it.", "Close all.")


def test_a_build_that_failed_writes_nothing(book):
    book.write({**PAGES, "conf.py": CONF})
    with pytest.raises(Exception, match="stop"):
        book.build("html", html_baseurl=URL, html_theme="furo")
    assert not (book.root / "_build" / "html" / "sitemap.xml").exists()


CONF = """
extensions = ["myst_parser", "docs.plugins.public"]
def stop(app):
    raise ValueError("stop")
def setup(app):
    app.connect("html-collect-pages", stop)
"""
