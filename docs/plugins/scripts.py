"""Load on each page the scripts that it needs, and none before the page is there.

A script of `NEEDED_BY` comes with the pages whose body contains the text beside it;
one of `UNUSED`, which other extensions bring, with none. All others come with every
page. No script keeps a page from being shown: those not `async` are `defer`.
"""

from collections.abc import Iterable
from typing import Any, Protocol

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

UNUSED = {"documentation_options.js", "doctools.js", "sphinx_highlight.js"}
NEEDED_BY = {"copy.js": 'class="highlight"', "design-tabs.js": 'class="sd-tab-set'}


class Script(Protocol):
    """What Sphinx keeps of a script."""

    @property
    def filename(self) -> Any: ...
    @property
    def attributes(self) -> dict[str, str]: ...


def needed(script: Script, body: str) -> bool:
    name = str(script.filename).removeprefix("_static/")
    return name not in UNUSED and NEEDED_BY.get(name, "") in body


def choose(scripts: Iterable[Script], body: str) -> list[Script]:
    """The scripts that a page with this body loads, each without blocking it."""
    chosen = [script for script in scripts if needed(script, body)]
    for script in chosen:
        if "async" not in script.attributes:
            script.attributes["defer"] = "defer"
    return chosen


def apply(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    context["script_files"] = choose(context["script_files"], context.get("body", ""))


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-page-context", apply, priority=900)  # others add scripts before
    return {"parallel_read_safe": True, "parallel_write_safe": True}
