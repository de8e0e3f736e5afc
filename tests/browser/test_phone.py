"""What every page of the book is on a phone: 360 pixels wide."""

import pytest

from tests.browser.tab import PHONE, Tab, jumping, nowhere


def seen(tab, site, page):
    """Open a page, and note all that is judged here."""
    tab.open(site.http(page))
    return {
        "shift": tab.tell("shift"),
        "sideways": tab.tell("sideways"),
        "faults": list(tab.faults),
        "violations": tab.violations() if page in site.different else [],
    }


@pytest.fixture(scope="module")
def tab(browser):
    tab = Tab(browser, late=60, viewport=PHONE)
    yield tab
    tab.context.close()


@pytest.fixture(scope="module")
def pages(tab, book):
    return {page: seen(tab, book, page) for page in book.pages}


@pytest.mark.parametrize("fact", ["violations", "sideways", "faults"])
def test_no_page_has(pages, fact):
    nowhere({page: facts[fact] for page, facts in pages.items()})


def test_no_page_jumps_while_it_loads(tab, book, pages):
    shifts = {page: facts["shift"] for page, facts in pages.items()}
    nowhere(jumping(tab, book, shifts))


def test_code_that_scrolls_out_of_reach_of_a_keyboard_is_refused(tab, plant):
    code = f"<main><h1>Code</h1><pre style='overflow:auto'>{'x' * 99}</pre></main>"
    facts = seen(tab, plant(code), "bad.html")
    assert [broken.partition(",")[0] for broken in facts["violations"]] == [
        "scrollable-region-focusable"
    ]
    assert facts["sideways"] == []


def test_what_is_cut_off_at_the_side_is_noticed(tab, plant):
    wide = "<article><p style='width:400px'>Wide</p></article>"
    site = plant(f"<main style='overflow: hidden'>{wide}</main>")
    assert seen(tab, site, "bad.html")["sideways"] == ["p"]
