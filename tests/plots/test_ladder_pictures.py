"""The pictures of the ladder show what its rungs compute."""

import json
import random
import re

import pytest

from docs.plots import (
    ladder_ratios,
    limit,
    step_work,
    tape_records,
    there_and_back,
    vector_of_weights,
)
from docs.plots.shared import limits, work
from docs.plots.shared.runs import trained
from docs.plugins.measured import three
from microgpt import GPT, Config
from microgpt.graph import topological_order
from microgpt.ladder import by_hand, lists, tape
from tests.drawn import texts, words


def test_the_way_back_is_drawn_as_far_as_the_embedding():
    found = re.findall(r"(\w+) (\d[\d.]*)\b", words(there_and_back))
    stations = list(there_and_back.STATIONS)
    assert [name for name, _ in found] == stations * 2
    assert found[1] == ("RMSNorm", "1")  # what it leaves
    assert {number for _, number in found} <= set(texts(there_and_back))


def test_the_gradients_are_those_of_the_loss():
    run = trained()
    gpt = lists.GPT(run.gpt.config, weights=run.gpt.floats())
    tokens = run.tokenizer.encode(there_and_back.NAME)
    gpt.loss(tokens).backward()
    grads = [a for row in gpt.weights["wpe"].grad[: len(tokens) - 1] for a in row]
    first = there_and_back.sizes()[1][0]
    assert first == pytest.approx((sum(g * g for g in grads) / len(grads)) ** 0.5)


def test_the_parts_of_the_vector_are_drawn_in_their_order_and_hold_all_of_it():
    parts = re.findall(r" (\w+) ([\d,]+)[,.]", words(vector_of_weights))
    names = ["wte", "wpe", "lm_head", "wqkv", "wo", "fc1", "fc2"]
    assert [name for name, _ in parts] == names
    sizes = [int(size.replace(",", "")) for _, size in parts]
    assert sum(sizes) == len(by_hand.GPT(Config(27)).floats())
    assert {word for part in parts for word in part} == set(texts(vector_of_weights))


def test_the_records_of_a_tape_are_counted_and_its_numbers_are_all_of_them():
    found = re.findall(r"(\w+): records (\d+), numbers ([\d,]+)", words(tape_records))
    loss = tape.GPT(Config(27)).loss(tape_records.NAME)
    numbers = [int(count.replace(",", "")) for *_, count in found]
    assert sum(int(count) for _, count, _ in found) == len(loss.tape.records)
    assert sum(numbers) == len(loss.tape.data) - len(loss.theta.data)
    assert numbers == sorted(numbers, reverse=True)


def test_the_chart_shows_every_rung_as_it_was_measured():
    found = json.loads(ladder_ratios.STORED.read_text("utf-8"))
    assert words(ladder_ratios).startswith(f"Measured {found['date']} with Python ")
    for name, rung in found["rungs"].items():
        low, middle, high = map(three, rung["ratio"])
        assert f" {name}: {middle} ×, from {low} to {high}." in words(ladder_ratios)
        assert {name, f"{middle} ×"} <= set(texts(ladder_ratios))


def products(loss):
    """Count the products of a graph: their slopes are not both one."""
    nodes = [node for node in topological_order(loss) if len(node._children) == 2]
    return sum(tuple(node._local_grads) != (1.0, 1.0) for node in nodes)


@pytest.mark.parametrize("config", [Config(27), Config(5, 2, 8, 2, 4)])
@pytest.mark.parametrize("n", [1, 3])
def test_the_work_of_matrices_and_attention_is_that_of_the_graph(config, n):
    loss = GPT(config, rng=random.Random(1)).loss([0, 1, 2, 1][: n + 1])
    norms = n * (1 + 2 * config.n_layer) * (2 * config.n_embd + 1)
    heads = config.n_head * config.n_layer
    shares = heads * (2 * work.pairs(n) - 1)  # what looks at itself only is not scaled
    rest = norms + shares + 2 * n + 1  # and the loss
    counts = work.work(config, n)
    multiply_adds = (counts["matrices"] + counts["attention"]) / 6
    assert multiply_adds == products(loss) - rest


def test_the_work_of_a_step_is_drawn_part_by_part():
    found = re.findall(r" ([\w ]+): ([\d,]+)\.", words(step_work))
    parts = dict(found)
    whole = int(parts.pop("Together").replace(",", ""))
    sizes = {name: int(size.replace(",", "")) for name, size in parts.items()}
    assert abs(sum(sizes.values()) - whole) <= 2
    assert {*sizes, *parts.values()} == set(texts(step_work))
    assert sizes["Adam"] == 13 * len(by_hand.GPT(Config(27)).floats())


def test_each_rung_is_drawn_with_its_distance_from_the_floor():
    rungs = json.loads(ladder_ratios.STORED.read_text("utf-8"))["rungs"]
    found = dict(re.findall(r" (\w+): ([\d.,]+ ×)", words(limit)))
    assert [*found] == [*rungs]
    floor = sum(limits.floor("float32").values())
    assert limits.distances()["compiled32"] == 1e6 * rungs["compiled32"]["ms"] / floor
    assert {*found, *found.values()} <= {*texts(limit)}
    assert all(times > 1 for times in limits.distances().values())
