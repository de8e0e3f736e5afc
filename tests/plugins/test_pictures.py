"""Pictures are found by name and kept under what they depend on."""

import json
import logging
import os
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from docs.plugins import pictures
from docs.plugins.pictures import Kept, Store, keys, modules, render, settings_in

SOURCE = """
from docs.plots.shared.paper import Picture, sheet


def picture():
    return Picture(sheet(100)[0], "A sheet", "Nothing on it.")
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with two pictures."""
    folder = tmp_path / "sketches"
    folder.mkdir()
    for name in ("__init__", "a_sheet", "other"):
        (folder / f"{name}.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    for name in [name for name in sys.modules if name.startswith("sketches")]:
        del sys.modules[name]


def test_each_module_is_a_picture(package):
    paths = {"a-sheet": package / "a_sheet.py", "other": package / "other.py"}
    assert modules("sketches") == paths


def test_a_package_that_is_not_there_has_no_pictures():
    assert modules("no_such_package") == {}


def test_a_changed_picture_has_another_key_and_the_others_keep_theirs(package):
    before = keys(modules("sketches"))
    (package / "a_sheet.py").write_text(SOURCE + "\n")
    after = keys(modules("sketches"))
    assert before["a-sheet"] != after["a-sheet"]
    assert before["other"] == after["other"]


def test_a_new_measurement_changes_every_key(package, monkeypatch, tmp_path):
    monkeypatch.setattr(pictures, "DOCS", tmp_path)
    before = keys(modules("sketches"))
    (tmp_path / "measured").mkdir()
    (tmp_path / "measured" / "ladder.json").write_text("{}")
    after = keys(modules("sketches"))
    assert all(before[name] != after[name] for name in before)


@pytest.mark.parametrize("changed", ["microgpt/value.py", "microgpt/names.txt"])
def test_a_changed_package_changes_every_key(package, monkeypatch, tmp_path, changed):
    core = tmp_path / "microgpt"
    core.mkdir()
    for name in ("__init__.py", "value.py", "names.txt"):
        (core / name).write_text("")
    monkeypatch.setattr(pictures.microgpt, "__file__", str(core / "__init__.py"))
    before = keys(modules("sketches"))
    (tmp_path / changed).write_text("# changed")
    after = keys(modules("sketches"))
    assert all(before[name] != after[name] for name in before)


@pytest.mark.parametrize("folder", ["plots/shared", "road"])
def test_what_pictures_share_changes_every_key(package, monkeypatch, tmp_path, folder):
    assert pictures.DOCS / folder in pictures.SHARED
    path = tmp_path / folder / "runs.py"
    path.parent.mkdir(parents=True)
    path.write_text("")
    monkeypatch.setattr(pictures, "SHARED", (path.parent,))
    before = keys(modules("sketches"))
    path.write_text("# changed")
    after = keys(modules("sketches"))
    assert all(before[name] != after[name] for name in before)


def test_another_matplotlib_changes_every_key(package, monkeypatch):
    def version(name):
        if name == "numpy":
            raise PackageNotFoundError(name)
        return "1"

    before = keys(modules("sketches"))
    monkeypatch.setattr(pictures, "version", version)
    after = keys(modules("sketches"))
    assert all(before[name] != after[name] for name in before)


def test_a_picture_is_rendered_and_leaves_no_trace(package, tmp_path):
    before = Path.cwd(), dict(os.environ)
    kept = render("sketches", "a-sheet", tmp_path / "matplotlib")
    assert (Path.cwd(), dict(os.environ)) == before
    assert kept.words == "Nothing on it."
    assert '<title id="plot-ident-title">A sheet</title>' in kept.markup


@pytest.mark.parametrize("before", [None, "elsewhere"])
def test_matplotlib_is_silent_and_keeps_to_the_folder(before, monkeypatch):
    monkeypatch.delenv("MPLCONFIGDIR", raising=False)
    if before:
        monkeypatch.setenv("MPLCONFIGDIR", before)
    with settings_in(Path("here")):
        assert os.environ["MPLCONFIGDIR"] == "here"
        assert not logging.getLogger("matplotlib").isEnabledFor(logging.INFO)
    assert logging.getLogger("matplotlib").level == logging.NOTSET
    assert os.environ.get("MPLCONFIGDIR") == before


def test_what_is_kept_is_given_back_with_the_ids_of_its_figure(tmp_path):
    store = Store(tmp_path)
    assert not store.has("k")
    store.put("k", Kept('<g id="plot-ident-0"/>', "words"))
    assert store.has("k")
    assert store.get("k", "plot-x-1") == Kept('<g id="plot-x-1-0"/>', "words")


def test_what_nobody_wants_is_forgotten(tmp_path):
    store = Store(tmp_path)
    for key in ("old", "new"):
        store.put(key, Kept("", ""))
    store.forget_all_but({"new"})
    assert [path.name for path in tmp_path.iterdir()] == ["new.json"]
    assert json.loads((tmp_path / "new.json").read_text()) == ["", ""]
