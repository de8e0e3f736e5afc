"""The book has an icon, and a picture for those who link to it."""

import os
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest

from docs.plots.shared import emblem
from docs.plugins import fonts
from docs.plugins.emblem import kept

EXTENSIONS = ["docs.plugins.emblem"]
TEMPLATES = Path(__file__).parents[2] / "docs" / "_templates"
SETTINGS = {
    "html_theme": "furo",
    "html_title": "Box",
    "templates_path": [str(TEMPLATES)],
    "suppress_warnings": ["fonts", "places"],
}
NAMES = ["icon.png", "icon.svg", "social.png", "touch.png"]
ROWS = [[1.0], [0.25, 0.75]]


@pytest.fixture
def quick(monkeypatch):
    """Draw without training a model, and count how often."""
    drawn = []
    monkeypatch.setattr(emblem, "looks", lambda name: drawn.append(name) or ROWS)
    return drawn


def size(png):
    assert png.startswith(b"\x89PNG")
    return struct.unpack(">II", png[16:24])


def pictures(built):
    folder = built.app.outdir / "_static"
    return {name: (folder / name).read_bytes() for name in NAMES}


def build(book, builder="html", summary="On boxes.", **settings):
    meta = f"---\nmyst:\n  html_meta:\n    description: {summary}\n---\n"
    book.write({"index.md": f"{meta}# A box & a lid\n"})
    return book.build(builder, **SETTINGS, **settings)


def test_the_model_looks_at_what_came_before():
    rows = emblem.looks(emblem.SHORT)
    assert [len(row) for row in rows] == [1, 2, 3, 4, 5]
    assert [sum(row) for row in rows] == pytest.approx([1] * 5)


def test_the_icon_has_a_square_for_each_pair_the_darker_the_more(quick):
    root = ElementTree.fromstring(emblem.icon_svg(ROWS))
    paper, *squares = root
    assert paper.get("width") == "26"
    assert [square.get("fill-opacity") for square in squares] == ["1.0", "0.33", "0.78"]


def test_pictures_have_the_sizes_that_are_asked_for(book, quick):
    found = pictures(build(book))
    assert size(found["icon.png"]) == (48, 48)
    assert size(found["touch.png"]) == (180, 180)
    assert size(found["social.png"]) == (1200, 630)
    assert quick == [emblem.SHORT, emblem.LONG]


def test_pictures_are_the_same_each_time(tmp_path, quick):
    one, two = (kept(tmp_path / name, "Box", "On boxes.") for name in "ab")
    names = sorted(path.name for path in one.iterdir())
    assert names == NAMES
    assert all((one / n).read_bytes() == (two / n).read_bytes() for n in names)


def test_pictures_are_drawn_again_only_when_their_words_change(book, quick):
    before = pictures(build(book))
    build(book)
    assert len(quick) == 2
    after = pictures(build(book, summary="On lids."))
    assert len(quick) == 4
    assert [name for name in NAMES if before[name] != after[name]] == ["social.png"]


def test_the_settings_of_the_machine_are_left_alone(tmp_path, quick):
    before = dict(os.environ)
    kept(tmp_path / "store", "Box", "On boxes.")
    assert dict(os.environ) == before


def test_a_public_book_says_how_a_link_to_it_looks(book, quick):
    text = build(book, html_baseurl="https://example.org/book/").html("index")
    for name, content in {
        "type": "website",
        "site_name": "Box",
        "title": "A box &amp; a lid",
        "description": "On boxes.",
        "url": "https://example.org/book/index.html",
        "image": "https://example.org/book/_static/social.png",
    }.items():
        assert f'<meta property="og:{name}" content="{content}">' in text
    assert '<meta name="twitter:card" content="summary_large_image">' in text


def test_a_page_that_is_no_part_of_the_book_has_no_picture(book, quick):
    built = build(book, html_baseurl="https://example.org")
    assert 'content="https://example.org/_static/social.png"' in built.html("index")
    assert "og:" not in built.html("genindex")


def test_a_book_without_a_public_address_names_none(book, quick):
    text = build(book).html("index")
    assert 'href="_static/icon.svg" type="image/svg+xml"' in text
    assert "og:" not in text


def test_without_fonts_there_are_no_pictures(book, quick, monkeypatch):
    monkeypatch.setattr(fonts, "PACKAGES", book.root)
    built = build(book)
    assert not (built.app.outdir / "_static" / "icon.svg").exists()


def test_an_e_book_gets_no_pictures(book, quick):
    built = build(book, "epub")
    assert not list(built.app.outdir.glob("**/social.png"))
