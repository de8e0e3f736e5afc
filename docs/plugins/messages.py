"""See to it that every word of a page can be translated, and nothing else.

Sphinx makes a message of each paragraph, heading and cell, and puts the translations of
a language in their places before any other plugin reads the page. It does not know what
our directives do with a text: they let `worded` parse it, so that the message is what
the author wrote, roles and all.

The addresses of headings stay those of the original, and links to them show the
translated words.

What plugins and templates say themselves, such as "Hint", they write as `_("Hint")`.
The builder `gettext` finds these as well; all of them are in the catalogue `sphinx`,
where Sphinx looks for the words of its own. It writes no date, so that catalogues that
say the same are the same.

What has no word of its own is no message: formulas, cells with only a number or code,
and the docstrings of the package, which are code.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.gettext import MessageCatalogBuilder, MsgOrigin
from sphinx.config import Config
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import clean_astext
from sphinx.util.typing import ExtensionMetadata

DATE = re.compile(r'^"POT-Creation-Date: .*\n', re.MULTILINE)
ORIGINAL = "en"
T = TypeVar("T", bound=nodes.TextElement)
WORDLESS = (nodes.literal, nodes.math, nodes.math_block, nodes.raw)


def is_translated(config: Config) -> bool:
    """Whether a translation of the book is built."""
    return bool(config.language != ORIGINAL)


def worded(directive: SphinxDirective, node: T, text: str, line: int = 0) -> T:
    """The node, at its end a text of the author, which is parsed and a message."""
    inside: nodes.TextElement = node
    if node.children:
        inside = nodes.inline("", "", translatable=True)
        node["translatable"] = False
        node.append(inside)
    inside.rawsource = text
    inside.source, inside.line = directive.get_source_info()
    node.source, node.line = directive.get_source_info()
    found, _ = directive.parse_inline(text, lineno=line or directive.lineno)
    inside.extend(found)
    return node


def has_words(node: nodes.Node) -> bool:
    """Whether an author has written a letter in a node, but not in code or formulas."""
    if isinstance(node, nodes.Text):
        return any(map(str.isalpha, node))
    computed = isinstance(node, nodes.Element) and "sourced" in node
    wordless = computed or isinstance(node, WORDLESS)
    return not wordless and any(map(has_words, node.children))


def is_message(node: nodes.TextElement) -> bool:
    quoted = ":docstring of " in (node.source or "")
    return has_words(node) and not quoted


class OnlyWords(SphinxTransform):
    """Keeps what has no words from being a message, before Sphinx looks for them."""

    default_priority = 5

    def apply(self, **kwargs: object) -> None:
        for node in self.document.findall(nodes.TextElement):
            if not isinstance(node, nodes.Inline) and not is_message(node):
                node["translatable"] = False


class Headings(SphinxTransform):
    """Keeps what MyST knows of a page's headings, which a translated title overwrites.

    It parses each translation as if it were the page, after the page itself.
    """

    default_priority = 21  # right after Sphinx has put the translations in

    def apply(self, **kwargs: object) -> None:
        slugs = getattr(self.document, "myst_slugs", {})
        titles = {
            title.parent["ids"][0]: clean_astext(title)
            for title in self.document.findall(nodes.title)
            if isinstance(title.parent, nodes.section)
        }
        for slug, (line, ident, _) in slugs.items():
            slugs[slug] = line, ident, titles[ident]
        self.env.metadata[self.env.docname]["myst_slugs"] = slugs


def labels(text: str) -> Iterator[tuple[int, str]]:
    """The labels in a plugin, each with its line."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(ast.Name("_"), [ast.Constant(str(label))]):
                yield node.lineno, label


class Catalogs(MessageCatalogBuilder):
    """The builder `gettext`, with labels of plugins and templates, without a date."""

    def init(self) -> None:
        paths = [str(self.confdir / path) for path in self.config.templates_path]
        self.config.templates_path = paths
        super().init()
        for path in sorted(Path(__file__).parent.glob("*.py")):
            for line, label in labels(path.read_text("utf-8")):
                self.catalogs["sphinx"].add(label, MsgOrigin(str(path), line))

    def finish(self) -> None:
        super().finish()
        for path in self.outdir.rglob("*.pot"):
            text = path.read_text("utf-8")
            path.write_text(DATE.sub("", text), "utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_builder(Catalogs, override=True)
    app.add_transform(OnlyWords)
    app.add_transform(Headings)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
