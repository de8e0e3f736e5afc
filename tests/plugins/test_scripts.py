"""A page loads the scripts that it needs, and is shown before they run."""

import re
from pathlib import Path

import pytest

EXTENSIONS = ["sphinx_design", "docs.plugins.scripts"]
ROOT = Path(__file__).parents[2]
PAGES = {
    "index.md": "# A book\n\nText.\n\n```{toctree}\ncode\ntabs\n```\n",
    "code.md": "# Code\n\n```python\nx = 1\n```\n",
    "tabs.md": "# Tabs\n\n````{tab-set}\n```{tab-item} One\nText.\n```\n````\n",
    "_static/copy.js": "",
    "_static/early.js": "",
}
SETTINGS = {
    "html_theme": "furo",
    "html_static_path": ["_static"],
    "html_js_files": [("early.js", {"async": "async"}), "copy.js"],
    "templates_path": [str(ROOT / "docs" / "_templates")],
}


def scripts(text):
    """How each script of a page is loaded, by the name of its file."""
    found = re.findall(r"<script([^>]*)>(.*?)</script>", text, re.S)
    named = {}
    for attributes, content in found:
        name = re.search(r'src="(?:\.\./)*_static/([\w./-]+\.js)', attributes)
        named[name[1] if name else content] = re.findall("async|defer", attributes)
    return {name: how[0] if how else "blocks" for name, how in named.items()}


@pytest.fixture
def built(book):
    book.write(PAGES)
    return book.build("html", **SETTINGS)


EVERYWHERE = {"early.js": "async", "scripts/furo.js": "defer"}


@pytest.mark.parametrize(
    ("page", "more"),
    [
        ("index", {}),
        ("genindex", {}),
        ("code", {"copy.js": "defer"}),
        ("tabs", {"design-tabs.js": "defer"}),
    ],
)
def test_a_page_loads_what_it_needs_and_no_script_blocks_it(built, page, more):
    assert scripts(built.html(page)) == EVERYWHERE | more


def test_the_style_sheet_of_tabs_and_cards_comes_with_pages_that_have_some(built):
    with_it = {page: "sphinx-design" in built.html(page) for page in ("code", "tabs")}
    assert with_it == {"code": False, "tabs": True}


def test_scripts_that_another_extension_adds_to_a_page_are_kept(book):
    adds = "def add(app, page, *_):\n    app.add_js_file(f'{page}.js')\n"
    adds += "def setup(app):\n    app.connect('html-page-context', add)\n"
    book.write({**PAGES, "adds.py": adds})
    built = book.build("html", extensions=[*EXTENSIONS, "myst_parser", "adds"])
    assert "index.js" in built.html("index")
    assert "code.js" in built.html("code")
    assert "code.js" not in built.html("index")


def test_an_e_book_has_neither_scripts_nor_frame(book):
    book.write(PAGES)
    built = book.build("epub", **SETTINGS)
    text = (built.app.outdir / "index.xhtml").read_text("utf-8")
    assert "<p>Text.</p>" in text
    assert not re.search("<(script|nav|button)", text)
