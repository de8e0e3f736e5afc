"""The Markdown of a page is shown on a page of its own."""

import re
from html import unescape
from pathlib import Path

import pytest

EXTENSIONS = ["docs.plugins.page_source"]
TEMPLATES = Path(__file__).parents[2] / "docs" / "_templates"
SETTINGS = {"html_theme": "furo", "templates_path": [str(TEMPLATES)]}
ONE = "---\na: b\n---\n# One & only\n\nCafé *au* `lait`.\n\n```python\nx = 1\n```\n"
FILES = {
    "index.md": "# A book\n\n```{toctree}\nin/one\n```\n",
    "in/one.md": ONE,
}
EDIT = "https://example.org/book/edit/main/docs/"


@pytest.fixture
def pages(book):
    book.write(FILES)
    return book


def shown(built, page):
    code = re.search("<pre>(.*)</pre>", built.html(f"_sources/{page}"), re.DOTALL)
    return unescape(re.sub("<.*?>", "", code[1]))


def test_the_source_is_shown_as_it_is_and_leads_back(pages):
    built = pages.build("html", **SETTINGS)
    assert built.warnings == []
    assert shown(built, "in/one").strip() == ONE.strip()
    text = built.html("_sources/in/one")
    assert '<a href="../../in/one.html">One &amp; only</a></h1>' in text
    assert "<title>Source of One &amp; only - " in text
    assert '<meta name="robots" content="noindex">' in text


def test_each_page_with_a_source_leads_to_it(pages):
    built = pages.build("html", **SETTINGS)
    link = '<a class="muted-link" href="{}" aria-label="Source of this page">'
    assert link.format("../_sources/in/one.html") in built.html("in/one")
    assert link.format("_sources/index.html") in built.html("index")
    assert "Source of this page" not in built.html("genindex")
    assert "Source of this page" not in built.html("_sources/index")


def test_a_page_can_be_edited_where_there_is_an_address(pages):
    built = pages.build("html", html_context={"edit_url": EDIT}, **SETTINGS)
    assert f'href="{EDIT}in/one.md" rel="edit"' in built.html("in/one")
    assert 'rel="edit"' not in built.html("genindex")
    assert 'rel="edit"' not in built.html("_sources/index")
    pages.write({"index.md": "# The book\n\n```{toctree}\nin/one\n```\n"})
    built = pages.build("html", **SETTINGS)
    assert 'rel="edit"' not in built.html("index")


def test_a_second_build_shows_what_changed(pages):
    pages.build("html", **SETTINGS)
    pages.write({"in/one.md": "# Two\n"})
    assert shown(pages.build("html", **SETTINGS), "in/one") == "# Two\n"


def test_other_builders_show_no_sources(pages):
    built = pages.build("epub", **SETTINGS)
    assert not list(built.app.outdir.glob("_sources/**/*html"))
