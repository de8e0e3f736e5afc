"""One page lists the solutions of all pages."""

import re
import shutil

import pytest

from docs.plugins.solutions import in_order

# MyST asks in its own way for what a link leads to.
pytestmark = pytest.mark.filterwarnings("ignore:.*MystReferenceResolver.app")
EXTENSIONS = ["docs.plugins.doctests", "docs.plugins.solutions"]
LIST = "# Solutions\n\n```{solutions}\n```\n"
TOCTREE = "```{toctree}\nzebra\nape\nsolutions\n```\n"
SOLUTION = "Look at [the ape](ape.md).\n\n    >>> 1\n    1\n"


@pytest.fixture
def zoo(book):
    book.write({"index.md": f"# A book\n\n{TOCTREE}", "solutions.md": LIST})
    for name in ("ape", "zebra"):
        book.write({f"{name}.md": f"# The {name}\n\n{exercise(name)}"})
        book.write({f"solutions/{name}/{name}.md": f"It is the {name}.\n\n{SOLUTION}"})
    return book


def exercise(name):
    return f"```{{exercise}} {name}\n:kind: explain\n\nWhy?\n```\n"


def build(book, builder="html", **settings):
    excluded = ["_build", "pkg", "solutions"]
    return book.build(builder, exclude_patterns=excluded, **settings)


def test_solutions_stand_in_the_order_of_the_book_with_links(zoo):
    built = build(zoo)
    assert built.warnings == []
    html = built.html("solutions")
    assert re.findall(r"<h2>(.*?)<", html) == ["The zebra", "The ape"]
    link = '<a class="reference internal" href="ape.html#exercise-ape-ape">Exercise 1<'
    assert html.index("The ape") < html.index(link) < html.index("It is the ape.")
    assert html.count('href="ape.html"><span') == 2
    assert 'href="#the-zebra"' in html  # in the table of contents


def test_labels_are_kept_apart(zoo):
    picture = "```{figure} x.png\n:name: one\n\nA picture\n```\n\nLook [there](#one).\n"
    zoo.write({"x.png": ""})
    for name in ("ape", "zebra"):
        text = picture.replace("one", f"one-{name}")
        zoo.write({f"solutions/{name}/{name}.md": f"{text}\n{SOLUTION}"})
    built = build(zoo)
    assert built.warnings == []
    html = built.html("solutions")
    assert 'href="#ape-one-ape">there<' in html
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert "exercise-ape-ape" not in ids
    assert {"ape-one-ape", "zebra-one-zebra"} <= set(ids)


def test_a_solution_may_link_to_exercises(zoo):
    solution = "It is the ape; see {exercise}`ape` and {exercise}`zebra/zebra`.\n"
    zoo.write({"solutions/ape/ape.md": f"{solution}\n{SOLUTION}"})
    html = build(zoo).html("solutions")
    assert 'href="ape.html#exercise-ape-ape">exercise 1 of The ape<' in html
    assert 'href="zebra.html#exercise-zebra-zebra">exercise 1 of The zebra<' in html


def test_the_list_follows_each_change_of_a_page_or_a_solution(zoo):
    build(zoo)
    zoo.write({"solutions/ape/ape.md": f"It is an *ape*.\n\n{SOLUTION}"})
    assert "It is an <em>ape</em>." in build(zoo).html("solutions")
    zoo.write({"ape.md": f"# An ape\n\n{exercise('first')}\n{exercise('ape')}"})
    zoo.write({"solutions/ape/first.md": SOLUTION})
    html = build(zoo).html("solutions")
    assert "<h2>An ape<" in html
    assert html.index("#exercise-ape-first") < html.index("#exercise-ape-ape")
    zoo.write({"yak.md": f"---\norphan: 1\n---\n# The yak\n\n{exercise('yak')}"})
    zoo.write({"solutions/yak/yak.md": SOLUTION})
    assert re.findall(r"<h2>(.*?)<", build(zoo).html("solutions")) == [
        *("The zebra", "An ape", "The yak")
    ]


def test_nothing_is_read_again_without_a_change(zoo):
    build(zoo)
    assert "no targets are out of date." in " ".join(build(zoo).status)


def test_a_solution_of_no_page_is_only_reported(zoo):
    zoo.write({"solutions/nowhere/one.md": SOLUTION})
    built = build(zoo)
    message = "exercise: page 'nowhere' has no exercise 'one' [exercise.unused]"
    assert built.warnings == [f"solutions/nowhere/one.md:1: WARNING: {message}"]
    assert "<h2>nowhere<" in built.html("solutions")


def test_a_page_without_a_title_is_listed_by_its_name(zoo):
    zoo.write({"ape.md": exercise("ape"), "solutions/ape/ape.md": "    >>> 1\n    1\n"})
    zoo.write({"index.md": "# A book\n\nSee [the solutions](solutions.md).\n"})
    assert "<h2>ape<" in build(zoo).html("solutions")


def test_pages_read_in_parallel_give_the_same(zoo):
    for number in range(8):
        zoo.write({f"page{number}.md": "---\norphan: 1\n---\n# Page\n"})
    first = build(zoo).html("solutions")
    shutil.rmtree(zoo.root / "_build")
    built = build(zoo, parallel=2)
    assert built.warnings == []
    assert built.html("solutions") == first


def test_names_that_a_text_does_not_have_come_last():
    assert in_order({"a", "b", "c", "d"}, "d \n  b\nabc\n") == ["d", "b", "a", "c"]
