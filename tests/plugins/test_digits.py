"""A float counts as far as it is written; any other digit makes an example fail."""

import doctest
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs.plugins.digits import Digits
from docs.plugins.examples import Block, Outcome, parse, run_block

CHAPTER = Path(__file__).parent / "samples" / "chapter.md"
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def accepts(want, got, flags=0):
    return Digits().check_output(f"{want}\n", f"{got}\n", flags)


@pytest.mark.parametrize(
    ("want", "got"),
    [
        ("3", "3"),
        ("0.3", "0.30000000000000004"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("3.14", "3.141592653589793"),
        ("2.30", "2.3049"),
        ("2.30", "2.3"),
        ("1e-05", "1.2e-05"),
        ("1.0e-05", "1e-05"),
        ("0.00001", "1e-05"),
        ("-0.0", "-0.0"),
        ("-0.50", "-0.5"),
        ("x0.5 and 0.5", "x0.5 and 0.5000001"),
        ("loss 2.4.", "loss 2.37."),
        ("[1.0, 2.5]", "[1.0, 2.4999]"),
        ("1,234.5", "1,234.51"),
        ("nan inf", "nan inf"),
        ("0.12345678901234568", "0.12345678901234568"),
    ],
)
def test_a_float_matches_as_far_as_it_is_written(want, got):
    assert accepts(want, got)


@pytest.mark.parametrize(
    ("want", "got"),
    [
        ("3", "4"),
        ("3", "3.0"),
        ("3.0", "3"),
        ("3.", "3.2"),
        ("3.15", "3.141592653589793"),
        ("0.30000000000000004", "0.3"),
        ("0.3000000000000000", "0.30000000000000004"),
        ("0.30000000000000004000", "0.30000000000000004"),
        ("0.1234567890123456", "0.12345678901234560"),
        ("1e-05", "1.7e-05"),
        ("1e-5", "1e-05"),
        ("0.0", "-0.0"),
        ("-0.0", "0.0"),
        ("0.5", "-0.5"),
        ("x0.5", "x0.5000001"),
        ("0.5j", "0.5000001j"),
        ("1.2.3", "1.2.31"),
        ("0.5 0.5", "0.5"),
        ("[0.5]", "[0.5, 0.5]"),
        ("a 0.5", "b 0.5"),
        ("True", "1"),
        ("1", "True"),
        ("inf", "1e308"),
        ("nan", "0.0"),
        ("...", "x"),
    ],
)
def test_all_else_must_match_exactly(want, got):
    assert not accepts(want, got)


def test_an_ellipsis_counts_only_when_asked_for_and_then_floats_are_exact():
    assert accepts("a ... 0.5", "a b c 0.5", doctest.ELLIPSIS)
    assert not accepts("a ... 0.5", "a b c 0.5001", doctest.ELLIPSIS)
    assert accepts("0.5", "0.5001", doctest.ELLIPSIS)
    assert not accepts("a ... c", "a b c")


def test_a_blank_line_is_written_as_doctest_does():
    assert accepts("0.5\n<BLANKLINE>\n1.5", "0.5001\n\n1.5")


@given(FLOATS)
def test_a_float_written_in_full_matches_itself(x):
    assert accepts(repr(x), repr(x))


@given(st.floats(1e-4, 1e4), st.integers(1, 9))
def test_a_rounded_float_matches_and_its_neighbors_do_not(x, decimals):
    written = f"{x:.{decimals}f}"
    unit = 10**-decimals
    assert accepts(written, repr(x))
    for other in (x + 2 * unit, x - 2 * unit):
        assert not accepts(f"{other:.{decimals}f}", repr(x))


@given(st.floats(1.0, 2.0, exclude_max=True))
def test_a_float_with_all_its_digits_matches_no_other(x):
    if len(repr(x)) >= 17:
        assert not accepts(repr(x), repr(math.nextafter(x, 3.0)))


def chapter_blocks():
    """The text inside each fence of the sample chapter."""
    fences = CHAPTER.read_text("utf-8").split("```")[1::2]
    return [fence.partition("\n")[2] for fence in fences]


def changes(text):
    """The text with one digit of the expected output changed, for each digit."""
    wanted = set()
    for example in parse(Block(text, "", 1)).examples:
        start = example.lineno + example.source.count("\n")
        wanted.update(range(start, start + example.want.count("\n")))
    lines = text.splitlines(keepends=True)
    for number in sorted(wanted):
        line = lines[number]
        for column, digit in enumerate(line):
            if digit.isdigit():
                for other in set("0123456789") - {digit}:
                    changed = line[:column] + other + line[column + 1 :]
                    new = [*lines[:number], changed, *lines[number + 1 :]]
                    yield number + 1, changed, "".join(new)


def troubles(text):
    outcome = Outcome()
    run_block(Block(text, "chapter.md", 1), {}, outcome)
    return outcome.troubles


def test_the_sample_chapter_is_right():
    assert [troubles(text) for text in chapter_blocks()] == [[], [], []]


def test_each_digit_of_the_sample_chapter_counts():
    tried = 0
    for text in chapter_blocks():
        for number, line, changed in changes(text):
            found = troubles(changed)
            assert len(found) == 1, line
            assert found[0].line <= number
            tried += 1
    assert tried > 1000
