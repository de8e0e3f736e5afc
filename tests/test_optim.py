import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt import GPT, SGD, Adam, Config
from microgpt.ladder import arrays, by_hand, lists
from microgpt.optim import adam_of
from tests.engines import refused

gradients = st.lists(
    st.floats(-100, 100).filter(lambda g: g == 0 or abs(g) > 1e-6),
    min_size=1,
    max_size=8,
)


def test_sgd_moves_against_the_gradient_and_clears_it(Value):
    w = Value(1.0)
    w.grad = 2.0
    SGD([w], lr=0.1).step()
    assert (w.data, w.grad) == (0.8, 0.0)


def test_a_step_of_sgd_can_be_scaled(Value):
    w = Value(1.0)
    w.grad = 2.0
    SGD([w], lr=0.1).step(lr_scale=0.5)
    assert w.data == 0.9


def test_sgd_goes_down_a_parabola(Value):
    w = Value(5.0)
    sgd = SGD([w], lr=0.25)
    for _ in range(20):
        ((w - 3) ** 2).backward()
        sgd.step()
    assert w.data == pytest.approx(3, abs=1e-5)


def test_sgd_begins_with_the_learning_rate_of_adam():
    assert SGD([]).lr == Adam([]).lr


def test_adam_begins_with_the_constants_of_the_original():
    adam = Adam([])
    assert (adam.lr, adam.betas, adam.eps, adam.t) == (0.01, (0.85, 0.99), 1e-8, 0)


def test_the_first_step_of_adam_is_as_long_as_the_learning_rate(Value):
    for grad in (1e-3, 7.0, -250.0):
        w = Value(1.0)
        w.grad = grad
        Adam([w], lr=0.1).step()
        assert w.data == pytest.approx(1 - math.copysign(0.1, grad), rel=1e-5)
        assert w.grad == 0.0


def test_a_gradient_too_large_to_be_squared_is_refused_before_anything_moves(Value):
    first, last = Value(1.0), Value(2.0)
    first.grad, last.grad = 1.0, 1e200
    adam = Adam([first, last])
    with refused(OverflowError, "the square of a gradient is no float"):
        adam.step()
    assert (first.data, last.data, adam.t, adam.m, adam.v) == (1, 2, 0, [0, 0], [0, 0])


def test_a_parameter_without_a_gradient_stays_where_it_is(Value):
    w = Value(1.0)
    Adam([w]).step()
    assert w.data == 1.0


def by_the_paper(grads, lr, beta1, beta2, eps):
    """Sum the averages out instead of updating them; yield each position."""
    w = 0.0
    for t in range(1, len(grads) + 1):
        ages = [(t - i, g) for i, g in enumerate(grads[:t], start=1)]
        m = (1 - beta1) * math.fsum(beta1**age * g for age, g in ages)
        v = (1 - beta2) * math.fsum(beta2**age * g * g for age, g in ages)
        w -= lr * (m / (1 - beta1**t)) / (math.sqrt(v / (1 - beta2**t)) + eps)
        yield w


@given(gradients, st.floats(1e-4, 1), st.floats(0, 0.9), st.floats(0.5, 0.999))
def test_adam_is_what_the_paper_says(grads, lr, beta1, beta2):
    w = arrays.Value(0.0)
    adam = Adam([w], lr, (beta1, beta2))
    expected = list(by_the_paper(grads, lr, beta1, beta2, 1e-8))
    for grad, position in zip(grads, expected):
        w.grad = grad
        adam.step()
        assert float(w) == pytest.approx(position, rel=1e-9, abs=1e-9 * lr)
    assert adam.t == len(grads)


def test_a_step_of_adam_can_be_scaled(Value):
    w = Value(1.0)
    w.grad = 1.0
    adam = Adam([w], lr=0.1)
    adam.step(lr_scale=0.0)
    assert w.data == 1.0
    assert adam.m == [pytest.approx(0.15)]


def test_adam_keeps_an_average_for_each_parameter(Value):
    ws = [Value(0.0), Value(0.0)]
    ws[0].grad = 1.0
    adam = Adam(ws)
    adam.step()
    assert adam.m == [pytest.approx(0.15), 0.0]
    assert adam.v == [pytest.approx(0.01), 0.0]


def test_adam_moves_arrays_as_it_moves_numbers(Value):
    numbers, array = [Value(1.0), Value(2.0)], arrays.Value([1.0, 2.0])
    optimizers = Adam(numbers), Adam([array])
    for _ in range(3):
        numbers[0].grad, numbers[1].grad = 0.5, -3.0
        array.grad = np.array([0.5, -3.0])
        for optimizer in optimizers:
            optimizer.step(0.5)
    assert [w.data for w in numbers] == pytest.approx(array.data.tolist(), rel=1e-14)


@pytest.mark.parametrize(
    ("kind", "Kind"), [(GPT, Adam), (by_hand.GPT, Adam), (lists.GPT, lists.Adam)]
)
def test_a_model_may_bring_an_adam_of_its_own(kind, Kind):
    gpt = kind(Config(vocab_size=3, n_embd=4, n_head=2, block_size=2))
    adam = adam_of(gpt, 0.5, (0.1, 0.2), 0.3)
    assert type(adam) is Kind
    assert (adam.lr, adam.betas, adam.eps) == (0.5, (0.1, 0.2), 0.3)
    assert len(adam.m) == len(gpt.parameters())
