"""Two builds of the same book are the same, byte for byte."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SURROUNDINGS = {"PYTHONHASHSEED": "7", "TZ": "America/St_Johns", "LC_ALL": "C.UTF-8"}


def build(root, out):
    """Build the book that stands in a folder, by one process in odd surroundings."""
    command = [sys.executable, "-m", "sphinx", "-c", ".", "-n", "-W", "--keep-going"]
    command += ["-b", "html", "-d", f"{out}-doctrees", "docs", str(out)]
    environment = {**os.environ, **SURROUNDINGS}
    options = {"cwd": root, "env": environment, "capture_output": True, "text": True}
    done = subprocess.run(command, **options)
    assert done.returncode == 0, done.stderr
    return files(out)


def files(folder):
    """All files of a folder, by their names."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def different(found, elsewhere):
    """The names of the files of one build that are not the same in another."""
    return [name for name in found if found[name] != elsewhere.get(name)]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The book in another folder, in which it may be changed."""
    root = tmp_path_factory.mktemp("elsewhere") / "book"
    ignored = shutil.ignore_patterns("__pycache__", "node_modules")
    for name in ("microgpt", "docs", "tests"):
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    for name in ("conf.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    modules = "docs/assets/node_modules"
    (root / modules).symlink_to(ROOT / modules, target_is_directory=True)
    return root


@pytest.fixture(scope="module")
def pages(built):
    """The book as `make html` builds it where it stands, by a process a core."""
    return files(built)


@pytest.fixture(scope="module")
def elsewhere(copy, tmp_path_factory):
    """Where the copy is built."""
    out = tmp_path_factory.mktemp("other") / "html"
    build(copy, out)
    return out


def test_folder_zone_locale_hashes_and_processes_leave_no_trace(pages, elsewhere):
    found = files(elsewhere)
    assert "index.html" in found
    assert different(found, pages) == []


def test_a_book_changed_and_changed_back_is_as_it_was(pages, copy, elsewhere):
    page = copy / "docs" / "babbling.md"
    text = page.read_text("utf-8")
    page.write_text(text.replace("\n# ", "\n# Another title: ", 1), "utf-8")
    other = different(build(copy, elsewhere), pages)
    assert {"babbling.html", "index.html", "value.html"} <= set(other)
    assert "_static/search-data.js" in other
    page.write_text(text, "utf-8")
    assert different(build(copy, elsewhere), pages) == []
