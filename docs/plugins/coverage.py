"""Map what the book promises to the places where it keeps it: `{coverage}`.

`coverage.toml`, beside the pages, has a table for each section, in it one for each
group, and in that each item with the places where it is treated:

    ["The chapters"."1. Nudging"]
    "step size" = "nudging#how-large-a-step"
    "a DAG, no tree" = ["graph", "graph/count", "tests/test_graph.py::test_a_dag"]
    "the tape" = { at = "tape", pending = "comes with the ladder" }

A place is a page, a heading of a page, an exercise of a page, or a test. Each becomes
a link with the words that stand there; one that does not exist is a warning with file
and line, and so is an item without any. Places of a pending item may be missing; when
all of them exist, it counts as treated.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.by_page import ByPage
from docs.plugins.exercise import Page, ident
from docs.plugins.exercise import pages as exercise_pages
from docs.plugins.tables import cell, scrolling, table, with_code

logger = logging.getLogger(__name__)
DATA = "coverage.toml"
FORM = "wants a place, a list of places, or a table of `at` and `pending`"


class Item(NamedTuple):
    """A promise; `fault` says why its entry cannot be understood."""

    section: str
    group: str
    name: str
    line: int
    places: tuple[str, ...] = ()
    pending: str = ""
    fault: str = ""


class Place(NamedTuple):
    """A place that exists; a test has no page."""

    text: str
    page: str = ""
    anchor: str = ""


class Row(NamedTuple):
    """An item with those of its places that exist; `pending` is "" when treated."""

    item: Item
    places: tuple[Place, ...]
    pending: str


class Missing(LookupError):
    """A place that does not exist."""


class coverage_counts(nodes.General, nodes.Element):
    """Stands for the table of all counts."""


class coverage_places(nodes.Inline, nodes.Element):
    """Stands for the places of an item."""


class Coverage(SphinxDirective):
    """The directive `{coverage}`: the counts, then a section for each of the file."""

    def run(self) -> list[nodes.Node]:
        path = Path(self.env.srcdir, DATA)
        self.env.note_dependency(str(path))
        try:
            items = list(read(path.read_text("utf-8")))
        except (OSError, ValueError) as error:
            warn("data", f"{DATA}: {error}", self.get_location())
            return []
        pages(self.env)[self.env.docname] = items
        numbered = groupby(enumerate(items), key=lambda pair: pair[1].section)
        sections = [self.section(title, [*found]) for title, found in numbered]
        return [coverage_counts(), *sections]

    def section(self, title: str, items: Sequence[tuple[int, Item]]) -> nodes.section:
        section = nodes.section(names=[nodes.fully_normalize_name(title)])
        section["coverage"] = title
        section += [nodes.title("", title), details(items, Path(self.env.srcdir, DATA))]
        self.state.document.note_implicit_target(section)
        return section


def read(text: str) -> Iterator[Item]:
    """The items of a file, in its order."""
    lines, line = text.splitlines(), 0
    for section, groups in tomllib.loads(text).items():
        for group, entries in tables(section, groups):
            for name, value in tables(group, entries):
                line = line_of(name, lines, line)
                yield Item(section, group, name, line, **meaning(value))


def tables(name: str, table: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(table, dict):
        raise ValueError(f"{name!r} is no table")
    yield from table.items()


def line_of(name: str, lines: Sequence[str], after: int) -> int:
    """The number of the next line that begins with a name, or of the one before."""
    for number, line in enumerate(lines[after:], start=after + 1):
        if line.lstrip(" \"'").startswith(name):
            return number
    return after


def meaning(value: Any) -> dict[str, Any]:
    """The places and the reason of an entry, or what is wrong with it."""
    known = isinstance(value, dict) and value.keys() <= {"at", "pending"}
    entry = value if known else {"at": value}
    places = entry.get("at", [])
    places = [places] if isinstance(places, str) else places
    texts = [entry.get("pending", ""), *(places if isinstance(places, list) else [0])]
    if not all(isinstance(text, str) for text in texts):
        return {"fault": FORM}
    if not any(texts):
        return {"fault": "has no place and no reason to be pending"}
    return {"places": tuple(places), "pending": texts[0]}


def find(app: Sphinx, place: str) -> Place:
    """What is at a place."""
    if "::" in place:
        return find_test(Path(app.confdir), *place.split("::", 1))
    if "/" in place:
        return find_exercise(app.env, *place.split("/", 1))
    page, _, heading = place.partition("#")
    title = title_of(app.env, page)
    if not heading:
        return Place(title, page)
    slugs = app.env.metadata[page].get("myst_slugs", {})
    if heading not in slugs:
        raise Missing(f"page {page!r} has no heading {heading!r}")
    _, anchor, text = slugs[heading]
    return Place(f"{title}: {text}", page, anchor)


def title_of(env: BuildEnvironment, page: str) -> str:
    if page not in env.titles:
        raise Missing(f"there is no page {page!r}")
    return env.titles[page].astext()


def find_exercise(env: BuildEnvironment, page: str, name: str) -> Place:
    title = title_of(env, page)
    for one in exercise_pages(env).get(page, Page()).exercises:
        if one.name == name:
            text = _("exercise {number}").format(number=one.number)
            return Place(f"{title}: {text}", page, ident(page, name))
    raise Missing(f"page {page!r} has no exercise {name!r}")


def find_test(root: Path, path: str, name: str) -> Place:
    file = root / path
    if not file.is_file():
        raise Missing(f"there is no {path}")
    if f"\ndef {name}(" not in f"\n{file.read_text('utf-8')}":
        raise Missing(f"{path} has no {name!r}")
    return Place(name)


def looked_up(app: Sphinx, item: Item) -> Row:
    """Look for the places of an item, and report what is wrong with it."""
    found, faults = [], [item.fault] if item.fault else []
    for place in item.places:
        try:
            found.append(find(app, place))
        except Missing as missing:
            faults.append(str(missing))
    late = (item.pending or "nowhere") if faults or not found else ""
    for fault in [] if item.pending else faults:
        location = f"{Path(app.srcdir, DATA)}:{item.line}"
        warn("place", f"{item.name!r}: {fault}", location)
    return Row(item, tuple(found), late)


def warn(kind: str, message: str, location: Any) -> None:
    logger.warning(message, type="coverage", subtype=kind, location=location)


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Look for all places; give the pages whose tables have changed by that."""
    rows = {
        page: [looked_up(app, item) for item in items]
        for page, items in sorted(pages(env).items())
    }
    before = vars(env).get("coverage_rows", {})
    vars(env)["coverage_rows"] = rows
    return [page for page in rows if rows[page] != before.get(page)]


def replace(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the counts and the places where they are to be."""
    rows: list[Row] = vars(app.env)["coverage_rows"].get(docname, [])
    sections = [node for node in doctree.findall(nodes.section) if "coverage" in node]
    titles = {section["coverage"]: section[0].astext() for section in sections}
    for node in list(doctree.findall(coverage_counts)):
        node.replace_self(scrolling(counts(rows, titles)))
    for place in list(doctree.findall(coverage_places)):
        place.replace_self(list(links(app, docname, rows[place["number"]])))


def counts(rows: Sequence[Row], titles: Mapping[str, str]) -> nodes.table:
    """How many items each section has, and in what state."""
    lines: list[nodes.row] = []
    for section in [*titles, ""]:
        mine = [row for row in rows if section in (row.item.section, "")]
        late = sum(bool(row.pending) for row in mine)
        numbers = map(str, (len(mine), len(mine) - late, late))
        texts = (titles.get(section, _("All")), *numbers)
        lines.append(nodes.row("", *(cell(nodes.Text(text)) for text in texts)))
    words = _("Section"), _("Items"), _("Treated"), _("Pending")
    columns = dict(zip(words, (40, 10, 10, 10)))
    return table(columns, lines, "coverage")


def details(items: Sequence[tuple[int, Item]], path: Path) -> nodes.table:
    """The items of a section, and room for where they are treated."""
    lines: list[nodes.row] = []
    for group, found in groupby(items, key=lambda pair: pair[1].group):
        some = list(found)
        first = some[0][1]
        head = [message(group, path, first.line, morerows=len(some) - 1)]
        for number, item in some:
            topic = message(item.name, path, item.line)
            lines.append(
                nodes.row("", *head, topic, cell(coverage_places(number=number)))
            )
            head = []
    columns = {_("Group"): 20, _("Topic"): 30, _("Where"): 40}
    made = table(columns, lines, "coverage")
    made["sourced"] = True
    return made


def message(text: str, path: Path, line: int, **attributes: int) -> nodes.entry:
    """A cell that can be translated."""
    paragraph = nodes.paragraph(text, "", *with_code(text))
    paragraph.source, paragraph.line = str(path), line
    return nodes.entry("", paragraph, **attributes)


def links(app: Sphinx, docname: str, row: Row) -> Iterator[nodes.Node]:
    """The places of an item as links, and why it is pending."""
    between = ""
    for text, page, anchor in row.places:
        yield nodes.Text(between)
        if page:
            title = nodes.inline("", "", *with_code(text))
            yield make_refnode(app.builder, docname, page, anchor or None, title)
        else:
            yield nodes.literal("", text)
        between = "; "
    if row.pending:
        late = _("pending: {reason}").format(reason=row.pending)
        yield nodes.emphasis("", between + late)


# the pages with such tables, and their items
pages = ByPage[list[Item]]("coverage_pages")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("docs.plugins.exercise")
    app.add_node(coverage_counts)
    app.add_node(coverage_places)
    app.add_directive("coverage", Coverage)
    pages.connect(app)
    app.connect("env-updated", update)
    app.connect("doctree-resolved", replace)
    return {"env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
