"""Small models and documents for the tests of the model and of its training."""

import random

from microgpt import GPT, Config, Tokenizer, load_names, value
from microgpt.ladder import arrays

DOCS = ["ann", "bob", "cy", "dina"]
TINY = Config(Tokenizer(DOCS).vocab_size, n_layer=2, n_embd=4, n_head=2, block_size=4)
WIDE = Config(vocab_size=9, n_embd=32, n_head=8, block_size=8)


def model(config=TINY, kind=value.Value, seed=1):
    """Make a model from a seed."""
    return GPT(config, kind, random.Random(seed))


def names_and_tokenizer(data=None, seed=42):
    """Shuffle the names as training does; give generator, names and tokenizer."""
    rng = random.Random(seed)
    docs = load_names(data)
    rng.shuffle(docs)
    return rng, docs, Tokenizer(docs)


def loss_and_grads(gpt, tokens):
    """Run a model forward and backward: its loss, and the gradients as floats."""
    loss = gpt.loss(tokens)
    loss.backward()
    return float(loss), gpt.flatten([p.grad for p in gpt.parameters()])


def array_model(config=TINY, seed=1):
    """Make a model on arrays from a seed."""
    return arrays.GPT(config, random.Random(seed))
