"""Make the tables that plugins compute."""

from collections.abc import Iterator, Mapping, Sequence

from docutils import nodes


def table(head: Mapping[str, int], rows: Sequence[nodes.row], name: str) -> nodes.table:
    """A table with this head, a column as wide as its number says, and a class."""
    group = nodes.tgroup("", cols=len(head))
    group += [nodes.colspec(colwidth=width) for width in head.values()]
    group += nodes.thead("", nodes.row("", *(cell(nodes.Text(text)) for text in head)))
    group += nodes.tbody("", *rows)
    return nodes.table("", group, classes=[name])


def scrolling(table: nodes.table) -> nodes.container:
    """The table in a box of the kind in which the theme lets tables scroll.

    It does so itself with tables that stand on a page before references are resolved.
    """
    return nodes.container("", table, classes=["table-wrapper", *table["classes"]])


def cell(*inside: nodes.Node, **attributes: int) -> nodes.entry:
    """A cell with a paragraph; `morerows` lets it reach over more rows."""
    return nodes.entry("", nodes.paragraph("", "", *inside), **attributes)


def with_code(text: str) -> Iterator[nodes.Node]:
    """A text in which `code` stands between backticks."""
    for number, part in enumerate(text.split("`")):
        if part:
            yield nodes.literal("", part) if number % 2 else nodes.Text(part)
