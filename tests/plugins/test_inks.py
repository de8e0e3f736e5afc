"""Matplotlib's SVG becomes part of a page: classes, no colors, no ids of its own."""

import re
from xml.etree import ElementTree

import pytest

from docs.plots.shared.paper import Picture, cell, dots, draw, key, sheet
from docs.plugins.inks import INKS, NoInk, inline, tenths


def line(color, **how):
    """A picture of one line that leaves its axes, with a key to it."""

    def picture():
        figure, (axes,) = sheet(200)
        axes.plot([0, 1, 2], [0.123456, 1, 0.5], color=color, label="a < b", **how)
        axes.set(ylim=(0, 0.8))
        key(axes, columns=1)
        return Picture(figure, "A & B", "It rises < 1.")

    return picture


def drawn(picture, ident="plot-page-1"):
    raw = draw(picture)
    return inline(raw.svg, ident, raw.title, raw.words)


def test_a_color_becomes_a_class():
    text = drawn(line(INKS["first"], lw=2))
    path = next(part for part in text.split("\n") if "plot-first" in part)
    assert ' fill="none" stroke="currentColor"' in path
    assert ' stroke-width="2"' in path
    assert not re.search(r"#[0-9a-f]{3,6}\b|style=|DejaVu", text)


def test_a_dot_is_a_line_without_length_and_all_dots_are_one_path():
    def picture():
        figure, (axes,) = sheet(200)
        axes.set(xlim=(0, 4), ylim=(0, 4))
        dots(axes, [(1, 1), (2, 2), (3, 1)], 3, color=INKS["second"])
        return Picture(figure, "Dots", "Three dots.")

    (path,) = re.findall(r'<path d="([^"]*)"[^>]*"plot-second"', drawn(picture))
    assert re.fullmatch(r"(M[\d.]+ [\d.]+h0){3}", path)


def test_only_an_unusual_size_of_letters_is_written():
    def picture():
        figure, (axes,) = sheet(200)
        axes.axis("off")
        axes.text(0, 0, "large", fontsize=30)
        axes.text(0, 1, "usual")
        return Picture(figure, "Letters", "Two words.")

    large, usual = re.findall("<text.*?>", drawn(picture))
    assert ' font-size="30"' in large
    assert "font-size" not in usual


def test_a_cell_has_its_weight_as_opacity():
    def picture():
        figure, (axes,) = sheet(200)
        cell(axes, 0, 0, 1, "first", 0.25)
        return Picture(figure, "Cells", "One cell.")

    text = drawn(picture)
    assert re.search(r'<path [^>]*class="plot-first"[^>]* opacity="0.25"', text)


def test_a_drawing_has_a_title_and_a_description():
    markup = ElementTree.fromstring(drawn(line(INKS["text"]))).find("svg")
    assert markup.get("role") == "img"
    title = markup.find(f"title[@id='{markup.get('aria-labelledby')}']")
    words = markup.find(f"desc[@id='{markup.get('aria-describedby')}']")
    assert (title.text, words.text) == ("A & B", "It rises < 1.")
    assert [text.text for text in markup.iter("text")][-1] == "a < b"


def test_every_id_belongs_to_the_figure_and_every_reference_has_its_target():
    text = drawn(line(INKS["first"]), "plot-x-7")
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids)) >= 4
    assert all(ident.startswith("plot-x-7-") for ident in ids)
    used = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', text))
    assert {first or second for first, second in used} <= set(ids)


def test_a_drawing_carries_no_style_sheet_and_no_metadata():
    raw = draw(line(INKS["first"])).svg
    assert "<style" in raw
    assert "dc:date" not in raw
    assert not re.search("<style|metadata|xmlns|matplotlib", drawn(line(INKS["text"])))


def test_a_drawing_is_always_the_same():
    assert drawn(line(INKS["first"])) == drawn(line(INKS["first"]))


def test_another_color_is_refused_by_name():
    with pytest.raises(NoInk) as refused:
        drawn(line("#1f77b4"))
    assert str(refused.value) == "#1f77b4 is no ink"


def test_two_inks_in_one_shape_are_refused():
    def picture():
        figure, (axes,) = sheet(200)
        axes.bar([0], [1], color=INKS["first"], edgecolor=INKS["second"])
        return Picture(figure, "Bars", "One bar.")

    with pytest.raises(NoInk) as refused:
        drawn(picture)
    message = "a shape has one ink, not two: fill it and draw its line apart"
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("M 1 2 \nL 30.456 4.04 \nz", "M1 2L30.5 4z"),
        ("M 1.25 2 L 1.25 2 M 3 4 L 3 4", "M1.2 2h0M3 4h0"),
        ("M 1 2 L 1 20 M 3 4 L 3 4 z", "M1 2L1 20M3 4L3 4z"),
        ("M 1e-05 2.5e-07 L 1 1", "M1e-05 0L1 1"),
        ("rotate(-90 12.345 6)", "rotate(-90 12.3 6)"),
        ("12.999", "13"),
        ("-0.01", "0"),
    ],
)
def test_coordinates_are_tenths_of_pixels(text, short):
    assert tenths(text) == short


def test_each_ink_has_a_rule_in_the_style_sheet_for_light_and_dark():
    from pathlib import Path

    css = (Path(__file__).parents[2] / "docs/_static/book.css").read_text("utf-8")
    for name in set(INKS) - {"text"}:
        assert f".plot-{name} {{ color: var(--" in css
    for name in ("first", "second", "third"):
        assert len(re.findall(rf"--plot-{name}: light-dark\(", css)) == 1


def contrast(one, other):
    """How much two colors differ in lightness, as WCAG 2 measures it."""

    def luminance(color):
        parts = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
        linear = (
            x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts
        )
        return sum(w * x for w, x in zip((0.2126, 0.7152, 0.0722), linear))

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_inks_can_be_read_as_text_on_light_and_dark_paper():
    from pathlib import Path

    css = (Path(__file__).parents[2] / "docs/_static/book.css").read_text("utf-8")
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", css)
    colors = {name: pair for name, *pair in pairs}
    inks = [pair for name, pair in colors.items() if name.startswith("plot-")]
    assert len(inks) == 3
    for pair in inks:
        papers = colors["color-background-primary"]
        assert all(contrast(*both) >= 4.5 for both in zip(pair, papers))
