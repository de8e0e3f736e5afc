"""Documents to learn from: the names that ship with the package, or any text file.

Chapter: The names.
"""

import codecs
import hashlib
import os
import re
from importlib import resources
from pathlib import Path

MAKEMORE = "https://raw.githubusercontent.com/karpathy/makemore/988aa59/names.txt"
MAKEMORE_SHA256 = "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d"

LARGEST_FILE = 100_000_000  # bytes: more than anybody will train on here
LARGEST_ANSWER = 1_000_000  # bytes: four times makemore's names
PATIENCE = 30  # seconds that a server may be silent
CONTROL = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029]")  # no part of any name


def load_names(data=None):
    """Give the documents of a text, one a line, as a list of strings.

    `data` is the path of any text file in UTF-8; None stands for the 5,163 first names
    that ship with the package, and "makemore" for the 32,033 names of Andrej
    Karpathy's makemore, which are fetched once and kept in the user's cache.
    A text that cannot be read raises `OSError`; one that is no text, `ValueError`.

    >>> names = load_names()
    >>> len(names), names[:3]
    (5163, ['aaron', 'abbey', 'abbie'])
    """
    if data is None:
        raw = resources.files("microgpt").joinpath("names.txt").read_bytes()
        return split(raw, "names.txt")
    if data == "makemore":
        raw = cached(cache_folder() / "makemore.txt", MAKEMORE, MAKEMORE_SHA256)
        return split(raw, "makemore's names")
    with open(data, "rb") as file:
        raw = file.read(LARGEST_FILE + 1)
    if len(raw) > LARGEST_FILE:
        raise ValueError(f"{data}: larger than {LARGEST_FILE:,} bytes")
    return split(raw, data)


def split(raw, source):
    r"""Cut the bytes of a text into its lines, without blank ends and blank lines.

    Lines may end as on any system, and the mark that some editors put at the start
    (BOM) is dropped. What is no text raises `ValueError` with its `source` and line.

    >>> split(b"ann\r\n\r\n  mary ann \n", "my names")
    ['ann', 'mary ann']
    >>> split(b"ann\nzo\xeb\n", "my names")
    Traceback (most recent call last):
    ValueError: my names, line 2: not UTF-8 (byte 0xeb)
    """
    lines = raw.removeprefix(codecs.BOM_UTF8).splitlines()
    docs = [decode(line, f"{source}, line {i}") for i, line in enumerate(lines, 1)]
    docs = [doc for doc in docs if doc]
    if not docs:
        raise ValueError(f"{source}: no documents in it")
    return docs


def decode(line, place):
    """Turn the bytes of one line into text."""
    try:
        text = line.decode().strip()
    except UnicodeDecodeError as error:
        byte = line[error.start]
        raise ValueError(f"{place}: not UTF-8 (byte {byte:#04x})") from None
    if control := CONTROL.search(text):
        raise ValueError(f"{place}: control character U+{ord(control[0]):04X}")
    return text


def cache_folder():
    """Find the folder in which this user's programs keep what they can fetch again."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "microgpt"


def cached(path, address, sha256):
    """Give the bytes with this digest: from the file `path`, or else from `address`."""
    raw = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(raw).hexdigest() != sha256:
        raw = fetch(address, sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            part.write_bytes(raw)
            part.replace(path)  # at once: nobody ever sees half a file
        finally:
            part.unlink(missing_ok=True)
    return raw


def fetch(address, sha256):
    """Give what the server answers, once it is found to be what was asked for."""
    from http.client import HTTPException  # slow to import, and seldom needed
    from urllib.error import HTTPError
    from urllib.request import urlopen

    try:
        with urlopen(address, timeout=PATIENCE) as answer:
            raw = answer.read(LARGEST_ANSWER)
    except HTTPError as page:
        page.close()
        raise OSError(f"cannot fetch {address}: {page}") from None
    except (OSError, HTTPException) as error:
        raise OSError(f"cannot fetch {address}: {error}") from error
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise ValueError(f"{address}: not what it was: incomplete, or changed")
    return raw
