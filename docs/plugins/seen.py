"""Tell which pages quote code that has changed since their author last read it.

A page follows its code by itself, but its sentences do not. So a file keeps a digest of
each excerpt as it was when somebody last read the page; an excerpt with another digest
is a warning at its place, so that `-W` fails. After reading the page again,
`sphinx-build -b dummy -D seen_write=1` writes the file. Without a file nothing is
checked.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.excerpt import Shown, shown

logger = logging.getLogger(__name__)
HEADER = "# What each page quotes, as it was when its text was last read: `make seen`"


def entries(pages: Mapping[str, Sequence[Shown]]) -> Iterator[tuple[str, Shown]]:
    """For each excerpt its line in the file."""
    for page in sorted(pages):
        for item in pages[page]:
            yield f"{page} {item.target} {item.digest}", item


def check(app: Sphinx, env: BuildEnvironment) -> None:
    path = Path(app.confdir) / app.config.seen_file
    if app.config.seen_write:
        lines = sorted({line for line, _ in entries(shown(env))})
        path.write_text("\n".join([HEADER, *lines, ""]), "utf-8")
    elif path.exists():
        known = set(path.read_text("utf-8").splitlines())
        for line, item in entries(shown(env)):
            if line not in known:
                logger.warning(
                    f"{item.path}, {item.span}, is not what this page was written for:"
                    " read the page again, then `make seen`",
                    type="seen",
                    subtype="changed",
                    location=item.location,
                )


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("docs.plugins.excerpt")
    app.add_config_value("seen_file", "docs/seen.txt", "", str)
    app.add_config_value("seen_write", False, "", [bool, str])
    app.connect("env-updated", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
