"""List who explains what: `{owners}`, a table of modules, their lines and chapters.

Each module of the package gets a row for each page whose excerpts show lines of it
(those marked `:again:` do not count), in the order in which the book is read. Blank
lines do not count. The page with the table is written again when any of that changes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.by_page import ByPage
from docs.plugins.every_line import pages_of_lines
from docs.plugins.excerpt import Shown, excerpt_links, shown, source_link
from docs.plugins.source import source_files
from docs.plugins.tables import cell, scrolling, table


class owners_table(nodes.General, nodes.Element):
    """Stands for the table until all pages are read."""


class Owned(NamedTuple):
    """What a page shows of a module; `page` is "" for lines that no page shows."""

    path: str
    size: int  # lines of the whole module that are not blank
    page: str
    title: str
    lines: str


class Owners(SphinxDirective):
    """The directive `{owners}`."""

    def run(self) -> list[nodes.Node]:
        pages(self.env)[self.env.docname] = True
        return [owners_table()]


def runs(numbers: Iterable[int], counted: Iterable[int]) -> Iterator[str]:
    """Numbers as `3 to 7` or `9`; what is not counted, as blank lines, parts no run."""
    mine = set(numbers)
    for inside, group in groupby(counted, key=mine.__contains__):
        if inside:
            run = list(group)
            yield str(run[0]) if len(run) == 1 else span(run)


def span(run: Sequence[int]) -> str:
    return _("{first} to {last}").format(first=run[0], last=run[-1])


def owned(
    path: str, text: str, chapters: Mapping[str, Sequence[Shown]], order: Sequence[str]
) -> Iterator[tuple[str, int, str, str]]:
    """Path, size, page and lines for each page that shows a part of a module."""
    found = pages_of_lines(path, text.splitlines(), chapters)
    lines: dict[str, list[int]] = {}
    for number, where in found.items():
        for page in where or [""]:
            lines.setdefault(page, []).append(number)
    for page in sorted(lines, key=lambda page: place(page, order)):
        yield path, len(found), page, ", ".join(runs(lines[page], found))


def place(page: str, order: Sequence[str]) -> tuple[int, str]:
    """Where a page comes in the book; one that has no place there comes last."""
    return (order.index(page) if page in order else len(order), page)


def reading_order(env: BuildEnvironment) -> list[str]:
    """The pages of the book, as its tables of contents lead through it."""
    waiting, order = [env.config.root_doc], list[str]()
    while waiting:
        page = waiting.pop()
        if page not in order:
            order.append(page)
            waiting += reversed(env.toctree_includes.get(page, []))
    return order


def table_of(app: Sphinx, env: BuildEnvironment) -> list[Owned]:
    """All rows: modules in the order in which the book first shows them."""
    root, order = Path(app.confdir), reading_order(env)
    modules: list[list[Owned]] = []
    for file in source_files(root / app.config.every_line_package):
        path = file.relative_to(root).as_posix()
        found = owned(path, file.read_text("utf-8"), shown(env), order)
        modules.append(
            [
                Owned(path, size, page, title_of(env, page), lines)
                for path, size, page, lines in found
            ]
        )
    modules = [rows for rows in modules if rows]
    modules.sort(key=lambda rows: place(rows[0].page, order))
    return [row for rows in modules for row in rows]


def title_of(env: BuildEnvironment, page: str) -> str:
    return env.titles[page].astext() if page else _("no chapter")


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Work the table out; give the pages that show it when it is another one."""
    rows = table_of(app, env) if pages(env) else []
    if rows == vars(env).get("owners_rows"):
        return []
    vars(env)["owners_rows"] = rows
    return sorted(pages(env))


def replace(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the table where it is to be."""
    for node in list(doctree.findall(owners_table)):
        found = groupby(vars(app.env)["owners_rows"], key=lambda row: row.path)
        rows = [row for _, some in found for row in module_rows(app, docname, [*some])]
        head = {_("Module"): 30, _("Lines"): 10, _("Chapter"): 30, _("Shows"): 30}
        node.replace_self(scrolling(table(head, rows, "owners")))


def module_rows(app: Sphinx, docname: str, rows: Sequence[Owned]) -> list[nodes.row]:
    """A row a page; the cells of the module itself are as high as all of them."""
    path, size = rows[0].path, rows[0].size
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    caption = excerpt_links("", text=path, module=module, name="")
    code = nodes.literal("", "", source_link(app, caption, docname))
    more = len(rows) - 1
    left = [cell(code, morerows=more), cell(nodes.Text(str(size)), morerows=more)]
    right = [
        [cell(link(app, docname, row)), cell(nodes.Text(row.lines))] for row in rows
    ]
    return [
        nodes.row("", *(left if i == 0 else []), *pair) for i, pair in enumerate(right)
    ]


def link(app: Sphinx, docname: str, row: Owned) -> nodes.Node:
    text = nodes.Text(row.title)
    if not row.page:
        return text
    return make_refnode(app.builder, docname, row.page, None, text)


pages = ByPage[bool]("owners_pages")  # the pages with a table


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("docs.plugins.every_line")
    app.add_node(owners_table)
    app.add_directive("owners", Owners)
    pages.connect(app)
    app.connect("env-updated", update)
    app.connect("doctree-resolved", replace)
    return {"env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
