"""A page says of each example what can be run, and how."""

import re
from html import unescape

import pytest

from docs.plugins import cells
from docs.plugins.examples import KNOWN_NEEDS

EXTENSIONS = ["docs.plugins.exercise", "docs.plugins.solutions", "docs.plugins.cells"]
DATA = re.compile(r'<div class="cell"( hidden)?((?: data-[\w-]+="[^"]*")+)>')
PAIR = re.compile(r'data-([\w-]+)="([^"]*)"')
TWO = ">>> x = 2\n>>> x * 3\n6"
DOUBLE = """# A page

```{exercise} double
:kind: write

Write `double`.
```
"""
SOLUTION = """
```{start}
>>> def double(x):
...     return x
```

```python
>>> def double(x):
...     return 2 * x
```

```{test}
>>> double("<b>")
'<b><b>'
```

```{wrong} it squares
>>> def double(x):
...     return x * x
```
"""
ALL = """---
orphan: true
---
# All

```{solutions}
```
"""


def marked(html):
    """What a page says of its examples, in order."""
    found = []
    for hidden, data in DATA.findall(html):
        values = {name: unescape(text) for name, text in PAIR.findall(data)}
        values |= {"hidden": "true"} if hidden else {}
        found.append((values.pop("cell"), values))
    return found


def said(book, text, builder="html", **files):
    """What a page with this text says of its examples."""
    book.write({"index.md": text, **files})
    built = book.build(builder, exclude_patterns=["_build", "solutions"])
    assert built.warnings == []
    return marked(built.html("index"))


def fence(text, front=""):
    return f"{front}# A page\n\n```python\n{text}\n```\n"


def test_a_block_says_what_one_would_type(book):
    loop = ">>> for i in range(2):\n...     print(i < 1)\nTrue\nFalse\n"
    ((_, data),) = said(book, fence(loop + TWO))
    assert data == {"source": "for i in range(2):\n    print(i < 1)\nx = 2\nx * 3"}


def test_what_is_said_to_doctest_is_not_typed(book):
    ((_, data),) = said(book, fence(">>> 1 / 3  # doctest: +ELLIPSIS\n0.3..."))
    assert data == {"source": "1 / 3"}


def test_an_expected_error_ends_nothing(book):
    told = "Traceback (most recent call last):\nZeroDivisionError: division by zero\n"
    wrong = f">>> 1 / 0\n{told}"
    ((_, data),) = said(book, fence(wrong + TWO))
    assert data == {"source": "1 / 0\nx = 2\nx * 3", "go-on": "true"}


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        (fence(TWO), None),
        (fence(TWO, "---\nneeds: [files]\n---\n"), None),
        (fence(TWO, "---\nneeds: [files, numpy]\n---\n"), "numpy"),
        (fence(">>> # needs: torch\n" + TWO), "torch"),
    ],
    ids=["nothing", "files", "the page", "the block"],
)
def test_a_block_says_what_the_page_cannot_have(book, text, lacks):
    ((_, data),) = said(book, text)
    assert data.get("lacks") == lacks
    assert data["source"] == "x = 2\nx * 3"


def test_what_is_hidden_runs_too_and_stays_hidden(book):
    first, second = said(book, f"# A page\n\n% >>> y = 1\n\n{fence(TWO)[10:]}")
    assert first[1] == {"source": "y = 1", "hidden": "true"}
    assert "hidden" not in second[1]


def test_an_exercise_says_what_its_answer_must_pass(book):
    (_, data), _ = said(book, DOUBLE, **{"solutions/index/double.md": SOLUTION})
    assert data == {
        "source": "def double(x):\n    return x",
        "tests": ">>> double(\"<b>\")\n'<b><b>'",
    }


def test_an_exercise_needs_what_its_tests_need(book):
    needy = SOLUTION.replace("{test}", "{test}\n>>> # needs: numpy")
    (_, data), _ = said(book, DOUBLE, **{"solutions/index/double.md": needy})
    assert data["lacks"] == "numpy"


def test_an_example_of_a_solution_runs_after_what_stands_before_it(book):
    more = f"{SOLUTION}\n```\n>>> double(2)  # doctest: +SKIP\n4\n```\n"
    cells = said(book, DOUBLE, **{"solutions/index/double.md": more})
    start = "def double(x):\n    return x\n"
    answer = "def double(x):\n    return 2 * x"
    assert [data for _, data in cells[1:]] == [
        {"source": answer, "before": start},
        {"source": "double(2)", "before": f"{start}{answer}\n"},
    ]


def test_an_example_of_a_solution_needs_what_stands_before_it(book):
    needy = SOLUTION.replace("{start}", "{start}\n>>> # needs: numpy")
    _, (_, data) = said(book, DOUBLE, **{"solutions/index/double.md": needy})
    assert data["lacks"] == "numpy"


def test_an_example_of_a_docstring_runs_among_the_names_of_its_module(
    book, monkeypatch
):
    monkeypatch.syspath_prepend(book.root)
    told = ">>> y = double(2)\n\n    >>> y\n    4"
    module = f'import numpy\ndef double(x):\n    """Twice.\n\n    {told}\n    """\n'
    page = "# A page\n\n```{eval-rst}\n.. automodule:: doubled\n   :members:\n```\n"
    book.write({"index.md": page, "doubled.py": module})
    built = book.build(
        "html", extensions=["myst_parser", *EXTENSIONS, "sphinx.ext.autodoc"]
    )
    assert built.warnings == []
    names = {"before": "from doubled import *\n", "lacks": "numpy"}
    assert [data for _, data in marked(built.html("index"))] == [
        {"source": "y = double(2)", **names},
        {"source": "y", **names, "before": f"{names['before']}y = double(2)\n"},
    ]


def test_names_stay_while_the_text_does_and_differ_on_a_page(book):
    ((alone, _),) = said(book, fence(TWO))
    three = said(book, fence(">>> 1\n1") + 2 * fence(TWO).replace("# A page", ""))
    names = [name for name, _ in three]
    assert names[1:] == [alone, f"{alone}-2"]
    assert names[0] != alone


def test_what_stands_in_an_example_is_no_markup(book):
    ((_, data),) = said(book, fence(">>> '\"><script>alert(1)</script>'[0]\n'\"'"))
    assert data["source"] == "'\"><script>alert(1)</script>'[0]"


def test_examples_that_cannot_be_read_are_left_to_the_builder_doctest(book):
    assert said(book, fence(">>> if x:\n...1\n")) == []


def test_code_without_examples_and_pages_that_are_not_served_say_nothing(book):
    assert said(book, fence("x = 2")) == []
    assert said(book, fence(TWO), "singlehtml") == []


def test_copies_of_solutions_on_another_page_are_not_marked(book):
    files = {"solutions/index/double.md": SOLUTION, "all.md": ALL}
    assert len(said(book, DOUBLE, **files)) == 2
    assert marked((book.root / "_build" / "html" / "all.html").read_text("utf-8")) == []


def test_each_need_that_cannot_be_met_is_a_known_one():
    assert {*cells.UNMET} == {*KNOWN_NEEDS} - {"files"}
