"""Compare expected with actual output; a float counts as far as it is written.

A float in the expected output (it has a decimal point or an exponent) matches when
the actual float, formatted to as many decimals (with an exponent: significant
digits), gives the same text. One written with 16 significant digits or more is
meant with all its digits and matches only itself. All else matches exactly.
"""

import doctest
import re

FLOAT = re.compile(
    r"""(?<![\w.])
        (?P<mantissa>\d+(?:\.(?P<decimals>\d+))?)
        (?P<exponent>e[+-]?\d+)?
        (?(decimals)|(?(exponent)|(?!)))     # an int is no float
        (?!\w|\.\d)""",
    re.VERBOSE,
)
ALL_DIGITS = 16


class Digits(doctest.OutputChecker):
    """Accepts `0.3` for 0.30000000000000004, and 3.14 but not 3.15 for pi."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        """Whether `got` is what `want` says, floats as far as they are written."""
        optionflags |= doctest.DONT_ACCEPT_TRUE_FOR_1
        if super().check_output(want, got, optionflags):
            return True
        if optionflags & doctest.ELLIPSIS and "..." in want:
            return False
        return super().check_output(want, as_written(want, got), optionflags)


def as_written(want: str, got: str) -> str:
    """`got`, with the floats that match those of `want` replaced by them."""
    wanted = list(FLOAT.finditer(want))
    if len(wanted) != len(FLOAT.findall(got)):
        return got
    following = iter(wanted)
    return FLOAT.sub(lambda found: rounded(next(following), found[0]), got)


def rounded(want: re.Match[str], got: str) -> str:
    """The float `got`, formatted in the way in which `want` is written."""
    decimals = len(want["decimals"] or "")
    digits = want["mantissa"].replace(".", "").lstrip("0")
    if len(digits) >= ALL_DIGITS:
        return got
    return format(float(got), f".{decimals}{'e' if want['exponent'] else 'f'}")
