"""How much the tests run is counted, and too little is refused."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import covered

HALF = "def f(x):\n    if x:\n        x = 2\n    return x\n\n\nf(0)\n"


@pytest.fixture
def counted(tmp_path, monkeypatch):
    """What was counted of a file of which one branch of two was run."""
    (tmp_path / "half.py").write_text(HALF, "utf-8")
    monkeypatch.chdir(tmp_path)
    command = [sys.executable, "-m", "coverage", "run", "--branch", "half.py"]
    subprocess.run(command, check=True)


def part(monkeypatch, least):
    parts = {"covered.all": covered.Part("It is run", least, ("half.py",))}
    monkeypatch.setattr(covered, "PARTS", parts)


def test_lines_and_branches_are_counted(counted, monkeypatch, tmp_path, capsys):
    part(monkeypatch, 71)
    assert covered.main(["--store", str(tmp_path / "tests.json")]) == 0
    text = "1 of 2 branches, 4 of 5 lines"
    assert capsys.readouterr().out == f"covered.all: {text}; held to 71 %\n"
    found = json.loads((tmp_path / "tests.json").read_text("utf-8"))["figures"]
    row = found["covered.all"]
    assert (row["what"], row["cases"], row["measured"]) == ("It is run", 2, text)
    assert row["bound"] == "at least 71 % of branches and lines"


def test_all_of_a_part_is_a_bound_that_nothing_is_above(counted, monkeypatch):
    Path("whole.py").write_text("x = 1\n", "utf-8")
    command = [sys.executable, "-m", "coverage", "run", "--branch", "whole.py"]
    subprocess.run(command, check=True)
    parts = {"covered.engines": covered.Part("All is run", 100, ("whole.py",))}
    monkeypatch.setattr(covered, "PARTS", parts)
    assert covered.main(["--store", "tests.json"]) == 0
    found = json.loads(Path("tests.json").read_text("utf-8"))["figures"]
    assert found["covered.engines"]["bound"] == "100 % of branches and lines"


def test_too_little_is_refused_and_what_is_missed_is_named(
    counted, monkeypatch, tmp_path, capsys
):
    part(monkeypatch, 72)
    path = tmp_path / "tests.json"
    path.write_text(json.dumps({"figures": {"covered.all": {"measured": "all"}}}))
    assert covered.main(["--store", str(path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("held to 72 %: TOO LITTLE")
    assert "3" in {line.split()[-1] for line in lines if "half.py" in line}, lines
    assert json.loads(path.read_text("utf-8")) == {"figures": {}}


@pytest.mark.parametrize(("place", "more"), [("/usr/bin/cc", 0), (None, 1)])
def test_without_a_compiler_what_is_compiled_need_not_be_run(monkeypatch, place, more):
    monkeypatch.setattr(covered, "c_compiler", lambda: ("cc", place))
    assert covered.elsewhere() == covered.WITH_PYTORCH + covered.WITH_COMPILER[:more]
    assert list(covered.ROOT.glob(covered.WITH_COMPILER[0]))


def test_every_part_has_files():
    for name, one in covered.PARTS.items():
        for pattern in one.files:
            assert list(covered.ROOT.glob(pattern)), (name, pattern)
