"""A file is cut into pieces; prose stands beside the line that it belongs to."""

from docutils import nodes

from docs.plugins.source import Source, Span, read_source
from docs.plugins.tiles import (
    Aside,
    Piece,
    code_lines,
    docstrings,
    introduction,
    rows,
    tiles,
)


def piece(first, last, *notes):
    asides = tuple(Aside(line, nodes.paragraph("", text)) for line, text in notes)
    return Piece("x.py", Span(first, last), "x", "page", "anchor", "", asides)


def spans(text, *found):
    return [(p.span, p.page) for p in tiles(Source("x.py", text), found)]


def test_pieces_tile_a_file_whatever_the_pages_show():
    text = "a\nb\n\nc\nd\n\n"
    assert spans(text, piece(4, 5), piece(1, 2)) == [
        (Span(1, 2), "page"),
        (Span(4, 5), "page"),
    ]
    assert spans(text, piece(2, 4)) == [
        (Span(1, 1), ""),
        (Span(2, 4), "page"),
        (Span(5, 5), ""),
    ]
    twice = piece(1, 4), piece(2, 5), piece(2, 3)
    assert spans(text, *twice) == [(Span(1, 4), "page"), (Span(5, 5), "page")]
    assert spans("\n") == []


def beside(text, piece):
    found = rows(piece, docstrings(Source("x.py", text)))
    return [(tuple(row.span), [p.astext() for p in row.asides]) for row in found]


def test_a_piece_is_cut_where_prose_begins():
    text = "a = 1\nb = 2\nc = 3\n"
    notes = (3, "three"), (2, "two"), (3, "more")
    assert beside(text, piece(1, 3, *notes)) == [
        ((1, 1), []),
        ((2, 2), ["two"]),
        ((3, 3), ["three", "more"]),
    ]


def test_a_note_above_what_is_left_of_its_piece_stands_at_the_top():
    assert beside("a = 1\nb = 2\n", piece(2, 2, (1, "one"))) == [((2, 2), ["one"])]


def test_the_first_line_of_a_docstring_stands_beside_what_has_no_note():
    text = 'def f():\n    """Short."""\n    return 1\n'
    assert beside(text, piece(1, 3)) == [((1, 3), ["Short."])]
    assert beside(text, piece(1, 3, (3, "one"))) == [((1, 2), []), ((3, 3), ["one"])]


def test_a_module_without_a_docstring_has_no_introduction():
    assert list(introduction(Source("x.py", "a = 1\n"))) == []


def test_only_code_counts_as_code():
    text = '"""Doc."""\n\nimport math\n\n\ndef f():\n    """Short."""\n    return 1\n'
    assert code_lines(Source("x.py", text)) == 3
    assert code_lines(read_source("x.c", "// why\n\nint a;  // b\n    // c\n")) == 1
    assert code_lines(Source("x.py", "# why\n\na = (\n    1\n)\n")) == 3
