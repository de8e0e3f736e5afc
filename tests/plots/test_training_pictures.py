"""The pictures of the chapters on learning show what their pages say."""

import random
import re
from functools import partial
from statistics import fmean, stdev

import pytest

from docs.plots import ablations, longer, new_names, resumed, seeds
from docs.plots.shared.parts import PARTS, Steady, Undivided
from docs.plots.shared.resuming import BREAK, forgetful
from docs.plots.shared.runs import (
    STEPS,
    mean_loss,
    token_loss,
    trained,
    unseen,
    untrained,
)
from microgpt import Adam, Tokenizer, Value, model, ngrams, sample, train
from microgpt.ladder import arrays
from tests.drawn import words


def moved(optimizer, slopes, lr_scale=1.0):
    """How far a number moves in each step."""
    (w,), moves = optimizer.params, []
    for slope in slopes:
        w.grad, before = slope, w.data
        optimizer.step(lr_scale)
        moves.append(w.data - before)
    return moves


def test_each_part_that_is_taken_away_is_the_one_that_its_name_says():
    first, second = (PARTS[f"no {which}"]([Value(0.0)]) for which in ("m", "v"))
    assert moved(first, [-6.0, 2.0]) == pytest.approx(
        [0.01, -0.01 * 2.0 / ((0.0099 * 36 + 0.04) / (1 - 0.99**2)) ** 0.5]
    )
    slopes, averages = [-6.0, 2.0], [-6.0, (0.85 * -0.9 + 0.3) / (1 - 0.85**2)]
    expected = [-0.1 * average for average in averages]
    assert moved(second, slopes) == pytest.approx(expected, rel=1e-4)
    assert moved(Undivided([Value(0.0)]), [-6.0]) == pytest.approx([0.015])
    assert moved(Steady([Value(0.0)]), [-6.0], 0.5) == pytest.approx([0.01])
    assert PARTS["all"] is Adam


def test_of_the_parts_of_adam_two_are_missed():
    said = re.findall(r"Seed (\d+), ([\w ]+): (\d\.\d{3})\.", words(ablations))
    assert len(said) == len(PARTS) * len(ablations.SEEDS)
    for seed in ablations.SEEDS:
        losses = {part: float(loss) for s, part, loss in said if s == str(seed)}
        whole = losses["all"]
        worst = sorted(losses, key=losses.__getitem__)[-2:]
        assert worst == ["no v", "constant rate"]
        assert losses["constant rate"] - whole > 0.1
        assert losses["no v"] - whole > 0.025
        assert abs(losses["no divisions"] - whole) < 0.005
        assert losses["no m"] - whole < 0.005


def test_signs_alone_learn_much_less():
    signs = partial(Adam, betas=(0.0, 0.0))
    whole, part = (
        mean_loss(run.gpt, unseen(run)) for run in (trained(), trained(signs))
    )
    assert part - whole > 0.2


def test_last_losses_of_several_seeds_differ_more_than_means():
    last, means, new = zip(*map(seeds.ends, seeds.SEEDS))
    assert last[0] == trained().losses[-1]
    assert stdev(last) > 3 * max(stdev(means), stdev(new))
    assert stdev(means) < 2 * stdev(trained().losses[-200:]) / 200**0.5
    listed = ", ".join(f"{loss:.3f}" for loss in last)
    assert f"last: {listed}. mean of 200: {means[0]:.3f}, " in words(seeds)


def test_more_names_help_the_model_and_long_contexts_but_no_pairs():
    said = dict(
        re.findall(r"(model|\d before): ([^.]+(?:\.\d+[^.]+)+)\.", words(longer))
    )
    lines = {
        name: [float(loss) for loss in re.findall(r"(\d\.\d\d) at", text)]
        for name, text in said.items()
    }
    assert {len(line) for line in lines.values()} == {len(longer.STEPS)}
    assert lines["1 before"][-2] - lines["1 before"][-1] < 0.02
    for name in ("model", "2 before", "3 before"):
        assert lines[name][-2] - lines[name][-1] > 0.05
    assert max(lines["2 before"][-1], lines["3 before"][-1]) < lines["model"][-1] + 0.01


def test_a_loss_over_tokens_can_be_compared_with_a_yardstick():
    tokenizer = Tokenizer(["ab", "aab"])
    gpt = model.GPT(model.Config(3, n_embd=4), float, random.Random(1))
    zeros = model.GPT(gpt.config, float, weights=[0.0] * len(gpt.floats()))
    documents = [tokenizer.encode(doc) for doc in ("ab", "aab")]
    assert token_loss(zeros, documents) == pytest.approx(ngrams.uniform(tokenizer))
    expected = (3 * gpt.loss(documents[0]) + 4 * gpt.loss(documents[1])) / 7
    assert token_loss(gpt, documents) == pytest.approx(expected)
    assert len(unseen(trained())) == 500


def test_names_are_sorted_into_what_the_picture_says():
    run, rng, before = trained(), random.Random(0), []
    for _ in range(new_names.COUNT):
        before.append(sample(run.gpt, run.tokenizer, 0.5, rng))
    counts = new_names.sorted_out(0.5)
    different = set(before)
    assert counts["repeated"] == len(before) - len(different)
    assert counts["learned"] == len(different & set(run.docs[:STEPS]))
    assert counts["in the list"] == len(different & set(run.docs[STEPS:]))
    assert sum(counts.values()) == len(before)
    listed = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    assert f"At temperature 0.5: {listed}." in words(new_names)


def test_who_forgets_nothing_goes_on_as_if_nothing_had_been():
    assert forgetful("") == trained().losses


def test_half_a_memory_is_worse_than_none():
    whole = trained().losses
    extra = {
        forgotten: fmean(
            map(lambda a, b: a - b, forgetful(forgotten)[BREAK:], whole[BREAK:])
        )
        for forgotten in ("mvt", "mv")
    }
    assert 0 < extra["mvt"] < 0.01 < 0.02 < extra["mv"]
    said = words(resumed)
    assert (
        f"v forgotten: the last step is {BREAK + 1}, then training breaks off." in said
    )
    assert "m and v forgotten, in steps of 25: +0.1" in said


def test_more_steps_on_the_same_names_gain_most_of_what_more_names_gain():
    run = untrained()
    losses = []
    for names, steps in ((1000, 1000), (1000, 2000), (2000, 2000)):
        gpt = arrays.GPT(run.gpt.config, weights=run.gpt.floats())
        for _ in train(gpt, run.docs[:names], run.tokenizer, steps):
            pass
        losses.append(mean_loss(gpt, unseen(run)))
    short, again, longer = losses
    assert short - longer > 0.03
    assert short - again > (short - longer) / 2
