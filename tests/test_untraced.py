"""Servers of tests answer, whatever happens to threads that are traced."""

import threading
from urllib.request import urlopen

import pytest

from docs import serve
from tests.untraced import untraced


@pytest.fixture
def refused():
    """Let every thread that is begun from now on, and traced, end at once."""
    before = threading.gettrace()

    def refuse(*_):
        raise RuntimeError("Cannot install a trace function")

    yield lambda: threading.settrace(refuse)
    threading.settrace(before)


def test_a_server_answers_where_threads_cannot_be_traced(tmp_path, refused):
    (tmp_path / "page.html").write_text("here it is", "utf-8")
    with untraced(serve.server(tmp_path, 0)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        refused()
        address = f"http://127.0.0.1:{server.server_port}/page.html"
        try:
            with urlopen(address, timeout=10) as answer:
                assert answer.read() == b"here it is"
        finally:
            server.shutdown()
            thread.join()
