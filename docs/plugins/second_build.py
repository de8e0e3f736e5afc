"""See to it that a second build of the book gives what a first one would give.

Sphinx writes only the pages that were read again. What they show of others would then
be left as it was: the titles in the table of contents beside each page; and so would
the digest of a changed style sheet, by which browsers know that it is new. So all pages
are written when such things have changed, and the pages of modules with them, which
Sphinx makes anew only for a younger module.
"""

import hashlib
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata


def contents(app: Sphinx, env: BuildEnvironment) -> list[object]:
    """What a page shows of the others, how they follow, and what all of them load."""
    titles = [(page, env.titles[page].astext()) for page in sorted(env.titles)]
    sections = [env.tocs[page].pformat() for page in sorted(env.tocs)]
    folders = [Path(app.confdir, name) for name in app.config.html_static_path]
    paths = sorted(path for folder in folders for path in folder.rglob("*.*"))
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    return [sorted(env.toctree_includes.items()), titles, sections, digests]


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Have all pages written when what all of them show or load has changed."""
    before = vars(env).get("second_build_contents")
    vars(env)["second_build_contents"] = now = contents(app, env)
    if before == now:
        return []
    shutil.rmtree(Path(app.outdir, "_modules"), ignore_errors=True)
    return [] if before is None else sorted(env.found_docs)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("env-updated", update)
    return {"env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
