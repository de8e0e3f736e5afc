"""Link each term of the glossary where a page first uses it.

The first place in running text counts: a paragraph or a cell of a table, but not a
heading, a link, code or mathematics. A term that the page prints bold is defined there
and gets no link. A term with a capital letter is looked for as it is written, any other
in small and large letters; both in the plural too. The link tells the definition.

`terms_ordinary` lists terms that are ordinary words as well: they are linked only where
the author writes {term}`word`; in a translation it lists them as the original has them.
`terms_skip` lists pages without such links.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)
RUNNING = (nodes.paragraph, nodes.entry)
ELSEWHERE = (
    *(nodes.reference, nodes.literal, nodes.math, nodes.raw, nodes.strong),
    *(nodes.caption, nodes.term, nodes.thead),
)


class Term(NamedTuple):
    """Where the glossary has a term, and what it says."""

    page: str
    anchor: str
    definition: str
    original: str  # the term in the language of the book


def forms(term: str) -> str:
    """A pattern for a term in singular and plural."""
    words = r"\s+".join(map(re.escape, term.split()))
    if term.endswith(("x", "y")):
        many = {"x": "ces", "y": "ies"}[term[-1]]
        words = f"{words[:-1]}(?:{term[-1]}|{many})"
    else:
        words += "(?:s|es)?"
    return words if term != term.lower() else f"(?i:{words})"


class Finder:
    """Finds terms in a text, the longest first."""

    def __init__(self, terms: Iterable[str]) -> None:
        self.terms = sorted(terms, key=len, reverse=True)
        groups = "|".join(f"({forms(term)})" for term in self.terms)
        self.pattern = re.compile(rf"\b(?:{groups})\b")

    def cut(self, text: str, left: set[str]) -> Iterator[tuple[str, str]]:
        """Cut a text at the first use of each term, which is taken from `left`.

        Gives each piece with its term, or "".
        """
        end = 0
        for match in self.pattern.finditer(text):
            term = self.terms[(match.lastindex or 0) - 1]
            if term in left:
                left.remove(term)
                yield text[end : match.start()], ""
                yield match[0], term
                end = match.end()
        yield text[end:], ""


def running(node: nodes.Node) -> bool:
    """Whether a node is part of running text."""
    inside = False
    while node.parent is not None and not elsewhere(node.parent):
        node = node.parent
        inside = inside or isinstance(node, RUNNING)
    return inside and node.parent is None


def elsewhere(node: nodes.Element) -> bool:
    """Whether what is in a node is no running text, such as the name of a file."""
    return isinstance(node, ELSEWHERE) or "excerpt-caption" in node["classes"]


def known(env: BuildEnvironment) -> dict[str, Term]:
    """The terms of the glossary; stored in the environment."""
    terms: dict[str, Term] = vars(env).setdefault("terms_known", {})
    return terms


def pages_with_terms(env: BuildEnvironment) -> list[str]:
    objects = env.domains.standard_domain.objects
    return sorted({page for (kind, _), (page, _) in objects.items() if kind == "term"})


def glossary(env: BuildEnvironment) -> Iterator[tuple[str, Term]]:
    """Each term of the book's glossaries."""
    for page in pages_with_terms(env):
        for item in env.get_doctree(page).findall(nodes.definition_list_item):
            definition = item[-1].astext().replace("\n", " ")
            for term in item.findall(nodes.term):
                ident, original = term["ids"][0], term.rawsource
                yield term.astext(), Term(page, ident, definition, original)


def collect(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Read the glossary; where it has changed, all pages are written again."""
    found = dict(glossary(env))
    originals = {term.original for term in found.values()}
    for name in app.config.terms_ordinary:
        if name not in originals:
            message = f"terms_ordinary: {name!r} is not in the glossary"
            logger.warning(message, type="terms", subtype="unknown")
    changed = found != known(env)
    vars(env)["terms_known"] = found
    return sorted(env.found_docs) if changed else []


def link(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the links into a page that is about to be written."""
    terms = known(app.env)
    if not terms or docname in app.config.terms_skip:
        return
    bold = {node.astext().casefold() for node in doctree.findall(nodes.strong)}
    here = {name for name in terms if name.casefold() in bold}
    ordinary = {
        name for name in terms if terms[name].original in app.config.terms_ordinary
    }
    left = set(terms) - here - ordinary
    finder = Finder(terms)
    for node in list(filter(running, doctree.findall(nodes.Text))):
        pieces = list(finder.cut(node.astext(), left))
        if pieces[1:]:
            new = [
                reference(app, docname, text, terms[name]) if name else nodes.Text(text)
                for text, name in pieces
            ]
            node.parent.replace(node, new)


def reference(app: Sphinx, docname: str, text: str, term: Term) -> nodes.reference:
    inside = nodes.inline("", text, classes=["term"])
    return make_refnode(
        app.builder, docname, term.page, term.anchor, inside, term.definition
    )


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("terms_ordinary", [], "html", list)
    app.add_config_value("terms_skip", [], "html", list)
    app.connect("env-updated", collect)
    app.connect("doctree-resolved", link)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
