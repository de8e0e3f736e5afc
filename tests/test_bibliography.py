"""Each source that a page or a docstring names stands in the bibliography."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "bibliography.md"
ENTRY = re.compile(r"^(\S.*) ((?:19|20)\d\d)\n: ((?:.+\n)+)", re.MULTILINE)
ASIDE = re.compile(r"\{\w+\}`[^`]*`|`+[^`]*`+|\]\(\S*\)|\$[^$]*\$|https?://\S+")
YEAR = re.compile(r"(?<![\d.,#%-])(?:19|20)\d\d(?!\d|[.,]\d)")
WRITERS = re.compile(r"((?:[A-Z]\w+(?:, | and ))*[A-Z]\w+(?: et al\.)?),? \(?(\d{4})\b")
OTHERS = {
    "1990": r"[Cc]ensus",
    "2020": r"micrograd",
    "2026": r"microgpt",
    "2019": r"GPT-2",
}


def entries():
    """The surnames and the year of each entry, with its text."""
    found = ENTRY.findall(PAGE.read_text(encoding="utf-8"))
    return {(names, year): text for names, year, text in found}


def prose(text):
    """The lines of a page, numbered, without code, formulas and addresses."""
    text = re.sub(r"\A---\n.*?^---$", blank, text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^ *(`{3,}).*?^ *\1$", blank, text, flags=re.DOTALL | re.MULTILINE)
    return list(enumerate(ASIDE.sub("", text).splitlines(), start=1))


def blank(found):
    return "\n" * found[0].count("\n")


def docstrings(path):
    """The lines of a module's docstrings, numbered."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef
    for node in ast.walk(tree):
        if isinstance(node, kinds) and ast.get_docstring(node):
            first = node.body[0].lineno
            lines = node.body[0].value.value.splitlines()
            examples = (ASIDE.sub("", re.sub(r">>>.*", "", line)) for line in lines)
            yield from enumerate(examples, start=first)


def named(lines):
    """The lines with a year or an `et al.`, which name a source."""
    return [
        (number, line, YEAR.findall(line))
        for number, line in lines
        if YEAR.search(line) or re.search(r"\bet al\b", line)
    ]


def is_known(line, years):
    """Tell whether some entry has the year of a line and the names that stand in it."""
    known = {
        year
        for names, year in entries()
        if all(re.search(rf"\b{name}\b", line) for name in surnames(names))
    }
    known |= {year for year, word in OTHERS.items() if re.search(word, line)}
    several = [pair for pair in WRITERS.findall(line) if " " in pair[0]]
    return bool(years) and set(years) <= known and set(several) <= set(entries())


def surnames(names):
    return re.split(r", | and ", names.removesuffix(" et al."))


def pages():
    """Every text that readers see, with its prose."""
    skipped = {PAGE, ROOT / "docs" / "reference.md"}
    for path in sorted({*ROOT.glob("docs/*.md"), *ROOT.glob("docs/solutions/**/*.md")}):
        if path not in skipped:
            yield path, prose(path.read_text(encoding="utf-8"))
    for path in sorted(ROOT.glob("microgpt/**/*.py")):
        yield path, docstrings(path)


def test_every_source_that_is_named_stands_in_the_bibliography():
    unknown = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path, lines in pages()
        for number, line, years in named(lines)
        if not is_known(line, years)
    ]
    assert unknown == []


@pytest.mark.parametrize(
    "line",
    [
        "as Nobody and Noone (2011) have shown",
        "Nobody described it in 1987.",
        "Vaswani et al. 2018",
        "Zhang 2019",
        "Zhang and Sennrich 2019, and also Nobody and Noone 2019",
        "Vaswani et al. have shown it",
    ],
)
def test_a_source_that_is_missing_is_found(line):
    [(_, text, years)] = named(prose(line))
    assert not is_known(text, years)


@pytest.mark.parametrize(
    "line",
    ["Wengert described it in 1964", "(Zhang and Sennrich 2019)", "micrograd of 2020"],
)
def test_a_source_that_is_there_is_known(line):
    [(_, text, years)] = named(prose(line))
    assert is_known(text, years)


@pytest.mark.parametrize(
    "text",
    [
        "steps of 2000,5",
        "`1964`",
        "```\n1964\n```",
        "[it](https://x.org/1964)",
        "$1964$",
    ],
)
def test_other_numbers_are_no_years(text):
    assert named(prose(text)) == []


def test_each_entry_says_who_wrote_what_and_which_pages_name_it():
    assert len(entries()) > 20
    for (names, _), text in entries().items():
        assert all(name in text for name in surnames(names)), names
        assert len(re.findall(r"\{cited\}`[^`]+`", text)) == 1, names


def test_no_entry_stands_twice():
    found = ENTRY.findall(PAGE.read_text(encoding="utf-8"))
    assert len(found) == len(entries())


def test_each_entry_has_an_address_or_is_not_to_be_had_by_one():
    without = [names for (names, _), text in entries().items() if "](http" not in text]
    assert without == ["Griewank"]


def test_the_original_programs_are_credited_with_their_license():
    texts = [text for (names, _), text in entries().items() if names == "Karpathy"]
    assert sum("MIT license" in text for text in texts) >= 2
