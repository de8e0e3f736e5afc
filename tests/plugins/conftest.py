"""Build tiny books in a temporary folder with some of the plugins."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from sphinx.testing.fixtures import make_app, test_params  # noqa: F401 (fixtures)
from sphinx.testing.util import SphinxTestApp
from sphinx.util.console import strip_escape_sequences

from docs.plugins import examples
from tests.accents import LANGUAGE, accented, translate


@dataclass
class Built:
    """What a build said; `warnings` without the path of the temporary folder."""

    app: SphinxTestApp
    root: Path

    @property
    def warnings(self):
        text = strip_escape_sequences(self.app.warning.getvalue())
        return text.replace(f"{self.root}/", "").splitlines()

    @property
    def status(self):
        return strip_escape_sequences(self.app.status.getvalue()).splitlines()

    def html(self, page):
        return (self.app.outdir / f"{page}.html").read_text("utf-8")


class Book:
    """A book in `root`; `write` adds files, `build` builds what is out of date."""

    def __init__(self, root, make, extensions):
        self.root, self.make = root, make
        extensions = ["myst_parser", *extensions]
        self.write(
            {"conf.py": f"extensions = {extensions}\n", "index.md": "# A book\n"}
        )

    def write(self, files):
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")

    def build(self, builder="dummy", parallel=0, **settings):
        for name in [name for name in sys.modules if name.split(".")[0] == "pkg"]:
            del sys.modules[name]
        settings = {"exclude_patterns": ["_build", "pkg"], **settings}
        app = self.make(
            builder, srcdir=self.root, confoverrides=settings, parallel=parallel
        )
        app.build()
        app.cleanup()
        return Built(app, self.root)

    def translated(self, builder="dummy", change=accented, **settings):
        """The book in another language, each message changed."""
        for old in ("_build", "locale"):
            shutil.rmtree(self.root / old, ignore_errors=True)
        catalogs = self.build("gettext", **settings).app.outdir
        translate(catalogs, self.root / "locale", change)
        shutil.rmtree(self.root / "_build")
        settings = {**settings, "language": LANGUAGE, "locale_dirs": ["locale"]}
        return self.build(builder, **settings)


@pytest.fixture
def book(tmp_path, make_app, monkeypatch, request):  # noqa: F811 (the fixture)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return Book(tmp_path, make_app, request.module.EXTENSIONS)


@pytest.fixture
def without_torch(monkeypatch):
    """Examples find no PyTorch, installed or not."""
    monkeypatch.setattr(examples, "find_spec", lambda name: name != "torch" or None)
