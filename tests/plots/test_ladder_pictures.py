"""The pictures of the ladder show what its rungs compute."""

import json
import re

import pytest

from docs.plots import ladder_ratios, tape_records, there_and_back, vector_of_weights
from docs.plots.shared.runs import trained
from docs.plugins.measured import three
from microgpt import Config
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
    found = re.findall(r"(\w+): (\d+) records, ([\d,]+) numbers", words(tape_records))
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
