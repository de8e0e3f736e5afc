import json
from pathlib import Path

import pytest

from microgpt.run import ENGINES
from tests import costs
from tests.specimens import program

MEASURED = Path(__file__).parents[1] / "docs" / "measured"


def test_each_shape_of_a_model_and_document_is_timed():
    [times] = costs.growth(["lists"], rounds=1, least=0.001).values()
    assert len(times) == len(costs.SHAPES)
    assert all(ms > 0 for ms in times)


def test_a_step_is_timed_until_so_many_seconds_are_used():
    steps = iter(range(10**9))
    used = costs.seconds_a_step(steps, 0.01)
    assert used * next(steps) >= 0.01


def test_names_are_written_by_all_ways():
    found = costs.names(rounds=1)
    ways = [(way["by"], way["at_once"]) for way in found]
    one_by_one = [("specimen", 1), ("sample", 1)]
    assert ways == [*one_by_one, *(("batches", 10**i) for i in range(4))]
    rates = [way["per_second"] for way in found]
    assert all(rate > 0 for rate in rates)


def test_the_values_of_the_specimen_are_listed_in_the_order_of_drawing():
    class Counter:
        def __init__(self):
            self.drawn = 0

        def gauss(self, mean, deviation):
            self.drawn += 1
            return self.drawn

    matrices = program.matrices(27, Counter())
    assert [p.data for p in costs.values(matrices)] == [*range(1, 4193)]


def test_what_a_rung_needs_is_found_in_a_process_of_its_own():
    found = costs.needs(["lists", "arrays"])
    assert found["lists"]["packages"] == []
    assert found["lists"]["mb"] == 0
    assert found["arrays"]["packages"] == ["numpy"]
    assert found["arrays"]["mb"] > 10
    for rung in found.values():
        assert 0 < rung["import"] <= rung["first"]


def test_packages_bring_those_that_they_require():
    assert {"pytest", "pluggy", "iniconfig"} <= costs.installed(["pytest"])
    assert costs.installed(["random"]) == set()


@pytest.mark.parametrize("name", ["growth", "needs", "names"])
def test_what_is_stored_says_where_it_comes_from(name):
    found = json.loads((MEASURED / f"{name}.json").read_text("utf-8"))
    head = ["date", "machine", "python", "commit", "command"]
    assert list(found)[:5] == head
    assert all(found[key] for key in head)
    if name != "names":
        rungs = [rung for rung in ENGINES if rung in found[name]]
        assert list(found[name]) == rungs
        assert {"value", "fused", "tape", "lists", "arrays", "by_hand"} <= {*rungs}
