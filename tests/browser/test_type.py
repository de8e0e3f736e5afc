"""How the pages are set: measure, room for code and notes, fonts."""

from pathlib import Path

import pytest

from tests.browser.tab import Tab

SCRIPT = Path(__file__).with_name("type.js").read_text(encoding="utf-8")
CHAPTERS = ("value.html", "attention.html", "loss.html", "training.html")
WIDE_CODE = ("real.html", "command-line.html", "listing.html")
WIDTHS = {820: False, 1280: True, 1460: True}  # whether there is room for notes


class Typed(Tab):
    """A tab that is so wide, and tells how its page is set."""

    def __init__(self, browser, width):
        super().__init__(browser, viewport={"width": width, "height": 900})
        self.width = width

    def told(self, address, what):
        self.open(address).page.evaluate(SCRIPT)
        return self.page.evaluate(f"type.{what}()")


@pytest.fixture(scope="module", params=WIDTHS)
def tab(browser, request):
    tab = Typed(browser, request.param)
    yield tab
    tab.context.close()


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_line_of_prose_holds_65_to_75_characters(tab, book, page):
    lines = tab.told(book.http(page), "lines")
    assert 65 <= sum(lines) / len(lines) <= 75


@pytest.mark.parametrize("page", CHAPTERS)
def test_notes_stand_beside_their_lines_where_there_is_room(tab, book, page):
    for wide, beside in tab.told(book.http(page), "notes"):
        assert beside == (WIDTHS[tab.width] and not wide)


@pytest.mark.parametrize("tab", [1460], indirect=True)
@pytest.mark.parametrize("page", CHAPTERS + WIDE_CODE)
def test_no_code_is_too_wide_for_a_wide_screen(tab, book, page):
    assert tab.told(book.http(page), "scrolls") == []


def test_a_page_is_set_in_the_fonts_of_the_book(tab, book):
    loaded = set(tab.told(book.http("value.html"), "fonts"))
    assert {"Book Serif 400 normal", "Book Serif 600 normal"} <= loaded
    assert "Book Code 400 normal" in loaded


def test_another_measure_and_larger_code_are_noticed(tab, book):
    tab.told(book.http("value.html"), "lines")
    tab.page.add_style_tag(content=":root { --measure: 20rem; --code: 3rem; }")
    lines = tab.page.evaluate("type.lines()")
    assert sum(lines) / len(lines) < 50
    assert tab.page.evaluate("type.scrolls()") != []
