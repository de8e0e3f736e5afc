"""The pictures of the chapters from the names to the parameters show what they say."""

import re

import pytest

from docs.plots import (
    contexts,
    counted_or_learned,
    drawn_sizes,
    glued,
    letters_of_names,
    matrices,
    tied_or_biased,
)
from docs.plots.shared.runs import untrained
from docs.plots.shared.variants import Biased, Tied
from microgpt import Adam, Config, Tokenizer, Value, load_names
from microgpt.ladder import arrays
from microgpt.ngrams import ngram
from tests.drawn import drawn, words


def test_the_letters_of_the_names_are_counted_by_place():
    names, said = load_names(), words(letters_of_names)
    assert f" 6: {sum(len(name) == 6 for name in names):,}," in said
    share = sum(name.endswith("a") for name in names) / len(names)
    assert f"Commonest last: a {share:.2f}," in said


def test_a_name_is_glued_pair_by_pair_and_stays_what_it_was():
    rows = dict(row.split(": ") for row in words(glued).rstrip(".").split("; "))
    texts = [row.split() for row in rows.values()]
    assert {"".join(row) for row in texts} == {glued.NAME}
    assert texts[0] == list(glued.NAME)
    for label, before, after in zip(list(rows)[1:], texts, texts[1:]):
        pair = label.split(". ")[1].split(" + ")
        assert "".join(pair) in after
        assert any(before[i : i + 2] == pair for i in range(len(before)))
    assert re.search(r"; 1\. a \+ n: m a r i an n e;", words(glued))


def test_more_context_helps_less_on_new_names_than_on_the_same():
    names, said = load_names(), words(contexts)
    new, same = (
        [float(loss) for loss in re.findall(r"\d \d*(\d\.\d{3})", part)]
        for part in said.split("On ")[1:]
    )
    others = [name for i, name in enumerate(names) if i % 10]
    pairs = ngram(2, others, Tokenizer(names), names[::10], 0.1)
    assert f"1 {pairs:.3f}, " in said
    assert same == sorted(same, reverse=True)
    assert new.index(min(new)) == 3


def test_gradient_descent_comes_near_to_what_counting_gives():
    said = words(counted_or_learned)
    ends = re.findall(r": (\d\.\d{4}), and (\d\.\d{4}) by", said)
    assert len(ends) == 2
    for learned, counted in ends:
        assert 0 < float(learned) - float(counted) < 0.002


def test_the_matrices_are_those_of_the_model_and_add_up():
    sizes = re.findall(r"(\d+) by (\d+), ([\d,]+)\.", words(matrices))
    shapes = list(Config(27).shapes().values())
    assert [(int(rows), int(columns)) for rows, columns, _ in sizes] == shapes
    assert sum(int(size.replace(",", "")) for *_, size in sizes) == 4192
    assert "4,192" in drawn(matrices).title


def test_large_weights_do_harm_and_small_ones_do_not():
    before, after = (
        [float(loss) for loss in re.findall(r"0\.\d+ (\d+\.\d\d)", part)]
        for part in words(drawn_sizes).split(". ")[1:]
    )
    assert before[0] == pytest.approx(3.3, abs=0.02)
    assert max(after[:4]) - min(after[:4]) < 0.1
    assert after[4] > 5
    assert before[4] > 100


def test_tying_costs_more_than_a_seed_and_biases_less():
    losses = re.findall(r": (\d\.\d{3}), (\d\.\d{3})\.", words(tied_or_biased))
    plain, biased, tied = ([float(x) for x in pair] for pair in losses)
    seed = abs(plain[0] - plain[1])
    for i in range(2):
        assert abs(biased[i] - plain[i]) < seed / 4
        assert tied[i] - plain[i] > 2 * seed


def test_a_tied_model_gets_the_gradients_of_both_jobs_in_one_matrix():
    _, tokenizer, start, _ = untrained()
    tokens, plain = tokenizer.encode("emma"), start.to(Value)
    plain.weights["lm_head"] = plain.weights["wte"]
    tied = Tied(start.config, weights=start.floats())
    losses = [gpt.loss(tokens) for gpt in (plain, tied)]
    assert float(losses[0]) == pytest.approx(float(losses[1]), rel=1e-12)
    for loss in losses:
        loss.backward()
    slopes = [w.grad for row in plain.weights["wte"] for w in row]
    assert tied.theta.grad[: len(slopes)] == pytest.approx(slopes, abs=1e-12)
    head = slice(27 * 16 + 16 * 16, 2 * 27 * 16 + 16 * 16)
    assert not tied.theta.grad[head].any()


def test_biases_begin_at_zero_change_nothing_and_learn():
    _, tokenizer, start, _ = untrained()
    tokens = tokenizer.encode("emma")
    biased = Biased(start.config, weights=start.floats())
    plain = arrays.GPT(start.config, weights=start.floats())
    assert float(biased.loss(tokens)) == float(plain.loss(tokens))
    assert sum(b.data.size for b in biased.biases.values()) == 171
    biased.loss(tokens).backward()
    before = float(biased.loss(tokens))
    slope = biased.biases["lm_head"].grad[0, 4]
    biased.biases["lm_head"].data[0, 4] += 1e-6
    nudged = (float(biased.loss(tokens)) - before) / 1e-6
    assert nudged == pytest.approx(slope, abs=1e-5)
    slopes = {name: abs(b.grad).max() for name, b in biased.biases.items()}
    Adam(biased.parameters()).step()
    for name, bias in biased.biases.items():
        assert bias.data.any()
        assert (slopes[name] > 1e-6) == (name != "layer0.attn_wk")


def test_a_bias_of_the_keys_cannot_matter():
    _, tokenizer, start, _ = untrained()
    tokens = tokenizer.encode("emma")
    biased = Biased(start.config, weights=start.floats())
    before = float(biased.loss(tokens))
    biased.biases["layer0.attn_wk"].data += 1.0
    assert float(biased.loss(tokens)) == pytest.approx(before, rel=1e-12)
    biased.biases["layer0.attn_wv"].data += 1.0
    assert abs(float(biased.loss(tokens)) - before) > 1e-4
