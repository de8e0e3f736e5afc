"""Chromium prints, pages are counted, dates are left out."""

import pickle
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from docs.pdf import __main__ as command
from docs.pdf import paper
from docs.plugins.places import Place

PAGE = """<!doctype html><title>Small</title>
<p><a href="#b">to b</a> <a href="#c">to c</a> <span data-page="b"></span></p>
<h1 id="a">A</h1>
<h1 id="b" style="break-before: page">B</h1><p id="c">c</p>"""


@pytest.fixture(scope="module")
def small(chromium, tmp_path_factory):
    path = tmp_path_factory.mktemp("small") / "small.html"
    path.write_text(PAGE)
    return path


@pytest.fixture(scope="module")
def pdf(chromium, small):
    return paper.book(chromium, small)


def test_pages_are_numbered_by_what_links_lead_to(pdf):
    assert paper.numbers(pdf) == {"b": 2, "c": 2}


def test_the_numbers_stand_where_they_are_wanted(pdf, tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf)
    reader = PdfReader(tmp_path / "a.pdf")
    assert reader.pages[0].extract_text().split()[-2:] == ["2", "A"]
    assert [mark.title for mark in reader.outline] == ["A", "B"]
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_the_same_page_gives_the_same_bytes(chromium, small, pdf):
    assert b"Date" not in pdf
    assert paper.book(chromium, small) == pdf


@pytest.fixture
def book(tmp_path):
    """A built book of one page: the folders of its pages and of what was read."""
    place = Place("index", "Small", "", None, 0, 0, None, None, "A book.", 1)
    one = Place("one", "One", "Part", None, 1, 1, None, None, "A page.", 1)
    config = SimpleNamespace(
        root_doc="index", project="small", release="1", author="us", language="en"
    )
    env = SimpleNamespace(config=config, places={"index": place, "one": one})
    (tmp_path / "environment.pickle").write_bytes(pickle.dumps(env))
    for name in ("index", "one"):
        (tmp_path / f"{name}.html").write_text(f"<article><h1>{name}</h1></article>")
    return str(tmp_path)


@pytest.mark.parametrize(("size", "width"), [("A4", 595), ("Letter", 612)])
def test_the_book_is_printed_on_the_paper_that_was_asked_for(
    chromium, book, tmp_path, size, width
):
    said = command.main(book, book, str(tmp_path / "out"), size)
    assert said == f"The PDF is {tmp_path / 'out' / 'small.pdf'}."
    reader = PdfReader(tmp_path / "out" / "small.pdf")
    assert {round(page.mediabox.width) for page in reader.pages} == {width}
    assert len(reader.pages) == 4  # title, contents, part, page


def test_without_chromium_one_line_says_what_is_lacking(monkeypatch, book, tmp_path):
    monkeypatch.setattr(paper, "chromium", lambda: None)
    with pytest.raises(SystemExit, match="Chromium is not installed, and it"):
        command.main(book, book, str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()
