"""What the package and the book are made with, and which of it runs code."""

import ast
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.sbom import bill, components
from tests.test_limits import each, imports, tree_of

ROOT = Path(__file__).parents[1]
PACKAGE = sorted((ROOT / "microgpt").rglob("*.py"))
PLUGINS = sorted((ROOT / "docs").rglob("*.py"))
RUNNERS = {"eval", "exec", "compile", "__import__", "execfile"}
LOADERS = {"pickle", "marshal", "shelve", "dill", "joblib", "code", "runpy"}
REACHING = {"ctypes", "subprocess", "socket", "multiprocessing"}  # out of Python
MAY_REACH = {"compiled", "compiled32", "compiler"}  # the rung that is written in C
CONFESSION = "runs code of the book's own "  # pages, or modules


def called(tree):
    """Name the functions that a tree calls or passes on by their bare names."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names & RUNNERS


def imported(path):
    """Name the packages that a file imports."""
    return {name.partition(".")[0] for name in imports(path)}


@each(PACKAGE)
def test_the_package_runs_no_code_that_it_is_given(path):
    assert called(tree_of(path)) == set()
    assert imported(path) & LOADERS == set()
    assert "os.system" not in path.read_text("utf-8")


@each(PACKAGE)
def test_only_the_compiled_rung_reaches_out_of_python(path):
    if path.stem not in MAY_REACH:
        assert imported(path) & REACHING == set()


def test_what_would_run_code_is_found(tmp_path):
    path = tmp_path / "microgpt" / "bad.py"
    path.parent.mkdir()
    path.write_text("def f(x):\n    import pickle\n    return map(eval, x)\n")
    assert called(tree_of(path)) == {"eval"}
    assert set(imports(path, tmp_path)) & LOADERS == {"pickle"}


def runs_code(path):
    """Tell whether a file of the book runs code that it was given, or imports it."""
    tree = tree_of(path)
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    named |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return bool(named & {"eval", "exec", "import_module", "DocTestRunner"})


RUNNING = [path for path in PLUGINS if runs_code(path)]


@each(RUNNING)
def test_who_runs_the_code_of_a_page_says_so(path):
    said = " ".join((ast.get_docstring(tree_of(path)) or "").split())
    assert CONFESSION in said or "what a reader wrote" in said


def test_those_who_run_code_are_known():
    assert {"cell", "examples", "expression", "num", "pictures"} == {
        path.stem for path in RUNNING
    }


def pins():
    """Count the packages of the locks, by their own forms."""
    texts = [path.read_text("utf-8") for path in ROOT.glob("requirements*.lock")]
    pinned = re.findall(r"^[\w.-]+==[\w.]+", "\n".join(texts), re.MULTILINE)
    yield len({*pinned})
    for name in ("docs/assets", "tests/browser"):
        text = (ROOT / name / "package-lock.json").read_text("utf-8")
        yield text.count('"integrity": "sha')


def test_the_bill_has_every_package_that_is_pinned_once():
    found = components()
    assert len({package["purl"] for package in found}) == len(found)
    assert len(found) == sum(pins())


def test_each_package_of_the_bill_has_a_version_an_address_and_hashes():
    sizes = {"SHA-256": 64, "SHA-512": 128}
    for package in components():
        quoted = package["name"].replace("@", "%40")
        kind = package["purl"].partition("/")[0]
        assert kind in {"pkg:pypi", "pkg:npm"}
        assert (
            package["purl"].lower() == f"{kind}/{quoted}@{package['version']}".lower()
        )
        assert package["hashes"], package["name"]
        for found in package["hashes"]:
            assert re.fullmatch(r"[0-9a-f]+", found["content"])
            assert len(found["content"]) == sizes[found["alg"]]


def test_the_bill_says_what_goes_into_the_book_and_what_does_not():
    scopes = {package["name"]: package["scope"] for package in components()}
    assert (scopes["pyodide"], scopes["katex"]) == ("required", "required")
    assert (scopes["sphinx"], scopes["axe-core"]) == ("excluded", "excluded")


def test_a_package_for_some_systems_says_for_which():
    marked = {
        package["name"]: package for package in components() if "properties" in package
    }
    (found,) = marked["colorama"]["properties"]
    assert found["value"] == "os_name == 'nt' or sys_platform == 'win32'"


def test_the_bill_names_the_project_and_its_license():
    found = bill()
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.5")
    project = found["metadata"]["component"]
    assert project["name"] == "microgpt-book"
    assert project["licenses"] == [{"expression": "MIT"}]


needs_make = pytest.mark.skipif(not shutil.which("make"), reason="no make here")


def make(*words, path=""):
    """Run make as a reader does, with other programs before those of the machine."""
    ours = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "PYTHON"}
    environment = {key: value for key, value in os.environ.items() if key not in ours}
    environment["PATH"] = f"{path}{os.pathsep}{environment['PATH']}"
    command = ["make", "-C", str(ROOT), "--no-print-directory", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment)


@needs_make
def test_make_writes_the_bill_the_same_each_time():
    done = make("sbom")
    count = len(components())
    assert done.stdout == f"build/sbom.json: {count} packages, CycloneDX 1.5\n"
    path = ROOT / "build" / "sbom.json"
    first = path.read_bytes()
    assert json.loads(first) == bill()
    make("sbom")
    assert path.read_bytes() == first


def registry(folder, **answers):
    """Stand for uv and npm: each fails where the last word ends so."""
    for name, ending in answers.items():
        path = folder / name
        fails = f'case "$*" in *{ending}) exit 1;; esac'
        path.write_text(f'#!/bin/sh\necho "{name} $*"\n{fails}\n')
        path.chmod(0o755)
    return str(folder)


@needs_make
def test_an_audit_asks_for_each_lock(tmp_path):
    done = make("audit", path=registry(tmp_path, uv="never", npm="never"))
    assert (done.returncode, done.stderr) == (0, "")
    asked = [line.split()[-1] for line in done.stdout.splitlines()]
    assert asked == [
        *("requirements.lock", "requirements-node.lock", "requirements-mutants.lock"),
        *("docs/assets", "tests/browser"),
    ]
    assert done.stdout.count("--strict --disable-pip --require-hashes") == 3


@needs_make
def test_an_audit_that_is_not_answered_names_what_it_is_about(tmp_path):
    done = make("audit", path=registry(tmp_path, uv="node.lock", npm="browser"))
    assert done.returncode == 2
    said = "not cleared, for something is known or no registry answered:"
    assert f"{said} requirements-node.lock tests/browser\n" in done.stderr
