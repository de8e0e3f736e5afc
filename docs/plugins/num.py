"""Write a number that is computed: {num}`len(load_names()) | ,d`.

The expression is evaluated while the page is read, among the public names of the
package, its modules (where no public name is the same), `math`, `random` and `sys`;
after the last bar stands a format. In a table, where a bar ends the cell, an f-string
does. This runs code of the book's own pages, as importing the package does.
"""

import importlib
import math
import random
import sys
from contextlib import redirect_stderr
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.isolation import isolated

logger = logging.getLogger(__name__)


def compute(text: str, package: str) -> str:
    """The value of `expression` or `expression | format` as text."""
    expression, bar, form = text.rpartition(" | ")
    if not bar:
        expression, form = text, ""
    with isolated(), redirect_stderr(StringIO()):
        return format(eval(expression, namespace(package)), form.strip())


def namespace(package: str) -> dict[str, Any]:
    """What an expression may name."""
    top = importlib.import_module(package)
    found = iter_modules(getattr(top, "__path__", []))
    modules = [info.name for info in found if not info.name.startswith("_")]
    names: dict[str, Any] = {
        name: importlib.import_module(f"{package}.{name}") for name in modules
    }
    names |= {package: top, "math": math, "random": random, "sys": sys}
    exec(f"from {package} import *", names)
    return names


class Num(SphinxRole):
    """The role `{num}`; each distinct text is computed once in a build."""

    def __init__(self) -> None:
        self.computed: dict[str, str] = {}

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        package = self.config.num_package
        self.note_files(package)
        try:
            if self.text not in self.computed:
                self.computed[self.text] = compute(self.text, package)
        except Exception as error:
            logger.warning(
                f"num: {self.text!r} raised {type(error).__name__}: {error}",
                type="num",
                subtype="error",
                location=self.get_location(),
            )
            return [], []
        value = self.computed[self.text]
        inline = nodes.inline(self.rawtext, value, classes=["num"], sourced=True)
        return [inline], []

    def note_files(self, package: str) -> None:
        """Have the page read again when a file of the package changes."""
        spec = find_spec(package)
        for folder in (spec and spec.submodule_search_locations) or ():
            for path in sorted(Path(folder).rglob("*.*")):
                if "__pycache__" not in path.parts:
                    self.env.note_dependency(str(path))


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("num_package", "microgpt", "env", str)
    app.add_role("num", Num())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
