"""What the plugins say is English where there is no Sphinx to translate it."""

import sys
from importlib.util import find_spec
from types import ModuleType


def install() -> None:
    """Let `from sphinx.locale import _` give what changes no text, without Sphinx."""
    if not find_spec("sphinx"):
        locale = ModuleType("sphinx.locale")
        vars(locale)["_"] = str
        sys.modules.update({"sphinx": ModuleType("sphinx"), "sphinx.locale": locale})


install()
