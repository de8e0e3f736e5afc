"""What one core can do at most is measured, and the book's floor is made of it."""

import json
from pathlib import Path

import pytest

from docs.plots.shared import limits
from tests import limit
from tests.engines import need_compiler

MEASURED = Path(__file__).parents[1] / "docs" / "measured"


def stored(name):
    return json.loads((MEASURED / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("real", limit.REALS)
def test_what_one_core_can_do_is_told_in_nanoseconds(real):
    need_compiler()
    times = limit.measure(real, 2)
    assert [*times] == [*limit.KERNELS]
    assert all(0 < ns < 10_000 for ns in times.values())


def test_a_kernel_is_timed_by_what_it_does_and_the_best_turn_counts(monkeypatch):
    clock = iter([0.0, 8.0, 10.0, 14.0])
    monkeypatch.setattr(limit, "perf_counter", lambda: next(clock))
    assert limit.seconds(lambda turns: 2, turns=4, rounds=2) == 0.5


def test_without_a_compiler_nothing_is_stored(monkeypatch, tmp_path):
    monkeypatch.setenv("CC", "no-such-cc")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "limit.json"
    monkeypatch.setattr("sys.argv", ["limit", "--store", str(path)])
    with pytest.raises(SystemExit, match=r"^not measured: no C compiler no-such-cc"):
        limit.main()
    assert not path.exists()


def test_what_is_measured_is_stored_with_where_it_comes_from(
    monkeypatch, tmp_path, capsys
):
    path = tmp_path / "limit.json"
    monkeypatch.setattr(limit, "measure", lambda real, rounds: {"multiply_add": 0.25})
    monkeypatch.setattr("sys.argv", ["limit", "--store", str(path), "--rounds", "3"])
    limit.main()
    found = json.loads(path.read_text("utf-8"))
    assert found["command"] == "python -m tests.limit --rounds 3"
    assert found["reals"]["float32"] == {"multiply_add": 0.25}
    assert "float32  multiply_add 0.250 ns" in capsys.readouterr().out


def test_the_floor_and_the_rungs_were_measured_on_one_machine():
    floor, ladder = stored("limit"), stored("ladder")
    assert floor["machine"] == ladder["machine"]
    assert [*floor["reals"]] == [*limit.REALS]
    assert all([*times] == [*limit.KERNELS] for times in floor["reals"].values())


def test_the_floor_is_the_counts_times_what_each_takes():
    times = stored("limit")["reals"]["float64"]
    assert limits.floor("float64")["roots"] == 4192 * times["divide_by_root"]
    one = limits.floor("float64")["products"] / times["multiply_add"]
    assert 70_000 < one < 80_000  # products with an addition, in a step
