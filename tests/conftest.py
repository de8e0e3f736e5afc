"""Run a test on every engine, or on every kind of number with a slope."""

import signal

import pytest
from hypothesis import settings

from tests.engines import ENGINES, KINDS
from tests.test_packaging import VERSIONS, find_python

settings.register_profile("patient", deadline=None)  # a busy machine is no fault
settings.load_profile("patient")


@pytest.fixture(params=ENGINES.values(), ids=ENGINES.keys())
def Value(request):
    return request.param


@pytest.fixture(params=KINDS.values(), ids=KINDS.keys())
def Kind(request):
    return request.param


@pytest.fixture(autouse=True, scope="session")
def interruptible():
    """Hear Ctrl-C, which a shell that starts the tests in the background ignores."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def pytest_terminal_summary(terminalreporter):
    """Name the Pythons on which the wheel was tried, and those that are not here."""
    tried = [version for version in VERSIONS if find_python(version)]
    absent = [version for version in VERSIONS if version not in tried]
    names = f"tried {', '.join(tried)}; absent: {', '.join(absent) or 'none'}"
    terminalreporter.write_line(f"Pythons for the wheel: {names}")
