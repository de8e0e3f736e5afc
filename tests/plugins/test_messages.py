"""What can be translated, and what becomes of a page when it is."""

import ast
import re
from pathlib import Path

import pytest

import docs.plugins.messages as messages_of_pages
from docs.plugins.messages import labels

EXTENSIONS = [
    *("docs.plugins.messages", "docs.plugins.excerpt", "docs.plugins.exercise"),
    *("docs.plugins.graph", "docs.plugins.plots", "docs.plugins.num"),
    *("docs.plugins.prose_numbers", "sphinx.ext.autodoc"),
]
PAGE = """# A title

Some `code` and $x$,
over {num}`2 + 2` lines.

| head | {given}`2.0` |
|---|---|
| `code` | {num}`3 + 4` |

$$y = x^2$$

```{excerpt} pkg.small:f
def f | a *note* with {num}`1 + 1`
```

```{graph} The *sum* of both
Value(2.0) + 1
```

```{plot} loss-curve
A caption with `code`
on two lines.
```

```{exercise} one
:kind: change
:hint: Look at {num}`2 + 3` lines.

What is `x`?
```

```{eval-rst}
.. autofunction:: pkg.small.f
```
"""
SOLUTION = """Look.

```{start}
>>> x = 0
```

```python
>>> x = 1
```

```{test}
>>> x
1
```

```{wrong} it is *two*
>>> x = 2
```
"""
FILES = {
    "index.md": PAGE,
    "solutions/index/one.md": SOLUTION,
    "pkg/__init__.py": "",
    "pkg/small.py": 'def f(x):\n    """Give x back."""\n    return x\n',
}
WORDS = [
    "A title",
    "Some `code` and $x$, over {num}`2 + 2` lines.",
    "head",
    "a *note* with {num}`1 + 1`",
    "The *sum* of both",
    "A caption with `code` on two lines.",
    "What is `x`?",
    "Look at {num}`2 + 3` lines.",
    "Look.",
    "it is *two*",
]


def messages(built, catalog="index"):
    """What a catalogue has to translate."""
    text = (built.app.outdir / f"{catalog}.pot").read_text("utf-8")
    return re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)


OPTIONS = {
    "exclude_patterns": ["_build", "pkg", "solutions"],
    "myst_enable_extensions": ["dollarmath"],
}


@pytest.fixture
def written(book):
    book.write(FILES)
    return book


def test_what_authors_write_is_a_message_with_its_roles_and_all_else_is_none(written):
    built = written.build("gettext", **OPTIONS)
    assert not built.warnings, built.warnings
    assert messages(built) == WORDS


def test_a_translation_takes_its_place_and_numbers_in_it_are_computed(written):
    built = written.translated("html", **OPTIONS)
    assert not built.warnings, built.warnings
    page = re.sub(r"<[^>]*>|\s+", " ", built.html("index"))
    page = re.sub(" +", " ", page)
    for text in ("Á títlé", "Sómé code áñd", "óvér 4 líñés.", "á ñóté wíth 2"):
        assert text in page
    for text in ("Thé súm óf bóth", "Á çáptíóñ wíth code", "Lóók át 5 líñés."):
        assert text in page
    assert "ít ís twó" in page
    assert "Give x back." in page


def test_links_to_headings_keep_their_addresses_and_show_the_translation(book):
    page = "# A page\n\n## Where\n\n:::{admonition} Mind\nThis.\n:::\n\n[](#where)\n"
    book.write({"index.md": page})
    options = {"myst_heading_anchors": 2, "myst_enable_extensions": ["colon_fence"]}
    built = book.translated("html", **options)
    assert built.warnings == []
    assert 'href="#where"><span class="std std-ref">Whéré</span>' in built.html("index")
    assert ">Míñd</p>" in built.html("index")
    slugs = built.app.env.metadata["index"]["myst_slugs"]
    assert slugs == {"a-page": (1, "a-page", "Á págé"), "where": (3, "where", "Whéré")}


def test_a_page_without_headings_has_no_addresses(book):
    book.write({"index.md": "No heading.\n"})
    assert book.translated().warnings == []


def test_labels_of_plugins_and_templates_are_messages(written):
    written.write({"_templates/note.html": "{{ _('Skip this') }}\n"})
    built = written.build("gettext", templates_path=["_templates"], **OPTIONS)
    assert {"Hint", "lines {first} to {last}", "Skip this"} <= {
        *messages(built, "sphinx")
    }


def test_labels_are_translated(written):
    page = written.translated("html", **OPTIONS).html("index")
    for text in (
        "Híñt",
        "Thé tést réfúsés:",
        "Éxérçísé 1",
        "pkg/small.py, líñés 1 tó 3",
    ):
        assert text in page


def test_only_a_label_that_is_written_out_is_found():
    assert [*labels('_("one")\n_(two)\nx._("three")\n_(f"{four}")\n')] == [(1, "one")]


def test_every_label_of_the_book_is_written_out():
    for path in Path(messages_of_pages.__file__).parent.glob("*.py"):
        text = path.read_text("utf-8")
        tree = ast.walk(ast.parse(text))
        calls = [node for node in tree if isinstance(node, ast.Call)]
        named = [node for node in calls if getattr(node.func, "id", "") == "_"]
        assert len(named) == len([*labels(text)]), path.name


def test_catalogues_that_say_the_same_are_the_same(written):
    one = written.build("gettext", **OPTIONS).app.outdir
    texts = {path.name: path.read_text("utf-8") for path in one.glob("*.pot")}
    assert {*texts} == {"index.pot", "sphinx.pot"}
    assert all("Creation" not in text for text in texts.values())
