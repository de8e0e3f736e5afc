"""The e-book has the pages of the book, without scripts, and is always the same."""

import os
import re
import time
from xml.etree import ElementTree
from zipfile import ZIP_STORED, ZipFile

import pytest

from docs.plugins import epub, fonts
from docs.plugins.epub import xhtml
from docs.plugins.exercise import ident

EXTENSIONS = ["docs.plugins.epub", "docs.plugins.solutions", "docs.plugins.katex"]
SETTINGS = {
    "project": "A book",
    "author": "Nobody",
    "version": "1",
    "epub_copyright": "CC BY 4.0",
    "epub_show_urls": "no",
    "exclude_patterns": ["_build", "solutions"],
    "myst_enable_extensions": ["dollarmath"],
}
FIRST = "# A & B\n\n```{toctree}\n:caption: I. Part\n\none\nanswers\n```\n"
EXERCISE = "```{exercise} sum\n:kind: predict\n:hint: Add.\n\nWhat is `1 + 1`?\n```\n"
ONE = f"# One\n\nSo $x^2$.\n\n{EXERCISE}"
ANSWERS = "# Answers\n\n```{solutions}\n```\n"


def page(text):
    meta = "myst:\n  html_meta:\n    description: What it is.\n"
    return f"---\n{meta}---\n\n{text}"


@pytest.fixture
def pages():
    return {
        "index.md": page(FIRST),
        "one.md": page(ONE),
        "answers.md": page(ANSWERS),
        "solutions/one/sum.md": "Two.\n\n```python\n>>> 1 + 1\n2\n```\n",
    }


@pytest.fixture
def build(book, pages, monkeypatch):
    """Build the e-book; the cover is not drawn."""

    def builder(**settings):
        book.write(pages)
        return book.build("epub", **{**SETTINGS, **settings})

    monkeypatch.setattr(epub, "cover", lambda *_: b"picture")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    return builder


def opened(built):
    (path,) = built.app.outdir.glob("*.epub")
    with ZipFile(path) as found:
        return {name: found.read(name) for name in found.namelist()}


def text(built, name):
    return opened(built)[name].decode()


def test_it_holds_the_pages_and_what_readers_ask_for(build):
    built = build()
    files = opened(built)
    assert built.warnings == []
    assert next(iter(files)) == "mimetype"
    assert set(files) == {
        *("mimetype", "META-INF/container.xml", "content.opf", "nav.xhtml"),
        *("cover.xhtml", "cover.png", "epub.css"),
        *("index.xhtml", "one.xhtml", "answers.xhtml"),
    }
    assert files["mimetype"] == b"application/epub+zip"
    with ZipFile(built.app.outdir / "Abook.epub") as found:
        assert found.getinfo("mimetype").compress_type == ZIP_STORED


def test_each_text_is_xml(build):
    for name, content in opened(build()).items():
        if name.endswith(("html", "opf", "xml")):
            ElementTree.fromstring(content)


def test_the_contents_have_the_parts_of_the_book(build):
    nav = text(build(), "nav.xhtml")
    assert re.findall(r"<span>(.*?)</span>|<a href=\"(.*?)\">(.*?)</a>", nav) == [
        ("", "index.xhtml", "A &amp; B"),
        ("I. Part", "", ""),
        ("", "one.xhtml", "One"),
        ("", "answers.xhtml", "Answers"),
    ]


def test_the_book_says_what_it_is(build):
    opf = text(build(), "content.opf")
    said = dict(re.findall(r"<dc:(\w+).*?>(.*?)</dc:", opf))
    ident = said.pop("identifier")
    assert said == {
        "title": "A &amp; B",
        "creator": "Nobody",
        "language": "en",
        "description": "What it is.",
        "rights": "CC BY 4.0",
    }
    assert ident.startswith("urn:uuid:")
    assert ident in text(build(), "content.opf")
    assert ident not in text(build(language="de"), "content.opf")


def test_the_manifest_says_which_pages_have_formulas(build):
    opf = text(build(), "content.opf")
    assert re.findall(r'href="(\w+\.xhtml)".* properties="(mathml|svg)', opf) == [
        ("one.xhtml", "mathml")
    ]


def test_a_solution_is_a_link_and_a_hint_lies_open(build):
    built = build()
    one = text(built, "one.xhtml")
    target = ident("one", "sum", "solution")
    assert f'<a class="reference internal" href="answers.xhtml#{target}">' in one
    assert f'id="{target}"' in text(built, "answers.xhtml")
    assert '<div class="folded-title">Hint</div>' in one
    assert "Two." not in one
    assert "Two." in text(built, "answers.xhtml")


def test_without_a_page_of_solutions_they_lie_open(build, pages):
    pages["answers.md"] = page("# Answers\n")
    assert "Two." in text(build(), "one.xhtml")


def test_web_pages_keep_their_folds(book, pages):
    book.write(pages)
    html = book.build("html", **SETTINGS).html("one")
    assert html.count("<details") == 2
    assert "Two." in html


def test_there_is_no_script_and_one_style_sheet(build):
    for name, content in opened(build()).items():
        assert b"<script" not in content, name
        assert b"<button" not in content, name
        if name in {"index.xhtml", "one.xhtml"}:
            sheets = re.findall(rb'href="([^"]*\.css)"', content)
            assert sheets == [b"epub.css"]


@pytest.mark.parametrize(
    ("html", "instead"),
    [
        (
            '<details class="a" open><summary>b</summary></details>',
            '<div class="a"><div class="folded-title">b</div></div>',
        ),
        ('<details open="">c</details>', "<div>c</div>"),
        ("<svg viewBox=''/>", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=''/>"),
        ("<svg xmlns='x'/>", "<svg xmlns='x'/>"),
        ('<div tabindex="0" data-steps="[]" id="a">', '<div id="a">'),
        ("&nbsp;&lt;&amp;&copy;", "\N{NO-BREAK SPACE}&lt;&amp;©"),
    ],
)
def test_what_is_no_xhtml_is_written_otherwise(html, instead):
    assert xhtml(html) == instead


def test_the_same_book_is_the_same_file(build, monkeypatch):
    before = build().app.outdir / "Abook.epub"
    content = before.read_bytes()
    before.unlink()
    monkeypatch.setitem(os.environ, "TZ", "Pacific/Auckland")
    time.tzset()
    assert (build().app.outdir / "Abook.epub").read_bytes() == content


def test_the_date_is_the_one_that_is_told(build, monkeypatch):
    assert "1980-01-01T00:00:00Z" in text(build(), "content.opf")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1600000000")
    assert "2020-09-13T12:26:40Z" in text(build(), "content.opf")


def test_without_the_fonts_there_is_a_warning_and_no_book(book, pages, monkeypatch):
    def missing(face):
        raise fonts.NotInstalled("no fonts")

    monkeypatch.setattr(fonts, "source", missing)
    book.write(pages)
    built = book.build("epub", **SETTINGS)
    assert list(built.app.outdir.glob("*.epub")) == []
