"""A browser for the tests of what runs in the page; they are skipped without one."""

from contextlib import contextmanager

import pytest

from tests.live import browser


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    why = browser.missing()
    if why:
        pytest.skip(why)
    folder = tmp_path_factory.mktemp("site")
    browser.make_site(folder)
    return folder


@pytest.fixture(scope="module")  # one at a time: a thread runs one Playwright only
def chromium(site):
    with browser.chromium() as started:
        yield started


@contextmanager
def opened(site, chromium, isolated):
    with browser.served(site, isolated) as address:
        cells = browser.Cells(chromium, address)
        cells.isolated = isolated
        yield cells
        cells.page.close()


@pytest.fixture(scope="module")
def cells(site, chromium):
    """A page with a kernel, on a host that isolates it from other origins."""
    with opened(site, chromium, isolated=True) as cells:
        yield cells


@pytest.fixture(scope="module")
def plain(site, chromium):
    """The same on a host that does not: only a new worker ends an endless loop."""
    with opened(site, chromium, isolated=False) as cells:
        yield cells


@pytest.fixture(params=["cells", "plain"], ids=["isolated", "plain"])
def either(request):
    """A page on each kind of host."""
    return request.getfixturevalue(request.param)
