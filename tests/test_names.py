"""Any text becomes documents, or one line says why not."""

import hashlib
import os
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt import names
from microgpt.names import cache_folder, cached, fetch, load_names, split

ANSWER = b"emma\nolivia\nava\n"
SHA256 = hashlib.sha256(ANSWER).hexdigest()
ENDS = ["\n", "\r\n", "\r"]
words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)


def refused(message):
    """Expect a `ValueError` with exactly this message."""
    return pytest.raises(ValueError, match=f"^{re.escape(message)}$")


def test_the_bundled_names_are_as_their_note_says():
    docs = load_names()
    note = resources.files("microgpt").joinpath("names-source.txt").read_text("utf-8")
    assert f"{len(docs):,} different first names" in note
    assert docs == sorted(set(docs))
    assert set("".join(docs)) == set("abcdefghijklmnopqrstuvwxyz")


def test_each_call_gives_a_list_of_its_own():
    load_names().clear()
    assert len(load_names()) == 5163


@given(st.lists(words, min_size=1), st.sampled_from(ENDS), st.booleans())
def test_lines_may_end_as_on_any_system(docs, end, closed):
    text = end.join(docs) + end * closed
    assert split(text.encode(), "x") == docs


@given(st.lists(words, min_size=1))
def test_blank_lines_and_blank_ends_do_not_count(docs):
    text = "\n \t\n\n".join(f"  {doc} \t" for doc in docs) + "\n\n"
    assert split(text.encode(), "x") == docs


def test_the_mark_of_some_editors_is_no_letter():
    assert split(b"\xef\xbb\xbfann\nbob\n", "x") == ["ann", "bob"]


def test_a_file_of_any_alphabet_is_read(tmp_path):
    path = tmp_path / "имена.txt"
    path.write_bytes("Анна\nZoë\n李\n".encode())
    assert load_names(path) == load_names(str(path)) == ["Анна", "Zoë", "李"]


@pytest.mark.skipif("MICROGPT_NAMES" not in os.environ, reason="no MICROGPT_NAMES")
def test_makemores_names_are_read_as_the_original_reads_them():
    path = os.environ["MICROGPT_NAMES"]
    with open(path) as file:
        assert load_names(path) == [line.strip() for line in file if line.strip()]


@pytest.mark.skipif("MICROGPT_NAMES" not in os.environ, reason="no MICROGPT_NAMES")
def test_makemores_list_holds_names_twice():
    docs = load_names(os.environ["MICROGPT_NAMES"])
    assert (len(docs), len(set(docs))) == (32_033, 29_494)


@pytest.mark.parametrize("raw", [b"", b"\n\r\n \t\n", b"\xef\xbb\xbf\n"])
def test_a_file_without_documents_is_refused(tmp_path, raw):
    path = tmp_path / "empty.txt"
    path.write_bytes(raw)
    with refused(f"{path}: no documents in it"):
        load_names(path)


def test_what_is_not_utf_8_is_refused_with_its_line(tmp_path):
    path = tmp_path / "latin.txt"
    path.write_bytes(b"ann\r\n\rzo\xeb\n")
    with refused(f"{path}, line 3: not UTF-8 (byte 0xeb)"):
        load_names(path)


def test_utf_16_is_refused(tmp_path):
    with refused("x, line 1: not UTF-8 (byte 0xff)"):
        split("ann\n".encode("utf-16"), "x")


@pytest.mark.parametrize("char", ["\0", "\t", "\x1b", "\x7f", "\x85", "\u2028"])
def test_a_control_character_within_a_line_is_refused(char):
    with refused(f"x, line 2: control character U+{ord(char):04X}"):
        split(f"ann\nbo{char}b".encode(), "x")


def test_a_missing_file_is_named(tmp_path):
    path = tmp_path / "missing.txt"
    with pytest.raises(FileNotFoundError) as error:
        load_names(path)
    assert error.value.filename == str(path)


def test_a_folder_is_named(tmp_path):
    with pytest.raises((IsADirectoryError, PermissionError)) as error:
        load_names(tmp_path)
    assert error.value.filename == str(tmp_path)


def test_a_file_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(names, "LARGEST_FILE", 1000)
    path = tmp_path / "large.txt"
    path.write_bytes(b"a\n" * 501)
    with refused(f"{path}: larger than 1,000 bytes"):
        load_names(path)
    path.write_bytes(b"a\n" * 500)
    assert len(load_names(path)) == 500


def test_of_a_file_without_end_no_more_is_read_than_tells_it(pipe, monkeypatch):
    monkeypatch.setattr(names, "LARGEST_FILE", 1000)
    path = pipe(b"a\n" * 25_000)
    with refused(f"{path}: larger than 1,000 bytes"):
        load_names(path)
    with open(path, "rb") as rest:
        assert rest.read(1)


class Server(ThreadingHTTPServer):
    """A server on loopback that answers as it is told, and counts."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_port}/names.txt"
        self.status, self.promised, self.answer = 200, len(ANSWER), ANSWER
        self.asked = 0


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked += 1
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(self.server.promised))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *args):
        pass


@pytest.fixture
def server(monkeypatch):
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_an_answer_is_kept_and_not_asked_for_again(server, tmp_path):
    path = tmp_path / "new" / "folder" / "names.txt"
    assert cached(path, server.address, SHA256) == ANSWER
    assert cached(path, server.address, SHA256) == ANSWER
    assert server.asked == 1
    assert path.read_bytes() == ANSWER
    assert list(path.parent.iterdir()) == [path]


def test_a_kept_answer_needs_no_server(tmp_path):
    path = tmp_path / "names.txt"
    path.write_bytes(ANSWER)
    assert cached(path, "http://127.0.0.1:1/never", SHA256) == ANSWER


def test_a_damaged_copy_is_fetched_again(server, tmp_path):
    path = tmp_path / "names.txt"
    path.write_bytes(ANSWER[:-2])
    assert cached(path, server.address, SHA256) == ANSWER
    assert path.read_bytes() == ANSWER


@pytest.mark.parametrize(
    ("answer", "promised"),
    [
        pytest.param(ANSWER[:9], len(ANSWER), id="truncated"),
        pytest.param(ANSWER[:9], 9, id="short"),
        pytest.param(ANSWER.replace(b"a", b"e"), len(ANSWER), id="tampered"),
        pytest.param(b"", 0, id="empty"),
        pytest.param(b"<html>not found</html>", 22, id="another page"),
    ],
)
def test_an_answer_that_is_not_the_names_is_refused(server, tmp_path, answer, promised):
    server.answer, server.promised = answer, promised
    path = tmp_path / "names.txt"
    with refused(f"{server.address}: not what it was: incomplete, or changed"):
        cached(path, server.address, SHA256)
    assert list(tmp_path.iterdir()) == []


def test_an_answer_without_end_is_cut_and_refused(server, monkeypatch):
    monkeypatch.setattr(names, "LARGEST_ANSWER", 10)
    with refused(f"{server.address}: not what it was: incomplete, or changed"):
        fetch(server.address, SHA256)


def test_a_page_that_is_gone_is_named(server):
    server.status = 404
    message = f"cannot fetch {server.address}: HTTP Error 404: Not Found"
    with pytest.raises(OSError, match=f"^{re.escape(message)}$"):
        fetch(server.address, SHA256)


def test_a_server_that_is_not_there_is_named():
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        address = f"http://127.0.0.1:{closed_soon.getsockname()[1]}/names.txt"
    with pytest.raises(OSError, match=f"^cannot fetch {address}: "):
        fetch(address, SHA256)


def test_a_server_that_says_nothing_is_given_up(monkeypatch):
    monkeypatch.setattr(names, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/names.txt"
        with pytest.raises(OSError, match=f"^cannot fetch {address}: timed out$"):
            fetch(address, SHA256)


def test_a_cache_that_cannot_be_written_keeps_nothing_half(server, tmp_path):
    path = tmp_path / "names.txt"
    path.mkdir()  # a folder stands in the way
    with pytest.raises(OSError):  # noqa: PT011 - which one depends on the system
        cached(path, server.address, SHA256)
    assert list(tmp_path.iterdir()) == [path]


def test_makemore_is_read_from_the_cache_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setattr(names, "MAKEMORE_SHA256", SHA256)
    monkeypatch.setattr(names, "cache_folder", lambda: tmp_path)
    (tmp_path / "makemore.txt").write_bytes(ANSWER)
    assert load_names("makemore") == ["emma", "olivia", "ava"]


def test_makemore_is_fetched_where_there_is_no_cache_yet(server, tmp_path, monkeypatch):
    monkeypatch.setattr(names, "MAKEMORE", server.address)
    monkeypatch.setattr(names, "MAKEMORE_SHA256", SHA256)
    monkeypatch.setattr(names, "cache_folder", lambda: tmp_path)
    assert load_names("makemore") == ["emma", "olivia", "ava"]
    assert (tmp_path / "makemore.txt").read_bytes() == ANSWER


def test_makemore_is_pinned():
    assert "/karpathy/makemore/988aa59/names.txt" in names.MAKEMORE
    assert len(names.MAKEMORE_SHA256) == 64


@pytest.mark.skipif("MICROGPT_NAMES" not in os.environ, reason="no MICROGPT_NAMES")
def test_the_pin_is_the_digest_of_makemores_names():
    raw = Path(os.environ["MICROGPT_NAMES"]).read_bytes()
    assert hashlib.sha256(raw).hexdigest() == names.MAKEMORE_SHA256


@pytest.mark.parametrize(
    ("system", "variable", "default"),
    [
        ("posix", "XDG_CACHE_HOME", Path(".cache")),
        ("nt", "LOCALAPPDATA", Path("AppData", "Local")),
    ],
)
def test_the_cache_is_where_each_system_wants_it(
    monkeypatch, tmp_path, system, variable, default
):
    monkeypatch.setattr(names, "os", FakeOs(system))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.delenv(variable, raising=False)
    assert cache_folder() == tmp_path / default / "microgpt"
    monkeypatch.setenv(variable, str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine" / "microgpt"


class FakeOs:
    """The module `os` of another system, as far as it is asked."""

    environ = os.environ

    def __init__(self, name):
        self.name = name
