"""The page of common errors and the tests that refute them name each other."""

import ast
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "errors.md"
TESTS = ROOT / "tests" / "test_errors_in_circulation.py"


def refutations():
    """The names of the tests that refute a claim."""
    body = ast.parse(TESTS.read_text(encoding="utf-8")).body
    functions = [node for node in body if isinstance(node, ast.FunctionDef)]
    return [node.name for node in functions if node.name.startswith("test_")]


def claims():
    """Each claim of the page with the text below it."""
    text = PAGE.read_text(encoding="utf-8")
    return dict(re.findall(r"^### (.+)\n((?:(?!#).*\n)*)", text, re.MULTILINE))


def named(text):
    return re.findall(r"`(test_\w+)`", text)


def test_the_page_names_each_test_once_and_no_other():
    assert Counter(named(PAGE.read_text(encoding="utf-8"))) == Counter(refutations())


def test_each_claim_has_an_example_and_a_test():
    assert len(claims()) > 20
    for claim, text in claims().items():
        assert ">>> " in text, claim
        assert named(text), claim
