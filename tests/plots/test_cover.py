"""The cover of the e-book is drawn from a real run, and the same each time."""

import struct

from docs.plugins import epub


def test_the_cover_is_a_large_picture_and_the_same_each_time(tmp_path):
    one, two = (epub.cover("A title", "Nobody", tmp_path / "folder") for _ in range(2))
    assert one == two
    assert one.startswith(b"\x89PNG")
    assert struct.unpack(">II", one[16:24]) == (1600, 2400)
    assert one != epub.cover("Another", "Nobody", tmp_path / "folder")
