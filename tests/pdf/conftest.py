"""The book as `make html` and `make pdf` make it, and a Chromium."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from docs.pdf import paper
from docs.pdf.__main__ import main

ROOT = Path(__file__).parents[2]
BUILD = ["-b", "html", "-c", ".", "-n", "-W", "--keep-going"]
BUILD += ["-j", "auto", "-d", "build/doctrees", "docs", "build/html"]


@pytest.fixture(scope="session")
def chromium():
    """The path of Chromium."""
    if not (found := paper.chromium()):
        pytest.skip("no Chromium here (Debian, Ubuntu: apt install chromium)")
    return found


@pytest.fixture(scope="session")
def built():
    """The folder of the book as `make html` builds it, brought up to date."""
    fcntl = pytest.importorskip("fcntl")
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one worker builds, the others wait
        command = [sys.executable, "-m", "sphinx", *BUILD]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return ROOT / "build" / "html"


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
