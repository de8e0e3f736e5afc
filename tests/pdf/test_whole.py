"""The PDF of the whole book: its parts, its numbers, its links, its code."""

import pickle
import re

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from docs.plugins.places import places
from tests.pdf.conftest import ROOT
from tests.pdf.test_one_page import beyond


def squeezed(text):
    """A text without blanks, which no two programs find in the same places."""
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def pdf(printed):
    return PdfReader(next(printed.glob("*.pdf")))


@pytest.fixture(scope="module")
def text(pdf):
    """Give the text of the pages of paper from one to before another."""

    def read(first, last):
        pages = pdf.pages[first:last]
        return "".join(squeezed(page.extract_text()) for page in pages)

    return read


def starts(pdf):
    """The bookmarks of chapters, and the pages of paper on which they begin."""
    marks = [mark for item in pdf.outline if isinstance(item, list) for mark in item]
    chapters = [mark for mark in marks if not isinstance(mark, list)]
    return {mark.title: pdf.get_destination_page_number(mark) for mark in chapters}


@pytest.fixture(scope="module")
def chapters(printed):
    """The parts of the book, and the headings of their pages."""
    env = pickle.loads((ROOT / "build/doctrees/environment.pickle").read_bytes())
    found = {}
    for place in places(env).values():
        title = f"{place.number or ''} {place.title}".strip()
        found.setdefault(place.part, []).append(title)
    del found[""]
    return found


def outline(pdf):
    """The titles of bookmarks with those right below them."""
    found = {}
    for item in pdf.outline:
        if isinstance(item, list):
            inner = [mark for mark in item if not isinstance(mark, list)]
            found[list(found)[-1]] = [mark.title for mark in inner]
        else:
            found[item.title] = []
    return found


def test_the_bookmarks_are_the_parts_with_their_chapters(pdf, chapters):
    assert outline(pdf) == {"Contents": [], **chapters}


def test_the_book_has_as_many_pages_as_one_would_think(pdf):
    assert 250 < len(pdf.pages) < 700
    assert pdf.metadata["/Title"] == "The microgpt book"


def test_the_contents_name_the_page_on_which_each_chapter_begins(pdf, text, chapters):
    begins = starts(pdf)
    contents = text(1, min(begins.values()) - 1)
    assert len(begins) == sum(map(len, chapters.values()))
    for title, page in begins.items():
        assert f"{squeezed(title)}{page + 1}" in contents


def test_each_chapter_begins_a_page_that_has_its_number(pdf, text):
    sheet = "One printable page"  # takes its whole page
    for title, page in starts(pdf).items():
        assert squeezed(title) in text(page, page + 1)
        assert title == sheet or str(page + 1) in text(page, page + 1)


def annotations(pdf):
    for page in pdf.pages:
        for link in page.get("/Annots") or []:
            yield link.get_object()


def test_each_link_leads_to_a_place_in_the_book_or_to_the_web(pdf):
    known, inside = set(pdf.named_destinations), 0
    for link in annotations(pdf):
        if "/Dest" in link:
            inside += 1
            assert str(link["/Dest"]) in known
        else:
            assert re.match(r"https?:|mailto:", str(link["/A"]["/URI"]))
    assert inside > 1000


def test_each_line_of_the_listing_is_there(printed, pdf, text):
    soup = BeautifulSoup((printed / "book.html").read_text("utf-8"), "html.parser")
    begins = starts(pdf)
    book = text(begins["The whole program"], begins["The command line"])
    lines = [
        squeezed(line)
        for block in soup.find(id="listing").find_all("pre")
        for line in block.get_text().splitlines()
    ]
    assert len(lines) > 1000
    assert [line for line in lines if line not in book] == []


@pytest.mark.parametrize("width", [165, 171], ids=["A4", "Letter"])
def test_nothing_is_cut_at_the_right_edge(printed, browser, width):
    url = (printed / "book.html").as_uri()
    assert beyond(browser, url, width, "light", "article:not(:has(.sheet))") == []


def test_the_page_loads_nothing_from_elsewhere(printed):
    text = (printed / "book.html").read_text("utf-8")
    assert re.findall(r'<(?:img|link|script)[^>]*(?:src|href)="\w+:', text) == []
