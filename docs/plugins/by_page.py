"""Keep what each page tells an extension: `pages = ByPage[int]("name")`.

`pages(env)` is a dictionary by page, stored in the environment under the name. After
`pages.connect(app)` a page's entry goes when the page is read again or removed, and
what was read in several processes comes together.
"""

from collections.abc import Set
from typing import Generic, TypeVar

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

T = TypeVar("T")


class ByPage(Generic[T]):
    """What each page tells, stored in the environment."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, env: BuildEnvironment) -> dict[str, T]:
        found: dict[str, T] = vars(env).setdefault(self.name, {})
        return found

    def connect(self, app: Sphinx) -> None:
        """Let pages be forgotten and merged."""
        app.connect("env-purge-doc", self.purge)
        app.connect("env-merge-info", self.merge)

    def purge(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        self(env).pop(docname, None)

    def merge(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        docnames: Set[str],
        other: BuildEnvironment,
    ) -> None:
        theirs = self(other)
        self(env).update((name, theirs[name]) for name in docnames if name in theirs)
