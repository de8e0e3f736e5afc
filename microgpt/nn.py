"""The first thing made of Values: a neuron, a layer of them, a network of layers.

Chapter: A neuron, a layer, a network.
"""

import random
from itertools import pairwise

from microgpt import number
from microgpt.value import Value


class Neuron:
    """Weigh the inputs, add a bias, and cut off below zero unless `linear`.

    >>> neuron = Neuron(2, linear=True, rng=random.Random(1))
    >>> neuron([1.0, 0.0]).data == neuron.weights[0].data
    True
    """

    def __init__(self, n_inputs, linear=False, kind=Value, rng=random):
        self.weights = [kind(rng.uniform(-1, 1)) for _ in range(n_inputs)]
        self.bias = kind(0.0)
        self.linear = linear

    def __call__(self, inputs):
        """Give one number for the `inputs`."""
        activation = number.dot(self.weights, inputs) + self.bias
        return activation if self.linear else number.relu(activation)

    def parameters(self):
        """List what training may change: the weights, then the bias."""
        return [*self.weights, self.bias]


class Layer:
    """Show the same inputs to several neurons.

    >>> len(Layer(2, 3)([1.0, -1.0]))
    3
    """

    def __init__(self, n_inputs, n_outputs, **options):
        self.neurons = [Neuron(n_inputs, **options) for _ in range(n_outputs)]

    def __call__(self, inputs):
        """Give one number for each neuron."""
        return [neuron(inputs) for neuron in self.neurons]

    def parameters(self):
        """List the parameters of every neuron."""
        return [p for neuron in self.neurons for p in neuron.parameters()]


class MLP:
    """Put layers one after the other; the last one is linear.

    `sizes` counts the inputs and then the neurons of each layer.

    >>> len(MLP([2, 8, 1]).parameters())
    33
    """

    def __init__(self, sizes, kind=Value, rng=random):
        last = len(sizes) - 2
        self.layers = [
            Layer(n_inputs, n_outputs, linear=i == last, kind=kind, rng=rng)
            for i, (n_inputs, n_outputs) in enumerate(pairwise(sizes))
        ]

    def __call__(self, inputs):
        """Give the numbers of the last layer."""
        for layer in self.layers:
            inputs = layer(inputs)
        return inputs

    def parameters(self):
        """List the parameters of every layer."""
        return [p for layer in self.layers for p in layer.parameters()]
