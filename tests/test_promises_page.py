"""The page of promises, the tests that hold them and the figures name each other."""

import ast
import json
import re
from pathlib import Path

from tests import covered, mutants, shuffled
from tests.trust.figure import OF_TESTS, figures

TESTS = Path(__file__).parent
DOCS = TESTS.parent / "docs"
TEXT = (DOCS / "promises.md").read_text(encoding="utf-8")
OF_THE_TESTS = json.loads((DOCS / "measured" / "tests.json").read_text("utf-8"))
STORED = json.loads((DOCS / "measured" / "trust.json").read_text("utf-8"))["figures"]
CASE = re.compile(r"^### (.+)\n((?:(?!#).*\n)*)", re.MULTILINE)
HELD = re.compile(r"^Tests: (.+)\.$", re.MULTILINE)


def cases():
    """Each case of the page, with the text below it."""
    return dict(CASE.findall(TEXT))


def functions(path):
    """The names of a file's functions."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return {node.name for node in body if isinstance(node, ast.FunctionDef)}


def test_each_case_has_an_example_and_names_its_tests():
    assert len(cases()) > 14
    for case, text in cases().items():
        assert ">>> " in text, case
        assert len(HELD.findall(text)) == 1, case


def test_each_test_that_is_named_exists():
    for case, text in cases().items():
        for named in HELD.search(text)[1].split(", "):
            path, name = re.fullmatch(r"`(\S+\.py): (\w+)`", named).groups()
            assert name in functions(TESTS / path), case
            if path.startswith("trust/"):
                assert f"{Path(path).stem}.{name}" in figures(), case
            else:
                assert name.startswith("test_"), case


def test_what_is_stored_is_what_is_promised_now_at_full_size():
    known = figures()
    assert STORED
    for name, stored in STORED.items():
        figure = known[name]
        promised = figure.what, figure.bound, figure.full
        assert (stored["what"], stored["bound"], stored["cases"]) == promised, name
        assert stored["measured"], name


def test_what_is_stored_of_the_tests_is_what_they_are_held_to_now():
    known = {name: part.what for name, part in covered.PARTS.items()}
    known |= {f"mutants.{name}": what for name, (what, _) in mutants.PARTS.items()}
    known["shuffled.orders"] = shuffled.row([0.0])["what"]
    assert known.keys() == {*OF_TESTS}
    stored = {name: row["what"] for name, row in OF_THE_TESTS["figures"].items()}
    assert stored
    assert stored.items() <= known.items()
