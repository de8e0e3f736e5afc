"""Every page can be read and used with nothing but a keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.tab import LAPTOP, PHONE, Tab, nowhere

KINDS = ["index.html", "backward.html", "names.html", "credits.html", "search.html"]
KINDS += ["command-line.html", "_modules/microgpt/nudge.html"]
MOST = 1000  # stops of a page


def walked(tab, address):
    """Press Tab until the page has no other stop; give what is wrong there."""
    tab.page.emulate_media(reduced_motion="reduce")  # so that it scrolls at once
    tab.open(address)
    tab.tell("expect")
    for _ in range(MOST):
        tab.page.keyboard.press("Tab")
        if not tab.tell("stop"):
            break
    return tab.tell("walked")


@pytest.fixture(scope="module", params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def tab(browser, request):
    tab = Tab(browser, viewport=request.param)
    yield tab
    tab.context.close()


def test_each_stop_is_reached_seen_and_uncovered(tab, book):
    nowhere({page: walked(tab, book.http(page)) for page in KINDS})


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<a href=a id=a>.</a><a href=b tabindex=-1 id=b>.</a>", "not reached: a#b"),
        ("<a href=a style='outline: none'>.</a>", "no focus to be seen: a"),
        ("<a href=a>.</a><p style='position:fixed;inset:0;margin:0'>", "covered: a"),
        (
            "<a href=a id=a>.</a><a href=b>.</a>"
            "<script>a.onkeydown = event => event.preventDefault()</script>",
            "not reached: a",
        ),
    ],
    ids=["unreachable", "no outline", "covered", "trap"],
)
def test_a_page_that_leaves_out_the_keyboard_is_refused(tab, plant, body, fault):
    assert walked(tab, plant(body).http("bad.html")) == [fault]


def test_a_fold_opens_and_closes(visit):
    tab = visit()
    fold = tab.locator("details.exercise-fold").first
    inside = fold.locator("summary ~ *").first
    assert not inside.is_visible()
    fold.locator("summary").press("Enter")
    assert inside.is_visible()
    fold.locator("summary").press("Space")
    assert not inside.is_visible()


def test_a_backward_pass_is_stepped_through(visit):
    tab = visit("backward.html")
    box = tab.locator(".backprop").first
    said = box.locator(".backprop-said")
    first = said.inner_text()
    forward = box.get_by_role("button", name="Forward")
    forward.press("Enter")
    second = said.inner_text()
    assert first != second
    assert box.locator("tbody tr[data-state=now]").inner_text()[:1] == "1"
    forward.press("ArrowLeft")
    assert said.inner_text() == first
    forward.press("End")
    last = box.locator("tbody tr").last.locator("td").first.inner_text()
    assert said.inner_text().startswith(f"Step {last} ")
    assert forward.get_attribute("aria-disabled") == "true"


def test_what_a_late_font_makes_wide_is_a_stop(visit):
    """The box keeps its size then, only what is in it grows."""
    formula = visit("conveniences.html").locator("div.math").first
    expect(formula).not_to_have_attribute("tabindex", "0")
    formula.evaluate("""box => {
        box.firstChild.style.letterSpacing = '9em';
        document.fonts.dispatchEvent(new Event('loadingdone'));
    }""")
    expect(formula).to_have_attribute("tabindex", "0")


@pytest.mark.parametrize("name", ["Contents", "On this page"])
def test_an_open_drawer_breaks_no_rule(browser, book, name):
    tab = Tab(browser, viewport=PHONE).open(book.http("value.html"))
    tab.page.locator(f"header button[aria-label='{name}']").press("Enter")
    nowhere({name: tab.violations()})
    tab.context.close()


def test_what_the_search_found_breaks_no_rule(browser, book):
    tab = Tab(browser, viewport=LAPTOP).open(book.http("search.html?q=loss"))
    assert tab.page.locator(".search-results li").count() > 5
    nowhere({"search": tab.violations()})
    tab.context.close()
