"""What one can import, with the arguments that the book names."""

import doctest
import importlib
import inspect
import pkgutil
import random

import pytest

import microgpt
from microgpt import (
    GPT,
    SGD,
    Adam,
    Config,
    Tokenizer,
    Value,
    check_grad,
    closures,
    load_names,
    sample,
    train,
)
from microgpt.ladder import fused

SIGNATURES = {
    Value: "(data, children=(), local_grads=())",
    Config: "(vocab_size: int, n_layer: int = 1, n_embd: int = 16, "
    "n_head: int = 4, block_size: int = 16) -> None",
    GPT: "(config, kind=Value, rng=random, weights=None)",
    GPT.__call__: "(self, token_id, pos_id, cache)",
    GPT.loss: "(self, tokens)",
    GPT.to: "(self, kind)",
    Tokenizer: "(docs)",
    load_names: "(data=None)",
    SGD: "(params, lr=0.01)",
    Adam: "(params, lr=0.01, betas=(0.85, 0.99), eps=1e-08)",
    Adam.step: "(self, lr_scale=1.0)",
    train: "(gpt, docs, tokenizer, steps=1000, optimizer=None, start=0)",
    sample: "(gpt, tokenizer, temperature=0.5, rng=random)",
    check_grad: "(f, *xs, tolerance=1e-06)",
}
DEFAULTS = {repr(Value): "Value", repr(random): "random"}
MODULES = [
    found.name
    for found in pkgutil.walk_packages(microgpt.__path__, "microgpt.")
    if found.name != "microgpt.__main__"
]


@pytest.mark.parametrize("public", SIGNATURES, ids=lambda public: public.__qualname__)
def test_the_arguments_are_those_of_the_book(public):
    text = str(inspect.signature(public))
    for default, name in DEFAULTS.items():
        text = text.replace(default, name)
    assert text == SIGNATURES[public]


def test_the_package_exports_what_the_book_imports():
    names = {
        *("Value", "Config", "GPT", "Tokenizer", "load_names", "SGD", "Adam"),
        *("train", "sample", "check_grad"),
    }
    assert set(microgpt.__all__) == names
    assert all(hasattr(microgpt, name) for name in names)


def test_every_export_says_what_one_can_do_with_it():
    for name in microgpt.__all__:
        assert ">>>" in inspect.getdoc(getattr(microgpt, name))


def test_an_engine_is_a_module_with_a_class_called_value():
    for engine in (closures, fused, importlib.import_module("microgpt.value")):
        assert engine.Value.__name__ == "Value"
        assert engine.Value.__module__ == engine.__name__


def test_the_fused_engine_overrides_only_what_it_fuses():
    own = {name for name in vars(fused.Value) if not name.startswith("__")}
    assert own == {"dot", "softmax", "rmsnorm", "cross_entropy"}


def test_the_two_designs_have_the_same_interface():
    shown = [
        {name for name in dir(kind) if not name.startswith("_")}
        for kind in (Value, closures.Value)
    ]
    assert shown[0] == shown[1] == {"data", "grad", "backward", "exp", "log", "relu"}


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name):
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        pytest.skip(f"{error.name} is not installed")
    result = doctest.testmod(module)
    assert result.failed == 0


def test_the_parts_make_a_model_that_learns_and_writes(Value):
    rng = random.Random(42)
    docs = ["ann", "nan", "anna"]
    tokenizer = Tokenizer(docs)
    config = Config(tokenizer.vocab_size, n_embd=8, n_head=2, block_size=8)
    gpt = GPT(config, kind=Value, rng=rng)
    losses = [step.loss for step in train(gpt, docs, tokenizer, steps=30)]
    assert losses[-1] < 0.7 * losses[0]
    assert set(sample(gpt, tokenizer, rng=rng)) <= set("an")
