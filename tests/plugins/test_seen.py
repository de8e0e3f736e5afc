"""A page whose quoted code has changed is named until somebody has read it again."""

EXTENSIONS = ["docs.plugins.seen"]
CODE = "def f(x):\n    y = x + 1\n    return y\n"
PAGE = "# Page\n\n```{excerpt} pkg.box:f\n```\n"


def build(book, code=CODE, **settings):
    book.write({"pkg/box.py": code, "index.md": PAGE})
    return book.build(seen_file="seen.txt", **settings).warnings


def warning(lines):
    message = f"pkg/box.py, {lines}, is not what this page was written for"
    closing = "read the page again, then `make seen` [seen.changed]"
    return [f"index.md:3: WARNING: {message}: {closing}"]


def test_nothing_is_checked_without_a_file(book):
    assert build(book) == []
    assert not (book.root / "seen.txt").exists()


def test_the_file_names_page_object_and_digest(book):
    assert build(book, seen_write="1") == []
    header, entry = (book.root / "seen.txt").read_text("utf-8").splitlines()
    assert header.startswith("# What each page quotes")
    assert entry.startswith("index pkg.box:f ")


def test_any_change_is_told_until_it_was_seen(book):
    build(book, seen_write="1")
    assert build(book) == []
    less = CODE.replace("    y = x + 1\n", "")
    assert build(book, less) == warning("lines 1 to 2")
    assert build(book, CODE + "    return 1\n") == warning("lines 1 to 4")
    other = CODE.replace("1", "2")
    assert build(book, other) == warning("lines 1 to 3")
    assert build(book, other) == warning("lines 1 to 3")
    assert build(book, other, seen_write="1") == []
    assert build(book, other) == []
    assert build(book) == warning("lines 1 to 3")


def test_code_that_only_moves_has_been_seen(book):
    build(book, seen_write="1")
    assert build(book, "# Above.\n\n" + CODE) == []
