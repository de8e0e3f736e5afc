"""Drive training runs from a page: begin, go on for a moment, look inside, keep them.

The page sends JSON and gets JSON. It asks for one slice of a run after the other, so
that between two of them it can pause, draw, or ask for samples. What a reader typed
wrongly comes back as one line, with the name of the field where there is one.
"""

import ast
import json
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from importlib import resources
from pathlib import Path
from sys import stdlib_module_names
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from microgpt import checkpoint, ngrams
from microgpt.model import GPT, Config, linear
from microgpt.names import load_names, split
from microgpt.number import dot, softmax
from microgpt.optim import adam_of
from microgpt.run import ENGINES, Run, build, go_on, whole_number
from microgpt.sample import sample
from microgpt.tokenizer import Tokenizer
from microgpt.train import Diverged, train

SIZES = ("n_layer", "n_embd", "n_head", "block_size")
MOST = dict.fromkeys(SIZES, 1000) | {"steps": 100_000}  # for a page's sake
CHARACTERS, WEIGHTS = 1_000_000, 400_000  # likewise: of a text, and in a model
NOT_HERE = {"ctypes", "multiprocessing", "subprocess"}  # browsers have none of it
TURNS = 100  # of the iteration that finds a direction
OWN_LINES = "lines.txt"
VOWELS = "aeiou"


def source(module: str) -> str:
    """The text of a module of the package, which need not be imported for it."""
    path = Path(*module.split(".")[1:]).with_suffix(".py")
    return resources.files("microgpt").joinpath(str(path)).read_text("utf-8")


def pure(name: str) -> bool:
    """Whether an engine needs nothing but Python, so that a page can run it."""
    tree, tops = ast.parse(source(ENGINES[name])), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            tops |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            tops.add((node.module or "").partition(".")[0])
    return tops <= (stdlib_module_names | {"microgpt"}) - NOT_HERE


def engines() -> list[str]:
    """The engines for a page, the fastest last, for so the ladder goes."""
    return [name for name in ENGINES if pure(name)]


@dataclass(frozen=True)
class Settings:
    """What fixes a run, but for its text."""

    n_layer: int = Config.n_layer
    n_embd: int = Config.n_embd
    n_head: int = Config.n_head
    block_size: int = Config.block_size
    steps: int = 1000
    lr: float = 0.01
    seed: int = 42
    engine: str = engines()[-1]


PARTS: dict[str, Callable[[float], tuple[Any, ...]]] = {  # Adam, all of it or not
    "adam": lambda lr: (lr,),
    "no-m": lambda lr: (lr, (0.0, 0.99)),
    "no-v": lambda lr: (lr * 1e7, (0.85, 0.99), 1e6),
}


class Fault(ValueError):
    """What a reader typed wrongly, and in which field."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def whole(name: str, text: str, least: int = 1) -> int:
    """Read a whole number."""
    try:
        return whole_number(text, least)
    except ValueError as fault:
        raise Fault(name, f"{name} {fault}") from None


def rate(name: str, text: str) -> float:
    """Read a positive number."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < math.inf:
        raise Fault(name, f"{name} must be a positive number, not {text!r}")
    return number


def choice(name: str, text: str) -> str:
    """Read the name of an engine."""
    if text not in engines():
        raise Fault(name, f"{name} must be one of {', '.join(engines())}, not {text!r}")
    return text


def settings(texts: dict[str, str]) -> Settings:
    """Read what stands in the fields of the page."""
    readers: dict[str, Callable[[str, str], Any]] = {
        "lr": rate,
        "engine": choice,
        "seed": lambda name, text: whole(name, text, 0),
    }
    names = [field.name for field in fields(Settings)]
    given = {name: readers.get(name, whole)(name, texts[name]) for name in names}
    found = Settings(**given)
    for name, most in MOST.items():
        if given[name] > most:
            raise Fault(name, f"{name} must be at most {most:,} in a page")
    if found.n_embd % found.n_head:
        sizes = f"n_embd {found.n_embd}, n_head {found.n_head}"
        raise Fault("n_embd", f"n_embd must be a multiple of n_head: {sizes}")
    return found


def other_settings(first: Settings, other: dict[str, str]) -> tuple[Settings, str]:
    """The second run: the first with one setting changed, or without a part of Adam."""
    name, value = other["name"], other["value"]
    if name in PARTS:
        return first, name
    try:
        texts = {key: str(each) for key, each in asdict(first).items()}
        return settings(texts | {name: value}), "adam"
    except Fault as fault:
        raise Fault("value", f"the second run: {fault}") from None


def documents(lines: str | None) -> list[str]:
    """The bundled names, or a text's lines."""
    if lines is None:
        return list(load_names())
    if len(lines) > CHARACTERS:
        raise Fault("lines", f"a page takes texts of {CHARACTERS:,} characters at most")
    try:
        found: list[str] = split(lines.encode("utf-8", "surrogatepass"), "the text")
    except ValueError as error:
        raise Fault("lines", str(error)) from None
    return found


def begin(docs: list[str], data: str | None, chosen: Settings, part: str) -> Run:
    """Begin a run as the command line does, with a configuration of its own."""
    docs, rng = list(docs), random.Random(chosen.seed)
    rng.shuffle(docs)
    tokenizer = Tokenizer(docs)
    sizes = {name: getattr(chosen, name) for name in SIZES}
    config = Config(tokenizer.vocab_size, **sizes)
    weights = sum(rows * columns for rows, columns in config.shapes().values())
    if weights > WEIGHTS:
        fault = f"a model with {weights:,} parameters is too large for a page"
        raise Fault("n_embd", f"{fault}, which takes {WEIGHTS:,} at most")
    gpt = build(chosen.engine, config, rng)
    adam = adam_of(gpt, *PARTS[part](chosen.lr))
    common = docs, tokenizer, gpt, adam, rng, chosen.engine
    return Run(data, *common, chosen.seed, chosen.steps, 0)


class Watched(GPT):
    """A model that notes what each head takes of each position."""

    def _attend(self, x: list[float], layer: str, past: Any) -> Any:
        mixed = super()._attend(x, layer, past)
        config, query = self.config, linear(x, self.weights[f"{layer}wq"])
        for start in range(0, config.n_embd, config.head_dim):
            part = slice(start, start + config.head_dim)
            fits = [dot(query[part], key[part]) for key, _ in past]
            self.taken.append(softmax([fit * config.head_dim**-0.5 for fit in fits]))
        return mixed

    def maps(self, tokens: list[int]) -> list[list[list[float]]]:
        """For each head of each layer a row for each token: its weights."""
        cache, rows = self.cache(), []
        for pos_id, token in enumerate(tokens):
            self.taken: list[list[float]] = []
            self(token, pos_id, cache)
            rows.append(self.taken)
        return [list(head) for head in zip(*rows)]


def directions(table: list[list[float]]) -> list[list[float]]:
    """For each row its place along the two directions in which the rows differ most."""
    rest, places = centered(table), []
    for _ in range(2):
        axis = direction(rest)
        along = [dot(row, axis) for row in rest]
        rest = [[x - a * y for x, y in zip(row, axis)] for row, a in zip(rest, along)]
        places.append(along)
    return [list(place) for place in zip(*places)]


def centered(table: list[list[float]]) -> list[list[float]]:
    """Rows less their mean."""
    means = [math.fsum(column) / len(table) for column in zip(*table)]
    return [[x - mean for x, mean in zip(row, means)] for row in table]


def direction(rows: list[list[float]]) -> list[float]:
    """The direction in which rows differ most, found by applying them repeatedly."""
    axis = max(rows, key=lambda row: dot(row, row))
    for _ in range(TURNS):
        along = [dot(row, axis) for row in rows]
        axis = [dot(along, column) for column in zip(*rows)]
        size = dot(axis, axis) ** 0.5
        if not size:
            break
        axis = [x / size for x in axis]
    return axis


def toward(places: list[list[float]], marked: list[int]) -> list[list[float]]:
    """Turn the directions so that most of what is marked lies right and above."""
    sums = [sum(places[i][side] for i in marked) for side in range(2)]
    signs = [-1 if each < 0 else 1 for each in sums]
    return [[x * sign for x, sign in zip(place, signs)] for place in places]


class Play:
    """The runs of a page: none, one, or two that take steps in turn."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.steps: list[Iterator[Any]] = []

    def reply(self, text: str) -> str:
        """Do what the page asks; what is typed wrongly is a part of the answer."""
        asked = json.loads(text)
        actions: list[Callable[..., dict[str, Any]]] = [self.begin, self.load, self.go]
        actions += [self.samples, self.attention, self.embeddings, self.keep]
        named = {action.__name__: action for action in actions}
        try:
            return json.dumps(named[asked.pop("do")](**asked), allow_nan=False)
        except Fault as fault:
            return json.dumps({"fault": str(fault), "field": fault.field})
        except (ArithmeticError, ValueError) as error:  # shortly before it diverges
            told = f"the numbers of this model are of no use: {error}"
            return json.dumps({"fault": told, "field": ""})

    def begin(
        self, lines: str | None, texts: dict[str, str], other: dict[str, str] | None
    ) -> dict[str, Any]:
        """Begin one run, or two; describe what they learn from."""
        first, docs = settings(texts), documents(lines)
        plans = [(first, "adam")]
        if other:
            plans.append(other_settings(first, other))
        data = None if lines is None else OWN_LINES
        return self.take([begin(docs, data, *plan) for plan in plans])

    def load(self, text: str, lines: str | None, engine: str) -> dict[str, Any]:
        """Go on from a checkpoint; tell the settings that it holds as well."""
        with TemporaryDirectory() as folder:
            path, data = Path(folder) / "checkpoint", Path(folder) / OWN_LINES
            path.write_text(text, "utf-8", "surrogatepass")
            data.write_text("\n".join(documents(lines)), "utf-8")
            try:
                kept = checkpoint.load(path)
                run = go_on(kept, str(data), choice("engine", engine))
            except ValueError as error:
                told = str(error).replace(str(path), "the checkpoint")
                told = told.replace(str(data), "the text on this page")
                raise Fault("load", told) from None
        run.data = kept.data
        return self.take([run])

    def take(self, runs: list[Run]) -> dict[str, Any]:
        """Make these the runs of the page, and describe them."""
        self.runs = runs
        self.steps = [
            train(run.gpt, run.docs, run.tokenizer, run.steps, run.adam, run.step)
            for run in runs
        ]
        first = runs[0]
        docs, tokenizer, config = first.docs, first.tokenizer, first.gpt.config
        return {
            "settings": {name: str(x) for name, x in described(first).items()},
            "step": first.step,
            "steps": first.steps,
            "documents": len(docs),
            "characters": len(tokenizer.chars),
            "cut": sum(len(doc) >= config.block_size for doc in docs),
            "parameters": [len(run.gpt.floats()) for run in runs],
            "yardsticks": {
                "uniform": ngrams.uniform(tokenizer),
                "unigram": ngrams.unigram(docs, tokenizer),
                "bigram": ngrams.bigram(docs, tokenizer),
            },
        }

    def go(self, seconds: float, most: int | None = None) -> dict[str, Any]:
        """Take steps in turn for so long, at least one; give each run's losses."""
        until = perf_counter() + seconds
        losses: list[list[float]] = [[] for _ in self.runs]
        fault = None
        while self.runs[-1].step < self.runs[-1].steps:
            try:
                for run, steps, made in zip(self.runs, self.steps, losses):
                    step = next(steps)
                    run.step = step.number
                    made.append(step.loss)
            except Diverged as error:
                fault = str(error)
                break
            if len(losses[0]) == most or perf_counter() >= until:
                break
        return {"losses": losses, "step": self.runs[0].step, "fault": fault}

    def samples(self, temperature: float, count: int, more: int) -> dict[str, Any]:
        """Let each run write, without touching its own random numbers.

        With `more` 0 it writes what `python -m microgpt sample` writes from the
        checkpoint, else something new for each other number.
        """
        written = []
        for run in self.runs:
            known, rng, gpt = set(run.docs), random.Random(), run.gpt.to(float)
            rng.setstate(run.rng.getstate())
            if more:
                rng.seed(f"{run.seed} {more}")
            texts = [sample(gpt, run.tokenizer, temperature, rng) for _ in range(count)]
            written.append([[text, text in known] for text in texts])
        return {"samples": written, "step": self.runs[0].step}

    def attention(self, name: str) -> dict[str, Any]:
        """Where each head of the first run looks while it reads a name."""
        run = self.runs[0]
        try:
            tokens = run.tokenizer.encode(name)[:-1][: run.gpt.config.block_size]
        except ValueError as error:
            raise Fault("name", str(error)) from None
        maps = Watched(run.gpt.config, float, weights=run.gpt.floats()).maps(tokens)
        labels = ["BOS", *name][: len(tokens)]
        return {"labels": labels, "maps": maps, "heads": run.gpt.config.n_head}

    def embeddings(self) -> dict[str, Any]:
        """Where the letters of the first run lie, seen from where they differ most."""
        run = self.runs[0]
        letters = run.tokenizer.chars
        table = run.gpt.to(float).weights["wte"][: len(letters)]
        marked = [i for i, letter in enumerate(letters) if letter in VOWELS]
        places = toward(directions(table), marked)
        whole = sum(dot(row, row) for row in centered(table)) or 1.0
        shares = [sum(x * x for x in column) / whole for column in zip(*places)]
        return {"letters": letters, "places": places, "shares": shares, "at": marked}

    def keep(self) -> dict[str, Any]:
        """The first run as the file which the command line writes and reads."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / "checkpoint"
            checkpoint.save(path, self.runs[0].checkpoint())
            return {"file": path.read_text("utf-8")}


def described(run: Run) -> dict[str, Any]:
    """The settings of a run, under the names of the fields."""
    known = vars(run.gpt.config) | vars(run) | {"lr": run.adam.lr}
    return {field.name: known[field.name] for field in fields(Settings)}
