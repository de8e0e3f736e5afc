"""Put into the built book what runs its examples in the page.

That is Pyodide, of which the page loads nothing before a reader asks for it, and the
very package that the book quotes. All comes from files that are here already.
"""

import json
import shutil
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.node import ASSETS, MODULES, NotAnswered, ask

logger = logging.getLogger(__name__)
ROOT = Path(__file__).parents[2]
LIVE = ROOT / "docs" / "live"
PYODIDE = MODULES / "pyodide"
VIZ = MODULES / "@viz-js" / "viz" / "dist" / "viz.js"
BUNDLE = ASSETS / "bundle.mjs"
COPIED = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
LOCK = "pyodide-lock.json"
SCRIPTS = ("chapter.js", "draw.js", "kernel.js", "pictures.js", "worker.js")
COMPARES = ("digits", "examples", "isolation", "source")  # as the doctests do
DRAWS = ("drawing", "expression", "node", "passes")  # graphs, as the pages do
IMPORTED = (  # what cells can import, or read: what the book quotes
    "microgpt/**/*.*",
    "docs/__init__.py",
    "docs/live/*.py",
    "docs/measured/ladder.json",
    "docs/plugins/__init__.py",
    *(f"docs/plugins/{name}.py" for name in COMPARES + DRAWS),
    "docs/road/*.py",
    "tests/specimens/*.py",
)
BUILDERS = ("html", "dirhtml")


def archive(root: Path, patterns: Iterable[str]) -> bytes:
    """A zip of some files, the same bytes wherever and whenever it is made."""
    paths = {path for pattern in patterns for path in root.glob(pattern)}
    packed = BytesIO()
    with ZipFile(packed, "w") as book:  # not compressed: zlib differs by machine
        for path in sorted(paths):
            if path.is_file() and "__pycache__" not in path.parts:
                info = ZipInfo(path.relative_to(root).as_posix())
                info.external_attr = 0o644 << 16
                book.writestr(info, path.read_bytes())
    return packed.getvalue()


def without_packages(lock: str) -> str:
    """Pyodide's lock file, less the packages, of which none is there to be loaded."""
    return json.dumps({**json.loads(lock), "packages": {}})


def provide(folder: Path, pyodide: Path) -> None:
    """Fill a folder of the built book.

    A missing file raises FileNotFoundError, an editor that cannot be made NotAnswered.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        shutil.copyfile(pyodide / name, folder / name)
    for name in SCRIPTS:
        shutil.copyfile(LIVE / name, folder / name)
    shutil.copyfile(VIZ, folder / "viz.js")
    (editor,) = ask(BUNDLE, [json.dumps({"entry": str(LIVE / "editor.js")})])
    (folder / "editor.js").write_text(editor["code"], "utf-8")
    (folder / "editor.licenses.txt").write_text(editor["licenses"], "utf-8")
    lock = without_packages((pyodide / LOCK).read_text("utf-8"))
    (folder / LOCK).write_text(lock, "utf-8")
    (folder / "book.zip").write_bytes(archive(ROOT, IMPORTED))
    loaded = (*COPIED, LOCK, "book.zip")
    sizes = {name: (folder / name).stat().st_size for name in loaded}
    manifest = {"total": sum(sizes.values()), "files": sizes}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), "utf-8")


def add_live(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.name not in BUILDERS:
        return
    try:
        provide(Path(app.outdir) / "_static" / "live", PYODIDE)
    except FileNotFoundError as missing:
        warn(f"there is no {Path(missing.filename).name}")
    except NotAnswered as failed:
        warn(f"there is no editor: {failed}")


def warn(why: str) -> None:
    """Say why the pages have no Run, and what usually helps."""
    logger.warning(
        f"no Run in the pages, for {why}; "
        "try npm ci --ignore-scripts --prefix docs/assets",
        type="live",
        subtype="missing",
    )


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("build-finished", add_live)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
