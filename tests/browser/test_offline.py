"""The book opened from the disk, and read without JavaScript."""

import pytest

from tests.browser.tab import LAPTOP, Tab, nowhere


def opened(tab, site, page):
    """Open a page from the disk, with scripts; note what it asks for, and its parts."""
    tab.open(site.file(page))
    elsewhere = [url for url in tab.asked if not site.path(url)]
    return {
        "elsewhere": elsewhere,
        "faults": list(tab.faults),
        "parts": tab.tell("parts"),
    }


@pytest.fixture(scope="module")
def tab(browser):
    tab = Tab(browser, viewport=LAPTOP)
    yield tab
    tab.context.close()


@pytest.fixture(scope="module")
def plain(browser):
    tab = Tab(browser, viewport=LAPTOP, java_script_enabled=False)
    yield tab
    tab.context.close()


@pytest.fixture(scope="module")
def pages(tab, book):
    return {page: opened(tab, book, page) for page in book.pages}


@pytest.fixture(scope="module")
def without(plain, book):
    """For each page what it holds without JavaScript, and what cannot be seen of it."""
    told = {}
    for page in book.pages:
        plain.open(book.file(page))
        told[page] = set(plain.tell("parts")), plain.tell("unseen")
    return told


def missing(with_script, without_script):
    """The parts that only a script brings."""
    return [part for part in with_script if part not in without_script]


@pytest.mark.parametrize("fact", ["elsewhere", "faults"])
def test_no_page_on_the_disk_has(pages, fact):
    nowhere({page: facts[fact] for page, facts in pages.items()})


def test_nothing_is_missing_without_javascript(pages, without):
    lost = {page: missing(pages[page]["parts"], without[page][0]) for page in pages}
    lost.pop("search.html", None)
    nowhere(lost)


def test_nothing_stays_hidden_without_javascript(without):
    nowhere({page: unseen for page, (_, unseen) in without.items()})


def test_what_only_a_script_shows_is_missed(tab, plain, plant):
    body = "<article><p>There</p><p hidden>Hidden</p></article>"
    script = "document.querySelector('article').innerHTML += '<pre>Late</pre>'"
    site = plant(f"{body}<script>{script}</script>")
    parts = opened(tab, site, "bad.html")["parts"]
    plain.open(site.file("bad.html"))
    assert missing(parts, plain.tell("parts")) == ["Late"]
    assert plain.tell("unseen") == ["Hidden"]


def test_what_is_asked_of_another_host_from_the_disk_is_noticed(tab, plant):
    site = plant("<img src='http://localhost:9/no.png'>")
    facts = opened(tab, site, "bad.html")
    assert facts["elsewhere"] == ["http://localhost:9/no.png"]
    assert facts["faults"]
