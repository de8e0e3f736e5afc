"""Value and microgpt, in ordinary modules that a book explains line by line."""

from microgpt.model import GPT, Config
from microgpt.names import load_names
from microgpt.nudge import check_grad
from microgpt.optim import SGD, Adam
from microgpt.sample import sample
from microgpt.tokenizer import Tokenizer
from microgpt.train import train
from microgpt.value import Value

__all__ = [
    "GPT",
    "SGD",
    "Adam",
    "Config",
    "Tokenizer",
    "Value",
    "check_grad",
    "load_names",
    "sample",
    "train",
]
