"""Each line of the package stands in exactly one chapter, or a warning names it."""

from docs.plugins.every_line import faults, pages_of_lines
from docs.plugins.excerpt import Shown
from docs.plugins.source import Span

EXTENSIONS = ["docs.plugins.every_line"]
CODE = (
    '"""Boxes."""\n\nSTD = 1\n\n\ndef f():\n    return 1\n\n\ndef g():\n    return 2\n'
)


def excerpts(*names):
    blocks = (f"```{{excerpt}} {name}\n```\n" for name in names)
    return "# Page\n\n" + "\n".join(blocks)


def build(book, code=CODE, parallel=0, **pages):
    pages = {f"{name}.md": f"---\norphan: 1\n---\n{t}" for name, t in pages.items()}
    book.write({"pkg/box.py": code, **pages})
    return book.build(parallel=parallel, every_line_package="pkg").warnings


ALL = excerpts("pkg.box", "pkg.box:STD", "pkg.box:f", "pkg.box:g").replace(
    "```{excerpt} pkg.box\n", "```{excerpt} pkg.box\n:head:\n"
)


def test_a_book_that_shows_every_line_once_is_silent(book):
    assert build(book, a=ALL) == []


def test_lines_that_no_chapter_shows_are_named(book):
    assert build(book, a=excerpts("pkg.box:STD", "pkg.box:g")) == [
        "pkg/box.py:1: WARNING: line 1 is shown in no chapter [every_line.missing]",
        "pkg/box.py:6: WARNING: lines 6-7 are shown in no chapter [every_line.missing]",
    ]


def test_a_gap_of_blank_lines_does_not_part_what_is_missing(book):
    message = "lines 1-11 are shown in no chapter [every_line.missing]"
    assert build(book) == [f"pkg/box.py:1: WARNING: {message}"]


def test_lines_shown_by_two_chapters_are_named(book):
    message = "lines 6-7 are shown in a.md and b.md [every_line.twice]"
    warnings = build(book, a=ALL, b=excerpts("pkg.box:f"))
    assert warnings == [f"pkg/box.py:6: WARNING: {message}"]


def test_a_line_shown_twice_by_one_chapter_is_named(book):
    message = "line 3 is shown 2 times in a.md [every_line.twice]"
    warnings = build(book, a=ALL + excerpts("pkg.box:STD"))
    assert warnings == [f"pkg/box.py:3: WARNING: {message}"]


def test_a_deliberate_repetition_is_allowed(book):
    again = excerpts("pkg.box:f").replace("f\n", "f\n:again:\n")
    assert build(book, a=ALL, b=again) == []


def test_a_second_build_sees_a_new_line_a_new_file_and_a_lost_page(book):
    assert build(book, a=ALL) == []
    book.write({"pkg/inner/new.py": "x = 1\n"})
    message = "line 1 is shown in no chapter [every_line.missing]"
    assert build(book, a=ALL) == [f"pkg/inner/new.py:1: WARNING: {message}"]
    book.write({"pkg/inner/new.py": "\n"})
    message = "line 12 is shown in no chapter [every_line.missing]"
    warnings = build(book, code=CODE + "x = 2\n", a=ALL)
    assert warnings == [f"pkg/box.py:12: WARNING: {message}"]
    (book.root / "a.md").unlink()
    message = "lines 1-11 are shown in no chapter [every_line.missing]"
    assert build(book) == [f"pkg/box.py:1: WARNING: {message}"]


def test_pages_read_in_parallel_count_as_well(book):
    more = {f"page{n}": "# Page\n" for n in range(8)}
    message = "lines 6-7 are shown in a.md and b.md [every_line.twice]"
    warnings = build(book, parallel=2, a=ALL, b=excerpts("pkg.box:f"), **more)
    assert warnings == [f"pkg/box.py:6: WARNING: {message}"]


def test_other_files_and_blank_lines_do_not_count():
    pages = {"a.md": [Shown("x.py", Span(1, 3)), Shown("y.py", Span(1, 9))]}
    found = pages_of_lines("x.py", ["a", " ", "b", "c"], pages)
    assert found == {1: ["a.md"], 3: ["a.md"], 4: []}
    message = "line 4 is shown in no chapter"
    assert list(faults(found)) == [(4, "missing", message)]


def test_a_line_of_c_has_to_be_shown_as_well(book):
    book.write({"pkg/box.c": "int a;\n\nint size(void) {\n    return 3;\n}\n"})
    message = "line 1 is shown in no chapter [every_line.missing]"
    assert build(book, a=ALL + excerpts("pkg.box.c:size")) == [
        f"pkg/box.c:1: WARNING: {message}"
    ]
