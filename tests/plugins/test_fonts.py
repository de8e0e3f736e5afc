"""The book's fonts are cut to its characters, and the same each time."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from docs.plugins import fonts

EXTENSIONS = ["docs.plugins.fonts"]
CSS = Path(__file__).parents[2] / "docs" / "_static" / "book.css"


def font(face):
    return TTFont(BytesIO(fonts.cut(face)))


def shipped(built):
    folder = built.app.outdir / "_static" / "fonts"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}


@pytest.mark.parametrize("face", fonts.FACES)
def test_a_cut_face_has_the_characters_and_no_others(face):
    assert set(font(face).getBestCmap()) == {*map(ord, fonts.CHARACTERS)}


@pytest.mark.parametrize("face", fonts.FACES)
def test_a_face_is_the_same_each_time(face):
    assert fonts.cut(face) == fonts.cut(face)


def test_the_serif_keeps_its_kerning_and_its_ligatures():
    serif = font("serif-400")
    tags = [
        record.FeatureTag for record in serif["GPOS"].table.FeatureList.FeatureRecord
    ]
    assert "kern" in tags
    (ligatures,) = serif["GSUB"].table.LookupList.Lookup
    found = ligatures.SubTable[0].ligatures["f"]
    assert ["f", "i"] in [ligature.Component for ligature in found]


def test_a_cut_face_has_a_name_of_its_own_and_says_whose_it_is():
    names = font("code-600")["name"]
    assert names.getDebugName(1) == "Book Code"
    assert "Reserved Font Name" in names.getDebugName(0)
    assert "Source" not in names.getDebugName(1)


def test_what_a_usual_page_loads_is_light():
    usual = ("serif-400", "serif-400-italic", "serif-600", "code-400")
    assert sum(len(fonts.cut(face)) for face in usual) <= 50_000


def test_no_character_both_falls_back_and_is_cut():
    assert frozenset() == fonts.CHARACTERS & fonts.FALL_BACK


def test_the_style_sheet_names_each_face_that_is_shipped():
    named = re.findall(r'url\("fonts/(.+?)\.woff2"\)', CSS.read_text("utf-8"))
    assert named == list(fonts.FACES)


def test_web_pages_get_the_fonts_and_their_licenses(book):
    built = book.build("html")
    assert built.warnings == []
    found = shipped(built)
    assert found.pop("LICENSE-source-code-pro.txt")
    assert b"Open Font License" in found.pop("LICENSE-source-serif-4.txt")
    assert found == {f"{face}.woff2": fonts.cut(face) for face in sorted(fonts.FACES)}


def test_a_second_build_cuts_nothing(book, monkeypatch):
    before = shipped(book.build("html"))
    monkeypatch.setattr(fonts, "cut", None)
    assert shipped(book.build("html")) == before


def test_changed_characters_are_cut_anew(book, monkeypatch):
    before = shipped(book.build("html"))
    monkeypatch.setattr(fonts, "key", lambda _: "another")
    monkeypatch.setattr(fonts, "cut", lambda *_: b"new")
    after = shipped(book.build("html"))
    assert before.keys() == after.keys()
    assert after["serif-400.woff2"] == b"new"
    kept = (book.root / "_build" / "doctrees" / "fonts").iterdir()
    assert [path.name for path in kept] == ["another"]


def test_other_builders_need_no_fonts(book, monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "PACKAGES", tmp_path)
    book.write({"index.md": "# A book\n\nŒuvre.\n"})
    assert book.build("text").warnings == []


def test_a_missing_package_is_named_once(book, monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "PACKAGES", tmp_path)
    assert book.build("html").warnings == [
        "WARNING: fonts: source-serif-4 is not installed:"
        " npm --prefix docs/assets ci [fonts.missing]"
    ]


def test_a_character_about_which_nothing_is_decided_is_named(book):
    text = "# A book\n\nIt is 李 → “fine”: $ω$.\n\nBut not `Œ`.\n\n$$ ψ $$\n"
    book.write({"index.md": text})
    settings = {"myst_enable_extensions": ["dollarmath"]}
    assert book.build("html", **settings).warnings == [
        "index.md:5: WARNING: fonts: decide about 'Œ' (U+0152)"
        " in docs/plugins/fonts.py [fonts.glyph]"
    ]


def test_markup_has_its_characters_looked_at_too(book):
    raw = '```{raw} html\n<p title="Œ">&eacute;&lt;&OElig;</p>\n```\n'
    book.write({"index.md": f"# A book\n\n{raw}"})
    assert [w.partition("fonts: ")[2] for w in book.build("html").warnings] == [
        "decide about 'Œ' (U+0152) in docs/plugins/fonts.py [fonts.glyph]"
    ]


def test_a_translation_has_the_letters_of_western_europe_and_decides_nothing(book):
    book.write({"index.md": "# Größe, Ž\n"})
    built = book.build("html", language="de")
    assert built.warnings == []
    letters = TTFont(BytesIO(shipped(built)["serif-400.woff2"])).getBestCmap()
    assert set(letters) == {*map(ord, fonts.CHARACTERS | fonts.WESTERN)}
    assert chr(max(map(ord, fonts.WESTERN))) == "ÿ"
