"""Keep what was learned: save a training run as text, and load it again.

A checkpoint is JSON: what it is, its version, the sha256 of its content, the content.
Loading runs no code and believes nothing; every fault of a file's content is a
`ValueError` of one line, and what the system refuses is its `OSError`.

Chapter: Keeping what was learned.
"""

import hashlib
import json
import math
import os
import random
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from microgpt.model import Config
from microgpt.names import CONTROL

FORMAT = "microgpt checkpoint"
VERSION = 1
LARGEST = 32_000_000  # bytes: enough for 400,000 parameters
MOST_VALUES = 1_300_000  # of JSON: three for each of them, and others


@dataclass(frozen=True)
class Checkpoint:
    """All that a training run needs to go on as if it had never stopped.

    `weights`, `m` and `v` are flat floats, one for each parameter, in their order.
    A checkpoint that makes no sense cannot be made: `ValueError` says why not.
    """

    config: Config
    chars: str  # the vocabulary, without BOS
    engine: str  # the name of the kind of number
    weights: list[float]
    m: list[float]  # Adam's averages: of the gradients,
    v: list[float]  # and of their squares
    lr: float
    betas: tuple[float, float]
    eps: float
    step: int  # steps done
    steps: int  # steps in all
    seed: int
    data: str | None  # what `load_names` was given
    docs_sha256: str  # of the documents, in the order of training
    rng: tuple  # state of the generator that will draw the samples

    def __post_init__(self):
        check_texts(self)
        check_counts(self)
        check_numbers(self)
        check_rng(self.rng)


def save(path, checkpoint):
    """Write a checkpoint so that at every instant `path` can be loaded.

    What `path` held before is kept beside it, with `.bak` added to its name.
    `OSError` names the path that cannot be written: the old file stands as it was.
    """
    content = vars(checkpoint) | {"config": vars(checkpoint.config)}
    head = {"format": FORMAT, "version": VERSION, "sha256": digest(content)}
    text = json.dumps(head | {"content": content}) + "\n"
    require(fits(text), f"{path}: would be too large to be loaded again")
    with blaming(path):
        replace(Path(os.path.realpath(path)), text)


def load(path):
    """Read a checkpoint; `ValueError` names the file and what is wrong with it."""
    try:
        require(os.path.getsize(path) <= LARGEST, f"larger than {LARGEST:,} bytes")
        with open(path, "rb") as file:
            return parse(document_of(file.read(LARGEST).decode("ascii")))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not JSON: {error}") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error!s:.200}") from None
    except RecursionError:
        raise ValueError(f"{path}: nested too deeply") from None


def check_writable(path):
    """Raise `OSError` now if `save` could not write there later."""
    with blaming(path), temporary(Path(os.path.realpath(path))):
        pass


@contextmanager
def blaming(path):
    """Let an `OSError` name this file, and no other."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


@contextmanager
def temporary(path):
    """Open a new file beside `path`; what still has its name at the end is removed."""
    part = path.with_name(f".{path.name}.tmp")
    part.unlink(missing_ok=True)  # a killed run may have left one
    try:
        with open(part, "x", encoding="ascii", newline="\n") as file:
            yield file
    finally:
        part.unlink(missing_ok=True)


def replace(path, text):
    """Put a file with this text in the place of `path`, all of it or nothing."""
    with temporary(path) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())  # on the disk, before it gets the name
        file.close()  # Windows renames no open file
        back_up(path)
        os.replace(file.name, path)
    sync_folder(path.parent)


def back_up(path):
    """Give the file `path` a second name, which outlives its replacement."""
    backup = path.with_name(f"{path.name}.bak")
    if path.exists():
        backup.unlink(missing_ok=True)
        try:
            os.link(path, backup)
        except (OSError, AttributeError):  # not every system knows second names
            shutil.copyfile(path, backup)


def sync_folder(folder):
    """Make a new name last through a power cut, where the system knows how."""
    if os.name == "posix":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def document_of(text):
    """Read JSON that neither is too large nor says anything twice."""
    require(fits(text), f"larger than {LARGEST:,} bytes or {MOST_VALUES:,} values")
    return json.loads(text, object_pairs_hook=unique, parse_constant=refuse)


def parse(document):
    """Turn the JSON of a file into a checkpoint, trusting none of it."""
    require(isinstance(document, dict), f"not a {FORMAT}")
    require(document.get("format") == FORMAT, f"not a {FORMAT}")
    version = document.get("version")
    require(type(version) is int, "the version is not a whole number")
    require(version <= VERSION, f"version {version} is newer than this program")
    require(version == VERSION, f"there is no version {version}")
    require(document.keys() == {"format", "version", "sha256", "content"}, "odd parts")
    content = document["content"]
    require(document["sha256"] == digest(content), "damaged: the sha256 does not fit")
    return build(content)


def build(content):
    """Make the checkpoint that the content describes."""
    names = {field.name for field in fields(Checkpoint)}
    require(isinstance(content, dict), "the content has no fields")
    require(content.keys() == names, "the content has not the fields of a checkpoint")
    try:
        version, words, gauss = content["rng"]
        parts = {
            "config": Config(**content["config"]),
            "betas": tuple(content["betas"]),
            "rng": (version, tuple(words), gauss),
        }
    except TypeError:
        raise ValueError("config, betas or rng have a wrong form") from None
    require(vars(parts["config"]) == content["config"], "config lacks a field")
    return Checkpoint(**content | parts)


def digest(content):
    """Give the sha256 of a content, however its JSON is spaced."""
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def fits(text):
    """Tell whether there is room for all values of a JSON text: they are counted."""
    return len(text) < LARGEST and sum(map(text.count, ",:[{")) < MOST_VALUES


def unique(pairs):
    """Make a dictionary, unless a key comes twice."""
    result = dict(pairs)
    require(len(result) == len(pairs), "a key comes twice")
    return result


def refuse(constant):
    """Refuse the NaN and Infinity that Python's JSON knows beyond the standard."""
    raise ValueError(f"{constant} is not JSON")


def require(truth, reason):
    """Raise `ValueError` with this reason, unless the truth holds."""
    if not truth:
        raise ValueError(reason)


def check_texts(c):
    """Check the texts, and that the characters are the vocabulary of the config."""
    require(isinstance(c.config, Config), "config is not a Config")
    for name in ("chars", "engine", "docs_sha256"):
        require(isinstance(getattr(c, name), str), f"{name} is not a text")
    require(c.data is None or isinstance(c.data, str), "data is not a text")
    require(c.chars == "".join(sorted(set(c.chars))), "chars are not in order")
    require(not CONTROL.search(c.chars), "chars hold a control character")
    require(len(c.chars) + 1 == c.config.vocab_size, "chars do not fit the vocab_size")


def check_counts(c):
    """Check the whole numbers."""
    for name in ("step", "steps", "seed"):
        count = getattr(c, name)
        require(type(count) is int and count >= 0, f"{name} is not a whole number")
    require(c.step <= c.steps, "step is larger than steps")


def check_numbers(c):
    """Check that every float is finite, and that each parameter has its floats."""
    check_floats("lr, betas and eps", [c.lr, *c.betas, c.eps], 4)
    require(isinstance(c.weights, list), "weights are not a list")
    require(12 * c.config.n_layer <= len(c.weights), "n_layer is too large")
    size = sum(rows * columns for rows, columns in c.config.shapes().values())
    for name in ("weights", "m", "v"):
        check_floats(name, getattr(c, name), size)
    require(min(c.v) >= 0, "v is negative")


def check_floats(name, xs, size):
    """Check that these are so many floats, all of them finite."""
    require(isinstance(xs, list) and len(xs) == size, f"{name}: not {size:,} numbers")
    fine = all(type(x) is float and math.isfinite(x) for x in xs)
    require(fine, f"{name}: not all are finite floats")


def check_rng(state):
    """Check that a generator takes this state and gives it back."""
    generator = random.Random()
    try:
        generator.setstate(state)
    except (TypeError, ValueError, OverflowError):
        require(False, "rng is not the state of a generator")
    gauss = state[2]
    finite = gauss is None or (type(gauss) is float and math.isfinite(gauss))
    require(finite and generator.getstate() == state, "rng is not a valid state")
