"""What runs in the page is put into the book: always the same bytes."""

import gzip
import json
import os
import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from docs.plugins import live

EXTENSIONS = ["docs.plugins.live"]
NAMED = re.compile(r"[@a-z][\w@/-]+ \d+\.\d+\.\d+")
MISSING = (
    "WARNING: no Run in the pages, for {}; "
    "try npm ci --ignore-scripts --prefix docs/assets [live.missing]"
)


@pytest.fixture
def pyodide(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("pyodide")
    for name in live.COPIED:
        (folder / name).write_text(f"the file {name}", "utf-8")
    lock = {"info": {"python": "3.14.2"}, "packages": {"numpy": {"version": "2"}}}
    (folder / live.LOCK).write_text(json.dumps(lock), "utf-8")
    monkeypatch.setattr(live, "PYODIDE", folder)
    return folder


def provided(built):
    folder = built.root / "_build" / built.app.builder.name / "_static" / "live"
    return {path.name: path.read_bytes() for path in folder.glob("*")}


def test_a_built_book_has_all_that_a_page_loads(book, pyodide):
    files = provided(book.build("html"))
    own = {"chapter.js", "draw.js", "kernel.js", "pictures.js", "worker.js"}
    own |= {"book.zip", "manifest.json", "viz.js"}
    own |= {"editor.js", "editor.licenses.txt"}
    assert files.keys() == {*live.COPIED, live.LOCK, *own}
    assert files["pyodide.mjs"] == b"the file pyodide.mjs"
    assert files["worker.js"] == (live.LIVE / "worker.js").read_bytes()
    assert json.loads(files[live.LOCK]) == {
        "info": {"python": "3.14.2"},
        "packages": {},
    }


def test_the_manifest_tells_the_sizes_of_what_is_loaded(book, pyodide):
    files = provided(book.build("html"))
    manifest = json.loads(files["manifest.json"])
    loaded = {*live.COPIED, live.LOCK, "book.zip"}
    assert manifest["files"] == {name: len(files[name]) for name in loaded}
    assert manifest["total"] == sum(manifest["files"].values())


def test_a_second_build_brings_what_has_changed(book, pyodide):
    first = provided(book.build("html"))
    (pyodide / "pyodide.mjs").write_text("another", "utf-8")
    second = provided(book.build("html"))
    assert second["pyodide.mjs"] == b"another"
    changed = {name for name in first if first[name] != second[name]}
    assert changed == {"pyodide.mjs", "manifest.json"}


def test_only_pages_that_are_served_get_it(book, pyodide):
    assert provided(book.build("dirhtml")) != {}
    assert provided(book.build("epub", version="1")) == {}


def test_a_build_that_failed_gets_nothing(book, pyodide):
    app = book.build("html").app
    folder = Path(app.outdir) / "_static" / "live"
    (folder / "book.zip").unlink()
    live.add_live(app, ValueError("no"))
    assert not (folder / "book.zip").exists()


@pytest.mark.parametrize("name", [*live.COPIED, live.LOCK])
def test_a_missing_file_is_one_warning_that_says_what_to_do(book, pyodide, name):
    (pyodide / name).unlink()
    assert book.build("html").warnings == [MISSING.format(f"there is no {name}")]


def test_an_editor_that_cannot_be_made_is_one_warning(book, pyodide, monkeypatch):
    monkeypatch.setattr(live, "LIVE", live.LIVE / "none")
    monkeypatch.setattr(live, "SCRIPTS", ())
    (warning,) = book.build("html").warnings
    start = (
        "WARNING: no Run in the pages, for there is no editor: 'node' failed: Error: "
    )
    assert warning.startswith(start)
    assert warning.endswith(MISSING.partition("{}")[2])


def test_the_editor_is_one_file_that_comes_with_its_licenses(book, pyodide):
    files = provided(book.build("html"))
    code, licenses = (files[f"editor.{end}"].decode() for end in ("js", "licenses.txt"))
    assert "import" not in code[:100]
    assert len(gzip.compress(files["editor.js"])) < 150_000
    names = [line.split()[0] for line in licenses.splitlines() if NAMED.fullmatch(line)]
    assert {"@codemirror/view", "@lezer/python", "style-mod"} <= {*names}
    assert len(names) == licenses.count("Copyright (C)")


def test_cells_import_what_the_book_quotes():
    with ZipFile(BytesIO(live.archive(live.ROOT, live.IMPORTED))) as packed:
        names = packed.namelist()
        assert (
            packed.read("microgpt/value.py") == Path("microgpt/value.py").read_bytes()
        )
    assert {"microgpt/names.txt", "docs/live/cell.py", "docs/road/adam.py"} <= {*names}
    assert not [name for name in names if "__pycache__" in name]
    assert names == sorted(names)


def test_neither_time_nor_place_changes_the_archive(tmp_path):
    for folder in ("one", "two"):
        package = tmp_path / folder / "pkg"
        (package / "__pycache__").mkdir(parents=True)
        (package / "__pycache__" / "a.pyc").write_text(folder)
        (package / "b.py").write_text("x = 1\n")
        (package / "a.py").write_text("x = 2\n")
    os.utime(tmp_path / "one" / "pkg" / "a.py", (0, 0))
    (tmp_path / "two" / "pkg" / "b.py").chmod(0o600)
    patterns = ["pkg/**/*", "pkg/a.py"]
    one, two = (live.archive(tmp_path / name, patterns) for name in ("one", "two"))
    assert one == two
    assert ZipFile(BytesIO(one)).namelist() == ["pkg/a.py", "pkg/b.py"]
