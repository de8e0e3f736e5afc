"""A book with every directive and role of ours still holds when it is translated."""

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONF = runpy.run_path(str(ROOT / "conf.py"))
EXTENSIONS = [name for name in CONF["extensions"] if name != "myst_parser"]
GIVEN = re.compile(r"add_(directive|role)\(\"(\w+)\"")

INDEX = """# A book

## I. All of it

```{chapters}
```

```{toctree}
:caption: I. All of it

chapter
whole
sources
terms
```
"""
CHAPTER = """# Rows and cells

A **matrix** has {num}`2 + 2` rows; {given}`3` say {term}`step` too.
See {exercise}`one`, {doc}`the list <terms>`, [](#cells-of-it).
Noone (1999) keeps two lists, and $x = 2$.

```python
>>> from microgpt import Value
>>> (Value(2.0) * 3).data
6.0
```

## Cells of it

| word | number |
|---|---|
| a list | {num}`6 * 7` |

:::{admonition} Mind *this*
The vector is a list.
:::

$$y = x^2 \\quad \\text{for all}$$

```{excerpt} pkg.box
:head:
```

```{excerpt} pkg.box:double
:fold: docstring
return | the `sum` of {num}`1 + 1` of them
```

```{graph} A *sum* and a list
a, b = Value(2.0), Value(3.0)
L = a + b
```

```{backprop} The same sum
a, b = Value(2.0), Value(3.0)
L = a + b
```

```{plot} line
Two `dots` of {num}`2 + 2`.
```

## Exercises

```{exercise} one
:kind: change
:hint: Not {given}`5` lists.

Let `L` be six.
```
"""
SOLUTION = """Change it once:

```{start}
>>> L = 5
```

```python
>>> L = 6
```

```{test}
>>> L
6
```

```{wrong} it is *too* large
>>> L = 7
```
"""
WHOLE = """# The whole

```{owners}
```

```{listing}
```

```{sheet}
pkg.box
```

```{solutions}
```

```{coverage}
```

```{measured} speed
```

```{playground} loss
What stands there until a run has begun.
```
"""
MEASURED = """{"date": "2001-02-03", "machine": "a machine", "python": "3.99",
"commit": "abc", "command": "bench", "rungs":
{"quick": {"ms": 0.5, "ratio": [1, 2, 3], "mb": 9, "begin": 0.1}}}
"""
SOURCES = "# Sources\n\nNoone (1999)\n: Of lists. {cited}`Noone 1999`\n"
TERMS = """# Terms

```{glossary}
matrix
    A list of lists; see {num}`1 + 1` rows.

step
    One of them.

list
    What has an order.
```
"""
PICTURE = """
from docs.plots.shared.paper import Picture, sheet


def picture():
    figure, (axes,) = sheet(100)
    axes.plot([0, 1], [0, 1], color="black")
    return Picture(figure, "A line", "It rises.")
"""
BOX = '''"""A box."""


def double(x):
    """Give x twice.

    >>> double(2)
    4
    """
    return x + x
'''
COVERAGE = '["Part"."Group"]\n"the `rows`" = "chapter#cells-of-it"\n'
PAGES = {
    "index": INDEX,
    "chapter": CHAPTER,
    "whole": WHOLE,
    "sources": SOURCES,
    "terms": TERMS,
}
SUMMARY = "---\nmyst:\n  html_meta:\n    description: It says all.\n---\n"
FILES = {
    **{f"{name}.md": SUMMARY + text for name, text in PAGES.items()},
    "solutions/chapter/one.md": SOLUTION,
    "coverage.toml": COVERAGE,
    "measured/speed.json": MEASURED,
    "pkg/__init__.py": "",
    "pkg/box.py": BOX,
    "drawings/__init__.py": "",
    "drawings/line.py": PICTURE,
    "docs/prose_numbers.txt": "chapter | 1999 | a year\n",
}
SETTINGS = {
    **{name: CONF[name] for name in ("myst_enable_extensions", "html_math_renderer")},
    "html_theme": CONF["html_theme"],
    "templates_path": [str(ROOT / "docs" / "_templates")],
    "exclude_patterns": ["_build", "pkg", "drawings", "solutions"],
    "myst_heading_anchors": 3,
    "nitpicky": True,
    "terms_ordinary": ["step"],
    "terms_skip": ["terms", "sources"],
    "plots_package": "drawings",
    "doctest_package": "pkg",
    "every_line_package": "pkg",
    "doctest_without_examples": ["index", "whole", "sources", "terms"],
}


@pytest.fixture
def whole(book):
    book.write(FILES)
    return book


def found_in(html, pattern):
    article = html[html.index("<article") : html.index("</article>")]
    return re.findall(pattern, article, re.DOTALL)


def words(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def examples(built):
    """What the builder `doctest` counts."""
    return [line for line in built.status if "passed" in line or "refused" in line]


def test_the_book_has_every_directive_and_role_of_ours():
    texts = "".join([*PAGES.values(), SOLUTION])
    for path in sorted((ROOT / "docs" / "plugins").glob("*.py")):
        for _, name in GIVEN.findall(path.read_text("utf-8")):
            assert f"{{{name}}}" in texts, path.name


def test_as_many_examples_pass_in_a_translation(whole):
    original = whole.build("doctest", **SETTINGS)
    assert original.warnings == []
    translated = whole.translated("doctest", **SETTINGS)
    assert translated.warnings == []
    assert examples(translated) == examples(original) != []


def test_a_wrong_example_of_a_translation_is_found_where_it_stands(whole):
    wrong = FILES["chapter.md"].replace("\n6.0\n", "\n7.0\n")
    whole.write({"chapter.md": wrong})
    line = wrong.splitlines().index("7.0")  # the example stands in the line before
    failed = f"chapter.md:{line}: WARNING: expected 7.0, got 6.0 [doctest.failed]"
    assert whole.translated("doctest", **SETTINGS).warnings == [failed]


@pytest.fixture
def both(whole):
    """The pages of the book and of its translation."""
    original = whole.build("html", **SETTINGS)
    before = {page: original.html(page) for page in PAGES}
    translated = whole.translated("html", **SETTINGS)
    assert original.warnings + translated.warnings == []
    return before, {page: translated.html(page) for page in PAGES}


def test_a_translated_page_differs_by_its_words_only(both):
    for before, after in zip(*(pages.values() for pages in both), strict=True):
        assert ' lang="en"' in before
        assert ' lang="eo"' in after
        for kept in (r"<pre>.*?</pre>", r"<math.*?</math>", r' href="[^"]*"', r"<svg "):
            assert found_in(after, kept) == found_in(before, kept)
        assert ' content="Ít sáýs áll."' in after


SEEN = {
    "a computed number": ("chapter", "Á mátríx hás 4 róws; 3 sáý step tóó."),
    "a link to an exercise": ("chapter", "Séé éxérçísé 1 ,"),
    "a link to a heading": ("chapter", ", Çélls óf ít ."),
    "a cell": ("chapter", "á líst 42"),
    "the title of an admonition": ("chapter", "Míñd thís"),
    "a note": ("chapter", "thé sum óf 2 óf thém"),
    "a fold": ("chapter", "dóçstríñg, líñés 5 tó 9"),
    "the caption of an excerpt": ("chapter", "pkg/box.py, líñés 4 tó 10"),
    "the caption of a graph": ("chapter", "Á súm áñd á líst"),
    "a graph in words": ("chapter", "Çómpútátíóñ gráph óf L"),
    "a pass": ("chapter", "Thé báçkwárd páss óf L, stép bý stép"),
    "the caption of a plot": ("chapter", "Twó dots óf 4 ."),
    "the kind of an exercise": ("chapter", "Éxérçísé 1 Çháñgé thé çódé"),
    "a hint": ("chapter", "Híñt Ñót 5 lísts."),
    "a refusal": ("chapter", "Thé tést réfúsés: ít ís tóó lárgé"),
    "a solution, collected": ("whole", "Çháñgé ít óñçé:"),
    "the title of a collection": ("whole", "Róws áñd çélls ¶ Éxérçísé 1"),
    "owners": ("whole", "Módúlé Líñés Çháptér Shóws"),
    "what was measured": ("whole", "Rúñg ÇPÚ tímé á stép"),
    "when it was measured": ("whole", "Méásúréd óñ 2001-02-03, óñ a machine"),
    "a note beside the listing": ("whole", "thé sum óf 2 óf thém"),
    "a place that treats a topic": ("whole", "Róws áñd çélls: Çélls óf ít"),
    "a topic": ("whole", "Gróúp thé rows Róws áñd çélls"),
    "a count of topics": ("whole", "Párt 1 1 0 Áll 1 1 0"),
    "who names a source": ("sources", "Ñáméd íñ Róws áñd çélls"),
    "a definition": ("terms", "Á líst óf lísts; séé 2 róws."),
}


def test_what_a_reader_sees_is_translated(both):
    said = {page: words(html) for page, html in both[1].items()}
    missing = [what for what, (page, text) in SEEN.items() if text not in said[page]]
    assert missing == []
