"""Load on each page the scripts that it needs, and none before the page is there.

A script or style sheet of `NEEDED_BY` comes with the pages whose body contains the text
beside it; one of `UNUSED`, which other extensions bring, with none. All others come
with every page. No script keeps a page from being shown: those not `async` are `defer`.
"""

from collections.abc import Iterable
from typing import Any, Protocol

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

UNUSED = {"documentation_options.js", "doctools.js", "sphinx_highlight.js"}
NEEDED_BY = {
    "cells.js": "data-cell=",
    "copy.js": 'class="highlight"',
    "design-tabs.js": 'class="sd-tab-set',
    "sphinx-design.min.css": "sd-",
    "styles/furo-extensions.css": "sd-",
}


class File(Protocol):
    """What Sphinx keeps of a script or of a style sheet."""

    @property
    def filename(self) -> Any: ...
    @property
    def attributes(self) -> dict[str, str]: ...


def needed(file: File, body: str) -> bool:
    name = str(file.filename).removeprefix("_static/")
    return name not in UNUSED and NEEDED_BY.get(name, "") in body


def choose(scripts: Iterable[File], body: str) -> list[File]:
    """The scripts that a page with this body loads, each without blocking it."""
    chosen = [script for script in scripts if needed(script, body)]
    for script in chosen:
        if "async" not in script.attributes:
            script.attributes["defer"] = "defer"
    return chosen


def apply(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    body = context.get("body", "")
    context["script_files"] = choose(context["script_files"], body)
    context["css_files"] = [file for file in context["css_files"] if needed(file, body)]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-page-context", apply, priority=900)  # others add scripts before
    return {"parallel_read_safe": True, "parallel_write_safe": True}
