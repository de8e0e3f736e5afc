"""The built distribution: what is in it, and where it works."""

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
IMPORT = """
import sys
before = set(sys.modules)
import microgpt
assert microgpt.__file__.startswith(sys.prefix), microgpt.__file__
tops = {name.partition(".")[0] for name in set(sys.modules) - before}
print(sorted(tops - set(sys.stdlib_module_names)), len(microgpt.load_names()))
"""


def run(*command, cwd):
    """Run a program that must succeed and give what it prints."""
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def runs_as(python, version):
    """Tell whether a program is a whole Python of a version (a shim may be none)."""
    code = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return done.returncode == 0 and done.stdout.strip() == version


def find_python(version):
    """Find a Python on the path or among pyenv's: its program, or None."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    if shutil.which("pyenv"):
        root = subprocess.run(["pyenv", "root"], capture_output=True, text=True)
        pyenv = Path(root.stdout.strip() or pyenv)
    candidates = [sys.executable, shutil.which(f"python{version}")]
    candidates += sorted(pyenv.glob(f"versions/{version}.*/bin/python"), reverse=True)
    return next((p for p in candidates if p and runs_as(p, version)), None)


@pytest.fixture(scope="session")
def pythons():
    """Give the Python of each version that is here."""
    found = {version: find_python(version) for version in VERSIONS}
    return {version: python for version, python in found.items() if python}


@pytest.fixture(scope="session")
def dist(tmp_path_factory):
    """Build the sdist from the checkout and the wheel from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder]
    run(*command, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="session")
def wheel(dist):
    """Give the path of the wheel."""
    (path,) = dist.glob("*.whl")
    return path


def package_files():
    """List what the package consists of, as the wheel must hold it."""
    paths = (path for path in (ROOT / "microgpt").rglob("*") if path.is_file())
    names = {path.relative_to(ROOT).as_posix() for path in paths}
    return {name for name in names if "__pycache__" not in name}


def test_the_first_page_with_a_command_names_the_oldest_python():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == f">={VERSIONS[0]}"
    page = (ROOT / "docs" / "minute.md").read_text("utf-8")
    assert f"Python {VERSIONS[0]} or newer" in page


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    info = "microgpt_book-0.1.0.dist-info/"
    assert {name for name in names if not name.startswith(info)} == package_files()
    assert {"microgpt/names.txt", "microgpt/names-source.txt"} <= names
    assert {"microgpt/py.typed", f"{info}licenses/LICENSE"} <= names


def test_the_sdist_holds_the_package_and_what_builds_it(dist):
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    beside = {"LICENSE", "README.md", "pyproject.toml", "PKG-INFO", ".gitignore"}
    assert names == package_files() | beside


def test_the_wheel_needs_no_other_package(wheel):
    archive = zipfile.ZipFile(wheel)
    (path,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
    header = archive.read(path).decode("utf-8").partition("\n\n")[0].splitlines()
    needs = [line for line in header if line.startswith("Requires-Dist:")]
    assert [line for line in needs if "extra ==" not in line] == []
    assert {"Name: microgpt-book", "License-Expression: MIT"} <= set(header)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_wheel_works_alone_on_each_python(version, pythons, wheel, tmp_path):
    if version not in pythons:
        pytest.skip(f"no Python {version} here (tried: {', '.join(pythons)})")
    run(pythons[version], "-m", "venv", "venv", cwd=tmp_path)
    python, program = (tmp_path / "venv" / "bin" / n for n in ("python", "microgpt"))
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    run(*pip, "install", "--no-deps", "--no-index", wheel, cwd=tmp_path)
    assert run(python, "-I", "-c", IMPORT, cwd=tmp_path) == "['microgpt'] 5163\n"
    assert "train" in run(program, "--help", cwd=tmp_path)
