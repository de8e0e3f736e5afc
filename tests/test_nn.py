import random

import pytest

from microgpt import SGD, closures
from microgpt.dual import Dual
from microgpt.nn import MLP, Layer, Neuron
from tests.engines import bits


def test_a_neuron_weighs_its_inputs_and_adds_a_bias(Value):
    neuron = Neuron(2, linear=True, kind=Value, rng=random.Random(1))
    w1, w2 = (w.data for w in neuron.weights)
    neuron.bias.data = 0.5
    assert neuron([2.0, -1.0]).data == w1 * 2.0 + w2 * -1.0 + 0.5


def test_a_neuron_cuts_off_below_zero_unless_linear(Value):
    for linear, expected in ((False, 0.0), (True, -3.0)):
        neuron = Neuron(1, linear=linear, kind=Value)
        neuron.weights[0].data = -3.0
        assert neuron([1.0]).data == expected


def test_a_neuron_is_not_linear_unless_told():
    neuron = Neuron(1)
    neuron.weights[0].data = -3.0
    assert neuron([1.0]).data == 0.0


def test_weights_are_drawn_between_minus_one_and_one_and_the_bias_is_zero():
    rng = random.Random(5)
    expected = [rng.uniform(-1, 1) for _ in range(3)]
    *weights, bias = Neuron(3, rng=random.Random(5)).parameters()
    assert ([w.data for w in weights], bias.data) == (expected, 0.0)


def test_a_layer_lists_the_parameters_neuron_by_neuron():
    layer = Layer(2, 3)
    first, *_ = layer.neurons
    assert layer.parameters()[:3] == first.parameters()
    assert len(layer.parameters()) == 9


def test_only_the_last_layer_of_a_network_is_linear():
    layers = MLP([2, 4, 4, 1]).layers
    assert [[n.linear for n in layer.neurons] for layer in layers] == [
        *([False] * 4, [False] * 4, [True])
    ]


def test_a_network_has_a_parameter_for_each_weight_and_bias():
    assert len(MLP([3, 4, 4, 1]).parameters()) == 4 * 4 + 4 * 5 + 5


def test_a_network_is_the_same_on_either_engine():
    results = []
    for kind in (closures.Value, Dual):
        network = MLP([2, 4, 1], kind=kind, rng=random.Random(1))
        assert {type(p) for p in network.parameters()} == {kind}
        results.append([y.data for y in network([0.3, -0.7])])
    assert bits(results[0]) == bits(results[1])


def test_a_network_learns_what_no_straight_line_can_tell_apart(Value):
    examples = [([x, y], float(x != y)) for x in (0.0, 1.0) for y in (0.0, 1.0)]
    network = MLP([2, 8, 1], kind=Value, rng=random.Random(3))
    sgd = SGD(network.parameters(), lr=0.1)

    def loss():
        return sum((network(x)[0] - y) ** 2 for x, y in examples)

    before = loss().data
    for _ in range(100):
        loss().backward()
        sgd.step()
    assert before > 0.5
    assert loss().data == pytest.approx(0, abs=0.01)
    assert [round(network(x)[0].data) for x, _ in examples] == [0, 1, 1, 0]
