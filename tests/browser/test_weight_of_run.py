"""Examples that can be run cost a reader little before the first click."""

import gzip
import re

import pytest

MOST = 20_000  # bytes, compressed
MARKS = re.compile(r'<template id="cells".*?</template>|<div class="cell"[^>]*>', re.S)
STYLE = re.compile(r"/\* cells:.*?/\* end of cells \*/", re.S)


def compressed(text):
    return len(gzip.compress(text.encode(), 9))


def share(text, pattern):
    """How much of a compressed text is there for what matches."""
    assert pattern.search(text)
    return compressed(text) - compressed(pattern.sub("", text))


@pytest.fixture(scope="module")
def for_all(built):
    """What each page with examples loads."""
    static = built / "_static"
    script = compressed((static / "cells.js").read_text("utf-8"))
    return script + share((static / "book.css").read_text("utf-8"), STYLE)


def test_a_page_grows_by_little(built, for_all):
    grown = {}
    for path in built.glob("*.html"):
        text = path.read_text("utf-8")
        if "data-cell=" in text:
            grown[path.stem] = for_all + share(text, MARKS)
    assert len(grown) > 30
    assert {page: size for page, size in grown.items() if size > MOST} == {}
