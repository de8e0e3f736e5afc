import json
import subprocess
import sys
from pathlib import Path

import pytest

from microgpt import run
from microgpt.run import ENGINES
from tests import bench

MEASURED = Path(__file__).parents[1] / "docs" / "measured" / "ladder.json"
COSTS = {
    "specimen": [(0.5, 40.0), (1.0, 50.0), (2.0, 60.0), (3.0, 70.0)],
    "quick": [(0.25, 10.0), (0.1, 20.0), (0.1, 20.0), (0.1, 30.0)],
}


def test_a_ratio_is_that_of_the_same_turn():
    quick = bench.summary(COSTS, steps=5)["quick"]
    assert quick["ratio"] == pytest.approx([10.0, 20.0, 30.0])
    assert quick["ms"] == pytest.approx(20.0)
    assert (quick["mb"], quick["begin"]) == (30.0, 0.25)


def test_a_measurement_that_was_stopped_counts_what_there_is():
    costs = {
        "specimen": COSTS["specimen"],
        "quick": COSTS["quick"][:3],
        "late": [(1, 1)],
    }
    found = bench.summary(costs, steps=5)
    assert list(found) == ["specimen", "quick"]
    assert found["quick"]["ratio"][1] == pytest.approx(15.0)


def test_the_table_has_a_line_for_each_rung(capsys):
    bench.report(bench.summary(COSTS, steps=5))
    head, *lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["specimen", "quick"]
    assert lines[1].split()[1:] == [
        "20.000",
        "20.00",
        "(10.00",
        "to",
        "30.00)",
        "30.0",
        "0.25",
        "s",
    ]
    assert max(map(len, [head, *lines])) <= 88


def test_rungs_are_measured_in_turns():
    costs = bench.measure(2, 1, None, ("arrays", "lists"))
    assert {name: len(found) for name, found in costs.items()} == {
        "arrays": 3,
        "lists": 3,
    }
    assert all(seconds > 0 and mb > 1 for one in costs.values() for seconds, mb in one)


@pytest.mark.skipif(bench.peak() == 0, reason="only Linux says what a process held")
def test_what_the_parent_has_held_is_not_counted():
    ballast = b"x" * 300_000_000
    program = "from tests import bench; print(bench.cost(0)[1])"
    said = subprocess.check_output([sys.executable, "-c", program], text=True)
    assert 1 < float(said) < len(ballast) / 1e6


def test_the_specimen_can_begin_too():
    assert next(bench.start("specimen", None)) == pytest.approx(3.3962, abs=1e-4)


def test_what_is_not_installed_is_left_out_by_name(monkeypatch, capsys):
    engines = {"value": "microgpt.value", "new": "absent.module"}
    for module in (bench, run):
        monkeypatch.setattr(module, "ENGINES", engines)
    assert bench.present() == ["specimen", "value"]
    reason = "engine new needs absent: pip install '.[absent]' in a checkout"
    assert capsys.readouterr().err == f"without new: {reason}\n"


def test_a_processor_is_named_as_its_system_names_it(tmp_path):
    info = tmp_path / "cpuinfo"
    info.write_text("processor : 0\nmodel name\t: Some  Processor 3000\nflags : fpu\n")
    assert bench.machine(info) == "Some Processor 3000"
    assert bench.machine(tmp_path / "none")


def test_what_is_stored_has_every_rung_and_says_where_it_comes_from():
    found = json.loads(MEASURED.read_text("utf-8"))
    rungs = found.pop("rungs")
    optional = {"torch"} - rungs.keys()
    assert list(rungs) == ["specimen", *(x for x in ENGINES if x not in optional)]
    assert list(found) == ["date", "machine", "python", "commit", "command"]
    assert all(found.values())
    for rung in rungs.values():
        low, middle, high = rung["ratio"]
        assert 0 < low <= middle <= high
