"""Show the built book at an address of this machine.

`python -m docs.serve FOLDER PORT` sends what a good host sends: the types that
browsers insist on, and headers that allow a page nothing but the book's own files.
"""

import argparse
import errno
import sys
from collections.abc import Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; worker-src 'self'; object-src 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
ISOLATED = {  # with these, Stop can interrupt Python and keep its names
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}


class Handler(SimpleHTTPRequestHandler):
    """Sends the files of a folder with headers."""

    def __init__(self, *args: Any, headers: dict[str, str], **options: Any) -> None:
        self.sent = headers
        self.extensions_map = {**self.extensions_map, **TYPES}
        super().__init__(*args, **options)

    def end_headers(self) -> None:
        for name, value in self.sent.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what is missing, the browser shows."""


def server(folder: Path, port: int, isolated: bool = True) -> ThreadingHTTPServer:
    """A server for the files of a folder, for this machine only."""
    headers = {**HEADERS, **(ISOLATED if isolated else {})}
    handler = partial(Handler, directory=str(folder), headers=headers)
    return ThreadingHTTPServer(("127.0.0.1", port), handler)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Show the built book.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("port", type=int, nargs="?", default=8000)
    options = parser.parse_args(argv)
    try:
        serving = server(options.folder, options.port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        port = options.port
        told = f"Port {port} is in use: try another, as in make serve PORT={port + 1}"
        print(told, file=sys.stderr)
        return 1
    address = f"http://127.0.0.1:{serving.server_port}/"
    try:
        with serving:
            print(f"{address} shows the book until Ctrl-C", flush=True)
            serving.serve_forever()
    except KeyboardInterrupt:
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
