"""Numbers in the prose are computed from the live package."""

import pytest

from docs.plugins.num import compute

EXTENSIONS = ["docs.plugins.num"]


@pytest.fixture
def counts(book):
    code = "import random\nSIZE = 4192\ndef draw():\n    return random.random()\n"
    book.write({"pkg/__init__.py": code, "pkg/part.py": "HALF = 2096\n"})
    return book


def build(counts, text, **settings):
    counts.write({"index.md": f"# Page\n\nThere are {text}.\n"})
    return counts.build("html", num_package="pkg", **settings)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("SIZE", "4192"),
        ("SIZE | ,d", "4,192"),
        ("math.pi | .3f", "3.142"),
        ("pkg.SIZE // 2", "2096"),
        ("part.HALF", "2096"),
        ("sys.maxsize > 0", "True"),
        ("6 | 1 | d", "7"),
        ("print('hidden') or 3", "3"),
        ("print('hidden', file=sys.stderr) or 3", "3"),
    ],
)
def test_an_expression_is_computed_and_formatted(counts, text, shown, capsys):
    built = build(counts, f"{{num}}`{text}`")
    assert built.warnings == []
    assert f'There are <span class="num">{shown}</span>.' in built.html("index")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("nope", "NameError: name 'nope' is not defined"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("1 +", "SyntaxError: invalid syntax (<string>, line 1)"),
        ("'a' | ,d", "ValueError: Cannot specify ',' with 'd'."),
    ],
)
def test_an_error_is_one_located_warning(counts, text, error):
    if "d'" in error:
        error = "ValueError: Unknown format code 'd' for object of type 'str'"
    built = build(counts, f"{{num}}`{text}`")
    warning = f"index.md:3: WARNING: num: {text!r} raised {error} [num.error]"
    assert built.warnings == [warning]


def test_an_expression_is_computed_once_in_a_build(counts):
    html = build(counts, "{num}`draw()` and {num}`draw()`").html("index")
    first, second = (part.split("<")[0] for part in html.split('class="num">')[1:])
    assert first == second


def test_a_page_is_built_again_when_the_package_changes(counts):
    assert ">4192<" in build(counts, "{num}`SIZE`").html("index")
    counts.write(
        {"pkg/__pycache__/x.pyc": "", "pkg/__init__.py": "SIZE = 17\nLESS = 16\n"}
    )
    assert ">17<" in counts.build("html", num_package="pkg").html("index")


def test_a_package_that_cannot_be_imported_is_a_located_warning(counts):
    counts.write({"pkg/__init__.py": "raise KeyError('x')\n"})
    warning = "index.md:3: WARNING: num: '1' raised KeyError: 'x' [num.error]"
    assert build(counts, "{num}`1`").warnings == [warning]


def test_a_module_may_stand_for_the_package():
    assert compute("tau | .2f", "math") == "6.28"
