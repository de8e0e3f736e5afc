"""Run every `>>>` of every page, and of every docstring of the package.

`sphinx-build -b doctest` looks at plain fences, `{doctest}` directives and the
docstrings of the package; names are shared through a page. A page says what it needs
beyond the standard library in its front matter (`needs: [numpy]`), a block in its first
line (`>>> # needs: torch`); `files` allows it to write files. It is the book's own code
that runs.
"""

import re
from collections.abc import Iterator, Set
from fnmatch import fnmatch
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.ext.doctest import DocTestBuilder, TestDirective, TestoutputDirective
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.examples import (
    PROMPT,
    Block,
    Outcome,
    check_needs,
    locate,
    run_chapter,
    run_module,
    unread,
)

logger = logging.getLogger(__name__)
BLOCKS = (nodes.literal_block, nodes.doctest_block, nodes.comment)


class Refused(TestDirective):
    """The directives which hide code from the reader, or whose line numbers lie."""

    option_spec = TestoutputDirective.option_spec

    def run(self) -> list[nodes.Node]:
        logger.warning(
            f"{{{self.name}}} is not run: write a `>>>` example",
            type="doctest",
            subtype="refused",
            location=self.get_location(),
        )
        return []


def has_examples(node: nodes.Node) -> bool:
    """Whether a node is a block with examples, and not quoted source."""
    if not isinstance(node, BLOCKS) or "excerpt" in node:
        return False
    quoted = ":docstring of " in (node.source or "")
    return not quoted and PROMPT.search(node.astext()) is not None


class ExampleBuilder(DocTestBuilder):
    """The builder `doctest`: runs examples and writes nothing."""

    epilog = ""

    def init(self) -> None:
        self.outcome = Outcome()
        self.root = Path(self.confdir)

    def finish(self) -> None:
        """Report what failed, each where it stands, and the counts."""
        for path, line, kind, message in self.outcome.troubles:
            location = f"{path}:{line}"
            logger.warning(message, type="doctest", subtype=kind, location=location)
        if self.outcome.troubles:
            self._app.statuscode = 1
        for text in self.outcome.summary():
            logger.info(text)

    def write_documents(self, docnames: Set[str]) -> None:
        for docname in sorted(docnames):
            self.run_document(docname)
        package = self.root / self.config.doctest_package
        for path in sorted(package.rglob("*.py")):
            parts = path.relative_to(self.root).with_suffix("").parts
            name = ".".join(parts).removesuffix(".__init__")
            run_module(name, self.display(path), path.read_text("utf-8"), self.outcome)

    def run_document(self, docname: str) -> None:
        path = Path(self.env.doc2path(docname))
        shown = self.display(path)
        blocks = list(self.blocks(docname))
        if not blocks and not self.exempt(docname):
            self.outcome.fail(shown, 1, "empty", "no example")
        needs = re.findall(r"\w+", self.env.metadata[docname].get("needs", ""))
        check_needs(needs, shown, 1, self.outcome)
        for block in blocks:
            check_needs(block.needs, block.path, block.line, self.outcome)
        own = [block for block in blocks if block.path == shown]
        for line in unread(path.read_text("utf-8").splitlines(), own):
            message = "this `>>>` is in no block, so it is never run"
            self.outcome.fail(shown, line, "unread", message)
        run_chapter(blocks, needs, self.outcome)

    def blocks(self, docname: str) -> Iterator[Block]:
        """The blocks of a page that have examples, each with its true line."""
        for node in self.env.get_doctree(docname).findall(has_examples):
            assert isinstance(node, nodes.Element)
            path = Path(node.source or self.env.doc2path(docname))
            text = node.get("test", node.astext())
            lines = path.read_text("utf-8").splitlines()
            line = locate(lines, text, node.line or 1)
            yield Block(text, self.display(path), line, node.get("options", {}))

    def exempt(self, docname: str) -> bool:
        patterns = self.config.doctest_without_examples
        return any(fnmatch(docname, pattern) for pattern in patterns)

    def display(self, path: Path) -> str:
        return path.resolve().relative_to(self.root.resolve()).as_posix()


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("sphinx.ext.doctest")
    app.add_config_value("doctest_package", "microgpt", "", str)
    app.add_config_value("doctest_without_examples", [], "", list)
    app.add_builder(ExampleBuilder, override=True)
    for name in ("testcode", "testoutput", "testsetup", "testcleanup"):
        app.add_directive(name, Refused, override=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
