"""A role says which pages name a source, in their text or in the code they show."""

import re

import pytest

from docs.plugins.cited import lines_with, nobody

EXTENSIONS = ["sphinx.ext.viewcode", "docs.plugins.cited"]
BOX = '"""Boxes."""\n\n\ndef f():\n    """Do it (Noone and Nobody 1999)."""\n'
FILES = {
    "pkg/__init__.py": "",
    "pkg/box.py": BOX,
    "index.md": "# A book\n\n```{toctree}\nlist\nsecond\nfirst\n```\n",
    "list.md": "# List\n\nNoone 1999\n: {cited}`Noone 1999`\n",
    "first.md": "# First\n\n```{excerpt} pkg.box:f\n```\n",
    "second.md": "# Second\n\nNoone found it in 1999.\n",
}


def said(built):
    """What the list says, without markup."""
    found = re.search(r"<dd>(.*?)</dd>", built.html("list"), re.DOTALL)
    return re.sub("<.*?>", "", found[1]).strip()


def build(book, **more):
    book.write(more)
    return book.build("html", myst_enable_extensions=["deflist"])


@pytest.mark.parametrize("parallel", [0, 2])
def test_pages_are_linked_in_the_order_of_the_book(book, parallel):
    orphans = {f"more{n}.md": f"---\norphan: 1\n---\n# More {n}\n" for n in range(8)}
    book.write({**FILES, **orphans})
    built = book.build("html", parallel, myst_enable_extensions=["deflist"])
    assert said(built) == "Named in Second; First."
    assert 'href="second.html"' in built.html("list")
    assert 'href="first.html"' in built.html("list")
    assert built.warnings == []


def test_a_repetition_and_other_lines_do_not_count(book):
    again = "# First\n\n```{excerpt} pkg.box:f\n:again:\n```\n"
    head = "# Second\n\n```{excerpt} pkg.box\n:head:\n```\n"
    built = build(book, **{**FILES, "first.md": again, "second.md": head})
    assert said(built) == nobody()


def test_a_second_build_sees_what_changed_and_writes_nothing_else(book):
    build(book, **FILES)
    page = book.root / "_build" / "html" / "list.html"
    before = page.stat().st_mtime_ns
    build(book)
    assert page.stat().st_mtime_ns == before
    assert said(build(book, **{"second.md": "# Second\n"})) == "Named in First."
    box = BOX.replace("1999", "1998")
    assert said(build(book, **{"pkg/box.py": box})) == nobody()
    assert "cited" not in build(book, **{"list.md": "# List\n"}).html("list")


def test_the_figures_of_an_entry_are_no_prose_and_others_are(book):
    extensions = ["myst_parser", *EXTENSIONS, "docs.plugins.prose_numbers"]
    text = (
        "# List\n\nNoone 1999\n: Pages 3 to 5. {cited}`Noone 1999`\n\nThing\n: Has 7.\n"
    )
    files = {"conf.py": f"extensions = {extensions}\n", "list.md": text}
    found = build(book, **FILES | files).warnings
    [warning] = [warning for warning in found if warning.startswith("list.md")]
    assert "'7' is typed" in warning


def test_a_page_outside_the_contents_does_not_count(book):
    aside = "---\norphan: 1\n---\n# Aside\n\nNoone 1999\n"
    second = {"second.md": "# Second\n", "first.md": "# First\n"}
    assert said(build(book, **{**FILES, **second, "aside.md": aside})) == nobody()


@pytest.mark.parametrize(
    ("words", "text", "lines"),
    [
        ("Noone 1999", "Noone (1999)\n", [1]),
        ("Noone 1999", "in 1999\nby Noone\n", []),
        ("Noone", "Noones\nNoone's\nANoone\n", [2]),
        ("GPT-2", "GPT-2x\nGPT-2.\n", [2]),
    ],
)
def test_all_words_stand_in_one_line_and_whole(words, text, lines):
    assert lines_with(words, text) == lines
