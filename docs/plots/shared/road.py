"""The six programs on the road, run sooner: the same losses from arrays."""

from collections.abc import Callable, Collection, Iterator
from functools import cache
from itertools import islice
from typing import Any

from docs.plots.shared.runs import STEPS, places, trained, untrained
from docs.road import attention, by_hand, count, heads
from microgpt import Config
from microgpt.ladder import arrays


@cache
def losses() -> dict[str, list[float]]:
    """The loss of each of the first steps of each program."""
    table, docs, tokenizer, _ = count.begin(count.Model)
    network = first_steps(mlp)
    return {
        "count": list(count.train(table, docs, tokenizer, STEPS)),
        "by_hand": network,
        "autograd": network,
        "attention": without(),
        "heads": first_steps(lambda: gpt(heads.Model.lr, n_head=4)),
        "adam": trained().losses,
    }


def first_steps(run: Callable[[], Iterator[float]]) -> list[float]:
    return list(islice(run(), STEPS))


def mlp() -> Iterator[float]:
    """The network of the programs 2 and 3."""
    model, docs, tokenizer, _ = count.begin(by_hand.Model)
    matrices = [arrays.Value(rows) for rows in model.matrices]
    wte, inner, outer = matrices
    for doc in docs:
        tokens = tokenizer.encode(doc)
        hidden = wte.rows(tokens[:-1]).linear(inner).relu()
        loss = hidden.linear(outer).cross_entropy(tokens[1:])
        yield descend(loss, matrices, model.lr)


def gpt(lr: float, n_head: int, without: Collection[str] = ()) -> Iterator[float]:
    """The models of the programs 4 and 5; matrices that are left out stay zero."""

    def make(vocab_size: int, rng: Any) -> Any:
        return arrays.GPT(Config(vocab_size, n_head=n_head), rng)

    model, docs, tokenizer, _ = count.begin(make)
    left_out = [places(model.config, name) for name in without]
    for doc in docs:
        for part in left_out:
            model.parameters()[0].data[part] = 0.0
        yield descend(model.loss(tokenizer.encode(doc)), model.parameters(), lr)


@cache
def without(*names: str) -> list[float]:
    """The losses of program 4 where some of its matrices are left out."""
    return first_steps(lambda: gpt(attention.Model.lr, 1, names))


@cache
def moved(optimizer: Callable[..., Any], lr: float, falling: bool) -> list[float]:
    """The losses of the model of program 5, moved in another way."""
    docs, tokenizer, start, _ = untrained()
    model, found = arrays.GPT(start.config, weights=start.floats()), []
    moving = optimizer(model.parameters(), lr=lr)
    for i, doc in enumerate(docs[:STEPS]):
        loss = model.loss(tokenizer.encode(doc))
        loss.backward()
        moving.step(1 - i / STEPS if falling else 1.0)
        found.append(float(loss))
    return found


def descend(loss: Any, params: list[Any], lr: float) -> float:
    """Move against the slopes of a loss, and give it as it was before."""
    loss.backward()
    for p in params:
        p.data -= lr * p.grad
        p.grad = 0.0
    return float(loss)
