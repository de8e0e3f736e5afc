"""No test talks to another machine."""

import socket
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.engines import refused


def test_a_name_of_another_machine_is_not_looked_up():
    with pytest.raises(URLError, match=r"a test may not talk to example\.org"):
        urlopen("http://example.org/")


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_no_other_machine_is_called(kind):
    with (
        socket.socket(socket.AF_INET, kind) as caller,
        refused(ConnectionError, "a test may not talk to 192.0.2.1"),
    ):
        caller.connect(("192.0.2.1", 9))


def test_nothing_is_sent_to_another_machine():
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller,
        refused(ConnectionError, "a test may not talk to 192.0.2.1"),
    ):
        caller.sendto(b".", ("192.0.2.1", 9))


def test_this_machine_can_be_called():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(("localhost", server.getsockname()[1])),
    ):
        pass
