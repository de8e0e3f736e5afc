"""All solutions on one page: `{solutions}` makes a section for each page with some.

The sections stand in the order in which the first page of the book names the pages.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.gettext import MessageCatalogBuilder
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.exercise import (
    ANY,
    exercise_link,
    heading,
    ident,
    numbered,
    page_of,
    pages,
    solution_files,
)

TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


class solutions_of(nodes.General, nodes.Element):
    """Stands for the solutions of one page until all pages are read."""


class SolutionsDirective(SphinxDirective):
    """The directive `{solutions}`."""

    def run(self) -> list[nodes.Node]:
        page_of(self.env).uses.add(ANY)
        first = Path(self.env.doc2path(self.config.root_doc)).read_text("utf-8")
        names = {path.parent.name for path in solution_files(self.env)}
        return [self.section(page) for page in in_order(names, first)]

    def section(self, page: str) -> nodes.section:
        title = self.title(page)
        section = nodes.section(names=[nodes.fully_normalize_name(title)])
        section += nodes.title("", title)
        section += solutions_of("", page=page)
        self.state.document.note_implicit_target(section)
        return section

    def title(self, page: str) -> str:
        """The title of a page, which may not have been read yet."""
        path = Path(self.env.doc2path(page))
        found = TITLE.search(path.read_text("utf-8")) if path.is_file() else None
        return found[1] if found else page


def in_order(names: set[str], text: str) -> list[str]:
    """Names in the order in which a text has them as lines; the others last."""
    lines = [line.strip() for line in text.splitlines()]
    return sorted(names, key=lambda name: ([*lines, name].index(name), name))


class Solutions(SphinxPostTransform):
    """Puts the solutions into their sections, before their links are resolved."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        if issubclass(self.env._builder_cls, MessageCatalogBuilder):
            return  # the solutions are messages of their own pages
        for place in list(self.document.findall(solutions_of)):
            place.replace_self(list(self.solutions(place["page"])))

    def solutions(self, page: str) -> Iterator[nodes.Node]:
        """The solutions of a page, each below a link to its exercise."""
        if page not in pages(self.env):
            return
        found = solution_nodes(self.env.get_doctree(page))
        for exercise in pages(self.env)[page].exercises:
            link = exercise_link("", page=page, name=exercise.name)
            link["text"] = numbered(exercise)
            title = heading(exercise, link)
            title["ids"] = [ident(page, exercise.name, "solution")]
            yield title
            yield moved(found[exercise.name], page, self.env.docname)


def solution_nodes(doctree: nodes.document) -> dict[str, nodes.container]:
    """The solutions of a page by their names."""
    containers = doctree.findall(nodes.container)
    return {node["solution"]: node for node in containers if "solution" in node}


def moved(solution: nodes.container, page: str, docname: str) -> nodes.container:
    """A solution whose links start from another page, with labels of its own there."""
    for node in solution.findall(nodes.Element):
        node["ids"] = [f"{page}-{ident}" for ident in node["ids"]]
        if "refid" in node:
            node["refid"] = f"{page}-{node['refid']}"
        if "refdoc" in node:
            node["refdoc"] = docname
    return solution


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("docs.plugins.exercise")
    app.add_node(solutions_of)
    app.add_directive("solutions", SolutionsDirective)
    app.add_post_transform(Solutions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
