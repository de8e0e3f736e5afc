"""Code has the colors of the book, and can be read on light and on dark paper."""

import re
from pathlib import Path

import pytest
from pygments.token import Comment, Keyword, Name, Number, String

from docs.plugins.syntax import Dark, Light
from tests.plugins.test_inks import contrast

EXTENSIONS = []
CSS = (Path(__file__).parents[2] / "docs" / "_static" / "book.css").read_text("utf-8")
CONF = """
html_theme = "furo"
pygments_style = "docs.plugins.syntax.Light"
pygments_dark_style = "docs.plugins.syntax.Dark"
"""


def palette(name):
    """A color of the style sheet: on light and on dark paper."""
    return re.search(rf"--color-{name}: light-dark\((#\w{{6}}), (#\w{{6}})\)", CSS)


@pytest.mark.parametrize("style", [Light, Dark])
@pytest.mark.parametrize("paper", ["background_color", "highlight_color"])
def test_each_word_can_be_read_on_each_ground(style, paper):
    ground = getattr(style, paper)
    inks = {f"#{how['color']}" for _, how in style}
    assert len(inks) == 9
    assert all(contrast(ink, ground) >= 4.5 for ink in inks)
    assert contrast(style.line_number_color, style.background_color) >= 4.5


def test_the_ground_is_that_of_the_style_sheet():
    found = palette("code-background")
    assert [found[1], found[2]] == [Light.background_color, Dark.background_color]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("comment", Comment),
        ("keyword", Keyword),
        ("string", String),
        ("number", Number),
        ("definition", Name.Function),
    ],
)
def test_a_cell_has_the_same_colors(name, kind):
    colors = re.search(rf"\.tok-{name}\b[^{{]*{{ color: light-dark\((.*?)\)", CSS)[1]
    both = [f"#{style.style_for_token(kind)['color']}" for style in (Light, Dark)]
    assert colors.split(", ") == both


def test_the_pages_have_both_styles(book):
    text = '# A book\n\n```python\nx = "a"\n```\n'
    book.write({"conf.py": f"extensions = ['myst_parser']{CONF}", "index.md": text})
    built = book.build("html")
    css = (built.app.outdir / "_static" / "pygments.css").read_text("utf-8")
    assert built.warnings == []
    assert '<span class="s2">' in built.html("index")
    assert ".highlight .s2 { color: #2b6a3c }" in css.lower()
    assert 'body[data-theme="dark"] .highlight .s2 { color: #9fcb91 }' in css.lower()
