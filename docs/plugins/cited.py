"""Say which pages name a source: the role {cited}`Zhang Sennrich 2019`.

A page names a source when one line of its text has all these words, or when it shows
such a line of the package. Pages with this role do not count. The figures of an entry
with this role, such as years and pages, belong to the source: they are no prose.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util.docutils import SphinxRole
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.by_page import ByPage
from docs.plugins.excerpt import Shown, shown
from docs.plugins.owners import reading_order


class cited_places(nodes.Inline, nodes.Element):
    """Stands for the links to the pages that name a source."""


class CitedRole(SphinxRole):
    """The role {cited}."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        pages(self.env).setdefault(self.env.docname, []).append(self.text)
        return [cited_places(words=self.text)], []


def mark(app: Sphinx, doctree: nodes.document) -> None:
    """Tell `docs.plugins.prose_numbers` what belongs to a source."""
    for item in doctree.findall(nodes.definition_list_item):
        if item.next_node(cited_places):
            item["sourced"] = True


def lines_with(words: str, text: str) -> list[int]:
    """The numbers of the lines that have all the words."""
    wanted = words.split()
    if not all(word in text for word in wanted):
        return []
    lines = enumerate(text.splitlines(), start=1)
    return [n for n, line in lines if all(whole(word, line) for word in wanted)]


def whole(word: str, line: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", line))


def texts(app: Sphinx, pages: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The texts of pages, and those of the code that any page shows."""
    root, env = Path(app.confdir), app.env
    code = {item.path for items in shown(env).values() for item in items}
    return (
        {page: Path(env.doc2path(page)).read_text("utf-8") for page in pages},
        {path: (root / path).read_text("utf-8") for path in code},
    )


def naming(
    words: str,
    pages: Mapping[str, str],
    code: Mapping[str, str],
    excerpts: Mapping[str, Sequence[Shown]],
) -> Iterator[str]:
    """The pages that name a source."""
    found = {path: lines_with(words, text) for path, text in code.items()}
    for page, text in pages.items():
        first = [item for item in excerpts.get(page, []) if not item.again]
        if lines_with(words, text) or any(
            item.span.first <= line <= item.span.last
            for item in first
            for line in found[item.path]
        ):
            yield page


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Look for all sources; give the pages where something has changed."""
    order = [page for page in reading_order(env) if page not in pages(env)]
    given = *texts(app, order if pages(env) else []), shown(env)
    found = {
        page: {words: list(naming(words, *given)) for words in pages(env)[page]}
        for page in sorted(pages(env))
    }
    before = vars(env).get("cited_found", {})
    vars(env)["cited_found"] = found
    return [page for page in found if found[page] != before.get(page)]


def replace(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the links where they are to be."""
    for node in list(doctree.findall(cited_places)):
        found = vars(app.env)["cited_found"][docname][node["words"]]
        node.replace_self(list(links(app, docname, found)) or nodes.Text(nobody()))


def nobody() -> str:
    return _("For reading on: no page of this book names it.")


def links(app: Sphinx, docname: str, found: Sequence[str]) -> Iterator[nodes.Node]:
    before = _("Named in") + " "
    for page in found:
        title = nodes.Text(app.env.titles[page].astext())
        yield nodes.Text(before)
        yield make_refnode(app.builder, docname, page, None, title)
        before = "; "
    if found:
        yield nodes.Text(".")


# the pages with this role, and what they ask for
pages = ByPage[list[str]]("cited_pages")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("docs.plugins.excerpt")
    app.add_node(cited_places)
    app.add_role("cited", CitedRole())
    app.connect("doctree-read", mark, priority=400)
    pages.connect(app)
    app.connect("env-updated", update)
    app.connect("doctree-resolved", replace)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
