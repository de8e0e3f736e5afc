"""A second build gives what a first one would give."""

import json

import pytest

EXTENSIONS = ["docs.plugins.second_build"]
PAGE = "# {}\n\n```{{index}} {}\n```\n\n{}\n"
INDEX = "# A book\n\n```{toctree}\n\none\ntwo\n```\n"
THEME = {"html_theme": "basic", "html_sidebars": {"**": ["globaltoc.html"]}}


@pytest.fixture
def two_pages(book):
    one = PAGE.format("One", "single: apple; red, pear", "Text.")
    two = PAGE.format("Two", "see: nut; almond", "Text.")
    book.write({"index.md": INDEX, "one.md": one, "two.md": two})
    return book


def build(book):
    return book.build("html", **THEME)


def search(built):
    return (built.app.outdir / "searchindex.js").read_text("utf-8")


def entries(built):
    text = search(built)
    return json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))[
        "indexentries"
    ]


def written(built):
    return {
        line.split()[-1]
        for line in built.status
        if "writing output" in line and "%" in line
    }


def test_a_second_build_keeps_the_index_entries_of_pages_that_stay(two_pages):
    before = entries(build(two_pages))
    assert {"apple", "red, pear", "nut", "almond"} <= set(before)
    two_pages.write({"two.md": PAGE.format("Two", "see: nut; almond", "More.")})
    assert entries(build(two_pages)) == before


def test_the_index_entries_of_a_page_that_is_gone_are_gone(two_pages):
    build(two_pages)
    (two_pages.root / "one.md").unlink()
    two_pages.write({"index.md": INDEX.replace("one\n", "")})
    assert set(entries(build(two_pages))) == {"nut", "almond"}


def test_a_changed_title_is_seen_on_pages_that_stay(two_pages):
    assert "Two" in build(two_pages).html("one")
    two_pages.write({"two.md": PAGE.format("Second", "see: nut; almond", "Text.")})
    built = build(two_pages)
    assert "Second" in built.html("one")
    assert written(built) == {"index", "one", "two"}


def test_a_changed_sentence_has_its_own_page_written_only(two_pages):
    build(two_pages)
    two_pages.write({"two.md": PAGE.format("Two", "see: nut; almond", "More.")})
    assert written(build(two_pages)) == {"index", "two"}


def test_nothing_is_written_when_nothing_has_changed(two_pages):
    build(two_pages)
    assert written(build(two_pages)) == set()


def test_a_page_changed_and_changed_back_leaves_no_word_in_the_search(two_pages):
    text = PAGE.format("Two", "see: nut; almond", "Text.")
    before = search(build(two_pages))
    two_pages.write({"two.md": text.replace("Text.", "A sentence.")})
    assert "sentenc" in search(build(two_pages))
    two_pages.write({"two.md": text.replace("# Two", "# Quite another")})
    assert "anoth" in search(build(two_pages))
    two_pages.write({"two.md": text})
    assert search(build(two_pages)) == before


def test_other_builders_have_no_search_to_mend(two_pages):
    assert two_pages.build("text").warnings == []
    assert two_pages.build("singlehtml", **THEME).warnings == []
