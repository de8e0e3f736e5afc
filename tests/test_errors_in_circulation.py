"""What explanations of such engines get wrong: each test refutes one claim.

Where a fault must be shown, it is shown on the specimens.
"""

import ast
import gc
import inspect
import json
import math
import os
import random
from pathlib import Path

import pytest

from microgpt import GPT, Adam, Config, Tokenizer, closures, load_names, ngrams
from microgpt.graph import dot, topological_order
from microgpt.number import cross_entropy, softmax
from microgpt.value import Value
from tests import parity
from tests.learning import DOCS, TINY, loss_and_grads, model, names_and_tokenizer
from tests.specimens import closures as circulating_closures
from tests.specimens import local_grads as circulating

NAMES = os.environ.get("MICROGPT_NAMES")
needs_names = pytest.mark.skipif(
    not NAMES, reason="MICROGPT_NAMES does not name makemore's names.txt"
)


@pytest.fixture(params=[circulating.Value, circulating_closures.Value])
def Specimen(request):
    """Run a test on both of the engines in circulation."""
    return request.param


def depth(root):
    """Count the edges on the longest path from a root."""
    depths = {}
    for node in topological_order(root):
        below = [depths[child] for child in node._children]
        depths[node] = 1 + max(below, default=-1)
    return depths[root]


# The graph


def test_the_nodes_are_no_tree_even_in_the_usual_example():
    a, b = Value(2.0), Value(3.0)
    order = topological_order(a * b + a)
    uses_of_a = [node for node in order if a in node._children]
    assert len(uses_of_a) == 2


def test_the_labels_on_the_edges_are_local_gradients_and_no_grad():
    a, b = Value(2.0), Value(3.0)
    c = a * b
    assert c._local_grads == (3.0, 2.0)
    assert '[label="3.0"]' in dot(c)
    assert (a.grad, b.grad, c.grad) == (0, 0, 0)
    (c * 10).backward()
    assert (a.grad, c._local_grads[0]) == (30, 3)


def test_a_product_with_a_constant_has_two_children():
    c = circulating_closures.Value(3.0)
    d = c * 4
    assert len(d._prev) == 2
    assert sorted(child.data for child in d._prev) == [3.0, 4]


def test_the_inputs_of_an_operation_are_its_children_in_every_engine():
    for kind in (Value, closures.Value):
        a, b = kind(2.0), kind(3.0)
        assert (a * b)._children == (a, b)
        assert a._children == ()


def test_a_class_that_wraps_nothing_and_has_no_backward_crashes():
    class Printed:
        def __init__(self, data):
            self.data = data

        def __mul__(self, other):
            return Printed(self.data * other.data)

    assert (Printed(3.0) * Printed(4.0)).data == 12
    with pytest.raises(AttributeError, match="'int' object has no attribute 'data'"):
        Printed(3.0) * 4
    with pytest.raises(AttributeError, match="no attribute 'backward'"):
        Printed(3.0).backward()


def test_a_leaf_has_an_empty_set_of_children_and_no_dict():
    assert circulating_closures.Value(1.0)._prev == set()
    assert closures.Value(1.0)._prev == ()


def test_children_in_a_set_have_no_order_of_their_own():
    def order():
        a, b = circulating_closures.Value(1.0), circulating_closures.Value(2.0)
        kept.append((a, b))
        return tuple(child.data for child in (a * b)._prev)

    kept = []
    assert {order() for _ in range(500)} == {(1.0, 2.0), (2.0, 1.0)}


def test_children_in_a_tuple_keep_their_order():
    orders = set()
    for kind in (Value, closures.Value):
        for _ in range(100):
            a, b = kind(1.0), kind(2.0)
            orders.add(tuple(child.data for child in (a * b)._children))
    assert orders == {(1.0, 2.0)}


def test_a_square_has_one_child_in_a_set_and_two_in_a_tuple():
    x, y = circulating_closures.Value(3.0), closures.Value(3.0)
    assert (len((x * x)._prev), len((y * y)._prev)) == (1, 2)


def naive(node, grad=1.0):
    """Hand a gradient down by recursion, without any order, from a fresh start."""
    node.grad += grad
    for child, local_grad in zip(node._children, node._local_grads):
        naive(child, local_grad * node.grad)


def test_recursion_without_an_order_does_not_give_the_same():
    def chain():
        a = Value(1.0)
        b = a + a
        return a, b + b

    a, c = chain()
    naive(c)
    assert a.grad == 6.0
    a, c = chain()
    c.backward()
    assert a.grad == 4.0


# Backward, again


def test_a_second_backward_without_care_gives_33_for_18(Specimen):
    for kind, expected in ((Specimen, 33), (Value, 18), (closures.Value, 18)):
        x = kind(3.0)
        y = (x * x + x) + x * 2
        y.backward()
        assert x.grad == 9
        y.backward()
        assert x.grad == expected


def test_clearing_the_leaves_is_not_enough_and_gives_24_for_9(Specimen):
    for kind, expected in ((Specimen, 24), (Value, 9), (closures.Value, 9)):
        x = kind(3.0)
        y = (x * x + x) + x * 2
        y.backward()
        x.grad = 0.0
        y.backward()
        assert x.grad == expected


def test_two_losses_on_one_trunk_without_care_give_44_for_32(Specimen):
    for kind, expected in ((Specimen, 44), (Value, 32), (closures.Value, 32)):
        x = kind(2.0)
        trunk = x * x
        (trunk * 3).backward()
        (trunk * 5).backward()
        assert x.grad == expected


def test_a_product_stores_partial_derivatives_and_not_the_product_rule():
    x = Value(3.0)
    square = x * x
    assert square._local_grads == (3, 3)
    square.backward()
    assert x.grad == 6


# Depth


def test_any_depth_means_about_a_thousand(Specimen):
    def run(length):
        one = x = Specimen(1.0)
        for _ in range(length):
            x = x + one
        x.backward()
        return one.grad

    assert run(500) == 501
    with pytest.raises(RecursionError):
        run(1000)


@pytest.mark.parametrize(
    "config",
    [Config(27, n_layer=8), Config(27, n_layer=2, n_embd=64, block_size=8)],
    ids=["8 layers", "2 layers 64 wide"],
)
def test_a_model_not_much_larger_is_too_deep_for_recursion(monkeypatch, config):
    ours = GPT(config, Value, random.Random(42))
    loss = ours.loss([26, 0])
    assert depth(loss) > 1000
    loss.backward()
    floats = circulating.Value, "__float__", lambda x: x.data  # the model needs them
    monkeypatch.setattr(*floats, raising=False)
    theirs = ours.to(circulating.Value).loss([26, 0])
    assert theirs.data == loss.data
    with pytest.raises(RecursionError):
        theirs.backward()


def test_the_model_of_the_original_is_not_too_deep():
    gpt = GPT(Config(27), Value, random.Random(42))
    assert 200 < depth(gpt.loss([26, *range(16), 26])) < 300


# Numbers


def test_data_read_late_gives_100_for_5():
    for kind, expected in (
        (circulating_closures.Value, 100),
        (circulating.Value, 5),
        (Value, 5),
        (closures.Value, 5),
    ):
        x, w = kind(2.0), kind(5.0)
        y = x * w
        w.data = 100.0
        y.backward()
        assert x.grad == expected


def test_relu_as_a_maximum_hides_nan():
    for kind, data, grad in (
        (circulating.Value, "0", 0),
        (circulating_closures.Value, "nan", 0),
        (Value, "nan", 1),
        (closures.Value, "nan", 1),
    ):
        x = kind(math.nan)
        y = x.relu()
        y.backward()
        assert (str(y.data), x.grad) == (data, grad)


def test_the_loss_at_a_probability_of_a_half_has_the_slope_minus_two():
    for f, slope in ((Value.log, 2.0), (lambda p: -p.log(), -2.0)):
        p = Value(0.5)
        f(p).backward()
        assert p.grad == slope


def test_not_every_number_is_a_value():
    gpt = model()
    adam = Adam(gpt.parameters())
    gpt.loss([8, 0, 8]).backward()
    adam.step()
    kept = [*adam.m, *adam.v, adam.lr, *adam.betas, adam.eps]
    assert {type(x) for x in kept} == {float}
    logits = [Value(1.0), Value(2.0)]
    leaves = {x for x in topological_order(softmax(logits)[0]) if not x._children}
    assert [x.data for x in leaves - set(logits)] == [-2.0] * 2  # the maximum, copied


def test_a_parameter_of_zero_can_have_a_gradient():
    x = Value(0.0)
    (x * 3).backward()
    assert (x.data, x.grad) == (0, 3)


# The model


def test_a_step_takes_tens_of_thousands_of_nodes_and_not_hundreds():
    rng, docs, tokenizer = names_and_tokenizer(NAMES)
    gpt = GPT(Config(tokenizer.vocab_size), Value, rng)
    nodes = edges = 0
    for doc in docs[:10]:
        order = topological_order(gpt.loss(tokenizer.encode(doc)))
        nodes += len(order) / 10
        edges += sum(len(node._children) for node in order) / 10
    assert 40_000 < nodes < 70_000
    assert 70_000 < edges < 130_000


def test_four_operations_are_not_enough_for_a_gpt():
    loss = model(kind=closures.Value).loss([8, 0, 1, 8])
    operations = {node._op for node in topological_order(loss)} - {""}
    assert operations == {"+", "*", "**-1", "**-0.5", "exp", "log", "relu"}


def test_two_reflected_operators_are_never_called_in_training(monkeypatch):
    called = set()

    def watched(name):
        method = getattr(circulating.Value, name)

        def watch(*args):
            called.add(name)
            return method(*args)

        return watch

    names = ["neg", "radd", "sub", "rsub", "rmul", "truediv", "rtruediv"]
    for name in (f"__{name}__" for name in names):
        monkeypatch.setattr(circulating.Value, name, watched(name))
    parity.Run("specimen").losses(1)
    never = {f"__{name}__" for name in names} - called
    assert never == {"__rsub__", "__rtruediv__"}


def test_a_step_took_a_fraction_of_a_second_where_it_was_measured():
    path = Path(__file__).parents[1] / "docs" / "measured" / "ladder.json"
    rungs = json.loads(path.read_text("utf-8"))["rungs"]
    assert {"specimen", "value", "closures"} <= rungs.keys()
    assert all(rung["ms"] < 1000 for rung in rungs.values())


def test_an_untrained_model_has_the_loss_of_a_blind_guess_per_character():
    tokenizer = Tokenizer(DOCS)
    loss, _ = loss_and_grads(model(TINY), tokenizer.encode("ann"))
    blind = cross_entropy([0.0] * tokenizer.vocab_size, 0)
    assert blind == pytest.approx(ngrams.uniform(tokenizer))
    assert loss == pytest.approx(blind, abs=0.3)


@needs_names
def test_the_last_loss_printed_is_that_of_one_document_and_no_final_loss():
    run = parity.Run("arrays", NAMES)
    losses = run.losses(1000)
    assert f"{losses[-1]:.4f}" == "2.6497"
    assert f"{sum(losses[-200:]) / 200:.3f}" == "2.305"
    bigram = ngrams.bigram(load_names(NAMES), run.tokenizer)
    assert f"{bigram:.3f}" == "2.454"


@needs_names
def test_eleven_of_the_first_twenty_new_names_are_not_new():
    known = set(load_names(NAMES))
    assert sum(name in known for name in parity.SAMPLES) == 11


# Memory


def test_closures_in_circulation_are_freed_by_the_collector_only():
    for kind, cyclic in (
        (circulating_closures.Value, True),
        (closures.Value, False),
        (Value, False),
    ):
        gc.collect()
        x = kind(2.0)
        y = x * 3
        del y
        assert (gc.collect() > 0) == cyclic


# Code on paper


def test_a_line_number_typed_by_hand_is_wrong_after_one_new_line():
    def line(text):
        nodes = ast.walk(ast.parse(text))
        return next(n.lineno for n in nodes if getattr(n, "name", None) == "Value")

    text = inspect.getsource(inspect.getmodule(Value))
    assert text.splitlines()[line(text) - 1].startswith("class Value")
    assert line(f"import sys\n{text}") == line(text) + 1


def test_an_extract_that_lost_its_indentation_is_no_program():
    lines = inspect.getsource(Value).splitlines()
    with pytest.raises(IndentationError):
        ast.parse("\n".join(line.strip() for line in lines))
