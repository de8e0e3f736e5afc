"""Make of Matplotlib's SVG one that takes its colors and its font from the page.

A picture is drawn with inks: each is a color that stands for a class of the style sheet
(black for the text of the page), so that one drawing follows light and dark. Any other
color is refused.
"""

import re
from collections.abc import Iterator
from html import escape
from xml.etree import ElementTree

INKS = {
    "text": "#000000",
    "faint": "#000001",
    "page": "#000002",
    "first": "#000003",
    "second": "#000004",
    "third": "#000005",
}
CLASSES = {color: f"plot-{name}" for name, color in INKS.items()}
FONT_SIZE = 13
LEFT_OUT = {"metadata", "style"}
KEPT = {"d", "x", "y", "width", "height", "transform"}
STYLES = {"opacity", "fill-opacity", "stroke-opacity", "text-anchor", "stroke-width"}
STYLES |= {"stroke-dasharray", "stroke-linecap", "stroke-linejoin"}


class NoInk(ValueError):
    """Says which color of a picture is none of the inks."""


def inline(text: str, ident: str, title: str, words: str) -> str:
    """The drawing as part of a page, with a text for those who do not see it.

    Every id in it begins with `ident`.
    """
    root = ElementTree.fromstring(text)
    width, height = root.get("viewBox", "").split()[2:]
    found = re.findall(r'(?:href="|url\()#([^")]+)', text)
    ids = {name: f"{ident}-{i}" for i, name in enumerate(dict.fromkeys(found))}
    return "".join(
        [
            '<div class="plot">',
            f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            f' font-size="{FONT_SIZE}" fill="currentColor" stroke-linejoin="round"'
            ' role="img"'
            f' aria-labelledby="{ident}-title" aria-describedby="{ident}-desc">',
            f'<title id="{ident}-title">{escape(title)}</title>',
            f'<desc id="{ident}-desc">{escape(words)}</desc>\n',
            *(markup(child, ids) for child in root),
            "</svg></div>",
        ]
    )


def markup(element: ElementTree.Element, ids: dict[str, str]) -> str:
    """An element without what the page decides; groups that say nothing dissolve."""
    tag = element.tag.rpartition("}")[2]
    if tag in LEFT_OUT:
        return ""
    inner = escape((element.text or "").strip(), quote=False)
    inner += "".join(markup(child, ids) for child in element)
    given = "".join(f' {name}="{value}"' for name, value in attributes(element, ids))
    if tag in {"g", "defs"} and not (given and inner):
        return inner if tag == "g" or not inner else f"<defs>{inner}</defs>\n"
    return f"<{tag}{given}>{inner}</{tag}>\n" if inner else f"<{tag}{given}/>\n"


def attributes(
    element: ElementTree.Element, ids: dict[str, str]
) -> Iterator[tuple[str, str]]:
    for key, value in element.items():
        name = key.rpartition("}")[2]
        if name == "id" and value in ids:
            yield name, ids[value]
        elif name == "href":
            yield name, f"#{ids[value.removeprefix('#')]}"
        elif name == "clip-path":
            yield name, f"url(#{ids[value[5:-1]]})"
        elif name in KEPT and not value.startswith("rotate(-0"):
            yield name, tenths(value)
        elif name == "style":
            yield from styles(value)


def styles(text: str) -> Iterator[tuple[str, str]]:
    """Attributes instead of a style; a color becomes a class."""
    pairs = dict(re.findall(r"([\w-]+): ([^;]+)", text))
    colors = {pairs[key] for key in ("fill", "stroke") if key in pairs} - {"none"}
    if not colors <= set(CLASSES):
        raise NoInk(f"{sorted(colors - set(CLASSES))[0]} is no ink")
    if len(colors) > 1:
        raise NoInk("a shape has one ink, not two: fill it and draw its line apart")
    for color in colors:
        yield "class", CLASSES[color]
    for key, value in pairs.items():
        if key == "stroke" and value != "none":
            yield key, "currentColor"
        elif key == "font-size" and value != f"{FONT_SIZE}px":
            yield key, value.removesuffix("px")
        elif value == "none" or key in STYLES:
            yield key, value


def tenths(text: str) -> str:
    """Coordinates in tenths of a pixel, and no space that is not needed."""

    def tenth(found: re.Match[str]) -> str:
        return f"{float(found[0]):z.1f}".removesuffix(".0")

    text = re.sub(r"-?\d+\.\d+(e-?\d+)?", tenth, text)
    text = re.sub(r"(?<=[A-Za-z]) +| +(?=[A-Za-z])", "", " ".join(text.split()))
    return re.sub(r"(M([^A-Z]+))L\2(?=M|$)", r"\1h0", text)  # a dot
