import math
import random
from dataclasses import replace

import pytest

from microgpt import GPT, Tokenizer, sample
from tests.engines import refused
from tests.learning import DOCS, TINY, array_model, model

tokenizer = Tokenizer(DOCS)


class Script:
    """A model that knows what to write, one text after the other."""

    def __init__(self, *texts, block_size=8):
        self.texts = texts
        self.config = type("Config", (), {"block_size": block_size})
        self.asked = []

    def to(self, kind):
        assert kind is float
        return self

    def cache(self):
        return []

    def __call__(self, token_id, pos_id, cache):
        self.asked.append((token_id, pos_id))
        ids = tokenizer.encode(self.texts[0])[1:]
        return [50.0 * (i == ids[pos_id]) for i in range(tokenizer.vocab_size)]


class Spy:
    """A generator that tells the weights it was given and draws the likeliest."""

    def choices(self, population, weights):
        self.weights = weights
        return [max(population, key=weights.__getitem__)]


def test_a_sample_ends_where_the_model_says_so():
    gpt = Script("dab")
    assert sample(gpt, tokenizer) == "dab"
    assert gpt.asked == [
        (tokenizer.bos, 0),
        *zip(tokenizer.encode("dab")[1:-1], [1, 2, 3]),
    ]


def test_a_sample_is_no_longer_than_a_block():
    assert sample(Script("banana", block_size=4), tokenizer) == "bana"


def test_a_sample_may_be_empty():
    assert sample(Script(""), tokenizer) == ""


def test_every_token_is_drawn_in_proportion_to_its_probability():
    spy = Spy()
    gpt = model(replace(TINY, block_size=1), float)
    logits = gpt(tokenizer.bos, 0, gpt.cache())
    sample(gpt, tokenizer, temperature=2.0, rng=spy)
    exps = [math.exp(logit / 2) for logit in logits]
    assert spy.weights == pytest.approx([e / sum(exps) for e in exps])


def test_a_low_temperature_writes_what_is_likeliest():
    gpt = model(kind=float)
    greedy = sample(gpt, tokenizer, rng=Spy())
    for seed in range(5):
        assert sample(gpt, tokenizer, 1e-4, random.Random(seed)) == greedy


def test_a_sample_depends_on_the_generator_only():
    gpt = model(kind=float)
    texts = [sample(gpt, tokenizer, 1.0, random.Random(seed)) for seed in range(9)]
    again = [sample(gpt, tokenizer, 1.0, random.Random(seed)) for seed in range(9)]
    assert texts == again
    assert len(set(texts)) > 1


def test_the_global_generator_serves_where_none_is_given():
    gpt = model(kind=float)
    random.seed(5)
    assert sample(gpt, tokenizer) == sample(gpt, tokenizer, rng=random.Random(5))


def test_a_model_of_any_kind_writes_the_same(Kind):
    expected = sample(model(kind=float), tokenizer, rng=random.Random(3))
    assert sample(model(kind=Kind), tokenizer, rng=random.Random(3)) == expected
    assert sample(array_model(), tokenizer, rng=random.Random(3)) == expected


def test_sampling_builds_no_graph(Value):
    gpt = model(kind=Value)
    before = [p.data for p in gpt.parameters()]
    sample(gpt, tokenizer)
    assert [p.data for p in gpt.parameters()] == before
    assert all(p.grad == 0 for p in gpt.parameters())


@pytest.mark.parametrize("temperature", [1e-99, 1e99])
def test_the_bounds_of_the_temperature_are_within_them(temperature):
    assert set(sample(model(kind=float), tokenizer, temperature)) <= {*tokenizer.chars}


def test_the_temperature_is_a_half_unless_given():
    half, default = Spy(), Spy()
    sample(model(kind=float), tokenizer, 0.5, half)
    sample(model(kind=float), tokenizer, rng=default)
    assert default.weights == half.weights


NO_TEMPERATURES = [0, 0.0, -1, -0.5, 5e-324, 1e-310, 1e300, math.inf, math.nan]
NO_TEMPERATURES += [math.nextafter(1e-99, 0), math.nextafter(1e99, math.inf)]


@pytest.mark.parametrize("temperature", NO_TEMPERATURES)
def test_a_temperature_is_positive_and_within_bounds(temperature):
    with refused(
        ValueError, f"temperature must be from 1e-99 to 1e99, not {temperature}"
    ):
        sample(model(kind=float), tokenizer, temperature)


def test_logits_that_are_no_numbers_are_refused():
    weights = [math.nan] * len(model(kind=float).parameters())
    with refused(ValueError, "Total of weights must be finite"):
        sample(GPT(TINY, float, weights=weights), tokenizer)
