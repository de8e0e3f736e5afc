import math
import random
from itertools import islice

import pytest

from microgpt import GPT, Config, Tokenizer, sample, train
from microgpt.ladder import arrays
from microgpt.ladder.batches import Writer, samples
from tests.engines import refused
from tests.learning import DOCS, TINY, WIDE, model, names_and_tokenizer

tokenizer = Tokenizer(DOCS)


@pytest.fixture(scope="session")
def trained():
    """A model that has learned from a hundred names, and its tokenizer."""
    rng, docs, names = names_and_tokenizer()
    gpt = arrays.GPT(Config(27), rng)
    list(islice(train(gpt, docs, names), 100))
    return gpt, names


def generators(count):
    return [random.Random(seed) for seed in range(count)]


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_each_name_is_what_sample_writes_from_the_same_generator(trained, temperature):
    gpt, names = trained
    one_by_one = gpt.to(float)
    found = samples(gpt, names, generators(40), temperature)
    assert found == [
        sample(one_by_one, names, temperature, rng) for rng in generators(40)
    ]
    assert len(set(found)) > 30


@pytest.mark.parametrize("config", [TINY, WIDE, Config(9, n_embd=3, n_head=1)])
def test_models_of_other_shapes_write_what_sample_writes(config):
    gpt = model(config, float, seed=4)
    expected = [sample(gpt, tokenizer, 1.0, rng) for rng in generators(12)]
    assert samples(gpt, tokenizer, generators(12), 1.0) == expected


def test_a_name_does_not_depend_on_those_beside_it(trained):
    together = samples(*trained, generators(9))
    assert [samples(*trained, [rng])[0] for rng in generators(9)] == together


def test_each_generator_is_left_where_sample_leaves_it(trained):
    gpt, names = trained
    theirs, ours = generators(5), generators(5)
    for rng in theirs:
        sample(gpt, names, rng=rng)
    samples(gpt, names, ours)
    assert [rng.random() for rng in ours] == [rng.random() for rng in theirs]


def test_the_logits_are_those_of_the_model(trained):
    gpt = model(WIDE, float)
    writer, caches = Writer(gpt, 2), [gpt.cache(), gpt.cache()]
    for pos_id, tokens in enumerate([(8, 8), (0, 3), (5, 5)]):
        pairs = zip(tokens, caches)
        expected = [gpt(token_id, pos_id, cache) for token_id, cache in pairs]
        for found, right in zip(writer([*tokens], pos_id), expected):
            assert found == pytest.approx(right, rel=1e-12)


def test_rows_that_are_finished_take_no_more_room():
    writer = Writer(model(TINY, float), 3)
    writer([8, 8, 8], 0)
    kept = writer.cache[:, :, [0, 2]].copy()
    writer.keep([0, 2])
    assert (writer.cache == kept).all()
    assert writer([1, 2], 1).shape == (2, TINY.vocab_size)


def test_no_generator_writes_no_name():
    assert samples(model(TINY, float), tokenizer, []) == []


def test_a_name_is_no_longer_than_a_block():
    found = samples(model(TINY, float), tokenizer, generators(30), 50.0)
    assert max(map(len, found)) == TINY.block_size


@pytest.mark.parametrize("temperature", [1e-99, 1e99])
def test_the_bounds_of_the_temperature_are_within_them(temperature):
    [found] = samples(model(TINY, float), tokenizer, generators(1), temperature)
    assert found == sample(model(TINY, float), tokenizer, temperature, *generators(1))


@pytest.mark.parametrize("temperature", [0, -0.5, 5e-324, math.inf, math.nan])
def test_a_temperature_that_sample_refuses_is_refused(temperature):
    with refused(
        ValueError, f"temperature must be from 1e-99 to 1e99, not {temperature}"
    ):
        samples(model(TINY, float), tokenizer, generators(1), temperature)


@pytest.mark.parametrize("weight", [math.nan, math.inf])
def test_logits_that_are_no_numbers_are_refused(weight):
    weights = [weight] * len(model(TINY, float).parameters())
    with refused(ValueError, "Total of weights must be finite"):
        samples(GPT(TINY, float, weights=weights), tokenizer, generators(2))
