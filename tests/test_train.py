import gc
import math
import random
import sys
from itertools import islice

import pytest

from microgpt import GPT, SGD, Adam, Tokenizer, closures, train, value
from microgpt.ladder import by_hand, compiled, lists, tape
from microgpt.train import Diverged
from tests.engines import bits, need_compiler, refused
from tests.learning import DOCS, TINY, array_model, model

tokenizer = Tokenizer(DOCS)
ENGINES = {
    "value": lambda: model(),
    "closures": lambda: model(kind=closures.Value),
    "arrays": lambda: array_model(),
    "tape": lambda: tape.GPT(TINY, random.Random(1)),
    "lists": lambda: lists.GPT(TINY, random.Random(1)),
    "by_hand": lambda: by_hand.GPT(TINY, random.Random(1)),
    "compiled": lambda: compiled.GPT(TINY, random.Random(1)),
}


@pytest.fixture(params=ENGINES.values(), ids=ENGINES.keys())
def gpt(request):
    if request.param is ENGINES["compiled"]:
        need_compiler()
    return request.param()


@pytest.fixture(params=[True, False], ids=["collector on", "collector off"])
def collector(request):
    """Set the collector as asked; put it back after the test."""
    before = gc.isenabled()
    (gc.enable if request.param else gc.disable)()
    yield request.param
    (gc.enable if before else gc.disable)()


def test_a_step_is_reported_as_it_is_done(gpt):
    expected = float(gpt.loss(tokenizer.encode("ann")))
    step = next(train(gpt, DOCS, tokenizer, steps=10))
    assert step == (1, expected, 0.01, "ann")
    assert (step.number, step.loss, step.lr, step.doc) == step
    assert type(step.loss) is float


def test_nothing_happens_before_the_first_step_is_asked_for(gpt):
    before = gpt.floats()
    train(gpt, DOCS, tokenizer)
    assert gpt.floats() == before


def test_the_reader_stops_when_he_wants(gpt):
    steps = train(gpt, DOCS, tokenizer)
    assert [next(steps).number for _ in range(3)] == [1, 2, 3]
    steps.close()
    assert next(steps, None) is None


def test_documents_come_in_turn_and_again_from_the_first(gpt):
    docs = [step.doc for step in train(gpt, DOCS, tokenizer, steps=6)]
    assert docs == [*DOCS, "ann", "bob"]


def test_the_learning_rate_falls_evenly_to_zero(gpt):
    lrs = [step.lr for step in train(gpt, DOCS, tokenizer, steps=5)]
    assert lrs == pytest.approx([0.01, 0.008, 0.006, 0.004, 0.002])


def test_a_run_has_a_thousand_steps_unless_told():
    _, second = islice(train(model(), DOCS, tokenizer), 2)
    assert second.lr == 0.01 * (1 - 1 / 1000)


def test_the_optimizer_can_be_chosen():
    gpt = model()
    [step] = train(gpt, DOCS, tokenizer, 1, SGD(gpt.parameters(), lr=0.5))
    assert step.lr == 0.5
    other = model()
    other.loss(tokenizer.encode("ann")).backward()
    SGD(other.parameters(), lr=0.5).step()
    assert gpt.floats() == other.floats()


def test_training_lowers_the_loss(gpt):
    losses = [step.loss for step in train(gpt, DOCS, tokenizer, steps=48)]
    assert sum(losses[-4:]) < 0.75 * sum(losses[:4])


def test_both_engines_learn_the_same_bits():
    runs = [
        bits(step.loss for step in train(make(), DOCS, tokenizer, steps=8))
        for make in (ENGINES["value"], ENGINES["closures"])
    ]
    assert runs[0] == runs[1]


def test_a_run_that_is_resumed_equals_one_that_was_not_interrupted(gpt):
    config, floats = gpt.config, gpt.floats()
    losses = [step.loss for step in train(gpt, DOCS, tokenizer, steps=9)]
    first = GPT(config, weights=floats)
    adam = Adam(first.parameters())
    begun = train(first, DOCS, tokenizer, 9, adam)
    firsts = [next(begun).loss for _ in range(4)]
    second = first.to(value.Value)
    other = Adam(second.parameters())
    other.m, other.v, other.t = [*adam.m], [*adam.v], adam.t
    rest = list(train(second, DOCS, tokenizer, 9, other, start=4))
    assert [step.number for step in rest] == [5, 6, 7, 8, 9]
    found = [*firsts, *(step.loss for step in rest)]
    assert found == pytest.approx(losses, rel=1e-12)
    if type(gpt) is GPT:
        assert bits(found) == bits(losses)
        assert second.floats() == gpt.floats()


def test_a_run_that_is_over_has_no_step_left(gpt):
    assert list(train(gpt, DOCS, tokenizer, steps=3, start=3)) == []


# The collector


class Witness:
    """A model that notes whether the collector is on while it is at work."""

    def __init__(self, gpt):
        self.gpt, self.seen = gpt, []

    def parameters(self):
        return self.gpt.parameters()

    def loss(self, tokens):
        self.seen.append(gc.isenabled())
        return self.gpt.loss(tokens)


def test_the_collector_rests_during_a_step_and_is_as_before_after_it(collector):
    witness = Witness(model())
    for _ in train(witness, DOCS, tokenizer, steps=3):
        assert gc.isenabled() == collector
    assert witness.seen == [False] * 3


def test_a_run_that_is_abandoned_leaves_the_collector_as_it_was(collector):
    steps = train(model(), DOCS, tokenizer)
    next(steps)
    assert gc.isenabled() == collector
    steps.close()
    assert gc.isenabled() == collector


def test_runs_that_are_interleaved_leave_the_collector_as_it_was(collector):
    for _ in zip(*(train(model(), DOCS, tokenizer, steps=3) for _ in range(2))):
        assert gc.isenabled() == collector
    assert gc.isenabled() == collector


def test_runs_that_are_broken_leave_the_collector_as_it_was(collector):
    sound, broken = (
        train(model(), DOCS, tokenizer),
        train(with_weight(math.inf), DOCS, tokenizer),
    )
    next(sound)
    with pytest.raises(Diverged):
        next(broken)
    assert gc.isenabled() == collector
    next(sound)
    with pytest.raises(KeyError):
        sound.throw(KeyError)
    assert gc.isenabled() == collector


def test_a_run_that_fails_otherwise_leaves_the_collector_as_it_was(collector):
    class Broken(Witness):
        def loss(self, tokens):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        next(train(Broken(model()), DOCS, tokenizer))
    assert gc.isenabled() == collector


def test_a_step_leaves_nothing_for_the_collector(gpt):
    steps = train(gpt, DOCS, tokenizer)
    next(steps)
    gc.collect()
    gc.disable()
    try:
        next(steps)
        next(steps)
        assert gc.collect() == 0
    finally:
        gc.enable()


# Divergence


def with_weight(x, name="wte"):
    """Make a model in which one weight of the first document is `x`."""
    gpt = model()
    gpt.weights[name][0][0].data = x
    return gpt


def test_a_weight_that_is_infinite_ends_training_and_names_the_step():
    with refused(Diverged, "training diverged at step 1: the loss is nan"):
        next(train(with_weight(math.inf), DOCS, tokenizer))


def test_a_weight_that_is_huge_ends_training_and_names_the_step():
    message = (
        "training diverged at step 1: "
        "log(0.0) is not defined: the number must be positive"
    )
    with refused(Diverged, message) as caught:
        next(train(with_weight(1e200, "lm_head"), DOCS, tokenizer))
    assert type(caught.value.__cause__) is ValueError


def test_a_weight_of_nan_ends_training_and_names_the_step():
    gpt = model()
    steps = train(gpt, DOCS, tokenizer)
    next(steps)
    gpt.weights["lm_head"][0][0].data = math.nan
    with refused(Diverged, "training diverged at step 2: the loss is nan"):
        next(steps)


def test_a_probability_that_underflows_ends_training_and_names_the_step():
    gpt = model()
    for p in gpt.parameters():
        p.data *= 100.0
    steps = train(gpt, DOCS, tokenizer)
    with pytest.raises(Diverged, match=r"at step \d+: log\(0.0\) is not defined"):
        list(steps)


def test_a_gradient_too_large_to_square_ends_training():
    class Steep(Witness):
        def loss(self, tokens):
            return self.parameters()[0] * 1e200

    message = "training diverged at step 1: "
    with pytest.raises(Diverged, match=f"^{message}"):
        next(train(Steep(model()), DOCS, tokenizer))


def test_a_weight_of_an_array_that_is_no_number_ends_training():
    for fault in (math.nan, math.inf):
        gpt = array_model()
        steps = train(gpt, DOCS, tokenizer)
        next(steps)
        gpt.theta.data[:36] = fault
        with refused(Diverged, "training diverged at step 2: the loss is nan"):
            next(steps)


def test_an_array_with_a_probability_that_underflows_ends_training():
    gpt = array_model()
    gpt.theta.data *= 100.0
    with pytest.raises(Diverged, match=r"at step \d+: the loss is (inf|nan)$"):
        list(train(gpt, DOCS, tokenizer))


def test_a_step_that_diverged_has_changed_nothing():
    gpt = with_weight(math.inf)
    before = gpt.floats()
    with pytest.raises(Diverged):
        next(train(gpt, DOCS, tokenizer))
    assert gpt.floats() == before


def test_divergence_is_an_arithmetic_error():
    assert issubclass(Diverged, ArithmeticError)


def test_a_document_with_an_unknown_character_is_no_divergence():
    with refused(ValueError, "unknown character 'z' at index 0"):
        next(train(model(), ["zoe"], tokenizer))


def test_without_documents_there_is_nothing_to_learn_from():
    with refused(ValueError, "there are no documents to learn from"):
        next(train(model(), [], tokenizer))


def test_memory_stays_flat_over_the_steps():
    steps = train(model(), DOCS, tokenizer)
    for _ in range(4):
        next(steps)
    before = sys.getallocatedblocks()
    for _ in range(12):
        next(steps)
    assert sys.getallocatedblocks() - before < 200


def test_the_first_document_may_be_longer_than_a_block():
    docs = ["annabobadina"]
    [step] = train(model(), docs, tokenizer, steps=1)
    assert step.loss == float(
        model().loss(tokenizer.encode(docs[0])[: TINY.block_size + 1])
    )
