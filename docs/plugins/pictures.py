"""Draw the pictures of a package, and keep them while what they depend on is the same.

Each module of the package but `__init__` is a picture: its function `picture` does the
run and draws. This runs code of the book's own modules, such as `docs.plots`.
"""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import microgpt
from docs.plugins import inks
from docs.plugins.isolation import isolated

DOCS = Path(__file__).parents[1]
SHARED = (DOCS / "plots" / "shared", DOCS / "road")  # what pictures are made with
PACKAGES = ("matplotlib", "numpy")
IDENT = "plot-ident"  # stands, in what is kept, for the id of a figure


class Kept(NamedTuple):
    """A picture as it is kept in a file."""

    markup: str
    words: str


def modules(package: str) -> dict[str, Path]:
    """The file of each picture, by the name of the picture."""
    spec = find_spec(package)
    folders = (spec and spec.submodule_search_locations) or ()
    paths = (path for folder in folders for path in sorted(Path(folder).glob("*.py")))
    return {
        path.stem.replace("_", "-"): path for path in paths if path.stem != "__init__"
    }


def keys(paths: dict[str, Path]) -> dict[str, str]:
    """For each picture a digest of all that it depends on."""
    core = Path(microgpt.__file__).parent
    common = [*core.rglob("*.py"), *core.rglob("*.txt")]
    common += [path for folder in SHARED for path in folder.rglob("*.py")]
    common += [*(DOCS / "measured").glob("*.json"), Path(inks.__file__), Path(__file__)]
    base = sha256(" ".join(map(installed, PACKAGES)).encode())
    for path in sorted(common):
        base.update(path.name.encode() + path.read_bytes())
    return {
        name: sha256(base.digest() + name.encode() + path.read_bytes()).hexdigest()
        for name, path in paths.items()
    }


def installed(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"no {name}"


def render(package: str, name: str, folder: Path) -> Kept:
    """Do the run and draw; what Matplotlib keeps for itself goes into the folder."""
    with isolated(), settings_in(folder):
        from docs.plots.shared.paper import draw  # slow to import, and seldom needed

        module = import_module(f"{package}.{name.replace('-', '_')}")
        drawn = draw(module.picture)
    return Kept(inks.inline(drawn.svg, IDENT, drawn.title, drawn.words), drawn.words)


@contextmanager
def settings_in(folder: Path) -> Iterator[None]:
    """Keep Matplotlib away from the home of whoever builds, and silent."""
    before = os.environ.get("MPLCONFIGDIR")
    logger = logging.getLogger("matplotlib")
    level = logger.level
    os.environ["MPLCONFIGDIR"] = str(folder)
    logger.setLevel(logging.WARNING)  # a package of the theme shows all from INFO on
    try:
        yield
    finally:
        logger.setLevel(level)
        del os.environ["MPLCONFIGDIR"]
        if before is not None:
            os.environ["MPLCONFIGDIR"] = before


class Store:
    """The folder in which pictures are kept by their keys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        return self.folder / f"{key}.json"

    def has(self, key: str) -> bool:
        return self.path(key).exists()

    def put(self, key: str, picture: Kept) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.path(key).with_suffix(".part")
        part.write_text(json.dumps(picture), "utf-8")
        part.replace(self.path(key))  # at once: nobody ever reads half a file

    def get(self, key: str, ident: str) -> Kept:
        """The picture, with ids that begin with `ident`."""
        markup, words = json.loads(self.path(key).read_text("utf-8"))
        return Kept(markup.replace(IDENT, ident), words)

    def forget_all_but(self, wanted: set[str]) -> None:
        for path in self.folder.glob("*.json"):
            if path.stem not in wanted:
                path.unlink()
