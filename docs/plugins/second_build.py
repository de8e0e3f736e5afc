"""See to it that a second build of the book gives what a first one would give.

Sphinx writes only the pages that were read again. What they show of others would then
be left as it was: the titles in the table of contents beside each page. So all pages
are written when a title or their order has changed.
"""

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata


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


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("env-updated", update)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
