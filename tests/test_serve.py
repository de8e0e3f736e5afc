"""The book is shown to this machine only, with headers that keep a page to itself."""

import signal
import subprocess
import sys
import threading
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from docs import serve

ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path):
    for name in ("index.html", "a.mjs", "a.wasm", "a.json", "a.js", "a.css", "a.zip"):
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.fixture
def serving(folder):
    with serve.server(folder, 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def got(server, path):
    """What the server sends for a path."""
    with urlopen(f"http://127.0.0.1:{server.server_port}/{path}", timeout=10) as answer:
        return answer.headers, answer.read().decode()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("", "text/html; charset=utf-8"),
        ("a.mjs", "text/javascript; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.json", "application/json"),
        ("a.wasm", "application/wasm"),
        ("a.css", "text/css"),
        ("a.zip", "application/zip"),
    ],
)
def test_files_have_the_types_that_browsers_insist_on(serving, path, kind):
    headers, text = got(serving, path)
    assert headers["Content-Type"] == kind
    assert text == (path or "index.html")


def test_a_page_may_load_nothing_but_the_books_own_files(serving):
    headers, _ = got(serving, "")
    policy = headers["Content-Security-Policy"]
    assert policy == serve.POLICY
    assert policy.startswith(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "
    )
    assert "; font-src 'self' data:; " in policy  # formulas bring fonts in their sheet
    assert "unsafe-eval'" not in policy.replace("'wasm-unsafe-eval'", "")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"


def test_a_missing_file_is_404_without_a_word(serving, capfd):
    with pytest.raises(HTTPError, match="404"):
        got(serving, "none.html")
    assert capfd.readouterr() == ("", "")


def test_only_this_machine_is_served(serving):
    assert serving.server_address[0] == "127.0.0.1"


def test_isolation_can_be_left_out(folder):
    with serve.server(folder, 0, isolated=False) as server:
        handler = server.RequestHandlerClass
        assert handler.keywords["headers"] == serve.HEADERS


def test_a_port_in_use_is_one_clear_line(serving, folder, capsys):
    port = serving.server_port
    assert serve.main([str(folder), str(port)]) == 1
    told = f"Port {port} is in use: try another, as in make serve PORT={port + 1}\n"
    assert capsys.readouterr() == ("", told)


def test_an_address_that_cannot_be_had_is_an_error(folder):
    with pytest.raises(OverflowError):
        serve.main([str(folder), "70000"])


def test_ctrl_c_ends_it_quietly(folder):
    command = [sys.executable, "-m", "docs.serve", str(folder), "0"]
    options = {"cwd": ROOT, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **options) as process:
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=30)
    assert line.startswith("http://127.0.0.1:")
    assert line.endswith("/ shows the book until Ctrl-C\n")
    assert (rest, errors, process.returncode) == ("\n", "", 0)
