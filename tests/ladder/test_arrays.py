import random
from itertools import islice

import numpy as np
import pytest

from microgpt import GPT, Config, closures, sample, train
from microgpt.ladder import arrays, fused
from microgpt.model import attention
from microgpt.nudge import nudge
from microgpt.number import cross_entropy, relu, rmsnorm
from tests.learning import (
    TINY,
    WIDE,
    array_model,
    loss_and_grads,
    model,
    names_and_tokenizer,
)

Value = arrays.Value
TOKENS = [8, 0, 3, 5, 1, 8]
X = np.array([[0.5, -1.25, 0.75, 2.0], [1.5, 0.25, -0.75, -0.5], [0.1, 0.2, 0.3, 0.4]])
MASK = np.array([[0.0, -np.inf, 0, 0], [0, 0, 0, -np.inf], [0, 0, 0, 0]])
WEIGHTS = np.arange(1.0, 13.0).reshape(3, 4)
OPERATIONS = {
    "+": lambda x: x + x,
    "@": lambda x: x @ Value(WEIGHTS.T),
    "@ from the left": lambda x: Value(WEIGHTS.T) @ x,
    "@ itself": lambda x: x.split(2) @ Value(np.ones((2, 2, 3))),
    "linear": lambda x: x.linear(Value(WEIGHTS)),
    "linear in the matrix": lambda x: Value(WEIGHTS).linear(x),
    "rows": lambda x: x.rows([2, 0, 2, 2]),
    "rows of a slice": lambda x: x.rows(slice(2)),
    "split": lambda x: x.split(2),
    "join": lambda x: x.split(2).join(),
    "relu": lambda x: x.relu(),
    "rmsnorm": lambda x: x.rmsnorm(),
    "softmax": lambda x: x.softmax(0.5, MASK),
    "cross_entropy": lambda x: x.cross_entropy([3, 0, 1]),
}


def weighted(node):
    """Make one number of an array, with a weight of its own for each entry."""
    size = node.data.size
    return node.data.ravel() @ np.cos(np.arange(size))


def gradient(f, x):
    """Go backward from `weighted(f(x))`: the gradient of x."""
    leaf = Value(x)
    node = f(leaf)
    size = node.data.size
    weights = np.cos(np.arange(size)).reshape(node.data.shape)

    def share(grad):
        return weights * grad

    Value(weighted(node), (node,), (share,)).backward()
    return leaf.grad


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_agrees_with_nudging(name):
    f = OPERATIONS[name]
    slopes = nudge(lambda *xs: weighted(f(Value(np.reshape(xs, X.shape)))), *X.ravel())
    assert gradient(f, X).ravel() == pytest.approx(slopes, rel=1e-6, abs=1e-6)


def test_a_value_holds_floats_whatever_it_is_made_of():
    assert Value([[1, 2]]).data.dtype == float
    assert float(Value(3)) == 3.0


def test_numpy_leaves_an_array_times_a_value_to_us_and_it_is_refused():
    with pytest.raises(TypeError, match="unsupported operand"):
        X @ Value(X)


def test_rows_are_normed_as_vectors_are():
    for rows in (X, X / 1000):  # where the epsilon counts
        expected = [rmsnorm(row) for row in rows.tolist()]
        found = Value(rows).rmsnorm().data
        assert found == pytest.approx(np.array(expected), rel=1e-15)


def test_rows_of_any_size_become_probabilities():
    rows = [[0.0, 0.0], [1000.0, 1000.0], [-1000.0, -1000.0], [1000.0, 0.0]]
    expected = [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5], [1.0, 0.0]]
    assert Value(rows).softmax(1.0, 0.0).data.tolist() == expected
    loss = Value(rows).cross_entropy([0, 1, 1, 0])
    assert float(loss) == pytest.approx(0.75 * np.log(2), rel=1e-15)


def test_relu_lets_nan_through_and_its_gradient_too():
    x = Value([np.nan, -1.0, 0.0, 2.0])
    y = x.relu()
    y.backward()
    assert [str(abs(a)) for a in y.data] == ["nan", "0.0", "0.0", "2.0"]
    assert x.grad.tolist() == [relu(g) for g in (1, 0, 0, 1)]


def test_the_surprise_is_that_of_the_rows():
    expected = sum(map(cross_entropy, X.tolist(), [3, 0, 1])) / 3
    assert float(Value(X).cross_entropy([3, 0, 1])) == pytest.approx(
        expected, rel=1e-14
    )


def test_masked_attention_at_once_is_attention_position_by_position():
    q, k, v = X, X[::-1], X * 2
    mask = np.triu(np.full((3, 3), -np.inf), 1)
    fits = Value(q).linear(Value(k)).softmax(4**-0.5, mask)
    rows = (fits @ Value(v)).data
    for t, row in enumerate(rows, start=1):
        seen = k[:t].tolist(), v[:t].tolist()
        assert row == pytest.approx(attention(q[t - 1].tolist(), *seen), rel=1e-14)


def test_backward_again_adds_exactly_as_much():
    x = Value([3.0, 1.0])
    root = (x + x).relu()
    root.backward()
    root.backward()
    assert (root.grad.tolist(), x.grad.tolist()) == ([1.0, 1.0], [4.0, 4.0])


def test_two_losses_may_share_a_trunk():
    x = Value([[2.0]])
    trunk = x @ x
    (trunk @ Value([[3.0]])).backward()
    (trunk @ Value([[5.0]])).backward()
    assert x.grad.tolist() == [[32.0]]


def test_a_model_of_arrays_has_the_weights_of_the_ordinary_one():
    assert array_model(WIDE).floats() == model(WIDE).floats()
    [theta] = array_model(WIDE).parameters()
    assert theta.data.tolist() == model(WIDE).floats()


def test_a_model_of_arrays_can_be_made_from_weights():
    weights = [i / 100 for i in range(len(model().parameters()))]
    gpt = arrays.GPT(TINY, weights=weights)
    assert gpt.floats() == weights


def test_a_model_of_arrays_becomes_an_ordinary_one():
    gpt = array_model()
    other = gpt.to(closures.Value)
    assert type(other) is GPT
    assert type(other.parameters()[0]) is closures.Value
    assert other.floats() == gpt.floats()


def test_arrays_beside_the_parameters_are_flattened_and_back():
    gpt = array_model()
    floats = [float(i) for i in range(len(gpt.floats()))]
    [array] = gpt.unflatten(floats)
    assert array.shape == gpt.theta.data.shape
    assert gpt.flatten([array]) == floats


def test_gradients_of_two_losses_add_up():
    gpt = array_model()
    gpt.loss(TOKENS).backward()
    once = gpt.theta.grad.copy()
    gpt.loss(TOKENS).backward()
    assert gpt.theta.grad.tolist() == (2 * once).tolist()


@pytest.mark.parametrize(
    "config", [TINY, WIDE, Config(9, block_size=1), Config(9, n_embd=3, n_head=1)]
)
@pytest.mark.parametrize("length", [2, 3, 6])
def test_loss_and_gradients_are_those_of_the_fused_engine(config, length):
    tokens = TOKENS[:length]
    loss, grads = loss_and_grads(model(config, fused.Value), tokens)
    other_loss, other_grads = loss_and_grads(array_model(config), tokens)
    scale = max(map(abs, grads))
    assert other_loss == pytest.approx(loss, rel=1e-12)
    assert other_grads == pytest.approx(grads, rel=0, abs=1e-12 * scale)


def test_training_and_samples_stay_with_the_fused_engine():
    rng, docs, tokenizer = names_and_tokenizer()
    config = Config(tokenizer.vocab_size, n_embd=8, n_head=2)
    state = rng.getstate()
    runs, texts = [], []
    for make in (
        lambda: GPT(config, fused.Value, rng),
        lambda: arrays.GPT(config, rng),
    ):
        rng.setstate(state)
        gpt = make()
        runs.append([s.loss for s in islice(train(gpt, docs, tokenizer), 40)])
        texts.append([sample(gpt, tokenizer, rng=random.Random(1)) for _ in range(5)])
    assert runs[1] == pytest.approx(runs[0], rel=1e-12)
    assert texts[0] == texts[1]


def slopes(losses, gpt):
    """Go backward from each loss in turn; give the gradients as flat floats."""
    for loss in losses:
        loss.backward()
    return gpt.flatten([p.grad for p in gpt.parameters()])


@pytest.mark.parametrize("together", [False, True])
def test_two_losses_made_before_the_first_backward_add_their_gradients(together):
    found = []
    for gpt in (model(TINY, fused.Value), array_model(TINY)):
        losses = [gpt.loss(TOKENS), gpt.loss([8, 5, 5, 2, 8])]
        found.append(slopes([losses[0] + losses[1]] if together else losses, gpt))
    np.testing.assert_allclose(found[1], found[0], rtol=0, atol=1e-14)


def test_a_graph_keeps_the_numbers_that_it_was_made_of():
    gpt = array_model(TINY)
    loss = gpt.loss(TOKENS)
    before = slopes([gpt.loss(TOKENS)], gpt)
    gpt.theta.data += 1.0
    gpt.theta.grad = 0.0
    assert slopes([loss], gpt) == before
