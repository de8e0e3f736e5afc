"""What holds for every rung that brings a model of its own."""

import gc
import importlib
import random
from functools import cache
from itertools import islice

import pytest

from microgpt import GPT, Config, Tokenizer, closures, sample, train, value
from microgpt.ladder import arrays, fused
from microgpt.optim import Adam, adam_of
from microgpt.run import ENGINES
from microgpt.train import Diverged
from tests.engines import needed, refused
from tests.learning import (
    DOCS,
    TINY,
    WIDE,
    loss_and_grads,
    model,
    names_and_tokenizer,
)

RUNGS = ["tape", "lists", "arrays", "by_hand", "compiled", "torch"]
SHAPES = [
    TINY,
    WIDE,
    Config(27),
    Config(9, block_size=1),
    Config(9, n_embd=3, n_head=1),
]
TINY27 = Config(27, n_embd=4, n_head=2)
TOKENS = [8, 0, 3, 5, 1, 8]


@pytest.fixture(params=RUNGS)
def rung(request):
    needed(request.param)
    return importlib.import_module(ENGINES[request.param]).GPT


@pytest.fixture
def gpt(rung):
    """A small model with the weights of `model()`."""
    return rung(TINY, random.Random(1))


def gradients(gpt):
    """List the gradients as they are now, as floats of their own."""
    return [*gpt.flatten([p.grad for p in gpt.parameters()])]


def first_losses(gpt, count):
    """Train on the names, a few steps."""
    _, docs, tokenizer = names_and_tokenizer()
    return [step.loss for step in islice(train(gpt, docs, tokenizer), count)]


@pytest.fixture(scope="session")
def reference():
    """The first losses of the reference engine."""
    return first_losses(GPT(Config(27), value.Value, random.Random(42)), 10)


def test_training_stays_with_value(rung, reference):
    found = first_losses(rung(Config(27), random.Random(42)), 10)
    assert found == pytest.approx(reference, rel=1e-12)


@pytest.fixture(scope="session")
def long_training():
    """A thousand losses on arrays, which test_parity compares with those of `value`."""
    return first_losses(arrays.GPT(TINY27, random.Random(42)), 1000)


@pytest.mark.no_cover  # with it, a step takes four times as long
def test_a_thousand_steps_stay_with_arrays(rung, long_training):
    found = first_losses(rung(TINY27, random.Random(42)), 1000)
    assert found == pytest.approx(long_training, rel=1e-12)


@cache
def judged(config, length):
    """The loss and the gradients of the reference engine."""
    return loss_and_grads(model(config), TOKENS[:length])


@pytest.mark.parametrize("config", SHAPES)
@pytest.mark.parametrize("length", [2, 3, 6])
def test_loss_and_gradients_are_those_of_value(rung, config, length):
    loss, grads = judged(config, length)
    found, others = loss_and_grads(rung(config, random.Random(1)), TOKENS[:length])
    scale = max(map(abs, grads))
    assert found == pytest.approx(loss, rel=1e-12)
    assert others == pytest.approx(grads, rel=0, abs=1e-12 * scale)


def test_the_names_that_it_writes_are_those_of_value(rung):
    _, docs, tokenizer = names_and_tokenizer()
    texts = []
    for gpt in (
        GPT(TINY27, fused.Value, random.Random(42)),
        rung(TINY27, random.Random(42)),
    ):
        list(islice(train(gpt, docs, tokenizer), 20))
        texts.append([sample(gpt, tokenizer, rng=random.Random(1)) for _ in range(5)])
    assert texts[0] == texts[1]


def test_it_begins_with_the_weights_of_the_ordinary_model(gpt):
    assert gpt.floats() == model().floats()


def test_it_can_be_made_from_weights(rung):
    weights = [i / 100 for i in range(len(model().parameters()))]
    assert rung(TINY, weights=weights).floats() == weights


def test_it_becomes_an_ordinary_model(gpt):
    other = gpt.to(closures.Value)
    assert type(other) is GPT
    assert type(other.parameters()[0]) is closures.Value
    assert other.floats() == gpt.floats()


def test_what_lies_beside_the_parameters_is_flattened_and_back(gpt):
    floats = [float(i) for i in range(len(gpt.floats()))]
    beside = gpt.unflatten(floats)
    assert len(beside) == len(gpt.parameters())
    assert gpt.flatten(beside) == floats


def test_gradients_of_two_losses_add_up(gpt):
    gpt.loss(TOKENS).backward()
    once = gradients(gpt)
    gpt.loss(TOKENS).backward()
    assert gradients(gpt) == [2 * g for g in once]


def test_a_second_backward_adds_as_much_again(gpt):
    loss = gpt.loss(TOKENS)
    loss.backward()
    once = gradients(gpt)
    loss.backward()
    assert gradients(gpt) == [2 * g for g in once]


def test_two_losses_made_before_the_first_backward_do_not_mix(gpt):
    expected = model(TINY, fused.Value)
    for one in (gpt, expected):
        losses = [one.loss(TOKENS), one.loss([8, 5, 5, 2, 8, 3, 3])]
        for loss in losses:
            loss.backward()
    assert gradients(gpt) == pytest.approx(gradients(expected), rel=0, abs=1e-14)


def test_a_loss_goes_back_with_the_weights_that_it_came_from(gpt, rung):
    loss, adam = gpt.loss(TOKENS), adam_of(gpt)
    gpt.loss(TOKENS).backward()
    before = gradients(gpt)
    adam.step()
    loss.backward()
    assert gradients(gpt) == before


def test_a_loss_needs_two_tokens(gpt):
    with refused(ValueError, "a loss needs two tokens: one to see and one to guess"):
        gpt.loss([8])


@pytest.mark.parametrize("token", [-1, TINY.vocab_size])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_token_that_does_not_exist_is_refused(gpt, token, place):
    tokens = [8, 0, 8]
    tokens[place] = token
    message = f"there are tokens 0 to {TINY.vocab_size - 1}, no others"
    with refused(ValueError, message):
        gpt.loss(tokens)


def test_training_notices_a_weight_that_is_nan(rung):
    weights = model().floats()
    weights[-1] = float("nan")
    steps = train(rung(TINY, weights=weights), DOCS, Tokenizer(DOCS))
    with pytest.raises(Diverged, match=r"^training diverged at step 1: "):
        next(steps)


def test_a_loss_is_freed_without_the_collector(gpt):
    gc.collect()
    gc.disable()
    try:
        loss = gpt.loss(TOKENS)
        loss.backward()
        del loss
        assert gc.collect() == 0
    finally:
        gc.enable()


@pytest.mark.parametrize("name", ["tape", "lists", "compiled", "torch"])
def test_an_adam_of_its_own_does_what_the_ordinary_one_does(name):
    needed(name)
    module = importlib.import_module(ENGINES[name])
    gpt, settings = module.GPT(TINY, random.Random(1)), (0.02, (0.8, 0.9), 1e-4)
    numbers = gpt.to(value.Value).parameters()
    theirs, ours = adam_of(gpt, *settings), Adam(numbers, *settings)
    assert type(theirs) is module.Adam
    rng = random.Random(2)
    for lr_scale in ((), (0.5,)):  # the whole rate, unless told otherwise
        grads = [rng.gauss(0, 1) for _ in numbers]
        for number, grad in zip(numbers, grads):
            number.grad = grad
        for p, grad in zip(gpt.parameters(), gpt.unflatten(grads)):
            p.grad = grad
        ours.step(*lr_scale)
        theirs.step(*lr_scale)
    assert gpt.floats() == pytest.approx([n.data for n in numbers], rel=1e-14)
    assert gpt.flatten(theirs.m) == pytest.approx(ours.m, rel=1e-14)
    assert gpt.flatten(theirs.v) == pytest.approx(ours.v, rel=1e-14)
    assert theirs.t == ours.t == 2
    cleared = [p.grad for p in gpt.parameters()]
    assert cleared == [None] if name == "torch" else not any(gpt.flatten(cleared))
