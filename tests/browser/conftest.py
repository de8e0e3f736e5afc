"""The built book, a server for it, and a Chromium that reads it."""

import fnmatch
import os
import shutil
from functools import cached_property, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.alike import largest_of_each_kind
from tests.untraced import untraced

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
QUIET += ["--disable-background-networking", "--disable-component-update"]
QUIET += ["--disable-sync"]


class Handler(SimpleHTTPRequestHandler):
    """Gives files, keeps the connection, says nothing."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *message):
        pass


class Site:
    """A folder with pages, and its addresses on a server and on the disk.

    Of the pages, `only` takes those whose names match, as in `v*`.
    """

    def __init__(self, folder, port, only="*"):
        self.folder, self.port, self.only = Path(folder), port, only

    def http(self, page):
        return f"http://127.0.0.1:{self.port}/{page}"

    def file(self, page):
        return (self.folder / page).as_uri()

    def path(self, address):
        """Where the file of an address of this site lies."""
        address = address.partition("#")[0].partition("?")[0]
        for start in (self.http(""), self.folder.as_uri() + "/"):
            if address.startswith(start):
                return self.folder / address.removeprefix(start)
        return None

    @property
    def pages(self):
        paths = self.folder.rglob("*.html")
        names = sorted(path.relative_to(self.folder).as_posix() for path in paths)
        return fnmatch.filter(names, self.only)

    @cached_property
    def different(self):
        """All pages, but of those that are alike, as those of sources, the largest."""
        return largest_of_each_kind(self.folder, self.pages)


@pytest.fixture(scope="session")
def serve():
    """Start servers on this machine for folders, until the tests end."""
    servers = []

    def start(folder, only="*"):
        handler = partial(Handler, directory=folder)
        server = untraced(ThreadingHTTPServer(("127.0.0.1", 0), handler))
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        return Site(folder, server.server_port, only)

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def book(serve, built):
    """The book; only some of its pages where the variable PAGES names them."""
    return serve(built, os.environ.get("PAGES", "*"))


@pytest.fixture(scope="module")  # one at a time: a thread runs one Playwright only
def browser():
    """The Chromium of this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    if not program:
        pytest.skip("no Chromium here (Debian, Ubuntu: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, book):
    """Open a page of the book in a window of its own, as somebody who uses it."""
    windows = []

    def start(page="value.html", where="http", **settings):
        windows.append(browser.new_context(**settings))
        tab = windows[-1].new_page()
        tab.goto(getattr(book, where)(page))
        return tab

    yield start
    for window in windows:
        window.close()


@pytest.fixture
def plant(serve, tmp_path):
    """Write a small bad page, to show that what judges it can say no."""

    def write(body, head="", **files):
        page = f"<!doctype html><html lang=en><head><meta charset=utf-8>{head}"
        page += f"<title>Bad</title></head><body>{body}</body></html>"
        (tmp_path / "bad.html").write_text(page, encoding="utf-8")
        for name, text in files.items():
            (tmp_path / name.replace("_", ".")).write_text(text, encoding="utf-8")
        return serve(tmp_path)

    return write
