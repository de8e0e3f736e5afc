"""Pictures of what is inside the model: heads, the stream, one call."""

import re

import numpy as np
import pytest

from docs.plots import forward, head_counts, head_roles, looking_back, replacing, stream
from docs.plots.shared import at_once
from docs.plots.shared.heads import PLACES, even, largest, looks, without
from docs.plots.shared.inside import inside
from docs.plots.shared.runs import (
    UNSEEN,
    attention_weights,
    mean_loss,
    trained,
    unseen,
    untrained,
)
from docs.plots.shared.variants import Replacing
from microgpt import model
from microgpt.number import rmsnorm
from tests.drawn import drawn, texts, words


def test_each_vector_inside_a_model_is_that_of_the_model():
    run = trained()
    tokens = run.tokenizer.encode("anna")[:-1]
    vectors = inside(run.gpt, tokens)
    cache = run.gpt.cache()
    for position, token in enumerate(tokens):
        logits = run.gpt(token, position, cache)
    assert vectors["logits"] == logits
    past = cache[0][:-1]
    x = rmsnorm(vectors["embedding"])
    assert vectors["attention"] == run.gpt._attend(x, "layer0.attn_", past)
    x = rmsnorm(vectors["+ attention"])
    assert vectors["MLP"] == run.gpt._think(x, "layer0.mlp_")
    rows = attention_weights(run.gpt, tokens)[:, -1]
    assert np.allclose(vectors["weights"], rows.ravel(), atol=1e-12)


def test_a_head_without_its_columns_adds_nothing():
    run = trained()
    tokens = run.tokenizer.encode("anna")[:-1]
    vectors = inside(without(run.gpt, 1), tokens)
    whole = inside(run.gpt, tokens)
    rows = run.gpt.weights["layer0.attn_wo"]
    lost = np.array(rows)[:, 4:8] @ np.array(whole["mixtures"])[4:8]
    rest = np.array(whole["attention"]) - lost
    assert np.allclose(vectors["attention"], rest, atol=1e-12)


def test_the_places_of_a_head_are_all_there_is():
    run = untrained()
    assert len(unseen(run)) == UNSEEN.stop - UNSEEN.start
    assert np.allclose([row.sum() for row in [even(run), *looks(run)]], 1)
    lengths = [i for tokens in unseen(run) for i in range(4, len(tokens))]
    assert np.isclose(even(run)[0], np.mean([1 / length for length in lengths]))


def test_weights_on_places_are_those_of_one_name_after_the_other():
    run = trained()
    run = run._replace(docs=["anna", "bo", "marianne"] * UNSEEN.stop)
    found, sharp = [], []
    for name in run.docs[:3]:
        rows = attention_weights(run.gpt, run.tokenizer.encode(name)[:-1])
        for i in range(3, rows.shape[-1]):
            row = rows[:, i, : i + 1]
            parts = (row[:, 0], row[:, 1:-2].sum(1), row[:, -2], row[:, -1])
            found.append(np.stack(parts, 1))
            sharp.append(row.max(1))
    run = run._replace(docs=run.docs[: UNSEEN.start + 3])
    assert np.allclose(looks(run), np.mean(found, 0), atol=1e-12)
    assert np.allclose(largest(run), np.mean(sharp, 0), atol=1e-12)


@pytest.mark.parametrize("n_layer", [1, 3])
def test_documents_read_at_once_have_the_losses_that_they_have_alone(n_layer):
    run = untrained(n_layer=n_layer, n_head=2)
    documents = [run.tokenizer.encode(name) for name in ("anna", "", "bo")]
    alone = [run.gpt.loss(tokens) for tokens in documents]
    assert mean_loss(run.gpt, documents) == pytest.approx(np.mean(alone))
    found = at_once.read(run.gpt, documents)
    assert found.there.sum(1).tolist() == [5, 1, 3]
    means = found.surprises.sum(1) / [5, 1, 3]
    assert means == pytest.approx(alone, rel=1e-12)
    weights = attention_weights(run.gpt, documents[0][:-1])
    assert np.allclose(found.weights[0][0], weights, atol=1e-12)


def test_heads_are_alike_after_a_short_run_and_told_apart_after_a_long_one():
    short, run = trained(), trained(steps=head_roles.LONG)
    assert abs(looks(short) - even(short)).max() < 0.12
    assert min(largest(short)) > 1.4 * even(short)[0]
    bos, _, before, itself = range(len(PLACES))
    assert looks(run)[0, bos] > 0.6
    assert looks(run)[1, [before, itself]].sum() > 0.7
    numbers = [float(text) for text in texts(head_roles) if text[0] == "+"]
    assert len(numbers) == 8
    assert max(numbers[:4]) < 0.007
    assert numbers[4] == min(numbers[4:]) < 0.01
    assert numbers[5] == max(numbers[4:]) > 0.03
    middling = trained(steps=2000)
    assert max(looks(middling)[:, bos]) < 0.2


def test_the_seed_matters_more_than_the_number_of_heads():
    first, second = (
        [float(loss) for loss in re.findall(r"\d (\d\.\d{3})", said)]
        for said in words(head_counts).split("Seed ")[1:]
    )
    assert (len(first), len(second)) == (3, 2)
    assert 0 < first[0] - first[-1] < 0.01
    assert 0 < second[0] - second[-1] < 0.01
    assert min(first) - max(second) > 0.03


def test_layers_that_replace_learn_the_frequency_of_letters_and_no_more():
    said = words(replacing)
    add, replace = map(float, re.findall(r"(\S+) at last", said))
    unigram, bigram = map(float, re.findall(r"gram loss is (\d\.\d+)", said))
    assert add < bigram < unigram - 0.1 < replace


def test_replacing_leaves_the_additions_out_and_nothing_else(monkeypatch):
    run = untrained()
    tokens, rows = run.tokenizer.encode("al"), run.gpt.weights["wte"]
    theirs = float(Replacing(run.gpt.config, weights=run.gpt.floats()).loss(tokens))
    add = model.add
    monkeypatch.setattr(model, "add", lambda a, b: add(a, b) if a in rows else a)
    assert run.gpt.loss(tokens) == pytest.approx(theirs, rel=1e-12)


def test_the_stream_comes_to_another_guess_on_its_way():
    before, after = words(stream).split("After a thousand steps: ")
    assert max(map(float, re.findall(r" \w (0\.\d\d)", before))) < 0.1
    assert re.match(
        r"embedding 1\.00 BOS .*; = stream \S+ a .*; = stream \S+ a ", after
    )


def test_one_call_is_shown_with_the_length_of_each_vector():
    run = trained()
    vectors = inside(run.gpt, run.tokenizer.encode(forward.PREFIX)[:-1])
    lengths = [text for text in texts(forward) if text.isdigit()]
    assert lengths == [str(len(xs)) for xs in vectors.values()]
    assert sum(h == 0 for h in vectors["hidden"]) > 50
    assert sum(logit < 0 for logit in vectors["logits"]) > 20
    shares = dict(zip(run.tokenizer.chars, vectors["probabilities"]))
    assert sum(shares[vowel] for vowel in "aeiouy") > 0.8


def test_each_letter_has_an_arc_to_each_before_it_in_both_heads():
    run = trained()
    heads = attention_weights(run.gpt, run.tokenizer.encode("marianne")[:-1])
    assert texts(looking_back) == ["·", *"marianne"]
    widths = re.findall(
        r"stroke: #00000([34]); stroke-width: ([\d.]+)", drawn(looking_back).svg
    )
    pairs = [(i, j) for i in range(9) for j in range(i)]
    for ink, head in (("3", 0), ("4", 3)):
        shown = [float(width) for found, width in widths if found == ink]
        assert np.allclose(shown, [13 * heads[head, i, j] for i, j in pairs], atol=1e-6)


def test_the_first_page_says_what_its_picture_shows():
    shares = [
        [float(x) for x in re.findall(r"\d\.\d\d", part)]
        for part in words(looking_back).split("one head")
    ]
    assert [len(part) for part in shares] == [9, 9]
    assert all(abs(sum(part) - 1) < 0.03 for part in shares)
    assert max(range(9), key=shares[0].__getitem__) == 2  # the first a
