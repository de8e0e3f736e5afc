"""The numbers of the package on the Python of the pages, which is another one."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from docs.plugins.live import PYODIDE
from tests.live.core import ROOT, WASM, pinned

FILES = ["closures", "dual", "graph", "ngrams", "nn", "nudge", "number"]
FILES = [f"tests/test_{name}.py" for name in [*FILES, "tokenizer", "value"]]
OPTIONS = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"]
SHALLOW = ["-k", "not deep"]  # freeing a deep graph needs more stack than there is


def run(*options):
    """Run tests on Pyodide, in Node."""
    node = shutil.which("node", path=str(Path(sys.executable).parent))
    node = shutil.which("node") or node
    if not node or not (PYODIDE / "pyodide.mjs").exists():
        pytest.skip("there is no Node or no Pyodide here: run make html")
    if not (WASM / "hypothesis").exists():
        pytest.skip("Hypothesis is not here for Pyodide: run make wasm")
    folders = map(str, (ROOT, sysconfig.get_path("purelib"), WASM))
    script = Path(__file__).with_name("core.mjs")
    command = [node, str(script), *folders, *OPTIONS, *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_the_tests_of_the_core_pass_on_the_python_of_the_pages():
    done = run(*SHALLOW, *FILES)
    assert done.returncode == 0, done.stdout + done.stderr
    passed = done.stdout.splitlines()[-1].split(" passed")[0].split()[-1]
    assert int(passed) > 300


def test_a_test_that_fails_there_is_noticed():
    done = run("-k", "deep and value", "tests/test_graph.py")
    assert done.returncode != 0


def test_what_is_fetched_is_what_the_lock_pins():
    first, *hashes = pinned("hypothesis").splitlines()
    assert first.startswith("hypothesis==")
    assert all("--hash=sha256:" in line for line in hashes)
    assert len(hashes) > 1
