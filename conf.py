"""Sphinx settings: `sphinx-build -c . docs build/html`."""

import os
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT))

project = "microgpt"
version = release = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
    "project"
]["version"]
author = "The authors of the microgpt book"
extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "sphinx.ext.doctest",
    "myst_parser",
    "sphinx_design",
    "docs.plugins.messages",
    "docs.plugins.excerpt",
    "docs.plugins.every_line",
    "docs.plugins.owners",
    "docs.plugins.listing",
    "docs.plugins.seen",
    "docs.plugins.doctests",
    "docs.plugins.num",
    "docs.plugins.measured",
    "docs.plugins.terms",
    "docs.plugins.prose_numbers",
    "docs.plugins.graph",
    "docs.plugins.plots",
    "docs.plugins.solutions",
    "docs.plugins.coverage",
    "docs.plugins.cited",
    "docs.plugins.backprop",
    "docs.plugins.katex",
    "docs.plugins.second_build",
    "docs.plugins.numbered",
    "docs.plugins.unbroken",
    "docs.plugins.fonts",
    "docs.plugins.sheet",
    "docs.plugins.scripts",
    "docs.plugins.places",
    "docs.plugins.search",
    "docs.plugins.live",
    "docs.plugins.cells",
    "docs.plugins.playground",
    "docs.plugins.page_source",
    "docs.plugins.emblem",
    "docs.plugins.valid",
    "docs.plugins.chapters",
    "docs.plugins.public",
    "docs.plugins.epub",
]
nitpicky = True
nitpick_ignore_regex = [("py:class", r"(argparse|collections\.abc|random)\..*")]
exclude_patterns = ["assets", "measured", "plugins", "road", "solutions"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_default_options = {"special-members": "__call__"}
autodoc_preserve_defaults = True  # `rng=random`, and no path of this machine
autodoc_mock_imports = [name for name in ("torch",) if not find_spec(name)]
doctest_without_examples = [
    *("glossary", "index", "listing", "reference", "credits", "solutions"),
    *("bibliography", "coverage"),
]

terms_ordinary = [
    *("bits", "cache", "document", "function", "generator", "head", "id", "key"),
    *("layer", "record", "root", "step", "value"),
]
terms_skip = [  # pages that are lists, and copies of other pages
    *("glossary", "index", "listing", "reference", "credits", "solutions"),
    *("bibliography", "coverage"),
]

search_skip = ["listing", "onepage"]  # they repeat the chapters

language = os.environ.get("BOOK_LANGUAGE", "en")
locale_dirs = ["locale"]

repository = os.environ.get("BOOK_REPOSITORY", "").rstrip("/")  # for "Edit this page"
html_context = {"edit_url": repository and f"{repository}/edit/main/docs/"}
html_baseurl = os.environ.get(
    "BOOK_URL", os.environ.get("READTHEDOCS_CANONICAL_URL", "")
)
html_theme = "furo"
pygments_style = "docs.plugins.syntax.Light"
pygments_dark_style = "docs.plugins.syntax.Dark"
html_title = "microgpt"
html_math_renderer = "katex"
html_permalinks_icon = '<span aria-hidden="true">#</span>'  # named by its title
html_static_path = ["docs/_static"]
templates_path = ["docs/_templates"]
html_css_files = ["book.css"]
html_js_files = [
    ("theme.js", {"async": "async", "fetchpriority": "high", "priority": 100}),
    "frame.js",
    "scroll.js",
    "copy.js",
    "cells.js",
]
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False

epub_copyright = "CC BY 4.0"
epub_show_urls = "no"
