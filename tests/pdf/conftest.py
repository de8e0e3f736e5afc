"""The book as `make html` and `make pdf` make it, and a Chromium."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from docs.pdf import paper
from docs.pdf.__main__ import main

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def chromium():
    """The path of Chromium."""
    if not (found := paper.chromium()):
        pytest.skip("no Chromium here (Debian, Ubuntu: apt install chromium)")
    return found


@pytest.fixture(scope="session")
def printed(chromium, built, tmp_path_factory):
    """The folder with the PDF, and with the page that was printed."""
    out = tmp_path_factory.mktemp("pdf")
    main(str(built), str(ROOT / "build" / "doctrees"), str(out))
    return out


@pytest.fixture(scope="module")  # one at a time: a thread runs one Playwright only
def browser(chromium):
    with sync_playwright() as playwright:
        options = {"executable_path": chromium, "args": paper.OPTIONS}
        browser = playwright.chromium.launch(**options)
        yield browser
        browser.close()
