"""One page made of all pages: ids, links, headings, and what is left out."""

import pytest

from docs.pdf.pages import parts, picture, sheets
from docs.plugins.places import Place

PAGE = """<html><head>{head}</head><body><nav>menu</nav>
<article>{body}</article></body></html>"""


def place(name, part="", number=None):
    return Place(name, name.title(), part, number, 1, 1, None, None, "Why.", 1)


@pytest.fixture
def book(tmp_path):
    """Make a book of a first page and two others; give its parts."""
    places = {
        "index": place("index"),
        "one": place("one", "I. Part", 1),
        "two": place("two", "Back"),
    }

    def build(body, two="", head=""):
        for name, text in {"index": "", "one": body, "two": two}.items():
            page = PAGE.format(head=head, body=text)
            (tmp_path / f"{name}.html").write_text(page, "utf-8")
        return parts(tmp_path, places)

    return build


def html(found):
    return [page.html for part in found for page in part.pages]


def test_parts_and_pages_keep_their_order(book):
    found = book("")
    assert [part.title for part in found] == ["I. Part", "Back"]
    assert [part.pages[0].heading for part in found] == ["1 One", "Two"]
    assert [part.pages[0].name for part in found] == ["on-one", "on-two"]


def test_ids_of_two_pages_stay_apart(book):
    assert html(book('<i id="x"></i>', '<i id="x"></i>')) == [
        '<i id="one.x"></i>',
        '<i id="two.x"></i>',
    ]


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("#x", "#one.x"),
        ("two.html", "#two"),
        ("two.html#x", "#two.x"),
        ("index.html#x", "#index"),
        ("https://example.org/two.html#x", "https://example.org/two.html#x"),
        ("mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_a_link_leads_to_its_place_on_the_page(book, href, target):
    assert html(book(f'<a href="{href}">t</a>'))[0] == f'<a href="{target}">t</a>'


@pytest.mark.parametrize("href", ["_modules/one.html#x", "search.html"])
def test_a_link_to_a_page_that_is_not_printed_keeps_its_text_only(book, href):
    assert html(book(f'<a href="{href}">t</a>'))[0] == "<a>t</a>"


def test_what_names_ids_names_those_of_the_page(book):
    body = '<svg aria-labelledby="a b"><use xlink:href="#c"></use>'
    body += '<path clip-path="url(#d)" style="fill: url(\'#e\')"></path></svg>'
    assert html(book(body))[0] == (
        '<svg aria-labelledby="one.a one.b"><use xlink:href="#one.c"></use>'
        '<path clip-path="url(#one.d)" style="fill: url(\'#one.e\')"></path></svg>'
    )


def test_headings_stand_below_that_of_their_part_and_the_first_has_the_number(book):
    body = "<h1>A</h1><h2>B</h2><h6>C</h6>"
    assert html(book(body, body)) == [
        "<h2>1 A</h2><h3>B</h3><h6>C</h6>",
        "<h2>A</h2><h3>B</h3><h6>C</h6>",
    ]


def test_what_paper_cannot_do_is_left_out(book):
    body = '<p>a<a class="headerlink" href="#x">#</a></p><script>b</script>'
    body += '<details class="x exercise-fold"><p class="headerlink">c</p></details>'
    assert html(book(body))[0] == "<p>a</p>"


def test_code_in_the_common_color_needs_no_element(book):
    body = '<span class="n">x</span><span class="w"> </span><span class="nf">y</span>'
    assert html(book(body))[0] == 'x <span class="nf">y</span>'


def test_a_defined_term_is_found_by_an_anchor_in_it(book):
    term = '<dt id="x">t</dt>'
    assert html(book(term))[0] == '<dt><a id="one.x"></a>t</dt>'


def test_each_stylesheet_is_named_once(book):
    head = '<link rel="stylesheet" href="a.css"><link rel="icon" href="i.svg">'
    assert sheets(book("", head=head)) == ["a.css"]


def test_the_first_picture_of_a_page_is_found(tmp_path):
    body = '<div class="plot" id="p"></div><div class="graph"></div>'
    (tmp_path / "one.html").write_text(PAGE.format(head="", body=body), "utf-8")
    assert picture(tmp_path, place("one")) == '<div class="plot" id="one.p"></div>'
    (tmp_path / "one.html").write_text(PAGE.format(head="", body=""), "utf-8")
    assert picture(tmp_path, place("one")) == ""
