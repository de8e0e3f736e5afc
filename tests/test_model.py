import math
import random
from dataclasses import FrozenInstanceError
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt import GPT, Config, check_grad, closures, number, value
from microgpt.dual import Dual
from microgpt.graph import topological_order
from microgpt.ladder import arrays, fused
from microgpt.model import add, attention, linear
from microgpt.nudge import nudge
from tests.engines import bits, refused
from tests.learning import TINY, WIDE, array_model, loss_and_grads, model

TOKENS = [8, 0, 3, 5, 1, 8]
configs = st.builds(
    lambda vocab_size, n_layer, head_dim, n_head, block_size: Config(
        vocab_size, n_layer, head_dim * n_head, n_head, block_size
    ),
    *(st.integers(1, 6), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3)),
    st.integers(1, 5),
)


# Config


@pytest.mark.parametrize(
    "name", ["vocab_size", "n_layer", "n_embd", "n_head", "block_size"]
)
@pytest.mark.parametrize("size", [0, -1, 2.0, "4", None, True])
def test_a_size_is_a_positive_integer(name, size):
    with refused(ValueError, f"{name} must be a positive integer, not {size!r}"):
        Config(**{"vocab_size": 27, name: size})


def test_the_heads_share_the_width_evenly():
    with refused(
        ValueError, "n_embd must be a multiple of n_head: n_embd 16, n_head 5"
    ):
        Config(27, n_head=5)


def test_the_defaults_are_those_of_the_original():
    assert Config(27) == Config(
        vocab_size=27, n_layer=1, n_embd=16, n_head=4, block_size=16
    )
    assert Config(27).head_dim == 4


def test_a_config_does_not_change():
    with pytest.raises(FrozenInstanceError):
        Config(27).n_layer = 2


def test_the_matrices_come_in_the_order_of_drawing():
    assert list(Config(27, n_layer=2).shapes().items()) == [
        ("wte", (27, 16)),
        ("wpe", (16, 16)),
        ("lm_head", (27, 16)),
        ("layer0.attn_wq", (16, 16)),
        ("layer0.attn_wk", (16, 16)),
        ("layer0.attn_wv", (16, 16)),
        ("layer0.attn_wo", (16, 16)),
        ("layer0.mlp_fc1", (64, 16)),
        ("layer0.mlp_fc2", (16, 64)),
        ("layer1.attn_wq", (16, 16)),
        ("layer1.attn_wk", (16, 16)),
        ("layer1.attn_wv", (16, 16)),
        ("layer1.attn_wo", (16, 16)),
        ("layer1.mlp_fc1", (64, 16)),
        ("layer1.mlp_fc2", (16, 64)),
    ]


# Its parts


def test_a_matrix_times_a_vector(Kind):
    result = linear([Kind(1.0), Kind(2.0)], [[3.0, 4.0], [5.0, 6.0], [0.0, 1.0]])
    assert [y.data for y in result] == [11, 17, 2]


def test_vectors_of_different_lengths_are_not_added():
    with pytest.raises(ValueError, match="shorter than argument 1"):
        add([1.0, 2.0], [1.0])


def test_attention_mixes_values_of_one_length():
    with pytest.raises(ValueError, match="longer than argument 1"):
        attention([0.0], [[1.0], [2.0]], [[10.0], [20.0, 30.0]])


def test_attention_to_one_position_gives_its_value():
    assert attention([3.0, 1.0], [[2.0, 5.0]], [[7.0, 8.0]]) == [7.0, 8.0]


def test_attention_prefers_the_key_that_fits_the_query():
    result = attention([100.0], [[1.0], [0.0]], [[10.0], [20.0]])
    assert result == [pytest.approx(10)]


def test_attention_divides_by_the_root_of_the_head_size():
    weight = 1 / (1 + math.exp(-4 / 2))
    q = [1.0] * 4
    result = attention(q, [[1.0] * 4, [0.0] * 4], [[1.0] * 4, [0.0] * 4])
    assert result == [pytest.approx(weight)] * 4


# The model


def test_weights_are_drawn_row_by_row_from_one_generator():
    rng = random.Random(42)
    gpt = GPT(Config(27), float, random.Random(42))
    drawn = [rng.gauss(0, 0.08) for _ in range(4192)]
    assert gpt.parameters() == drawn
    assert gpt.weights["wte"][1][0] == drawn[16]
    assert gpt.weights["wpe"][0][0] == drawn[27 * 16]


def test_the_global_generator_serves_where_none_is_given():
    random.seed(7)
    gpt = GPT(TINY, float)
    assert gpt.parameters() == model(kind=float, seed=7).parameters()


@given(configs)
def test_the_parameters_are_counted_by_the_shapes(config):
    gpt = model(config, float)
    count = sum(rows * columns for rows, columns in config.shapes().values())
    assert len(gpt.parameters()) == count
    assert {
        name: (len(rows), len(rows[0])) for name, rows in gpt.weights.items()
    } == config.shapes()


def test_a_token_becomes_a_logit_for_each_token_of_the_vocabulary():
    gpt = model(kind=float)
    cache = gpt.cache()
    for pos_id, token in enumerate([0, 1, 2]):
        assert len(gpt(token, pos_id, cache)) == TINY.vocab_size
        assert [len(past) for past in cache] == [pos_id + 1] * TINY.n_layer
    key, value = cache[0][0]
    assert len(key) == len(value) == TINY.n_embd


def test_each_document_starts_with_an_empty_cache():
    gpt = model()
    assert gpt.cache() == [[], []]
    assert gpt.cache()[0] is not gpt.cache()[0]


def test_the_loss_is_the_mean_surprise_over_the_positions():
    gpt = model(kind=float)
    cache = gpt.cache()
    surprises = []
    for pos_id, (token, target) in enumerate(pairwise(TOKENS[:4])):
        logits = gpt(token, pos_id, cache)
        surprises.append(-math.log(number.softmax(logits)[target]))
    assert gpt.loss(TOKENS[:4]) == pytest.approx(sum(surprises) / 3, rel=1e-14)


def test_only_the_first_predictions_of_a_block_count():
    gpt = model(kind=float)
    assert gpt.loss(TOKENS) == gpt.loss(TOKENS[:5])
    assert gpt.loss(TOKENS) != gpt.loss(TOKENS[:4])


@pytest.mark.parametrize("tokens", [[26, 0, 1, 2, 26], [0, 0, 0]])
def test_an_untrained_model_guesses(tokens):
    gpt = model(Config(27), float, seed=42)
    assert gpt.loss(tokens) == pytest.approx(math.log(27), abs=0.5)


@pytest.mark.parametrize(("config", "tokens"), [(TINY, TOKENS), (WIDE, TOKENS[:3])])
def test_floats_both_engines_and_duals_give_the_same_bits(config, tokens):
    kinds = float, value.Value, closures.Value, Dual
    losses = [float(model(config, kind).loss(tokens)) for kind in kinds]
    assert len(set(bits(losses))) == 1


@pytest.mark.parametrize(("config", "tokens"), [(TINY, TOKENS), (WIDE, TOKENS[:3])])
def test_both_engines_give_the_same_bits_in_the_gradients(config, tokens):
    found = [
        loss_and_grads(model(config, kind), tokens)
        for kind in (value.Value, closures.Value)
    ]
    assert bits(found[0][1]) == bits(found[1][1])


@pytest.mark.parametrize(("config", "tokens"), [(TINY, TOKENS), (WIDE, TOKENS[:3])])
def test_every_rung_gives_the_loss_and_gradients_of_value(config, tokens):
    loss, grads = loss_and_grads(model(config), tokens)
    scale = max(map(abs, grads))
    for gpt in (model(config, fused.Value), array_model(config)):
        other_loss, other_grads = loss_and_grads(gpt, tokens)
        assert other_loss == pytest.approx(loss, rel=1e-12)
        assert other_grads == pytest.approx(grads, rel=0, abs=1e-12 * scale)


def test_the_cache_is_the_mask():
    """The arrays see all positions at once and hide the later ones by a mask."""
    for n in range(2, len(TOKENS) + 1):
        tokens = TOKENS[:n]
        masked = float(array_model(WIDE).loss(tokens))
        assert masked == pytest.approx(model(WIDE, float).loss(tokens), rel=1e-14)


def test_a_later_token_does_not_change_an_earlier_prediction():
    gpt = model(kind=float)
    first = gpt.cache()
    second = gpt.cache()
    assert gpt(1, 0, first) == gpt(1, 0, second)
    assert gpt(2, 1, first) != gpt(3, 1, second)


def test_the_gradient_of_the_loss_agrees_with_nudging():
    gpt = model()
    floats = gpt.floats()
    _, grads = loss_and_grads(gpt, TOKENS)

    def loss(*some):
        weights = [*some, *floats[len(some) :]]
        return GPT(TINY, float, weights=weights).loss(TOKENS)

    assert nudge(loss, *floats[:60]) == pytest.approx(grads[:60], abs=1e-8)


def test_the_gradient_of_the_loss_agrees_with_forward_mode():
    gpt = model()
    floats = gpt.floats()
    _, grads = loss_and_grads(gpt, TOKENS)
    for i in range(0, len(floats), 37):
        duals = [Dual(x, float(i == j)) for j, x in enumerate(floats)]
        loss = GPT(TINY, lambda dual: dual, weights=duals).loss(TOKENS)
        assert loss.slope == pytest.approx(grads[i], rel=1e-9, abs=1e-14)


def test_the_parts_of_the_model_agree_with_nudging(Value):
    xs = [Value(x) for x in (0.5, -0.25, 0.75, 1.0)]
    check_grad(lambda *xs: attention(xs[:2], [xs[2:]], [xs[:2]])[0], *xs)
    check_grad(
        lambda *xs: attention([xs[0]], [[xs[1]], [xs[2]]], [[1], xs[3:]])[0], *xs
    )
    check_grad(lambda *xs: linear(xs[:2], [xs[2:]])[0], *xs)


def test_a_parameter_that_a_document_does_not_touch_has_no_gradient():
    gpt = model()
    gpt.loss([8, 0, 8]).backward()
    rows = [[p.grad for p in row] for row in gpt.weights["wte"]]
    touched = [i for i, row in enumerate(rows) if any(row)]
    assert touched == [0, 8]


def test_a_copy_into_another_kind_holds_the_same_numbers(Kind):
    gpt = model()
    other = gpt.to(Kind)
    assert {type(p) for p in other.parameters()} == {Kind}
    assert (other.config, other.floats()) == (gpt.config, gpt.floats())
    other.weights["wte"][0][0].data += 1
    assert other.floats() != gpt.floats()


def test_parameters_are_the_numbers_of_the_model_themselves():
    gpt = model()
    gpt.parameters()[0].data = 5.0
    assert gpt.weights["wte"][0][0].data == 5.0
    assert gpt.floats()[0] == 5.0


def test_numbers_beside_the_parameters_are_flattened_and_back():
    gpt = model()
    floats = [float(i) for i in range(len(gpt.parameters()))]
    assert gpt.flatten(gpt.unflatten(floats)) == floats
    assert gpt.flatten(gpt.parameters()) == gpt.floats()


@pytest.mark.parametrize(
    "make",
    [lambda w: GPT(TINY, float, weights=w), lambda w: arrays.GPT(TINY, weights=w)],
)
def test_a_model_has_as_many_weights_as_its_shapes(make):
    floats = model().floats()
    for weights in (floats[1:], [*floats, 0.0]):
        message = f"the model has {len(floats)} weights, not {len(weights)}"
        with refused(ValueError, message):
            make(weights)


@pytest.mark.parametrize("tokens", [[], [8]])
def test_a_loss_needs_two_tokens(tokens):
    message = "a loss needs two tokens: one to see and one to guess"
    with refused(ValueError, message):
        model(kind=float).loss(tokens)


@pytest.mark.parametrize("token", [-1, TINY.vocab_size])
def test_a_token_that_does_not_exist_is_refused(Value, token):
    gpt = model(kind=Value)
    message = f"there are tokens 0 to {TINY.vocab_size - 1}, no others"
    for tokens in ([8, token], [8, 0, token, 8]):
        with refused(ValueError, message):
            gpt.loss(tokens)


def test_a_step_of_training_builds_about_sixty_thousand_nodes():
    rng = random.Random(42)
    loss = GPT(Config(27), value.Value, rng).loss([26, *range(6), 26])
    nodes = topological_order(loss)
    edges = sum(len(node._children) for node in nodes)
    assert 50_000 < len(nodes) < 70_000
    assert 90_000 < edges < 120_000
