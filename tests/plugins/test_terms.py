"""A term of the glossary is a link where a page first uses it, and only there."""

import re

import pytest

from docs.plugins.terms import Finder

EXTENSIONS = ["docs.plugins.excerpt", "docs.plugins.terms"]
GLOSSARY = """# Glossary

```{glossary}
gradient
    How fast the result moves.
    See First.

local gradient
    The slope of one operation.

matrix
    A list of vectors.

BOS
    The mark around a document.

step
    One update.
```
"""
FIRST = "# First\n\nA **gradient** is a slope, and the Local gradients too.\n"
SECOND = """# Gradient and matrix

`gradient`, {math}`gradient`, [gradient](https://a.org/): gradients of *two matrices*.

| BOS |
|---|
| bos, BOS, gradient |
"""


def files(**more):
    pages = {"glossary": GLOSSARY, "first": FIRST, "second": SECOND, **more}
    contents = "# A book\n\n```{toctree}\n" + "\n".join(pages) + "\n```\n"
    return {f"{name}.md": text for name, text in {"index": contents, **pages}.items()}


def links(text):
    """The links of a page: target, tooltip and text."""
    found = re.findall(
        r'href="([^"]*)" title="([^"]*)"><span class="term">([^<]*)</span>', text
    )
    return [(target, tip, " ".join(words.split())) for target, tip, words in found]


@pytest.fixture
def terms(book):
    book.write(files())
    return book


def cut(text, *terms):
    left = set(terms)
    return list(Finder(terms).cut(text, left)), left


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("step", "Steps"),
        ("bias", "biases"),
        ("matrix", "matrices"),
        ("probability", "Probabilities"),
        ("chain rule", "chain\nrules"),
        ("BOS", "BOS"),
        ("byte-pair encoding", "byte-pair encoding"),
    ],
)
def test_a_term_is_found_in_its_forms(term, text):
    assert cut(f"a {text}.", term) == ([("a ", ""), (text, term), (".", "")], set())


@pytest.mark.parametrize(
    ("term", "text"),
    [("step", "footstep stepping"), ("BOS", "bos"), ("root", "roots2")],
)
def test_what_only_looks_like_a_term_is_none(term, text):
    assert cut(text, term) == ([(text, "")], {term})


def test_the_longest_term_is_found_and_each_only_once():
    text = "local gradient, gradient, gradient"
    pieces, left = cut(text, "gradient", "local gradient")
    assert pieces == [
        *(("", ""), ("local gradient", "local gradient"), (", ", "")),
        *(("gradient", "gradient"), (", gradient", "")),
    ]
    assert not left


def test_a_longer_term_that_is_linked_hides_the_shorter_in_it():
    finder = Finder(["local gradient", "gradient"])
    pieces = list(finder.cut("local gradient", {"gradient"}))
    assert pieces == [("local gradient", "")]


def test_a_page_links_the_first_use_in_running_text(terms):
    built = terms.build("html")
    assert built.warnings == []
    assert links(built.html("second")) == [
        (
            "glossary.html#term-gradient",
            "How fast the result moves. See First.",
            "gradients",
        ),
        ("glossary.html#term-matrix", "A list of vectors.", "matrices"),
        ("glossary.html#term-BOS", "The mark around a document.", "BOS"),
    ]


def test_a_page_does_not_link_what_it_defines(terms):
    found = links(terms.build("html").html("first"))
    assert [words for *_, words in found] == ["Local gradients"]


def test_the_caption_of_an_excerpt_is_left_alone(terms):
    terms.write({"pkg/gradient.py": "X = 1\n"})
    excerpt = "# First\n\n```{excerpt} pkg.gradient:X\n```\n\nThe gradient.\n"
    terms.write({"first.md": excerpt})
    html = terms.build("html").html("first")
    assert "pkg/gradient.py, line 1</" in html
    assert [words for *_, words in links(html)] == ["gradient"]


def test_ordinary_words_and_other_pages_are_left_alone(terms):
    settings = {"terms_ordinary": ["matrix"], "terms_skip": ["first"]}
    built = terms.build("html", **settings)
    assert [words for *_, words in links(built.html("second"))] == ["gradients", "BOS"]
    assert links(built.html("first")) == []


def test_an_ordinary_word_that_is_no_term_is_named(terms):
    built = terms.build(terms_ordinary=["matrx"])
    assert built.warnings == [
        "WARNING: terms_ordinary: 'matrx' is not in the glossary [terms.unknown]"
    ]


def test_a_book_without_a_glossary_has_no_links(book):
    book.write({"first.md": FIRST})
    assert links(book.build("html").html("first")) == []


def test_all_pages_follow_when_the_glossary_changes(terms):
    terms.build("html")
    terms.write({"glossary.md": GLOSSARY.replace("A list of vectors.", "Rows.")})
    built = terms.build("html")
    assert ("glossary.html#term-matrix", "Rows.", "matrices") in links(
        built.html("second")
    )


def test_pages_written_in_parallel_are_the_same(terms):
    alone = terms.build("html").html("second")
    more = {f"page{i}": SECOND for i in range(6)}
    terms.write(files(**more))
    assert links(terms.build("html", parallel=2).html("second")) == links(alone)


def test_a_translation_links_its_own_terms_and_leaves_ordinary_words_alone(terms):
    terms.write({"first.md": "# First\n\nA matrix, a step.\n"})
    built = terms.translated("html", terms_ordinary=["step"])
    assert built.warnings == []
    assert links(built.html("first")) == [
        ("glossary.html#term-matrix", "Á líst óf véçtórs.", "mátríx")
    ]
