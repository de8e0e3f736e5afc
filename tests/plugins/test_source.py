"""Objects are found by name in a syntax tree."""

import pytest

from docs.plugins.source import (
    Missing,
    Source,
    Span,
    module_path,
    names,
    read_source,
    source_files,
)

CODE = '''\
# A file about numbers.
"""What the module is for."""

from __future__ import annotations

if 3 > 2:
    import cmath
try:
    import tqdm
except ImportError:
    tqdm = None

# Why it is so small.
STD, MEAN = 0.08, 0.0
LIMIT: int = 3


# About the class.
@decorated
@twice
class Box(dict):
    """Holds things."""

    __slots__ = ("a",)

    # About the method.
    @property
    def size(self):
        """How much.

        In liters.
        """
        return 1

    def twin(self):
        return 1

    def twin(self):
        return 2

    grow = size


async def wait():
    pass


class Plain:
    x = 1

'''


@pytest.fixture
def source():
    return Source("box.py", CODE)


@pytest.mark.parametrize(
    ("name", "first", "last", "count"),
    [
        ("STD", "# Why it is so small.", "STD, MEAN = 0.08, 0.0", 2),
        ("MEAN", "# Why it is so small.", "STD, MEAN = 0.08, 0.0", 2),
        ("LIMIT", "LIMIT: int = 3", "LIMIT: int = 3", 1),
        ("Box", "# About the class.", "    grow = size", 24),
        ("Box.__slots__", '    __slots__ = ("a",)', '    __slots__ = ("a",)', 1),
        ("Box.size", "    # About the method.", "        return 1", 8),
        ("Box.grow", "    grow = size", "    grow = size", 1),
        ("wait", "async def wait():", "    pass", 2),
        ("", "# A file about numbers.", "    x = 1", 49),
    ],
)
def test_an_object_has_its_decorators_and_its_comment(source, name, first, last, count):
    span = source.span(source.find(name))
    assert source.lines[span.first - 1] == first
    assert source.lines[span.last - 1] == last
    assert span.last - span.first + 1 == count


@pytest.mark.parametrize(
    ("name", "span"),
    [("", Span(1, 11)), ("Box", Span(18, 24)), ("Plain", Span(48, 49))],
)
def test_a_head_ends_before_the_first_block(source, name, span):
    assert source.head(source.find(name)) == span


def test_a_module_may_be_all_head():
    source = Source("bare.py", '"""Say."""\nimport math\n')
    assert source.head(source.find("")) == Span(1, 2)


def test_a_module_may_lack_a_head():
    source = Source("bare.py", "x = 1\n")
    with pytest.raises(Missing, match=r"^bare\.py has no such lines$"):
        source.head(source.find(""))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Nope", "box.py has no 'Nope'"),
        ("Box.nope", "box.py has no 'Box.nope'"),
        ("STD.real", "box.py has no 'STD.real'"),
        ("Box.twin", "box.py has 2 objects named 'Box.twin'"),
    ],
)
def test_a_name_that_is_not_one_object_is_refused(source, name, message):
    with pytest.raises(Missing) as caught:
        source.find(name)
    assert (caught.value.kind, str(caught.value)) == ("name", message)


def test_a_pattern_matches_inside_the_object_only(source):
    span = source.span(source.find("Box"))
    assert source.matching(span, "return") == [33, 36, 39]
    assert source.only(span, "liters") == 31


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("STD", "no line contains 'STD' in box.py, lines 18 to 41"),
        ("def twin", "2 lines contain 'def twin' in box.py: 35, 38"),
    ],
)
def test_a_pattern_that_is_not_one_line_is_refused(source, pattern, message):
    with pytest.raises(Missing) as caught:
        source.only(source.span(source.find("Box")), pattern)
    assert (caught.value.kind, str(caught.value)) == ("pattern", message)


def test_docstrings_are_found_in_order(source):
    spans = list(source.docstrings(source.span(source.find(""))))
    assert spans == [Span(2, 2), Span(22, 22), Span(29, 32)]
    method = source.span(source.find("Box.size"))
    assert list(source.docstrings(method)) == [Span(29, 32)]


def test_a_span_reads_as_words():
    assert str(Span(43, 43)) == "line 43"
    assert str(Span(43, 45)) == "lines 43 to 45"


def test_a_file_that_is_not_python_is_refused():
    with pytest.raises(Missing) as caught:
        Source("box.py", "x = 1\ndef :\n")
    message = "box.py, line 2: invalid syntax"
    assert (caught.value.kind, str(caught.value)) == ("module", message)


def test_a_module_and_a_package_have_a_file(tmp_path):
    (tmp_path / "pkg").mkdir()
    assert module_path(tmp_path, "pkg.box") == tmp_path / "pkg" / "box.py"
    assert module_path(tmp_path, "pkg") == tmp_path / "pkg" / "__init__.py"


C = """\
// Boxes.
//
// In liters.

#include <math.h>

#define SIZE 3
#define AT(place) (*(Box *)(place))

typedef double real;
typedef real Row[SIZE];
typedef real Lanes __attribute__((vector_size(32)));

typedef struct {  // what a box holds; in order
    Row first;
} Box;

_Static_assert(sizeof(Box) < 100,
               "too large");

// Grow by one.
static real grow(const Box *box,
                 int times) {
    return log(times);
}
"""


@pytest.fixture
def in_c():
    return read_source("box.c", C)


@pytest.mark.parametrize(
    ("name", "span"),
    [
        *(("SIZE", (7, 8)), ("AT", (7, 8)), ("real", (10, 12)), ("Row", (10, 12))),
        *(("Lanes", (10, 12)), ("Box", (14, 16)), ("_Static_assert", (18, 19))),
        *(("grow", (21, 25)), ("", (1, 25))),
    ],
)
def test_what_c_defines_is_found_with_its_comment(in_c, name, span):
    assert in_c.span(in_c.find(name)) == span


def test_c_defines_nothing_else(in_c):
    found = [name for node in in_c.tree.body for name in sorted(names(node))]
    assert found == [
        *("AT", "SIZE", "Lanes", "Row", "real", "Box", "_Static_assert", "grow")
    ]
    with pytest.raises(Missing, match=r"^box.c has no 'order'$"):
        in_c.find("order")


def test_the_head_of_a_file_of_c_is_its_comment_and_what_it_includes(in_c):
    assert in_c.head(in_c.find("")) == (1, 5)
    assert list(in_c.docstrings(Span(1, 25))) == [(1, 3)]
    assert (in_c.language, read_source("a.py", "x = 1").language) == ("c", "python")


def test_a_file_of_c_is_named_with_its_ending(tmp_path):
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "box.c").touch()
    assert module_path(tmp_path, "pkg.box.c") == tmp_path / "pkg" / "box.c"
    assert module_path(tmp_path, "pkg.none.c") == tmp_path / "pkg" / "none" / "c.py"
    (tmp_path / "pkg" / "a.py").touch()
    (tmp_path / "pkg" / "notes.txt").touch()
    files = [path.name for path in source_files(tmp_path)]
    assert files == ["a.py", "box.c"]


def test_several_blank_lines_part_no_more_than_one():
    source = read_source("a.c", "#define A 1\n\n\n#define B 2\n")
    assert source.span(source.find("B")) == (4, 4)
    assert len(source.tree.body) == 2
