"""Let no test of this process talk to another machine."""

import socket

HERE = ("127.", "::1", "localhost")


def refuse(event, arguments):
    """Raise `ConnectionError` where another machine is looked up or called."""
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and is_internet(arguments[0]):
        host = arguments[1][0]
    else:
        return
    if host and not str(host).startswith(HERE):
        raise ConnectionError(f"a test may not talk to {host}")


def is_internet(connection):
    return connection.family in (socket.AF_INET, socket.AF_INET6)
