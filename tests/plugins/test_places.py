"""Each page knows its part, its neighbors, its summary and how long it takes."""

import pytest
from docutils import nodes

from docs.plugins.places import Place, Size, fault, places, size
from tests.accents import accented

EXTENSIONS = ["docs.plugins.places"]
NO_SUMMARY = (
    "no summary: write `myst: html_meta: description:` in its front matter"
    " [places.summary]"
)
CONTENTS = "```{{toctree}}\n:caption: {}\n\n{}\n```\n"
TEMPLATE = (
    '{%- extends "!page.html" %}{% block body %}'
    "{% if place %}[{{ place.part_title }}|{{ place.numeral }}|{{ place.number }}"
    "|{{ place.anchor }}|{{ place_previous.title }}|{{ place_next.summary }}]"
    "{% endif %}"
    "{{ super() }}{% endblock %}"
)


def page(title, summary="One sentence.", text="Text."):
    meta = f"  html_meta:\n    description: {summary}\n"
    return f"---\nmyst:\n{meta}---\n\n# {title}\n\n{text}\n"


def index(*parts):
    return page("A book", "All.", "".join(CONTENTS.format(*part) for part in parts))


PARTS = (("Before", "zero"), ("I. First", "one\ntwo"), ("II. Second", "three"))


@pytest.fixture
def pages(book):
    titles = ("zero", "one", "two", "three")
    book.write({f"{name}.md": page(name.title(), f"On {name}.") for name in titles})
    book.write({"index.md": index(*PARTS), "_templates/page.html": TEMPLATE})
    return book


def build(book, builder="html", **settings):
    theme = {"html_theme": "basic", "templates_path": ["_templates"]}
    return book.build(builder, **theme, **settings)


def shown(built, name):
    text = built.html(name)
    return text[text.index("[") + 1 : text.index("]")]


def written(built):
    return {
        line.split()[-1]
        for line in built.status
        if "writing output" in line and "%" in line
    }


def test_each_page_has_its_place_in_the_order_of_the_book(pages):
    found = places(build(pages, "dummy").app.env)
    assert list(found) == ["index", "zero", "one", "two", "three"]
    assert found["index"] == Place(
        *("index", "A book", "", None, 0, 0, None, "zero", "All.", 1)
    )
    assert found["zero"] == Place(
        *("zero", "Zero", "Before", None, 1, 1, "index", "one", "On zero.", 1)
    )
    assert found["two"] == Place(
        *("two", "Two", "I. First", 2, 2, 2, "one", "three", "On two.", 1)
    )
    assert found["three"] == Place(
        *("three", "Three", "II. Second", 3, 1, 1, "two", None, "On three.", 1)
    )


@pytest.mark.parametrize("parallel", [0, 2])
def test_templates_are_given_the_place_of_their_page(pages, parallel):
    more = {
        f"more{n}.md": page(f"More {n}").replace("myst", "orphan: 1\nmyst")
        for n in range(8)
    }
    pages.write(more)
    built = build(pages, parallel=parallel)
    assert built.warnings == []
    assert shown(built, "index") == "||None|||On zero."
    assert shown(built, "zero") == "Before||None|before|A book|On one."
    assert shown(built, "two") == "First|I|2|i-first|One|On three."
    assert shown(built, "three") == "Second|II|3|ii-second|Two|"
    assert "[" not in built.html("more0")


def test_a_changed_summary_is_seen_beside_the_page(pages):
    build(pages)
    pages.write({"two.md": page("Two", "On two, again.")})
    built = build(pages)
    assert "On two, again." in shown(built, "one")
    assert written(built) == {"index", "one", "two", "three"}


def test_a_changed_title_is_seen_beside_the_page(pages):
    build(pages)
    pages.write({"one.md": page("The first", "On one.")})
    assert shown(build(pages), "two") == "First|I|2|i-first|The first|On three."


def test_a_changed_order_is_seen_by_all_who_stand_elsewhere(pages):
    build(pages)
    parts = (("I. First", "two\none"), ("II. Second", "three"), ("Back", "zero"))
    pages.write({"index.md": index(*parts)})
    built = build(pages)
    assert shown(built, "zero") == "Back||None|back|Three|"
    assert places(built.app.env)["zero"].minutes == 0
    assert shown(built, "three") == "Second|II|3|ii-second|One|On zero."


def test_a_page_that_is_gone_is_gone_from_its_part(pages):
    build(pages)
    (pages.root / "one.md").unlink()
    built = build(pages)
    assert list(places(built.app.env)) == ["index", "zero", "two", "three"]
    assert shown(built, "two") == "First|I|1|i-first|Zero|On three."


def test_nothing_is_written_when_nothing_has_changed(pages):
    build(pages)
    assert written(build(pages)) == set()


def test_a_page_without_a_summary_is_named(pages):
    pages.write({"one.md": "# One\n"})
    assert build(pages).warnings == [f"one.md:1: WARNING: {NO_SUMMARY}"]
    assert build(pages).warnings == [f"one.md:1: WARNING: {NO_SUMMARY}"]


def test_another_description_is_none(pages):
    pages.write({"one.md": page("One").replace("description", "keywords")})
    assert build(pages).warnings == [f"one.md:1: WARNING: {NO_SUMMARY}"]


def test_a_part_without_a_caption_has_no_title(pages):
    pages.write({"index.md": page("A book", "All.", "```{toctree}\nzero\n```\n")})
    pages.write({f"{name}.md": "---\norphan: 1\n---\n" for name in ("one", "two")})
    (pages.root / "three.md").unlink()
    found = places(build(pages, "dummy").app.env)
    assert [place.part for place in found.values()] == ["", ""]


def test_what_is_wrong_with_a_summary_is_said():
    assert fault("A sentence.") == fault("Is it one?") == fault("It is!") == ""
    long = f"{150 * 'x'}."
    assert fault(long) == "the summary has 151 characters, and may have 150"
    assert fault("None") == "the summary is no sentence: it ends without a period"
    assert fault("All 26.") == "the summary has a digit, which nothing holds true"


def text(*inside):
    return nodes.paragraph("", "", *inside)


def html(text):
    return nodes.raw("", text, format="html")


def test_words_and_lines_are_counted_but_nothing_folded_or_hidden():
    code = "one\n\ntwo\n"
    counted = nodes.section(
        "",
        text(
            nodes.Text("three words, "), nodes.literal("", "x"), nodes.math("", "x y")
        ),
        nodes.literal_block(code, code),
        nodes.math_block("a", "a"),
        html("<p>no word</p>"),
        nodes.comment("", "no word"),
        html("<details>"),
        text(nodes.Text("no word"), html("<details><summary>no word</summary>")),
        nodes.literal_block(code, code),
        html("</details></details>"),
        text(nodes.Text("word")),
    )
    assert size(counted) == Size(words=5, lines=3)


def test_minutes_are_rounded_up():
    assert Size().minutes == 0
    assert Size(words=1).minutes == 1
    assert Size(words=238).minutes == 1
    assert Size(words=239).minutes == 2
    assert Size(lines=500).minutes == 60
    assert Size(words=238, lines=500).minutes == 61
    assert Size(words=238, lines=501).minutes == 62


def test_the_summary_of_a_translation_is_translated_and_may_be_longer(pages):
    built = pages.translated(change=lambda message: f"{accented(message)} {'o' * 150}")
    assert built.warnings == []
    assert places(built.app.env)["one"].summary.startswith("Óñ óñé. ooo")
