"""The colors of code, on light and on dark paper: few, and those of the book.

`conf.py` names both styles. What a word is for has a color: keywords, definitions,
strings, numbers, what Python brings along; all else has the ink of the page.
"""

from typing import ClassVar

from pygments.style import Style
from pygments.token import (
    Comment,
    Error,
    Generic,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    String,
    Text,
    Token,
)

Kind = tuple[str, ...]  # a kind of word, with those that it belongs to


def colors(
    ink: str,
    quiet: str,
    output: str,
    keyword: str,
    definition: str,
    string: str,
    number: str,
    builtin: str,
    wrong: str,
) -> dict[Kind, str]:
    """The style of each kind of word."""
    return {
        Token: ink,
        Text: ink,
        Comment: quiet,
        Keyword: keyword,
        Operator.Word: keyword,
        Name.Builtin: builtin,
        Name.Builtin.Pseudo: ink,
        Name.Class: definition,
        Name.Decorator: definition,
        Name.Exception: builtin,
        Name.Function: definition,
        Literal: string,
        String: string,
        String.Interpol: ink,
        Number: number,
        Generic.Output: output,
        Generic.Prompt: quiet,
        Generic.Error: wrong,
        Generic.Traceback: wrong,
        Error: wrong,
    }


class Light(Style):
    """Code on light paper."""

    background_color = "#f7f4ec"
    highlight_color = "#f4e6b8"
    line_number_color = "#6b6459"
    styles: ClassVar[dict[Kind, str]] = colors(
        ink="#1f1c18",
        quiet="#655e53",
        output="#575147",
        keyword="#22558c",
        definition="#8c2c4a",
        string="#2b6a3c",
        number="#95440a",
        builtin="#0f6a66",
        wrong="#a8201a",
    )


class Dark(Style):
    """Code on dark paper."""

    background_color = "#232120"
    highlight_color = "#35301f"
    line_number_color = "#a39c90"
    styles: ClassVar[dict[Kind, str]] = colors(
        ink="#ddd8cf",
        quiet="#a39c90",
        output="#b8b1a5",
        keyword="#8fb8e6",
        definition="#e6a3b8",
        string="#9fcb91",
        number="#f0a868",
        builtin="#7fcac2",
        wrong="#f08a80",
    )
