"""Threads on which the counting of lines does not look."""

from _thread import start_new_thread


def untraced(server):
    """Let a server answer each request in a thread that is not traced.

    CPython 3.11 refuses to trace a thread while it begins to trace another, and a
    thread so refused ends without an answer: what asked for a page would wait in vain.
    """

    def answer(request, address):
        start_new_thread(server.process_request_thread, (request, address))

    server.process_request = answer
    return server
