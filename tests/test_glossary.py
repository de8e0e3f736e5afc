"""The glossary holds each term that is bold in a chapter, and no other."""

import re
from collections import Counter
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
GLOSSARY = DOCS / "glossary.md"
CODE = re.compile(r"^ *(`{3,}|:{3,}).*?^ *\1 *$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
ENTRY = re.compile(r"^(\S.*)\n((?: {4}.+\n)+)", re.MULTILINE)


def bold(text):
    """The bold terms of a page; a bold full stop marks no term but an exercise."""
    found = re.findall(r"\*\*([^*]+)\*\*", CODE.sub("", text))
    return [" ".join(term.split()).casefold() for term in found if term[-1] != "."]


def pages_of_terms():
    """For each bold term of the book the pages on which it is bold."""
    pages = {}
    for page in sorted(set(DOCS.glob("*.md")) - {GLOSSARY}):
        for term in bold(page.read_text(encoding="utf-8")):
            pages.setdefault(term, []).append(page.name)
    return pages


def entries():
    """The entries of the glossary, in their order: term and definition."""
    text = GLOSSARY.read_text(encoding="utf-8")
    return [(term.casefold(), rest) for term, rest in ENTRY.findall(text)]


def test_bold_is_found_in_prose_and_not_in_code():
    page = "A **leaf**, a **dot\nproduct**.\n1. **Predict.** `x **2` and `y ** 3`\n"
    page += "```python\n>>> 2 **a, 3 **b\n```\nThe **root**.\n"
    assert bold(page) == ["leaf", "dot product", "root"]


def test_a_term_is_bold_once_in_the_book():
    twice = {term: pages for term, pages in pages_of_terms().items() if pages[1:]}
    assert twice == {}


def test_the_glossary_has_each_bold_term_once_and_nothing_else():
    found = Counter(term for term, _ in entries())
    assert found == Counter(pages_of_terms().keys())
    assert len(found) > 60


def test_each_entry_links_to_the_page_that_defines_its_term():
    pages = pages_of_terms()
    for term, definition in entries():
        assert re.findall(r"\]\((\S+)\)", definition) == pages[term], term


def test_the_entries_stand_in_the_order_of_the_alphabet():
    terms = [term for term, _ in entries()]
    assert terms == sorted(terms)
