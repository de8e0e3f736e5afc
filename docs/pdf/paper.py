"""Print a page with Chromium, tell its links where they lead, and strip the dates."""

import io
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
]
DATE = re.compile(rb"/(?:Creation|Mod)Date \([^)]*\)")
FILL = """numbers => {
    for (const place of document.querySelectorAll("[data-page]"))
        place.textContent = numbers[place.dataset.page];
}"""


def chromium() -> str | None:
    """The path of the Chromium of this machine, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def opened(executable: str, path: Path) -> Iterator[Page]:
    """A file as a page of Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=OPTIONS)
        page = browser.new_page()
        page.emulate_media(media="print", color_scheme="light")
        page.goto(path.as_uri(), timeout=0)
        yield page
        browser.close()


def printed(page: Page) -> bytes:
    """What Chromium prints: with bookmarks, and tagged for screen readers."""
    return page.pdf(
        outline=True, tagged=True, prefer_css_page_size=True, print_background=True
    )


def numbers(pdf: bytes) -> dict[str, int]:
    """The number of the page on which each target of a link stands."""
    reader = PdfReader(io.BytesIO(pdf))
    found = reader.named_destinations.items()
    on = {name: reader.get_destination_page_number(place) for name, place in found}
    return {name[1:]: page + 1 for name, page in on.items() if page is not None}


def undated(pdf: bytes) -> bytes:
    """The same bytes with blanks, at the same places, for the time of printing."""
    return DATE.sub(lambda found: b" " * len(found[0]), pdf)


def book(executable: str, path: Path) -> bytes:
    """Print a page twice: to learn the numbers of its pages, and with them."""
    with opened(executable, path) as page:
        page.evaluate(FILL, numbers(printed(page)))
        return undated(printed(page))
