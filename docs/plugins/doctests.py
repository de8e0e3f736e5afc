"""Run every `>>>` of every page, and of every docstring of the package.

`sphinx-build -b doctest` looks at plain fences, `{doctest}` directives and the
docstrings of the package; names are shared through a page. A page says what it needs
beyond the standard library in its front matter (`needs: [numpy]`), a block in its first
line (`>>> # needs: torch`); `files` allows it to write files. It is the book's own code
that runs.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Set
from fnmatch import fnmatch
from pathlib import Path
from types import ModuleType

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.ext.doctest import DocTestBuilder, TestDirective, TestoutputDirective
from sphinx.util import logging
from sphinx.util.parallel import ParallelTasks
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.examples import (
    PROMPT,
    Block,
    Outcome,
    Solution,
    blocks_of,
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
    """Whether a node is a block with examples, neither quoted nor of a solution."""
    if not isinstance(node, BLOCKS) or "excerpt" in node or "part" in node:
        return False
    quoted = ":docstring of " in (node.source or "")
    return not quoted and PROMPT.search(node.astext()) is not None


def is_stand_in(thing: object) -> bool:
    """Whether autodoc made this in the place of a package that is absent."""
    kind = type(thing)  # the thing itself may make of any name an error
    return issubclass(kind, ModuleType) and hasattr(kind, "__sphinx_mock__")


def forget_stand_ins() -> None:
    """Have modules imported anew that autodoc gave stand-ins for absent packages."""
    for name, module in list(sys.modules.items()):
        if any(map(is_stand_in, list(vars(module).values()))):
            del sys.modules[name]


class ExampleBuilder(DocTestBuilder):
    """The builder `doctest`: runs examples and writes nothing."""

    epilog = ""
    allow_parallel = True

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
        forget_stand_ins()
        found = self.outcomes(sorted(docnames))
        for docname in sorted(docnames):
            self.outcome.add(found[docname])
        package = self.root / self.config.doctest_package
        for path in sorted(package.rglob("*.py")):
            parts = path.relative_to(self.root).with_suffix("").parts
            name = ".".join(parts).removesuffix(".__init__")
            run_module(name, self.display(path), path.read_text("utf-8"), self.outcome)

    def outcomes(self, docnames: Iterable[str]) -> dict[str, Outcome]:
        """What becomes of each page's examples; `-j` has several pages run at once."""
        if not self.parallel_ok:
            return {docname: self.run_document(docname) for docname in docnames}
        found: dict[str, Outcome] = {}
        tasks = ParallelTasks(self._app.parallel)
        for docname in docnames:
            tasks.add_task(self.run_document, docname, found.__setitem__)
        tasks.join()
        return found

    def run_document(self, docname: str) -> Outcome:
        outcome = Outcome()
        path = Path(self.env.doc2path(docname))
        items = list(self.items(docname))
        shown = any(isinstance(item, Block) for item in items)
        if not shown and not self.exempt(docname):
            outcome.fail(self.display(path), 1, "empty", "no example")
        needs = re.findall(r"\w+", self.env.metadata[docname].get("needs", ""))
        check_needs(needs, self.display(path), 1, outcome)
        own = {self.display(path)}
        for item in items:
            for block in blocks_of(item):
                check_needs(block.needs, block.path, block.line, outcome)
            if isinstance(item, Solution):
                own.update(block.path for block in blocks_of(item))
        for name in sorted(own):
            blocks = [block for item in items for block in blocks_of(item)]
            self.find_unread(name, blocks, outcome)
        run_chapter(items, needs, outcome)
        return outcome

    def find_unread(self, name: str, blocks: Iterable[Block], outcome: Outcome) -> None:
        """Report each prompt of a file that stands in none of these blocks."""
        lines = (self.root / name).read_text("utf-8").splitlines()
        for line in unread(lines, [block for block in blocks if block.path == name]):
            message = "this `>>>` is in no block, so it is never run"
            outcome.fail(name, line, "unread", message)

    def items(self, docname: str) -> Iterator[Block | Solution]:
        """The blocks of a page that have examples, and its exercises' solutions."""
        for node in self.env.get_doctree(docname).findall(nodes.Element):
            if "solution" in node:
                beside = node.parent.findall(nodes.Element)
                parts = [part for part in beside if "part" in part]
                found = [(part["part"], self.block(part, docname)) for part in parts]
                yield Solution(sorted(found, key=lambda part: part[1].line))
            elif has_examples(node):
                yield self.block(node, docname)

    def block(self, node: nodes.Element, docname: str) -> Block:
        """A block with examples, with its true line."""
        path = Path(node.source or self.env.doc2path(docname))
        text = node.get("test", node.astext())
        line = locate(path.read_text("utf-8").splitlines(), text, node.line or 1)
        return Block(text, self.display(path), line, node.get("options", {}))

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
