"""Show what was measured: `{measured} ladder`, a table of `measured/ladder.json`.

`make bench` and `make trust` write such files, and nobody else. What one holds decides
which table is made of it (`TABLES`, or one of promises); below stands when, where and
how it was measured. The build itself measures nothing.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.tables import cell, table, with_code

logger = logging.getLogger(__name__)
Made = TypeVar("Made", bound=nodes.Element)


class Measured(SphinxDirective):
    """The directive `{measured}`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        path = Path(self.env.srcdir, "measured", f"{self.arguments[0]}.json")
        self.env.note_dependency(str(path))
        if not path.exists():
            logger.warning(
                f"measured: there is no {path.name}",
                type="measured",
                subtype="missing",
                location=self.get_location(),
            )
            return []
        found = json.loads(path.read_text("utf-8"))
        return promises(found) if "figures" in found else numbers(found)


def numbers(found: dict[str, Any]) -> list[nodes.Node]:
    """A table of what the rungs, or the ways of writing, need."""
    [make] = [make for name, make in TABLES.items() if name in found]
    head, *rows = make(found)
    columns = dict(zip(head, [16, *[84 // (len(head) - 1)] * (len(head) - 1)]))
    made = table(columns, [row(*texts) for texts in rows], "measured")
    return [computed(made), circumstances(found)]


def promises(found: dict[str, Any]) -> list[nodes.Node]:
    """A promise a row; some may have been measured at another time than others."""
    head = {_("Promise"): 38, _("Held to"): 24, _("Cases"): 10, _("Found"): 28}
    rows, commands = [], defaultdict[tuple[str, ...], dict[str, None]](dict)
    for figure in found["figures"].values():
        texts = [figure["what"], figure["bound"], f"{figure['cases']:,}"]
        cells = [cell(*with_code(text)) for text in (*texts, figure["measured"])]
        rows.append(nodes.row("", *cells))
        time = tuple(figure[key] for key in ("date", "machine", "python", "commit"))
        commands[time][figure["command"]] = None
    made: list[nodes.Node] = [computed(table(head, rows, "promises"))]
    for (date, machine, python, commit), asked in commands.items():
        when = {"date": date, "machine": machine, "python": python, "commit": commit}
        made.append(circumstances({**when, "command": "`, `".join(asked)}))
    return made


def circumstances(found: dict[str, Any]) -> nodes.paragraph:
    """When, where and how something was measured."""
    when = _(
        "Measured on {date}, on {machine}, with Python {python}, "
        "at commit {commit}, by `{command}`."
    ).format(**found)
    return computed(nodes.paragraph("", "", *with_code(when)))


def computed(made: Made) -> Made:
    """Say that the numbers in it were not typed."""
    made["sourced"] = True
    return made


def ladder(found: dict[str, Any]) -> Iterable[list[str]]:
    """How fast the rungs are: the head, and a row for each."""
    yield [
        _("Rung"),
        _("CPU time a step"),
        _("Times as fast, and quartiles"),
        _("Memory, at most"),
        _("Begins after"),
    ]
    for name, rung in found["rungs"].items():
        low, middle, high = (three(ratio) for ratio in rung["ratio"])
        spread = _("{middle} ({low} to {high})")
        yield [
            name,
            f"{three(rung['ms'])} ms",
            spread.format(low=low, middle=middle, high=high),
            f"{rung['mb']:.0f} MB",
            f"{rung['begin']:.2f} s",
        ]


def growth(found: dict[str, Any]) -> Iterable[list[str]]:
    """How the time of a step grows: the first shape, and how often that the others."""
    yield [_("Rung"), *("{}, {}, {}".format(*shape) for shape in found["shapes"])]
    for name, (first, *others) in found["growth"].items():
        factors = (f"{three(other / first)} ×" for other in others)
        yield [name, f"{three(first)} ms", *factors]


def needs(found: dict[str, Any]) -> Iterable[list[str]]:
    """What a rung needs before its first step."""
    yield [_("Rung"), _("Packages"), _("Size"), _("Import"), _("First step after")]
    for name, rung in found["needs"].items():
        size = f"{rung['mb']:.0f}\N{NO-BREAK SPACE}MB" if rung["packages"] else "–"
        packages = ", ".join(rung["packages"]) or "–"
        yield [
            name,
            packages,
            size,
            f"{rung['import']:.2f} s",
            f"{rung['first']:.2f} s",
        ]


def names(found: dict[str, Any]) -> Iterable[list[str]]:
    """How many names a second are written; the first row is what the others beat."""
    yield [_("By"), _("At once"), _("Names a second"), _("Times as many")]
    first = found["names"][0]["per_second"]
    for way in found["names"]:
        rate = way["per_second"]
        yield [way["by"], f"{way['at_once']:,}", three(rate), three(rate / first)]


TABLES = {"rungs": ladder, "growth": growth, "needs": needs, "names": names}


def row(name: str, *texts: str) -> nodes.row:
    """A row that begins with a name from a program."""
    cells = [cell(nodes.Text(text)) for text in texts]
    return nodes.row("", cell(nodes.literal("", name)), *cells)


def three(number: float) -> str:
    """A positive number with three digits at least, and without an exponent."""
    return f"{number:,.0f}" if number >= 99.95 else f"{number:#.3g}"


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("measured", Measured)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
