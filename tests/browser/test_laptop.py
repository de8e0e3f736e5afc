"""What every page of the book is on a laptop: 1280 pixels wide, light and dark."""

import gzip
from functools import cache

import pytest

from tests.browser.tab import COLORS, LAPTOP, Tab, jumping, nowhere

LATE = 60
CHAPTER = 150_000
LARGER = {  # pages that are no chapters, and why they hold more
    "listing.html": 250_000,  # the whole program
    "solutions.html": 250_000,  # the solutions of all exercises
    "search.html": 400_000,  # every word of the book
}


@cache
def compressed(path):
    """The bytes of a file as servers send it."""
    content = path.read_bytes()
    return min(len(content), len(gzip.compress(content, 9)))


def weight(site, asked):
    """The bytes that a page makes the reader load."""
    paths = {path for path in map(site.path, asked) if path and path.is_file()}
    return sum(map(compressed, paths))


def seen(tab, site, page):
    """Open a page, and note all that is judged here."""
    tab.page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    tab.open(site.http(page))
    facts = {"shift": tab.tell("shift"), "sideways": tab.tell("sideways")}
    facts["faults"], facts["weight"] = list(tab.faults), weight(site, tab.asked)
    facts["elsewhere"] = [url for url in tab.asked if not site.path(url)]
    tab.page.emulate_media(reduced_motion="reduce")
    facts["moving"] = tab.tell("moving")
    judged = page in site.different
    facts["light"] = tab.violations() if judged else []
    tab.page.emulate_media(color_scheme="dark")
    facts["dark"] = tab.violations(COLORS) if judged else []
    return facts


@pytest.fixture(scope="module")
def tab(browser):
    tab = Tab(browser, late=LATE, viewport=LAPTOP)
    yield tab
    tab.context.close()


@pytest.fixture(scope="module")
def pages(tab, book):
    return {page: seen(tab, book, page) for page in book.pages}


@pytest.mark.parametrize(
    "fact", ["light", "dark", "sideways", "moving", "faults", "elsewhere"]
)
def test_no_page_has(pages, fact):
    nowhere({page: facts[fact] for page, facts in pages.items()})


def test_no_page_jumps_while_it_loads(tab, book, pages):
    shifts = {page: facts["shift"] for page, facts in pages.items()}
    nowhere(jumping(tab, book, shifts))


def test_a_page_is_light(pages):
    heavy = {
        page: [f"{facts['weight']} bytes"]
        for page, facts in pages.items()
        if facts["weight"] > LARGER.get(page, CHAPTER)
    }
    nowhere(heavy)


BAD = {
    "light": ["<main><h1>Faint</h1><p style='color:#aaa'>Too faint</p></main>"],
    "dark": [
        "<main><h1>Dark</h1><p>Faint in the dark</p></main>",
        "<style>@media (prefers-color-scheme: dark) {p {color: #ddd}}</style>",
    ],
    "sideways": ["<article><p style='width:2000px'>Wide</p></article>"],
    "moving": ["<p style='transition: color 1s'>Moves</p>"],
    "faults": ["<script>console.error('no')</script>"],
    "elsewhere": ["<img src='http://localhost:9/no.png'>"],
}


@pytest.mark.parametrize("fact", BAD)
def test_a_bad_page_is_refused(tab, plant, fact):
    assert seen(tab, plant(*BAD[fact]), "bad.html")[fact]


def test_a_page_that_jumps_is_noticed(tab, plant):
    picture = "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='300'/>"
    body = (
        "<img src=late.svg><p style='height:400px'>Below a picture without a size</p>"
    )
    site = plant(body, late_svg=picture)
    shift = seen(tab, site, "bad.html")["shift"]
    assert list(jumping(tab, site, {"bad.html": shift})) == ["bad.html"]


def test_a_page_that_jumped_once_is_looked_at_again(tab, plant):
    site = plant("<p>Steady</p>")
    assert jumping(tab, site, {"bad.html": 0.03}) == {}


def test_all_that_a_page_loads_is_weighed(tab, plant):
    site = plant("<p>.</p>", "<link rel=stylesheet href=a.css>", a_css="p{}" + " " * 9)
    both = sum(compressed(site.folder / name) for name in ("bad.html", "a.css"))
    assert seen(tab, site, "bad.html")["weight"] == both
