"""Show what was measured: `{measured} ladder`, a table of `measured/ladder.json`.

`make bench` writes that file, and nobody else: a rung a row, and below the table when,
where and how it was measured. The build itself measures nothing.
"""

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.tables import cell, table, with_code

logger = logging.getLogger(__name__)


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
        head = {
            _("Rung"): 16,
            _("CPU time a step"): 21,
            _("Times as fast, and quartiles"): 31,
            _("Memory, at most"): 16,
            _("Begins after"): 16,
        }
        made = table(head, [row(*item) for item in found["rungs"].items()], "measured")
        made["sourced"] = True
        when = _(
            "Measured on {date}, on {machine}, with Python {python}, "
            "at commit {commit}, by `{command}`."
        ).format(**found)
        return [made, nodes.paragraph("", "", *with_code(when), sourced=True)]


def row(name: str, rung: dict[str, Any]) -> nodes.row:
    """The numbers of a rung, with three digits."""
    low, middle, high = (three(ratio) for ratio in rung["ratio"])
    texts = (
        f"{three(rung['ms'])} ms",
        _("{middle} ({low} to {high})").format(low=low, middle=middle, high=high),
        f"{rung['mb']:.0f} MB",
        f"{rung['begin']:.2f} s",
    )
    cells = [cell(nodes.Text(text)) for text in texts]
    return nodes.row("", cell(nodes.literal("", name)), *cells)


def three(number: float) -> str:
    """A positive number with three digits, and without an exponent."""
    return f"{number:.0f}" if number >= 99.95 else f"{number:#.3g}"


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("measured", Measured)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
