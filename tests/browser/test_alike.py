"""Of pages that are alike, one is judged for all."""

import pytest

from tests.browser.alike import largest_of_each_kind


@pytest.fixture
def pages(tmp_path):
    def write(**bodies):
        for name, body in bodies.items():
            (tmp_path / name).write_text(f"<!doctype html><main>{body}</main>")
        return largest_of_each_kind(tmp_path, [*bodies])

    return write


def test_of_pages_with_other_code_and_words_the_largest_is_judged(pages):
    code = "<h1>{}</h1><pre><b>{}</b></pre>"
    assert pages(
        a=code.format("a", "x"), b=code.format("b", "<i>longer</i>"), c="<p>.</p>"
    ) == {"b", "c"}


@pytest.mark.parametrize(
    "other",
    [
        "<h1>a</h1><pre>x</pre><p>more</p>",
        "<h1 class=new>a</h1><pre>x</pre>",
        "<h2>a</h2><pre>x</pre>",
        "<h1>a</h1><pre class=new>x</pre>",
    ],
)
def test_each_page_with_other_elements_or_classes_is_judged(pages, other):
    assert pages(a="<h1>a</h1><pre>x</pre>", b=other) == {"a", "b"}


def test_all_chapters_are_judged(book):
    chapters = {page for page in book.pages if "/" not in page}
    assert chapters <= book.different
