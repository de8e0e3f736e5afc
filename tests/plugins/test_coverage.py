"""A page maps what the book promises to the places where it is treated."""

import re
from html import unescape

import pytest

from docs.plugins.coverage import FORM, line_of, read

EXTENSIONS = ["docs.plugins.coverage"]
DATA = """\
# What was promised.
["One"."1. Slopes"]
"a page" = "slopes"
"a `code` word" = ["slopes#the-size", "slopes"]
"a test" = "tests/test_it.py::test_that_it_is_so"
["One"."2. Steps"]
"an exercise" = "slopes/two"

["Two"."Rest"]
"late" = { at = "slopes#later", pending = "being written" }
"later" = { pending = "no time" }
"""
SLOPES = """\
# Slopes

## The `size`

```{exercise} one
:kind: predict
```

```{exercise} two
:kind: predict
```
"""
SOLUTION = "```python\n>>> 1\n1\n```\n"
FILES = {
    "index.md": "# A book\n\n```{toctree}\nslopes\nmap\n```\n",
    "map.md": "# The map\n\n```{coverage}\n```\n",
    "slopes.md": SLOPES,
    "solutions/slopes/one.md": SOLUTION,
    "solutions/slopes/two.md": SOLUTION,
    "tests/test_it.py": "def test_that_it_is_so():\n    assert True\n",
    "coverage.toml": DATA,
}


def build(book, builder="html", parallel=0, **more):
    book.write(more)
    settings = {"myst_heading_anchors": 2, "exclude_patterns": ["solutions", "_build"]}
    return book.build(builder, parallel, **settings)


def tables(built):
    """The rows of each table of the page, as text."""
    found = re.findall(r"<table.*?</table>", built.html("map"), re.DOTALL)
    return [[cells(row) for row in re.findall(r"<tr.*?</tr>", t, re.S)] for t in found]


def cells(row):
    found = re.findall(r"<t[dh].*?>(.*?)</t[dh]>", row, re.DOTALL)
    return [unescape(re.sub("<.*?>", "", cell)).strip() for cell in found]


COUNTS = [
    ["Section", "Items", "Treated", "Pending"],
    ["One", "4", "4", "0"],
    ["Two", "2", "0", "2"],
    ["All", "6", "4", "2"],
]


@pytest.mark.parametrize("parallel", [0, 2])
def test_each_item_is_listed_with_its_places_and_counted(book, parallel):
    orphans = {f"more{n}.md": f"---\norphan: 1\n---\n# More {n}\n" for n in range(8)}
    built = build(book, parallel=parallel, **FILES, **orphans)
    assert built.warnings == []
    assert tables(built) == [
        COUNTS,
        [
            ["Group", "Topic", "Where"],
            ["1. Slopes", "a page", "Slopes"],
            ["a code word", "Slopes: The size; Slopes"],
            ["a test", "test_that_it_is_so"],
            ["2. Steps", "an exercise", "Slopes: exercise 2"],
        ],
        [
            ["Group", "Topic", "Where"],
            ["Rest", "late", "pending: being written"],
            ["later", "pending: no time"],
        ],
    ]


def test_places_are_links_and_sections_are_headings(book):
    page = build(book, **FILES).html("map")
    assert 'href="slopes.html"' in page
    assert 'href="slopes.html#the-size"' in page
    assert 'href="slopes.html#exercise-slopes-two"' in page
    assert '<section id="one">' in page
    assert '<section id="two">' in page
    assert '<td rowspan="3"' in page


def test_other_builders_get_the_tables_too(book):
    built = build(book, "text", **FILES)
    text = (built.app.outdir / "map.txt").read_text("utf-8")
    assert "Slopes: exercise 2" in text


def test_a_pending_item_with_all_its_places_is_treated(book):
    found = build(book, **{**FILES, "slopes.md": SLOPES + "\n## Later\n"})
    assert tables(found)[0][-1] == ["All", "6", "5", "1"]
    assert tables(found)[2][1] == ["Rest", "late", "Slopes: Later"]


def test_a_pending_item_shows_the_places_that_it_has(book):
    data = '["One"."1"]\n"some" = { at = ["slopes", "tape"], pending = "no time" }\n'
    found = build(book, **{**FILES, "coverage.toml": data})
    assert tables(found)[1][1] == ["1", "some", "Slopes; pending: no time"]
    assert found.warnings == []


NOWHERE = "has no place and no reason to be pending"
FAULTS = {
    '"step"': "there is no page 'step'",
    '"step#size"': "there is no page 'step'",
    '"slopes#sizes"': "page 'slopes' has no heading 'sizes'",
    '"step/one"': "there is no page 'step'",
    '"slopes/three"': "page 'slopes' has no exercise 'three'",
    '"index/one"': "page 'index' has no exercise 'one'",
    '"tests/test_no.py::test_it"': "there is no tests/test_no.py",
    '"tests/test_it.py::test_that"': "tests/test_it.py has no 'test_that'",
    "[]": NOWHERE,
    '""': NOWHERE,
    '{ pending = "" }': NOWHERE,
    "3": FORM,
    "[3]": FORM,
    "{ at = 3 }": FORM,
    "{ pending = 3 }": FORM,
    '{ at = "slopes", soon = "yes" }': FORM,
}


def test_an_item_without_its_place_is_reported_with_its_line(book):
    data = '["One"."1"]\n"a page" = "slopes"\n\n'
    data += "".join(f'"it {n}" = {entry}\n' for n, entry in enumerate(FAULTS, 4))
    built = build(book, **{**FILES, "coverage.toml": data})
    assert built.warnings == [
        f"coverage.toml:{n}: WARNING: 'it {n}': {message} [coverage.place]"
        for n, message in enumerate(FAULTS.values(), 4)
    ]
    late = len(FAULTS)
    assert tables(built)[0][-1] == ["All", str(late + 1), "1", str(late)]


def test_every_missing_place_of_an_item_is_reported(book):
    data = '["One"."1"]\n"it" = ["step", "slopes", "tape"]\n'
    built = build(book, **{**FILES, "coverage.toml": data})
    start = "coverage.toml:2: WARNING: 'it': there is no page"
    assert built.warnings == [
        f"{start} 'step' [coverage.place]",
        f"{start} 'tape' [coverage.place]",
    ]
    assert tables(built)[1][1] == ["1", "it", "Slopes; pending: nowhere"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("x", "Expected '=' after a key in a key/value pair (at end of document)"),
        ("x = 1\n", "'x' is no table"),
        ("[x]\ny = 1\n", "'y' is no table"),
    ],
)
def test_a_list_that_cannot_be_read_is_reported(book, data, message):
    built = build(book, **{**FILES, "coverage.toml": data})
    warning = f"map.md:3: WARNING: coverage.toml: {message} [coverage.data]"
    assert built.warnings == [warning]
    assert tables(built) == []


def test_a_list_that_is_not_there_is_reported(book):
    book.write(FILES)
    (book.root / "coverage.toml").unlink()
    [warning] = build(book).warnings
    assert warning.startswith("map.md:3: WARNING: coverage.toml: [Errno 2]")
    assert warning.endswith("[coverage.data]")


def test_a_second_build_sees_what_changed_and_writes_nothing_else(book):
    build(book, **FILES)
    page = book.root / "_build" / "html" / "map.html"
    before = page.stat().st_mtime_ns
    build(book)
    assert page.stat().st_mtime_ns == before
    renamed = {"slopes.md": SLOPES.replace("# Slopes", "# Steep", 1)}
    assert tables(build(book, **renamed))[1][1] == ["1. Slopes", "a page", "Steep"]
    more = {"coverage.toml": DATA + '"more" = "slopes"\n'}
    assert tables(build(book, **more))[0][-1] == ["All", "7", "5", "2"]
    gone = {"tests/test_it.py": "def test_nothing():\n    assert True\n"}
    assert build(book, **gone).warnings == [
        "coverage.toml:5: WARNING: 'a test': tests/test_it.py has no"
        " 'test_that_it_is_so' [coverage.place]"
    ]
    assert tables(build(book, **{"map.md": "# The map\n"})) == []


def test_items_of_one_name_have_lines_of_their_own():
    items = list(read('[a.b]\nx = "p"\n[a.c]\n"x" = "q"\n'))
    assert [(item.group, item.line) for item in items] == [("b", 2), ("c", 4)]


def test_a_name_that_is_written_in_another_way_has_the_line_before_it():
    assert line_of("a\tb", ["[x.y]", '"a\\tb" = 1'], 1) == 1
