"""See to it that a second build of the book gives what a first one would give.

Sphinx writes only the pages that were read again. Two things are then left as they
were, or lost: the titles of other pages, which the table of contents beside each page
shows, and the index entries of the pages that stay, which the search would find. So all
pages are written when a title has changed, and each page's entries are given anew. And
the search forgets words that no page has any more.
"""

from collections.abc import Iterable

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.util.index_entries import split_index_msg
from sphinx.util.typing import ExtensionMetadata

Entry = tuple[str, str, str, str, str | None]


def contents(env: BuildEnvironment) -> list[object]:
    """What a page shows of the others: how they follow, and their titles."""
    titles = [(page, env.titles[page].astext()) for page in sorted(env.titles)]
    sections = [env.tocs[page].pformat() for page in sorted(env.tocs)]
    return [sorted(env.toctree_includes.items()), titles, sections]


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Have all pages written when what they show of each other has changed."""
    before = vars(env).get("second_build_contents")
    vars(env)["second_build_contents"] = now = contents(env)
    return [] if before in (None, now) else sorted(env.found_docs)


def searched(entries: Iterable[Entry]) -> list[tuple[str, str, str]]:
    """The index entries of a page as the search takes them."""
    found = {
        (part, target or "", main)
        for kind, value, target, main, _ in entries
        for part in split_index_msg(kind, value)
    }
    return sorted(found)


def fill_search(app: Sphinx, builder: Builder) -> None:
    """Give the search the entries of all pages, also of those not written now."""
    by_page = app.env.domains.index_domain.entries
    found = app.env._search_index_index_entries
    found.update((page, searched(by_page[page])) for page in sorted(by_page))


def forget_words(app: Sphinx) -> list[tuple[str, dict[str, object], str]]:
    """Drop the words that no page has any more from the search; give no more pages."""
    indexer = getattr(app.builder, "indexer", None)
    for words in (indexer._mapping, indexer._title_mapping) if indexer else ():
        for word in [word for word, pages in words.items() if not pages]:
            del words[word]
    return []


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("env-updated", update)
    app.connect("write-started", fill_search)
    app.connect("html-collect-pages", forget_words)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
