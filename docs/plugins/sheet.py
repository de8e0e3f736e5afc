"""Put a whole program on one sheet of paper: `{sheet}`.

Each line of the body names a module, or some of what it defines:

    microgpt.tokenizer
    microgpt.value: Value.__init__ Value.__add__

The lines are those of the module's file, without blank lines, and without docstrings
but where there is nothing else. With some names, the module's imports stand before
them, and the head of a class before its methods. A page with a sheet is printed in
landscape, and of the rest of it only what has the class `sheet-too`
(`docs/_static/book.css`).
"""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.excerpt import excerpt_links, source_link, tagged
from docs.plugins.source import DOCUMENTED, Missing, Source, Span, lines, module_path

logger = logging.getLogger(__name__)


class sheet_title(nodes.General, nodes.Element):
    """Stands for a module's name above its lines, with a link to all of them."""


def spans(source: Source, names: Sequence[str]) -> Iterator[Span]:
    """The lines of these objects, each class's head before its methods; or all."""
    if not names:
        yield source.span(source.tree)
        return
    yield source.head(source.tree)
    before = set(names)
    for name in names:
        owner = name.rpartition(".")[0]
        if owner and owner not in before:
            before.add(owner)
            yield source.head(source.find(owner))
        yield source.span(source.find(name))


def code(source: Source, names: Sequence[str]) -> list[int]:
    """The numbers of the lines of code, in the order of the file."""
    numbers: set[int] = set()
    for span in spans(source, names):
        numbers.update(range(span.first, span.last + 1))
    for node in ast.walk(source.tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node) and node.body[1:]:
            first, last = lines(node.body[0])
            numbers.difference_update(range(first, last + 1))
    return sorted(number for number in numbers if source.lines[number - 1].strip())


def groups(lines: Sequence[str]) -> list[list[str]]:
    """Lines with those together that belong to one function or class."""
    found: list[list[str]] = []
    for before, line in zip(["", *lines], lines):
        begins = line.startswith(("@", "class ", "def "))
        if not found or (begins and not before.startswith("@")):
            found.append([])
        found[-1].append(line)
    return found


class Sheet(SphinxDirective):
    """The directive `{sheet}`."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        inside: list[nodes.Node] = []
        for number, line in enumerate(self.content, start=self.lineno + 1):
            try:
                inside += self.module(line)
            except Missing as error:
                warn(error, (self.env.docname, number))
        label = _("The program")
        box = f'div class="sheet" role="region" tabindex="0" aria-label="{label}"'
        return tagged(box, inside)

    def module(self, line: str) -> list[nodes.Node]:
        """A module's name and its lines."""
        module, _, names = line.partition(":")
        path = module_path(Path(self.config.excerpt_root), module.strip())
        shown = path.relative_to(self.config.excerpt_root).as_posix()
        self.env.note_dependency(str(path))
        if not path.is_file():
            raise Missing("module", f"there is no module {module.strip()!r}")
        source = Source(shown, path.read_text("utf-8"))
        kept = [source.lines[number - 1] for number in code(source, names.split())]
        blocks = [self.block("\n".join(group)) for group in groups(kept)]
        title = sheet_title("", path=shown, module=module.strip())
        return [nodes.paragraph("", "", title, classes=["sheet-title"]), *blocks]

    def block(self, text: str) -> nodes.literal_block:
        block = nodes.literal_block(text, text, language="python", excerpt=True)
        self.set_source_info(block)
        return block


def warn(error: Missing, location: Any) -> None:
    logger.warning(
        f"sheet: {error}", type="sheet", subtype=error.kind, location=location
    )


def link_titles(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link each module's name to its highlighted source."""
    for node in list(doctree.findall(sheet_title)):
        link = excerpt_links("", text=node["path"], module=node["module"], name="")
        node.replace_self(source_link(app, link, docname))


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("docs.plugins.excerpt")
    app.add_node(sheet_title)
    app.add_directive("sheet", Sheet)
    app.connect("doctree-resolved", link_titles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
