"""The pictures of the book show what they say: names, sizes, numbers."""

import math
import re
import statistics
from importlib import import_module
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from docs.plots import (
    attention_by_hand,
    attention_maps,
    attention_worth,
    embeddings,
    leash,
    loss_curve,
    loss_reads,
    mask_grids,
    norms,
    optimizers,
    road,
    rotary,
    step_along,
    temperature,
    who_sees_whom,
)
from docs.plots.shared import rewarded
from docs.plots.shared.road import gpt, losses, moved, without
from docs.plots.shared.runs import (
    STEPS,
    attention_weights,
    places,
    running_mean,
    trained,
    untrained,
)
from docs.plots.shared.variants import Normed, centered, same
from docs.plugins.inks import inline
from docs.plugins.pictures import modules
from docs.road import adam, attention, by_hand, count, heads
from microgpt import SGD, Adam, Tokenizer, load_names, model, ngrams
from microgpt.ladder import arrays
from microgpt.number import rmsnorm, softmax
from tests.drawn import drawn, texts, words

ROOT = Path(__file__).parents[2]
NAMES = [name.replace("-", "_") for name in modules("docs.plots")]
ALL = [import_module(f"docs.plots.{name}") for name in NAMES]


@pytest.mark.parametrize("name", NAMES)
def test_what_a_picture_says_is_tested(name):
    tests = "".join(p.read_text("utf-8") for p in Path(__file__).parent.glob("*.py"))
    assert re.search(rf"(words|texts|drawn)\({name}\)", tests)


@pytest.mark.parametrize("picture", ALL)
def test_a_picture_is_small_and_its_file_short(picture):
    with open(picture.__file__, encoding="utf-8") as file:
        assert len(file.readlines()) <= 40
    raw = drawn(picture)
    assert len(inline(raw.svg, "id", raw.title, raw.words)) < 40_000
    assert raw.words.endswith(".")


def test_a_run_is_that_of_the_book_and_done_once():
    run = trained()
    assert [f"{loss:.4f}" for loss in run.losses[:3]] == ["3.3962", "3.2794", "3.1757"]
    assert len(run.losses) == STEPS
    assert trained() is run


def test_a_running_mean_is_the_mean_of_each_window():
    assert running_mean([1.0, 3.0, 5.0, 9.0], 2) == [2.0, 4.0, 7.0]


def test_the_loss_curve_tells_its_ends_and_its_yardsticks():
    losses, said = trained().losses, words(loss_curve)
    first, last = statistics.fmean(losses[:50]), statistics.fmean(losses[-50:])
    assert f"{first:.2f} at step 50 and {last:.2f} at step 1000" in said
    assert f"between {min(losses):.2f} and {max(losses):.2f}" in said
    assert "uniform loss is 3.30, and the mean is always below it." in said
    step = int(re.search(r"bigram .* for good after step (\d+)", said)[1])
    assert statistics.fmean(losses[step - 50 : step]) >= 2.3346
    assert all(mean < 2.3346 for mean in running_mean(losses, 50)[step - 49 :])


def test_each_loss_is_a_dot():
    raw = drawn(loss_curve)
    assert inline(raw.svg, "id", "", "").count("h0") == STEPS


def test_attention_weights_are_those_with_which_the_model_mixes(monkeypatch):
    run = trained()
    tokens = run.tokenizer.encode("anna")[:-1]
    seen = []

    def recorded(q, keys, values):
        scale = len(q) ** -0.5
        fits = [sum(map(lambda a, b: a * b, q, key)) * scale for key in keys]
        seen.append(softmax(fits) + [0.0] * (len(tokens) - len(keys)))
        return attention(q, keys, values)

    attention = model.attention
    monkeypatch.setattr(model, "attention", recorded)
    cache = run.gpt.cache()
    for position, token in enumerate(tokens):
        run.gpt(token, position, cache)
    expected = np.array(seen).reshape(len(tokens), -1, len(tokens)).swapaxes(0, 1)
    assert np.allclose(attention_weights(run.gpt, tokens), expected, atol=1e-12)


def test_attention_maps_have_a_panel_for_each_head_and_name_what_it_takes_most():
    written, said = texts(attention_maps), words(attention_maps)
    assert [text for text in written if "head" in text] == [
        f"head {i}" for i in range(1, trained().gpt.config.n_head + 1)
    ]
    assert said.count("0 BOS from 0 BOS (1.00)") == trained().gpt.config.n_head
    assert re.search(r"8 e from \d \w+ \(0\.\d\d\)\.$", said)


def test_embeddings_are_the_best_flat_picture_of_the_letters():
    run = trained()
    table = np.array(run.gpt.weights["wte"])[:-1]
    spread = np.linalg.eigvalsh(np.cov(table.T))
    assert f"first direction ({spread[-1] / spread.sum():.0%} of the variance)" in (
        texts(embeddings)
    )
    order = re.search(r"left to right: ([a-z ]+)\.", words(embeddings))[1].split()
    assert sorted(order) == list(run.tokenizer.chars)
    places = [order.index(vowel) for vowel in embeddings.VOWELS]
    assert statistics.fmean(places) > statistics.fmean(range(len(order)))


def test_temperature_shows_the_probabilities_with_which_a_name_begins():
    run = trained()
    logits = run.gpt(run.tokenizer.bos, 0, run.gpt.cache())
    share = max(softmax([logit / 0.5 for logit in logits]))
    assert f"At temperature 0.5: l {share:.3f}, m " in words(temperature)
    assert f"{share:.2f}" in texts(temperature)


def test_rotary_shows_how_a_vector_fits_itself_turned_away():
    pairs = np.arange(0, rotary.SIZE, 2)
    near, far = words(rotary).split(" With ")[1:]
    for said, base in ((near, 10_000), (far, 500_000)):
        for distance in (0, 10, 200):
            turns = np.exp(1j * distance / base ** (pairs / rotary.SIZE))
            assert f"{turns.real.mean():.2f} at {distance}" in said
        assert f"base {base:,}" in texts(rotary)


def test_a_leash_holds_a_writer_where_theory_says():
    names = load_names()
    table = rewarded.logs(np.log(rewarded.counted() + 0.1))
    bigram = ngrams.bigram(names, Tokenizer(names), smoothing=0.1)
    assert rewarded.loss(table, rewarded.counted()) == pytest.approx(bigram)
    share, texts_left = 0.0, np.exp(table)[26, :26]
    for _ in range(200):
        share += texts_left[0] * np.exp(table)[0, 26]
        texts_left = texts_left @ np.exp(table)[:26, :26]
    assert rewarded.ending(table) == pytest.approx(share)
    best = share * np.e / (share * np.e + 1 - share)
    said = words(leash).split(" With leash ")[1:]
    ends = [float(re.search(r" to (0\.\d\d) at", text)[1]) for text in said]
    assert ends[0] > ends[1] > 0.9
    assert ends[2] == pytest.approx(best, abs=0.02)


def test_optimizers_are_compared_on_the_same_documents():
    adam, sgd = trained(Adam, 0.01), trained(SGD, 0.01)
    assert adam.docs == sgd.docs
    assert adam.losses == trained().losses
    fast = trained(SGD, 0.1)
    ahead = running_mean(list(map(lambda a, b: a - b, sgd.losses, adam.losses)), 50)
    assert min(ahead) > 0.1
    behind = running_mean(list(map(lambda a, b: a - b, fast.losses, adam.losses)), 50)
    assert 0 < statistics.fmean(behind) < 0.05
    assert f"{statistics.fmean(sgd.losses[-50:]):.2f} at step 1000" in words(optimizers)
    assert [text for text in texts(optimizers) if "," in text] == [
        *("Adam, 0.01", "SGD, 0.01", "SGD, 0.1")
    ]


def test_the_heads_look_where_the_chapter_says():
    run = trained()
    weights = attention_weights(run.gpt, run.tokenizer.encode("marianne")[:-1])
    last, first_a, second_a = slice(6, 9), 2, 5
    assert all(weights[0, last, first_a] > 5 * weights[0, last, second_a])
    assert (weights[3, last][:, [first_a, second_a]] < 0.1).all()


def test_the_mixture_by_hand_is_that_of_the_chapter():
    assert "m 0.42, a 0.05, r 0.42" in words(attention_by_hand)
    chapter = (ROOT / "docs" / "attention.md").read_text(encoding="utf-8")
    assert "m   3.0000 2.1213 0.4238" in chapter


def test_attention_pays_in_both_runs_and_mixing_alone_pays_too():
    losses = re.findall(r"Seed (\d+), ([a-z ]+): (\d\.\d{3})", words(attention_worth))
    assert len(losses) == 6
    for i in (0, 3):
        full, equal, without = (float(loss) for *_, loss in losses[i : i + 3])
        assert full < equal < without - 0.01 < full + 0.03


def test_a_cache_that_holds_the_future_shows_every_position_everything():
    said = words(who_sees_whom)
    assert "a fresh cache: 21 of 36 pairs." in said  # 6 + 5 + 4 + 3 + 2 + 1
    assert "a cache with the future: 36 of 36 pairs." in said


@pytest.mark.parametrize("program", ["by_hand", "autograd", "attention", "heads"])
def test_the_road_is_run_sooner_with_the_same_losses(program):
    model = import_module(f"docs.road.{program}").Model
    made, docs, tokenizer, _ = count.begin(model)
    first = list(islice(count.train(made, docs, tokenizer, STEPS), 4))
    assert losses()[program][:4] == pytest.approx(first, rel=1e-12, abs=0)
    assert len(losses()[program]) == STEPS


def test_the_last_program_of_the_road_is_the_run_of_the_book():
    assert losses()["adam"] == trained().losses
    assert list(losses()) == [
        *("count", "by_hand", "autograd", "attention", "heads", "adam")
    ]


def test_the_road_does_what_its_page_says_of_the_picture():
    last = {name: statistics.fmean(of[-200:]) for name, of in losses().items()}
    assert last["adam"] < last["attention"] < last["count"] < last["by_hand"]
    bigram = 2.3346
    assert last["adam"] < bigram - 0.05
    assert abs(last["attention"] - bigram) < 0.01
    means = [running_mean(losses()[name], 100) for name in ("attention", "heads")]
    assert max(map(lambda a, b: abs(a - b), *means)) < 0.01
    assert len(set(trained().docs[:STEPS])) == STEPS
    too_fast = list(islice(gpt(by_hand.Model.lr, 1), STEPS))
    assert statistics.fmean(too_fast[-200:]) > last["attention"] + 0.1


def test_most_of_what_the_last_program_gains_is_that_its_rate_falls():
    def last(found):
        return statistics.fmean(found[-200:])

    assert moved(SGD, heads.Model.lr, falling=False) == losses()["heads"]
    assert moved(Adam, adam.Model.lr, falling=True) == losses()["adam"]
    plain, falling = last(losses()["heads"]), moved(SGD, heads.Model.lr, falling=True)
    gain = plain - last(losses()["adam"])
    assert gain > plain - last(falling) > 0.6 * gain
    constant = moved(Adam, adam.Model.lr, falling=False)
    assert last(constant) > plain


def test_what_is_left_out_of_the_road_stays_zero():
    model, docs, tokenizer, _ = count.begin(attention.Model)
    found = []
    for doc in docs[:3]:
        for matrix in (model.matrices[1], model.matrices[6]):  # wpe and wo
            for w in (w for row in matrix for w in row):
                w.data = 0.0
        found.append(model.learn(tokenizer.encode(doc), 1.0))
    left_out = list(islice(gpt(model.lr, 1, ["wpe", "layer0.attn_wo"]), 3))
    assert left_out == pytest.approx(found, rel=1e-12, abs=0)


def test_only_a_matrix_of_the_model_can_be_left_out():
    assert places(model.Config(27), "wpe") == slice(27 * 16, 27 * 16 + 16 * 16)
    with pytest.raises(KeyError, match="wq"):
        places(model.Config(27), "wq")


def test_knowing_the_place_is_worth_what_the_page_says():
    def last(*names):
        return statistics.fmean(without(*names)[-200:])

    both, network = last(), statistics.fmean(losses()["by_hand"][-200:])
    neither = last("wpe", "layer0.attn_wo")
    assert neither - both > network - neither > 0
    for one in ("wpe", "layer0.attn_wo"):
        assert neither - last(one) > 0.6 * (neither - both)
    assert abs(last("layer0.attn_wo") - both) < 0.005


def test_the_picture_of_the_road_names_programs_and_yardsticks():
    written, said = texts(road), words(road)
    names = {"count", "by_hand, autograd", "attention", "heads", "adam"}
    assert names | {"unigram", "bigram"} <= set(written)
    end = statistics.fmean(losses()["count"][-100:])
    assert f"count: {losses_at(100):.2f} at step 100, " in said
    assert f", {end:.2f} at step 1000. by_hand, autograd: " in said


def losses_at(step):
    """The mean loss of the table up to a step."""
    return statistics.fmean(losses()["count"][:step])


def test_the_mask_leaves_nothing_to_later_positions():
    rows = words(mask_grids).removeprefix("Weights: ").rstrip(".").split("; ")
    weights = [[float(w) for w in row.split()] for row in rows]
    assert [row.count(0.0) for row in weights] == [3, 2, 1, 0]
    assert all(abs(sum(row) - 1) < 0.02 for row in weights)
    assert texts(mask_grids).count("−∞") == 6


@pytest.mark.parametrize("norm", [arrays.Value.rmsnorm, centered, same])
def test_a_model_that_normalizes_otherwise_differs_in_nothing_else(norm):
    start, tokens = untrained().gpt, [26, 4, 12, 12, 0, 26]
    found = Normed(start, norm, norm).loss(tokens).data
    plain = arrays.GPT(start.config, weights=start.floats()).loss(tokens).data
    assert (found == plain) == (norm is arrays.Value.rmsnorm)


def test_layernorm_subtracts_the_mean_and_then_scales():
    found = centered(arrays.Value([[11.0, 12.0, 13.0]])).data[0]
    assert found == pytest.approx(rmsnorm([-1.0, 0.0, 1.0]), rel=1e-12)


def test_the_first_norm_is_worth_what_the_page_says():
    found = re.findall(r"Seed (\d+), ([\w ]+): (\d\.\d+)", words(norms))
    assert len(found) == len(norms.SEEDS) * len(norms.KINDS)
    for i in (0, 4):
        plain, layer, no_first, none = (float(loss) for *_, loss in found[i : i + 4])
        assert abs(plain - layer) < 0.01
        assert no_first - plain > 0.02
        assert none - plain < 3 * (no_first - plain)


def test_the_loss_reads_one_probability_at_each_position():
    parts = re.findall(r"(\w+) (0\.\d\d) \((\d\.\d\d)\)", words(loss_reads))
    assert [name for name, *_ in parts] == [*"emma", "BOS"] * 2
    for _, p, surprise in parts:
        assert float(p) == pytest.approx(math.exp(-float(surprise)), abs=0.01)
    means = [statistics.fmean(float(s) for *_, s in parts[i : i + 5]) for i in (0, 5)]
    assert means[0] == pytest.approx(3.4655, abs=0.005)
    assert float(parts[7][2]) > float(parts[2][2])  # the second m: a vowel was expected
    assert means[1] < means[0]


def test_a_step_goes_too_far_for_other_names_sooner_than_for_its_own():
    found = re.findall(
        r"(\S+): ([\d.]+) at first, ([\d.]+) after .*? lowest at (\d+)",
        words(step_along),
    )
    (own, start, after, best), (_, others, later, sooner) = found
    assert (own, start, after, best) == ("mignon", "3.40", "2.97", "9")
    assert float(later) < float(others)
    assert 1 < int(sooner) < int(best)
