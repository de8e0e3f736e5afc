"""A second build gives what a first one would give."""

import pytest

EXTENSIONS = ["docs.plugins.second_build"]
PAGE = "# {}\n\n{}\n"
INDEX = "# A book\n\n```{toctree}\n\none\ntwo\n```\n"
THEME = {"html_theme": "basic", "html_sidebars": {"**": ["globaltoc.html"]}}


@pytest.fixture
def two_pages(book):
    one = PAGE.format("One", "Text.")
    two = PAGE.format("Two", "Text.")
    book.write({"index.md": INDEX, "one.md": one, "two.md": two})
    return book


def build(book):
    return book.build("html", **THEME)


def written(built):
    return {
        line.split()[-1]
        for line in built.status
        if "writing output" in line and "%" in line
    }


def test_a_changed_title_is_seen_on_pages_that_stay(two_pages):
    assert "Two" in build(two_pages).html("one")
    two_pages.write({"two.md": PAGE.format("Second", "Text.")})
    built = build(two_pages)
    assert "Second" in built.html("one")
    assert written(built) == {"index", "one", "two"}


def test_a_changed_sentence_has_its_own_page_written_only(two_pages):
    build(two_pages)
    two_pages.write({"two.md": PAGE.format("Two", "More.")})
    assert written(build(two_pages)) == {"index", "two"}


def test_nothing_is_written_when_nothing_has_changed(two_pages):
    build(two_pages)
    assert written(build(two_pages)) == set()
