"""Make one page of all pages of the built book, in the order of their parts.

An id `x` of the page `value` becomes `value.x`, and `value` is the page itself, so that
ids stay unique and each link within the book leads to a place on this one page. A link
to a page that is in no part (the highlighted source, the search) keeps its text only.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from docs.plugins.places import Place

IDS = {"for", "headers", "aria-labelledby", "aria-describedby", "aria-controls"}
LINKS = {"href", "xlink:href"}
OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:")
LOCAL_URL = re.compile(r"url\((['\"]?)#")
PLAIN = re.compile("^[npw]$")  # code in the color of the code around it
DROPPED = re.compile(r"\b(headerlink|exercise-fold|backprop-controls|backprop-said)\b")


@dataclass(frozen=True)
class Page:
    """A page of the book: its place, what stands on it, and its stylesheets."""

    place: Place
    article: Tag
    sheets: list[str]

    @property
    def html(self) -> str:
        return self.article.decode_contents()

    @property
    def name(self) -> str:
        """What the pages of paper are called in the stylesheet."""
        return f"on-{self.place.docname}"

    @property
    def heading(self) -> str:
        """The title, after the number that a chapter has."""
        return f"{self.place.number or ''} {self.place.title}".strip()


@dataclass(frozen=True)
class Part:
    """A part of the book with its pages."""

    title: str
    pages: list[Page]


def read(folder: Path, place: Place) -> Page:
    """A page of the built book, as it was built."""
    text = (folder / f"{place.docname}.html").read_text("utf-8")
    soup = BeautifulSoup(text, "html.parser", multi_valued_attributes=None)
    links = soup.select('link[rel="stylesheet"]')
    article = soup.find("article") or soup
    return Page(place, article, [str(link["href"]) for link in links])


def parts(folder: Path, places: Mapping[str, Place]) -> list[Part]:
    """All parts of the book, made parts of one page; the first page is in none."""
    inside = [place for place in places.values() if place.part]
    return [
        Part(title, [moved(read(folder, place), places) for place in found])
        for title, found in groupby(inside, key=lambda place: place.part)
    ]


def moved(page: Page, places: Mapping[str, Place]) -> Page:
    """The page with ids and links for the one page, without what paper cannot do."""
    for tag in page.article.find_all(dropped):
        tag.decompose()
    for tag in page.article.find_all("span", {"class": PLAIN}):
        tag.unwrap()
    for tag in page.article.find_all(True):
        if re.fullmatch("h[1-5]", tag.name):
            tag.name = f"h{int(tag.name[1]) + 1}"  # below the title of the part
        for name, value in list(tag.attrs.items()):
            change(tag, name, str(value), page.place.docname, places)
    for term in page.article.find_all("dt", id=True):  # Chromium overlooks some
        term.insert(0, Tag(name="a", attrs={"id": term.attrs.pop("id")}))
    if page.place.number and page.article.h2:
        page.article.h2.insert(0, f"{page.place.number} ")
    return page


def dropped(tag: Tag) -> bool:
    """Whether an element is of no use on paper."""
    return tag.name == "script" or bool(DROPPED.search(str(tag.get("class", ""))))


def change(
    tag: Tag, name: str, value: str, page: str, places: Mapping[str, Place]
) -> None:
    """Make an attribute of an element fit for the one page."""
    if name == "id":
        tag[name] = f"{page}.{value}"
    elif name in IDS:
        tag[name] = " ".join(f"{page}.{ident}" for ident in value.split())
    elif name in LINKS and not OUTSIDE.match(value):
        if target := linked(value, page, places):
            tag[name] = target
        else:
            del tag[name]
    elif "url(" in value:
        tag[name] = LOCAL_URL.sub(rf"url(\1#{page}.", value)


def linked(href: str, page: str, places: Mapping[str, Place]) -> str:
    """The place on the one page to which a link leads, or "" where there is none."""
    file, _, anchor = href.partition("#")
    target = file.removesuffix(".html") or page
    if target not in places:
        return ""
    return f"#{target}.{anchor}" if anchor and places[target].part else f"#{target}"


def sheets(parts: Iterable[Part]) -> list[str]:
    """The addresses of the stylesheets of all pages, each once, in their order."""
    found = [sheet for part in parts for page in part.pages for sheet in page.sheets]
    return list(dict.fromkeys(found))


def picture(folder: Path, place: Place) -> str:
    """The first picture of a page, or ""."""
    page = moved(read(folder, place), {})
    return str(page.article.select_one(".graph, .plot") or "")
