"""A table shows what was measured, and says when, where and how."""

import json
import re

import pytest

from docs.plugins.measured import three

EXTENSIONS = ["docs.plugins.measured"]
PAGE = "# Speed\n\n```{measured} speed\n```\n"
FOUND = {
    "date": "2001-02-03",
    "machine": "Some Processor",
    "python": "3.99.1",
    "commit": "abc1234",
    "command": "python -m bench --rounds 30",
    "rungs": {
        "slow": {"ms": 312.4, "ratio": [1.0, 1.0, 1.0], "mb": 51.7, "begin": 0.1},
        "quick": {"ms": 0.5, "ratio": [540.1, 623.4, 700.0], "mb": 30.2, "begin": 2.0},
    },
}


PROMISED = {
    "what": "The check, `check_grad`, sees 0.1 %",
    "bound": "each one caught",
    "cases": 30000,
    "measured": "worst 1.0e-16",
    **{key: FOUND[key] for key in ("date", "machine", "python", "commit", "command")},
}


def rows(text):
    """The cells of each row of a page's table, as text."""
    found = re.findall(r"<tr.*?>(.*?)</tr>", text, re.S)
    cells = (re.findall(r"<t[dh].*?>(.*?)</t[dh]>", row, re.S) for row in found)
    return [[re.sub("<.*?>", "", cell).strip() for cell in each] for each in cells]


def files(**changes):
    measured = json.dumps({**FOUND, **changes})
    return {"index.md": PAGE, "measured/speed.json": measured}


def test_the_table_has_a_row_for_each_rung(book):
    book.write(files())
    built = book.build("html")
    assert built.warnings == []
    assert rows(built.html("index")) == [
        [
            *("Rung", "CPU time a step", "Times as fast, and quartiles"),
            *("Memory, at most", "Begins after"),
        ],
        ["slow", "312 ms", "1.00 (1.00 to 1.00)", "52 MB", "0.10 s"],
        ["quick", "0.500 ms", "623 (540 to 700)", "30 MB", "2.00 s"],
    ]


OTHERS = {  # what was found, and the rows of its table
    "growth": (
        {
            "shapes": [[16, 1, 8], [32, 1, 8]],
            "growth": {"slow": [150.0, 585.0], "quick": [0.5, 0.6]},
        },
        [
            ["Rung", "16, 1, 8", "32, 1, 8"],
            ["slow", "150 ms", "3.90 ×"],
            ["quick", "0.500 ms", "1.20 ×"],
        ],
    ),
    "needs": (
        {
            "needs": {
                "slow": {"packages": [], "mb": 0, "import": 0.04, "first": 0.3},
                "quick": {"packages": ["a", "b"], "mb": 77.6, "import": 1, "first": 2},
            }
        },
        [
            ["Rung", "Packages", "Size", "Import", "First step after"],
            ["slow", "–", "–", "0.04 s", "0.30 s"],
            ["quick", "a, b", "78\N{NO-BREAK SPACE}MB", "1.00 s", "2.00 s"],
        ],
    ),
    "names": (
        {
            "names": [
                {"by": "slow", "at_once": 1, "per_second": 5.0},
                {"by": "quick", "at_once": 1000, "per_second": 8000.0},
            ]
        },
        [
            ["By", "At once", "Names a second", "Times as many"],
            ["slow", "1", "5.00", "1.00"],
            ["quick", "1,000", "8,000", "1,600"],
        ],
    ),
}


@pytest.mark.parametrize(("found", "expected"), OTHERS.values(), ids=OTHERS.keys())
def test_what_was_found_decides_on_the_table(book, found, expected):
    measured = {name: text for name, text in FOUND.items() if name != "rungs"}
    whole = json.dumps({**measured, **found})
    book.write({"index.md": PAGE, "measured/speed.json": whole})
    built = book.build("html")
    assert built.warnings == []
    assert rows(built.html("index")) == expected


def test_it_says_when_where_and_how(book):
    book.write(files())
    words = (
        "Measured on 2001-02-03, on Some Processor, with Python 3.99.1, "
        "at commit abc1234, by python -m bench --rounds 30."
    )
    assert words in re.sub("<.*?>", "", book.build("html").html("index"))


def promised(**figures):
    figures = {name: {**PROMISED, **changes} for name, changes in figures.items()}
    return {
        "index.md": "# Trust\n\n```{measured} trust\n```\n",
        "measured/trust.json": json.dumps({"figures": figures}),
    }


def test_the_table_has_a_row_for_each_promise(book):
    book.write(promised(one={}, two={"what": "It holds", "cases": 30}))
    built = book.build("html")
    assert built.warnings == []
    assert rows(built.html("index")) == [
        ["Promise", "Held to", "Cases", "Found"],
        [
            *("The check, check_grad, sees 0.1 %", "each one caught"),
            *("30,000", "worst 1.0e-16"),
        ],
        ["It holds", "each one caught", "30", "worst 1.0e-16"],
    ]


def test_it_says_once_when_where_and_how_promises_were_measured(book):
    book.write(promised(one={}, two={}, three={"date": "2002-02-02"}))
    text = re.sub("<.*?>", "", book.build("html").html("index"))
    assert [text.count(f"Measured on {year}-02-0") for year in (2001, 2002)] == [1, 1]


def test_promises_measured_at_once_by_several_commands_share_a_sentence(book):
    book.write(promised(one={"command": "first"}, two={"command": "second"}, three={}))
    text = re.sub("<.*?>", "", book.build("html").html("index"))
    assert "at commit abc1234, by first, second, python -m bench --rounds 30." in text


def test_the_page_follows_a_new_measurement(book):
    book.write(files())
    book.build("html")
    book.write(files(date="2002-02-02"))
    assert "Measured on 2002-02-02," in book.build("html").html("index")


def test_what_was_never_measured_is_a_warning(book):
    book.write({"index.md": PAGE})
    warning = "index.md:3: WARNING: measured: there is no speed.json [measured.missing]"
    assert book.build().warnings == [warning]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.0, "1.00"),
        (0.04321, "0.0432"),
        (12.34, "12.3"),
        (99.96, "100"),
        (7300.4, "7,300"),
    ],
)
def test_a_number_has_three_digits(number, text):
    assert three(number) == text
