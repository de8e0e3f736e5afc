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


def test_a_changed_style_sheet_is_asked_for_anew_by_every_page(two_pages):
    two_pages.write({"_static/own.css": "p {}"})
    sheet = {"html_static_path": ["_static"], "html_css_files": ["own.css"]}
    two_pages.build("html", **THEME, **sheet)
    two_pages.write({"_static/own.css": "p { color: red }"})
    assert written(two_pages.build("html", **THEME, **sheet)) == {"index", "one", "two"}
    assert written(two_pages.build("html", **THEME, **sheet)) == set()


def test_pages_of_modules_show_a_changed_title(two_pages):
    text = "```{eval-rst}\n.. autofunction:: microgpt.sample.sample\n```"
    two_pages.write({"one.md": PAGE.format("One", text)})
    more = ["myst_parser", *EXTENSIONS, "sphinx.ext.autodoc", "sphinx.ext.viewcode"]
    two_pages.build("html", extensions=more, **THEME)
    two_pages.write({"two.md": PAGE.format("Second", "Text.")})
    built = two_pages.build("html", extensions=more, **THEME)
    assert "Second" in built.html("_modules/microgpt/sample")
