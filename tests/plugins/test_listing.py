"""The listing shows each line of the package once, beside the notes of the chapters."""

import re
from html import unescape

import pytest

from docs.plugins.listing import collected

pytestmark = pytest.mark.filterwarnings(  # by MyST, for a link to another page
    "ignore:'myst_parser.*app' is deprecated"
)
EXTENSIONS = [
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "docs.plugins.num",
    "docs.plugins.listing",
]
BOX = '''\
"""Boxes: the first
of `all` things.

They are square.

Chapter: First.
"""

import math

STD = 1


class Box:
    """A `box`.

    It holds things.
    """

    def area(self):
        """How large it is."""
        side = math.sqrt(4)

        return side * side
'''
CONTENTS = "# A book\n\n```{toctree}\nsecond\nfirst\nlisting\n```\n"
LISTING = "# All of it\n\n```{listing}\n```\n"
SECOND = """\
# Second

## The place

```{excerpt} pkg.box:STD
STD | see [there](first.md), [here](#the-place), {num}`box.STD` and `x`
```
"""
FIRST = """\
# First

:::{note}
```{excerpt} pkg.box
:head:
```
:::

```{excerpt} pkg.box:Box
holds | said inside
side * side | twice
def area | the [method](https://example.org/)
```

```{excerpt} pkg.box:Box.area
:again:
```
"""
API = """\
---
orphan: 1
---
# API

```{eval-rst}
.. automodule:: pkg.box
   :members:
```
"""


def files(**more):
    return {
        "pkg/__init__.py": "",
        "pkg/box.py": BOX,
        "pkg/lid.py": "LID = 1\n",
        "index.md": CONTENTS,
        "listing.md": LISTING,
        "first.md": FIRST,
        "second.md": SECOND,
        **{f"{name}.md": text for name, text in more.items()},
    }


def build(book, builder="html", **settings):
    settings |= {"every_line_package": "pkg", "num_package": "pkg"}
    settings |= {"myst_heading_anchors": 2, "myst_enable_extensions": ["colon_fence"]}
    return book.build(builder, **settings)


def listing_of(book, **settings):
    return build(book, **settings).html("listing")


def text(html):
    return unescape(re.sub("<[^>]+>", "", html)).strip()


def pieces(page):
    """For each piece its chapter, its caption, its prose and its numbered lines."""
    for part in page.split('<div class="listing-piece ')[1:]:
        chapter, caption = re.findall(
            r'<p class="(?:listing-chapter|excerpt-caption)">(.*?)</p>', part
        )
        beside = re.findall(
            r'<div class="listing-prose" style="grid-row: (\d+)">(.*?)</div>',
            part,
            re.S,
        )
        numbers = re.findall(r'<span id="([\w.-]+-\d+)"><span class="linenos">', part)
        yield (
            text(chapter),
            text(caption),
            [(int(row), text(some)) for row, some in beside],
            numbers,
        )


def ids(first, last):
    return [f"box-{number}" for number in range(first, last + 1)]


EXPECTED = [
    ("First", "pkg/box.py, lines 1 to 9", [], ids(1, 9)),
    (
        "Second: The place",
        "pkg/box.py, line 11",
        [(2, "11 see there, here, 1 and x")],
        ids(11, 11),
    ),
    (
        "First",
        "pkg/box.py, lines 14 to 24",
        [
            (2, "A box."),
            (3, "17 said inside"),
            (4, "20 the method"),
            (5, "24 twice"),
        ],
        ids(14, 24),
    ),
    ("no chapter", "pkg/lid.py, line 1", [], ["lid-1"]),
]


@pytest.mark.parametrize("parallel", [0, 2])
def test_code_and_notes_stand_side_by_side(book, parallel):
    orphans = {f"more{n}": f"---\norphan: 1\n---\n# More {n}\n" for n in range(8)}
    book.write(files(**orphans))
    assert list(pieces(listing_of(book, parallel=parallel))) == EXPECTED


def test_the_links_of_a_piece_and_of_its_notes_lead_somewhere(book):
    book.write(files(api=API))
    page = listing_of(book)
    found = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', page)
    links = {text(label): unescape(address) for address, label in found}
    assert links["Second: The place"] == "second.html#excerpt-pkg.box.STD"
    assert links["there"] == "first.html"
    assert links["here"] == "second.html#the-place"
    assert links["method"] == "https://example.org/"
    assert links["11"] == "#box-11"
    assert links["box.py"] == "#box"
    assert links["source"] == "_modules/pkg/box.html"
    assert links["pkg/box.py, lines 14 to 24"] == "_modules/pkg/box.html#Box"
    assert 'id="excerpt-pkg.box.STD"' in (
        book.root / "_build" / "html" / "second.html"
    ).read_text("utf-8")


def test_a_table_leads_to_the_modules(book):
    book.write(files(api=API))
    page = listing_of(book)
    table = page[page.index('<nav aria-label="Modules">') : page.index("</nav>")]
    found = re.findall(r"<tr.*?>(.*?)</tr>", page, re.S)
    cells = [re.findall(r"<t[dh].*?>(.*?)</t[dh]>", row, re.S) for row in found]
    assert "<table" in table
    assert [[text(cell) for cell in row] for row in cells] == [
        ["Module", "Lines of code", "Read", "Source"],
        ["box.py", "6", "Second; First", "source · API"],
        ["lid.py", "1", "no chapter", ""],
    ]


def test_a_module_begins_with_its_docstring_and_folds_what_is_long(book):
    book.write(files())
    page = listing_of(book)
    assert '<section class="listing" id="box">\n<h2>pkg/box.py' in page
    assert "<p>Boxes: the first of <code" in page
    assert "<p>They are square.</p>" in page
    assert "<p>Chapter: First.</p>" not in page
    assert re.findall("<summary>(.*?)</summary>", page) == [
        "docstring, lines 1 to 7",
        "docstring, lines 15 to 18",
    ]


def test_what_is_kept_of_a_page_does_not_hold_the_page(book):
    book.write(files())
    found = collected(build(book, "dummy").app.env)["second"]
    kept = [node for note in found[0].notes for node in note.text.findall()]
    assert len(kept) > 1
    assert {node.document for node in kept} == {None}


def test_other_builders_get_the_listing_too(book):
    book.write(files())
    built = build(book, "text")
    found = (built.app.outdir / "listing.txt").read_text("utf-8")
    assert "STD = 1" in found
    assert "24 twice" in found


def test_a_module_that_is_no_python_is_a_warning_and_left_out(book):
    book.write(files())
    book.write({"pkg/lid.py": "LID = (\n"})
    built = build(book)
    message = "WARNING: listing: pkg/lid.py, line 1: '(' was never closed"
    assert built.warnings.count(f"{message} [listing.module]") == 1
    assert [piece[1] for piece in pieces(built.html("listing"))] == [
        "pkg/box.py, lines 1 to 9",
        "pkg/box.py, line 11",
        "pkg/box.py, lines 14 to 24",
    ]


def test_a_second_build_sees_what_changed_and_writes_nothing_else(book):
    book.write(files())
    build(book)
    page = book.root / "_build" / "html" / "listing.html"
    before = page.stat().st_mtime_ns
    build(book)
    assert page.stat().st_mtime_ns == before
    book.write({"second.md": SECOND.replace("and `x`", "or `y`")})
    assert "11 see there, here, 1 or y" in str(list(pieces(listing_of(book))))
    book.write({"second.md": SECOND.replace("# Second", "# The other")})
    assert list(pieces(listing_of(book)))[1][0] == "The other: The place"
    book.write({"pkg/lid.py": "LID = 2\n"})
    assert '<span class="mi">2</span>' in listing_of(book)
    book.write({"second.md": "# Second\n"})
    assert [piece[0] for piece in pieces(listing_of(book))][1] == "no chapter"
    book.write({"listing.md": "# All of it\n"})
    assert list(pieces(listing_of(book))) == []
