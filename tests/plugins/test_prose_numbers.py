"""A number in prose comes from a role, or stands in a list with a reason."""

import re
from pathlib import Path

import pytest

from docs.plugins.prose_numbers import LIMIT, Block, Entry, erase, is_entry, listed
from docs.plugins.prose_numbers import locate as locate_number

ROOT = Path(__file__).parents[2]
EXTENSIONS = [
    *("sphinx.ext.autodoc", "docs.plugins.prose_numbers", "docs.plugins.num"),
    *("docs.plugins.excerpt", "docs.plugins.exercise", "docs.plugins.graph"),
    *("docs.plugins.plots", "docs.plugins.backprop", "docs.plugins.katex"),
]
MYST = ["colon_fence", "deflist", "dollarmath"]
CODE = '"""A box of 8."""\n\nSIZE = 7\n'


def build(book, text, entries=None, parallel=0, **settings):
    """Build a page below the heading `Page`, of which the text begins in line 3."""
    book.write({"index.md": f"# Page\n\n{text}\n", "pkg/__init__.py": CODE})
    if entries is not None:
        book.write({"list.txt": entries})
    excluded = {"exclude_patterns": ["_build", "pkg", "solutions"]}
    settings = {"myst_enable_extensions": MYST, **excluded, **settings}
    settings |= {"prose_numbers_file": "list.txt", "num_package": "pkg"}
    built = book.build("dummy", parallel=parallel, **settings)
    return [line for line in built.warnings if "prose_numbers" in line]


def typed(line, number, around, page="index.md"):
    role = f"write {{num}}`...` or {{given}}`{number}`"
    message = f"WARNING: {number!r} is typed in {around!r}: {role}"
    return f"{page}:{line}: {message} [prose_numbers.typed]"


PROSE = {
    "a paragraph": ("There are 16 of them.", 3, "There are 16 of them."),
    "a later line": ("No number.\nThen 16 more.", 4, "No number. Then 16 more."),
    "emphasis": ("These *16* are.", 3, "These 16 are."),
    "a list": ("1. one\n2. and 16", 4, "and 16"),
    "a table's head": ("| a | 16 |\n|---|---|\n| b | c |", 3, "16"),
    "a table": ("| a | `b` |\n|---|---|\n| `16` | c |\n| d | 16 |", 6, "16"),
    "an admonition": (":::{note}\nThere are 16.\n:::", 4, "There are 16."),
    "an admonition's title": (":::{admonition} All 16\nText.\n:::", 3, "All 16"),
    "a term": ("Group of 16\n: A definition.", 3, "Group of 16"),
    "a definition": ("Group\n: It has 16.", 4, "It has 16."),
    "a quotation": ("> There are 16.", 3, "There are 16."),
    "a side note": (
        "```{excerpt} pkg:SIZE\nSIZE | the 16 here\n```",
        4,
        "… the 16 here",
    ),
    "a graph's caption": ("```{graph} Here 16\nValue(2.0) + 1\n```", 3, "Here 16"),
    "a table of steps": (
        "```{backprop} Here 16\nx = Value(2.0)\ny = x * x\n```",
        3,
        "Here 16",
    ),
    "a plot's caption": ("```{plot} none\nA line of 16.\n```", 4, "A line of 16."),
    "a figure's caption": ("```{figure} x.png\nA box of 16.\n```", 4, "A box of 16."),
    "a long sentence": (
        "Whoever has read up to this place knows about all 16 of the kinds there are.",
        3,
        "ace knows about all 16 of the kinds there",
    ),
    "an exercise": (
        "```{exercise} one\n:kind: predict\n\nWhat is 16?\n```",
        6,
        "What is 16?",
    ),
    "what is wrong": (
        "```{wrong} it is 16\n>>> 1\n1\n```",
        3,
        "test refuses: it is 16",
    ),
    "a hint": ("```{exercise} one\n:kind: predict\n:hint: Not 16.\n```", 5, "Not 16."),
}


@pytest.mark.parametrize("where", PROSE)
def test_a_number_in_prose_is_named_with_its_line(book, where):
    text, line, around = PROSE[where]
    assert build(book, text) == [typed(line, "16", around)]


NO_PROSE = {
    "code": "Here `16` is.",
    "a block": "```python\n>>> 16\n16\n```",
    "an indented block": "    16",
    "mathematics": "Here $x^2 + 16$ is.",
    "a formula": "$$\nx = 16\n$$",
    "a link": "[the 16](https://example.org/) and <https://example.org/16>",
    "a link in the book": "{any}`the 16 <modindex>` and {ref}`the 16 <genindex>`",
    "a download": "{download}`the 16 <pkg/__init__.py>`",
    "a heading": "## All 16\n\nText.",
    "a rubric": "```{rubric} All 16\n```",
    "the markers of a list": "1. one\n2. two",
    "a footnote": "Text[^16].\n\n[^16]: More.",
    "a comment": "% 16",
    "raw text": "```{raw} html\n16\n```",
    "a computed number": "There are {num}`2 * 8`.",
    "a number of the author": "Take {given}`16.0` and {given}`-1`.",
    "a docstring": "```{eval-rst}\n.. automodule:: pkg\n```",
    "a signature": "```{py:function} f(x=16)\n```",
    "an excerpt": "```{excerpt} pkg:SIZE\nSIZE | a note\n```",
    "a graph": "```{graph} A caption\nValue(2.0) + 16\n```",
    "an exercise's number": "{exercise}`one`\n\n```{exercise} one\n:kind: predict\n```",
    "words": "There are sixteen, and x² too.",
}


@pytest.mark.parametrize("where", NO_PROSE)
def test_a_number_outside_of_prose_is_ignored(book, where):
    assert build(book, NO_PROSE[where]) == []


def test_front_matter_is_no_prose(book):
    book.write({"other.md": "---\norphan: 1\nneeds: [python3]\n---\n# Other\n"})
    assert build(book, "Text.") == []


def test_the_number_of_a_given_role_is_shown(book):
    book.write({"index.md": "# Page\n\nTake {given}`2.50`.\n"})
    assert "Take <span>2.50</span>." in book.build("html").html("index")


def test_a_solution_is_prose_of_its_own_file(book):
    solution = "It is\nnot 16.\n\n```python\n>>> 1\n1\n```\n"
    book.write({"solutions/index/one.md": solution})
    warnings = build(book, "```{exercise} one\n:kind: predict\n```")
    assert warnings == [typed(2, "16", "It is not 16.", "solutions/index/one.md")]


def test_each_number_is_named_with_its_sign_of_thousands(book):
    expected = ["1,000", "2.5", "3"]
    around = "1,000 to 2.5, or 3."
    assert build(book, around) == [typed(3, n, around) for n in expected]


ENTRY = "index | GPT-2 | a name\n"


def test_a_number_with_an_entry_is_allowed(book):
    text = "The old\nGPT-2, and *the* GPT-2."
    assert build(book, text, f"# A list.\n\n{ENTRY}") == []
    assert build(book, "The old\nGPT-2.", "* | old GPT-2 | a name\n") == []


def test_an_entry_holds_for_its_page_only(book):
    other = "other | GPT-2 | a name\n"
    book.write({"other.md": "---\norphan: 1\n---\n# Other\n\nGPT-2 here.\n"})
    assert build(book, "GPT-2 here.", other) == [typed(3, "2", "GPT-2 here.")]


def test_an_unused_entry_is_named(book):
    entries = f"# A list.\n{ENTRY}* | utf-8 | a name\n"
    unused = "[prose_numbers.unused]"
    assert build(book, "Text.", entries) == [
        f"list.txt:2: WARNING: 'GPT-2' is not in the prose of page 'index' {unused}",
        f"list.txt:3: WARNING: 'utf-8' is not in the prose of any page {unused}",
    ]


@pytest.mark.parametrize("line", ["GPT-2", "index | GPT-2", "index | GPT-2 |  "])
def test_an_entry_without_a_reason_is_refused(book, line):
    message = f"an entry is written 'page | text | reason', not {line!r}"
    assert build(book, "GPT-2.", f"{line}\n") == [
        f"list.txt:1: WARNING: {message} [prose_numbers.entry]",
        typed(3, "2", "GPT-2."),
    ]


def test_an_entry_without_a_number_is_refused(book):
    message = "there is no number in 'GPT' [prose_numbers.entry]"
    assert build(book, "Text.", "* | GPT | a name\n") == [
        f"list.txt:1: WARNING: {message}"
    ]


def test_a_list_that_is_too_long_is_refused(book):
    names = [f"n{number}" for number in range(LIMIT + 1)]
    lines = [f"* | {name} | a name\n" for name in names]
    text = ", ".join(names)
    message = f"{LIMIT + 1} entries, and at most {LIMIT} are allowed"
    assert build(book, text, "\n" + "".join(lines)) == [
        f"list.txt:{LIMIT + 2}: WARNING: {message} [prose_numbers.limit]"
    ]
    assert build(book, text.rpartition(",")[0], "".join(lines[:-1])) == []


def test_a_second_build_sees_the_change_and_still_tells_of_other_pages(book):
    other = "---\norphan: 1\n---\n# Other\n\nThere are 17.\n"
    book.write({"other.md": other})
    found = typed(6, "17", "There are 17.", "other.md")
    assert build(book, "There are 16.") == [typed(3, "16", "There are 16."), found]
    assert build(book, "There are 18.") == [typed(3, "18", "There are 18."), found]
    assert build(book, "None.") == [found]
    (book.root / "other.md").unlink()
    assert build(book, "None.") == []


def test_a_second_build_sees_a_change_of_the_list(book):
    assert build(book, "GPT-2.", "") == [typed(3, "2", "GPT-2.")]
    assert build(book, "GPT-2.", ENTRY) == []


def test_pages_read_in_parallel_count_as_well(book):
    pages = range(8)
    head = "---\norphan: 1\n---\n# Page\n"
    book.write({f"page{n}.md": f"{head}\nThere are {n + 10}.\n" for n in pages})
    found = [typed(6, n + 10, f"There are {n + 10}.", f"page{n}.md") for n in pages]
    found = [re.sub(r"WARNING: (\d+)", r"WARNING: '\1'", text) for text in found]
    assert build(book, "GPT-2.", ENTRY, parallel=2) == found


@pytest.mark.parametrize("text", ["GPT-2.5", "GPT-20", "MyGPT-2", "GPT-2,000", "1.GPT"])
def test_an_entry_is_not_found_in_a_longer_number_or_word(text):
    used = set()
    assert erase(text, [Entry("*", "GPT-2", 1)], used) == text
    assert used == set()


def test_the_longer_of_two_entries_is_taken_and_every_place_kept():
    short, long, used = Entry("*", "the 2", 1), Entry("*", "of the 2", 2), set()
    left = erase("of\nthe 2; a 3", [short, long], used)
    assert re.sub("[^0-9\n]", ".", left) == "..\n.........3"
    assert used == {long}


def test_a_number_is_located_as_well_as_can_be(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("{num}`116` and\n`16.5`\nand 16.\n", "utf-8")
    assert locate_number(Block("of 16", str(path), 1), 3, "16") == 3
    assert locate_number(Block("of 12", str(path), 2), 3, "12") == 2
    assert locate_number(Block("of 12", str(tmp_path / "gone.md"), 2), 3, "12") == 2


def test_the_list_of_the_book_is_short_and_gives_reasons():
    path = ROOT / "docs" / "prose_numbers.txt"
    entries = list(listed(path))
    written = [line for line in path.read_text("utf-8").splitlines() if is_entry(line)]
    assert len(entries) == len(written) <= 60 == LIMIT
    assert len(set(entries)) == len({entry[:2] for entry in entries})


def test_a_translation_types_no_number_that_its_original_computes(book):
    page = "# Title 4\n\n{num}`1 + 1` of {given}`3` and, as allowed, 5.\n\nTwo lines.\n"
    book.write({"index.md": page, "docs/prose_numbers.txt": "* | allowed, 5 | why\n"})
    words = {"{num}`1 + 1`": "2", "Two": "2", "allowed, 5": "erlaubt, 5"}

    def change(message):
        for original, translation in words.items():
            message = message.replace(original, translation)
        return message

    built = book.translated(change=change)
    typed = "'2' is typed in a translation, not in the original"
    assert built.warnings == [
        f"index.md:{line}: WARNING: {typed} [prose_numbers.translated]"
        for line in (3, 5)
    ]


def test_a_translation_that_computes_its_numbers_is_accepted(book):
    book.write({"index.md": "# Title\n\nAs allowed, 5 of {num}`1 + 1`.\n"})
    assert book.translated().warnings == []
