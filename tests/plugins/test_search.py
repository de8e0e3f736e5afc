"""The search page gets every place of the book, with its address and its text."""

import json
import re

import pytest
from docutils import nodes

from docs.plugins.search import texts

EXTENSIONS = [
    *("sphinx.ext.autodoc", "sphinx.ext.viewcode"),
    *("docs.plugins.excerpt", "docs.plugins.search"),
]
ONE = """# One

Words  of
the page.

## A part

More *words*.

```python
x = 1
```

% no words

$$
x
$$

```{excerpt} pkg.box:f
return 1 | a note
```

Below.
"""
FILES = {
    "pkg/__init__.py": "",
    "pkg/box.py": 'def f():\n    """Give one."""\n    return 1\n',
    "index.md": "# A book\n\nThe first.\n\n"
    "```{toctree}\n:caption: I. First\none\nterms\napi\ncopy\n```\n",
    "one.md": ONE,
    "terms.md": "# Terms\n\n```{glossary}\nbox\n    A thing.\n```\n",
    "api.md": "# API\n\n```{eval-rst}\n.. autofunction:: pkg.box.f\n```\n",
    "copy.md": "# Copy\n",
    "alone.md": "---\norphan: true\n---\n# Alone\n",
    "_templates/search.html": "{{ pagename }}: our own",
}
SETTINGS = {
    "html_theme": "furo",
    "templates_path": ["_templates"],
    "myst_enable_extensions": ["dollarmath"],
    "search_skip": ["copy"],
    "suppress_warnings": ["places"],
}


@pytest.fixture
def pages(book):
    book.write(FILES)
    return book


def data(built):
    return built.app.outdir / "_static" / "search-data.js"


def searched(built):
    """What the script holds: title, part and places of each page, by its address."""
    text = re.fullmatch(
        r"globalThis\.searched = (.*);\n", data(built).read_text("utf-8")
    )
    return {address: told for address, *told in json.loads(text[1])}


@pytest.mark.parametrize("parallel", [0, 2])
def test_pages_come_in_the_order_of_the_book_without_those_that_repeat(pages, parallel):
    found = searched(pages.build("html", parallel=parallel, **SETTINGS))
    assert list(found) == ["index.html", "one.html", "terms.html", "api.html"]
    assert found["one.html"][:2] == ["One", "I. First"]


def test_a_page_has_places_and_each_has_its_own_prose_and_code(pages):
    found = searched(pages.build("html", **SETTINGS))
    page, part, excerpt = found["one.html"][2]
    assert page == ["", "page", "One", "Words of the page.", ""]
    assert part == ["a-part", "section", "A part", "More words. Below.", "x = 1\n\nx"]
    assert excerpt[:3] == ["excerpt-pkg.box.f", "excerpt", "pkg.box.f"]
    assert "a note" in excerpt[3]
    assert excerpt[4] == FILES["pkg/box.py"].rstrip()


def test_terms_and_objects_are_places(pages):
    found = searched(pages.build("html", **SETTINGS))
    assert found["terms.html"][2][1] == ["term-box", "term", "box", "A thing.", ""]
    assert found["api.html"][2][1] == [
        "pkg.box.f",
        "object",
        "pkg.box.f",
        "Give one.",
        "",
    ]


def test_a_solution_is_not_found_below_its_exercise():
    exercise = nodes.container("", nodes.paragraph("", "How much?"))
    exercise += nodes.container("", nodes.paragraph("", "Two."), solution="a/b")
    assert list(texts(exercise)) == [(False, "How much?")]


def test_the_page_that_searches_is_ours_and_sphinx_makes_no_index(pages):
    built = pages.build("html", **SETTINGS)
    assert built.html("search") == "search: our own"
    assert not (built.app.outdir / "searchindex.js").exists()


def test_addresses_are_those_of_the_builder(pages):
    found = searched(pages.build("dirhtml", **SETTINGS))
    assert list(found) == ["../", "../one/", "../terms/", "../api/"]


@pytest.mark.parametrize("builder", ["text", "epub"])
def test_other_builders_get_no_search(pages, builder):
    built = pages.build(builder, **SETTINGS)
    assert not data(built).exists()
    assert not list(built.app.outdir.glob("search.*html"))


def test_a_second_build_sees_what_changed(pages):
    pages.build("html", **SETTINGS)
    pages.write(
        {"one.md": "# Uno\n", "index.md": FILES["index.md"].replace("api\n", "")}
    )
    found = searched(pages.build("html", **SETTINGS))
    assert found["one.html"] == ["Uno", "I. First", [["", "page", "Uno", "", ""]]]
    assert "api.html" not in found


def test_a_build_that_failed_writes_nothing(pages):
    pages.write(
        {
            "page.py": "def fail(app, *_):\n    raise KeyError('oh')\ndef setup(app):\n"
            "    app.connect('html-page-context', fail)\n"
        }
    )
    with pytest.raises(Exception, match="oh"):
        pages.build("html", extensions=["myst_parser", *EXTENSIONS, "page"], **SETTINGS)
