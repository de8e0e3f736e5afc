"""What many tests need: each engine, each kind of number, the built book."""

import os
import random
import signal
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import settings

from tests import loopback
from tests.engines import ENGINES, KINDS
from tests.test_packaging import VERSIONS, find_python

ROOT = Path(__file__).parents[1]
BUILD = ["-b", "html", "-c", ".", "-n", "-W", "--keep-going"]
BUILD += ["-j", "auto", "-d", "build/doctrees", "docs", "build/html"]

sys.addaudithook(loopback.refuse)
settings.register_profile("patient", deadline=None)  # a busy machine is no fault
settings.load_profile("patient")


def pytest_addoption(parser):
    parser.addoption("--shuffle", type=int, help="run in the order of this seed")


def pytest_collection_modifyitems(config, items):
    seed = config.getoption("--shuffle")
    if seed is not None:
        random.Random(seed).shuffle(items)


@pytest.fixture(params=ENGINES.values(), ids=ENGINES.keys())
def Value(request):
    return request.param


@pytest.fixture(params=KINDS.values(), ids=KINDS.keys())
def Kind(request):
    return request.param


@pytest.fixture
def pipe():
    """Put bytes where a path leads to, but no size is told; give the path."""
    if not os.path.exists("/dev/fd"):
        pytest.skip("no /dev/fd here")
    reading, writing = os.pipe()

    def fill(content):
        os.write(writing, content)
        os.close(writing)
        return f"/dev/fd/{reading}"

    yield fill
    os.close(reading)


@pytest.fixture(autouse=True, scope="session")
def interruptible():
    """Hear Ctrl-C, which a shell that starts the tests in the background ignores."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def built():
    """The folder of the book as `make html` builds it, brought up to date once."""
    fcntl = pytest.importorskip("fcntl")
    (ROOT / "build").mkdir(exist_ok=True)
    now = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    with (ROOT / "build" / "lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one worker builds, the others wait
        lock.seek(0)
        if lock.read() != now:  # others may read what this run has built already
            command = [sys.executable, "-m", "sphinx", *BUILD]
            run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
            assert run.returncode == 0, run.stderr
            lock.truncate(0)
            lock.write(now)
            lock.flush()
    return ROOT / "build" / "html"


def pytest_terminal_summary(terminalreporter):
    """Name the Pythons on which the wheel was tried, and those that are not here."""
    if sys.platform == "emscripten":  # which starts no programs
        return
    reports = chain.from_iterable(terminalreporter.stats.values())
    if not any("test_packaging" in str(getattr(r, "nodeid", "")) for r in reports):
        return  # no wheel was tried, and asking each Python takes its time
    tried = [version for version in VERSIONS if find_python(version)]
    absent = [version for version in VERSIONS if version not in tried]
    names = f"tried {', '.join(tried)}; absent: {', '.join(absent) or 'none'}"
    terminalreporter.write_line(f"Pythons for the wheel: {names}")
