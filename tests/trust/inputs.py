"""Give wrong input: each time one line names what and where, and nothing is changed.

`commands` are words for the command line, `calls` are uses of the library. A case is
one fault of one kind in one place; its name tells both, and comes once.
"""

import hashlib
import io
import json
import math
import os
import random
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from microgpt import (
    GPT,
    Config,
    Tokenizer,
    Value,
    cli,
    closures,
    load_names,
    number,
    sample,
    train,
)
from microgpt.checkpoint import digest, load, save
from microgpt.run import begin
from tests.trust.figure import Figure
from tests.trust.mutated import original

ROOT = Path(__file__).parents[2]
PROGRAM = "-m", "microgpt"
LONGEST = 500  # characters of a complaint
ERRORS = ArithmeticError, ValueError, TypeError, OSError
FOREVER = ("--steps", "1000000")  # whoever accepts the input does not end soon


class Case(NamedTuple):
    """Something wrong, and the words that the complaint has to contain."""

    name: str
    act: object  # the words of a command, or a function
    says: tuple


NO_COUNTS = {
    "nothing": "",
    "a word": "many",
    "a fraction": "1.5",
    "a negative number": "-7",
    "an exponent": "1e3",
    "a hexadecimal number": "0x10",
    "NaN": "nan",
    "infinity": "inf",
    "two numbers": "1 2",
    "a number with a comma": "1,000",
    "too many digits": "9" * 5000,
    "a letter of another script": "½",
    "control characters": "1\x1b[2J\n",
}
NO_TEMPERATURES = NO_COUNTS | {
    "zero": "0",
    "negative zero": "-0.0",
    "a subnormal number": "5e-324",
    "a number too small": "0.0009",
    "a number too large": "1001",
    "negative infinity": "-inf",
    "a complex number": "1j",
}
for fine in ("a fraction", "an exponent"):
    del NO_TEMPERATURES[fine]

NO_NAMES = {"an empty name": "", "a NUL": "a\0b"}
NO_FILES = {
    "nothing there": ("absent", "No such file"),
    "a folder": ("folder", "folder: "),
    "nothing there in a folder": ("folder/absent", "No such file"),
    "a missing folder": ("absent/file", "No such file"),
    "a file as a folder": ("text.txt/file", "Not a directory"),
    "a name too long": ("n" * 300, "File name too long"),
    "a path too long": ("n/" * 4000, "File name too long"),
    "a link to nothing": ("dangling", "dangling: "),
    "a link to itself": ("circle", "circle: "),
    "several lines": ("a\nb", "a\\nb"),
    "control characters": ("a\x1b[2J", "a\\x1b[2J"),
    "no letters of UTF-8": ("a\udcff", "a\\udcff"),
}
NO_OUTPUTS = {
    "a folder": ("folder", "not an ordinary file"),
    "a missing folder": ("absent/file", "No such file"),
    "a file as a folder": ("text.txt/file", "text.txt/file"),
    "a name too long": ("n" * 300, "File name too long"),
    "a device": ("/dev/null", "not an ordinary file"),
    "a link to nothing": ("dangling", "not an ordinary file"),
    "a link to itself": ("circle", "circle"),
    "a link to a folder": ("to_folder", "not an ordinary file"),
    "a file that exists": ("mine", "exists already (--force replaces it)"),
    "a link to a file that exists": ("to_mine", "exists already"),
    "an empty file that exists": ("empty", "exists already"),
}

NO_TEXTS = {
    "no byte": (b"", "no documents"),
    "blank lines": (b"\n \r\n\t\n", "no documents"),
    "only the mark of an editor": (b"\xef\xbb\xbf\n", "no documents"),
    "UTF-16": ("ann\n".encode("utf-16"), "line 1: not UTF-8 (byte 0xff)"),
    "UTF-16 without a mark": ("ann".encode("utf-16-le"), "line 1: control"),
    "UTF-32": ("ann\n".encode("utf-32-be"), "line 1: control character U+0000"),
    "Latin-1": (b"ann\nzo\xeb\n", "line 2: not UTF-8 (byte 0xeb)"),
    "half a letter": ("ann\nzo\xeb".encode()[:-1], "line 2: not UTF-8 (byte 0xc3)"),
    "a letter written too long": (b"a\xc0\xafb\n", "line 1: not UTF-8 (byte 0xc0)"),
    "half a pair": (b"a\n\xed\xa0\x80\n", "line 2: not UTF-8 (byte 0xed)"),
    "beyond Unicode": (b"a\xf5\x80\x80\x80\n", "line 1: not UTF-8 (byte 0xf5)"),
    "a byte that begins nothing": (b"a\x80\n", "line 1: not UTF-8 (byte 0x80)"),
    "a tab": (b"ann\nb\tc\n", "line 2: control character U+0009"),
    "a NUL": (b"ann\n\nb\0c\n", "line 3: control character U+0000"),
    "an escape": (b"a\x1b[2Jb\n", "line 1: control character U+001B"),
    "a form feed": (b"ann\nb\x0cc\n", "control character U+000C"),
    "a backspace": (b"b\x08c\n", "line 1: control character U+0008"),
    "a bell": (b"b\x07c\n", "line 1: control character U+0007"),
    "a delete": (b"a\x7fb\n", "line 1: control character U+007F"),
    "a control of Latin-1": ("a\x9bb\n".encode(), "line 1: control character U+009B"),
    "a next line": ("a\x85b\n".encode(), "line 1: control character U+0085"),
    "a line separator": ("a\u2028b\n".encode(), "line 1: control character U+2028"),
    "a paragraph separator": ("a\u2029b\n".encode(), "control character U+2029"),
    "a program": (b"\x7fELF\x02\x01\x01\0", "line 1: control character U+007F"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "line 1: not UTF-8 (byte 0x89)"),
    "a compressed text": (b"\x1f\x8b\x08\0\0", "line 1: not UTF-8 (byte 0x8b)"),
}

NO_CHECKPOINTS = {
    "no byte": (b"", "not JSON"),
    "names": (b"ann\nbob\n", "not JSON"),
    "no letters of UTF-8": (b"\xff\xfe", "not JSON"),
    "a pickle": (b"\x80\x04\x95\x0b\0\0\0", "not JSON"),
    "an archive": (b"PK\x03\x04", "not JSON"),
    "a list": (b"[]", "not a microgpt checkpoint"),
    "a number": (b"1", "not a microgpt checkpoint"),
    "another document": (b'{"a": 1}', "not a microgpt checkpoint"),
    "half a document": (b'{"format": "microgpt checkpoint"', "not JSON"),
    "two documents": (b"{}{}", "not JSON"),
    "a key twice": (b'{"a": 1, "a": 2}', "a key comes twice"),
    "NaN": (b'{"a": NaN}', "NaN is not JSON"),
    "infinity": (b'{"a": [-Infinity]}', "-Infinity is not JSON"),
    "deep lists": (b"[" * 99_999, "nested too deeply"),
    "deep objects": (b'{"a":' * 99_999, "nested too deeply"),
    "very many values": (b"[" + b"0," * 1_300_000 + b"0]", "1,300,000 values"),
    "too many bytes": (b" " * 32_000_001, "larger than 32,000,000 bytes"),
    "a number too long": (b'{"version": ' + b"9" * 5000 + b"}", "digits"),
}
NO_HEADS = {
    "another format": ({"format": "safetensors"}, "not a microgpt checkpoint"),
    "a newer version": ({"version": 2}, "version 2 is newer than this program"),
    "an older version": ({"version": 0}, "there is no version 0"),
    "no whole version": ({"version": 1.0}, "the version is not a whole number"),
    "a part too many": ({"more": 1}, "odd parts"),
    "another digest": ({"sha256": "0" * 64}, "damaged: the sha256 does not fit"),
    "no digest": ({"sha256": None}, "damaged: the sha256 does not fit"),
    "another content": ({"content": {}}, "damaged: the sha256 does not fit"),
}
STATE = random.Random(1).getstate()
NO_CONTENTS = {
    "chars that are no text": ({"chars": 1}, "chars is not a text"),
    "chars out of order": ({"chars": "ba"}, "chars are not in order"),
    "a character twice": ({"chars": "aa"}, "chars are not in order"),
    "a character too many": ({"chars": "abc"}, "chars do not fit the vocab_size"),
    "a control character": ({"chars": "\x1bb"}, "chars hold a control character"),
    "an engine that is no text": ({"engine": None}, "engine is not a text"),
    "data that are no text": ({"data": 1}, "data is not a text"),
    "a fingerprint that is no text": ({"docs_sha256": 1}, "docs_sha256 is not a text"),
    "a negative step": ({"step": -1}, "step is not a whole number"),
    "a step beyond the last": ({"step": 11}, "step is larger than steps"),
    "steps that are a fraction": ({"steps": 10.5}, "steps is not a whole number"),
    "a seed that is a text": ({"seed": "42"}, "seed is not a whole number"),
    "a seed that is a truth": ({"seed": True}, "seed is not a whole number"),
    "lr that is a text": ({"lr": "fast"}, "lr, betas and eps: not all are finite"),
    "lr that is infinite": ({"lr": math.inf}, "Infinity is not JSON"),
    "eps that is a whole number": ({"eps": 1}, "lr, betas and eps: not all"),
    "one beta": ({"betas": [0.9]}, "lr, betas and eps: not 4 numbers"),
    "betas that are no list": ({"betas": 0.9}, "config, betas or rng have"),
    "no weights": ({"weights": []}, "n_layer is too large"),
    "weights that are no list": ({"weights": None}, "weights are not a list"),
    "a weight too few": ({"weights": [0.0] * 19}, "weights: not 20 numbers"),
    "a weight too many": ({"weights": [0.0] * 21}, "weights: not 20 numbers"),
    "weights that are NaN": ({"weights": [math.nan] * 20}, "NaN is not JSON"),
    "weights in rows": ({"weights": [[0.0]] * 20}, "weights: not all are finite"),
    "m of whole numbers": ({"m": [0] * 20}, "m: not all are finite floats"),
    "m that is an object": ({"m": {}}, "m: not 20 numbers"),
    "v that is negative": ({"v": [-1.0] * 20}, "v is negative"),
    "v too short": ({"v": [1.0]}, "v: not 20 numbers"),
    "a config that is nothing": ({"config": None}, "config, betas or rng have"),
    "a config that is a list": ({"config": [3, 1]}, "config, betas or rng have"),
    "a config that lacks a field": ({"config": {"vocab_size": 3}}, "config lacks"),
    "a generator that is a number": ({"rng": 3}, "config, betas or rng have"),
    "a generator too short": ({"rng": [3, [1], None]}, "rng is not the state"),
    "a generator of another kind": ({"rng": [2, STATE[1], None]}, "rng is not a valid"),
    "a generator with a text": ({"rng": [3, STATE[1], "x"]}, "rng is not a valid"),
    "a field too many": ({"more": 1}, "the content has not the fields"),
}
NO_SIZES = {
    "zero": (0, "0"),
    "a negative number": (-1, "-1"),
    "a float": (4.0, "4.0"),
    "a text": ("4", "'4'"),
    "nothing": (None, "None"),
    "a truth": (True, "True"),
    "NaN": (math.nan, "nan"),
    "a list": ([4], "[4]"),
}
NO_NUMBERS = {
    "a text": ("3", "str"),
    "bytes": (b"3", "bytes"),
    "nothing": (None, "NoneType"),
    "a list": ([1.0], "list"),
    "a tuple": ((1.0,), "tuple"),
    "an object": ({}, "dict"),
    "a complex number": (1j, "complex"),
    "a decimal number": (Decimal(1), "Decimal"),
    "a function": (abs, "builtin_function_or_method"),
}

OTHER_COMMANDS = {
    "no command": ([], "COMMAND"),
    "an unknown command": (["learn"], "'learn'"),
    "an abbreviated command": (["trai"], "'trai'"),
    "an empty command": ([""], "''"),
    "a command in capitals": (["TRAIN"], "'TRAIN'"),
    "two commands": (["train", "sample"], "unrecognized arguments: sample"),
    "an unknown option of train": (["train", "--fast"], "--fast"),
    "an unknown option of sample": (["sample", "good", "--fast"], "--fast"),
    "an abbreviated option": (["train", "--st", "5"], "--st"),
    "an option of the other command": (["train", "--num", "5"], "--num"),
    "an option of the other command, too": (
        ["sample", "good", "--steps", "5"],
        "--steps",
    ),
    "a value for a switch": (["train", "--force=yes"], "--force"),
    "an unknown engine": (["train", "--engine", "steam"], "--engine"),
    "an empty engine": (["train", "--engine", ""], "--engine"),
    "an engine in capitals": (["train", "--engine", "Value"], "--engine"),
    "a module as engine": (["train", "--engine", "os.path"], "--engine"),
    "no file to sample from": (["sample"], "FILE"),
    "two files to sample from": (["sample", "good", "mine"], "mine"),
    "seed where a run goes on": (
        ["train", "--resume", "good", "--seed", "1"],
        "--seed",
    ),
    "steps where a run goes on": (["train", "--resume", "good", *FOREVER], "--steps"),
    "out is the data": (
        ["train", "--data", "text.txt", "--out", "text.txt"],
        "text.txt",
    ),
    "out is the data, forced": (
        ["train", "--data", "text.txt", "--out", "./text.txt", "--force"],
        "text.txt: one file cannot have two purposes",
    ),
    "out is the data through a link": (
        ["train", "--data", "mine", "--out", "to_mine", "--force"],
        "one file cannot have two purposes",
    ),
    "log is the data": (
        ["train", "--data", "text.txt", "--log", "text.txt", "--force"],
        "text.txt: one file cannot have two purposes",
    ),
    "log is out": (
        ["train", "--out", "x", "--log", "x"],
        "x: one file cannot have two",
    ),
    "log is the checkpoint": (
        ["train", "--resume", "good", "--log", "good"],
        "good: one file cannot have two purposes",
    ),
    "the checkpoint is the data": (
        ["train", "--resume", "text.txt", "--data", "text.txt"],
        "text.txt: one file cannot have two purposes",
    ),
    "other documents": (
        ["train", "--resume", "good", "--data", "mine"],
        "mine: not the documents of the checkpoint",
    ),
    "documents in another order": (
        ["train", "--resume", "good", "--data", "turned.txt"],
        "turned.txt: not the documents of the checkpoint",
    ),
    "documents that went away": (["train", "--resume", "lost"], "gone.txt"),
    "an engine that no longer exists": (["train", "--resume", "steam"], "'steam'"),
    "a log of something else": (
        ["train", "--resume", "good", "--log", "mine"],
        "mine: not a log of training, so it is left alone",
    ),
    "weights beyond the range of floats": (
        ["train", "--resume", "wild", "--save-every", "1"],
        "training diverged at step 2: ",
    ),
    "averages beyond the range of floats": (
        ["train", "--resume", "steep", "--save-every", "1"],
        "training diverged at step 2: ",
    ),
}
FILE_OPTIONS = {
    "--data": ["train", *FOREVER, "--data"],
    "--resume": ["train", "--resume"],
    "FILE": ["sample"],
}
OUT_OPTIONS = {
    "--out": ["train", *FOREVER, "--out"],
    "--log": ["train", *FOREVER, "--out", "new", "--log"],
}
COUNT_OPTIONS = {
    "--steps": ["train", "--steps"],
    "--seed": ["train", *FOREVER, "--seed"],
    "--save-every": ["train", *FOREVER, "--save-every"],
    "--num": ["sample", "good", "--num"],
    "--seed of sample": ["sample", "good", "--seed"],
}
FROM_ONE = ("--steps", "--save-every")


def with_value(words, value):
    """Give an option its value, also one that begins with a dash."""
    return [*words[:-1], f"{words[-1]}={value}"]


def wrong_values():
    """Options with values that they cannot have, or without one."""
    for option, words in COUNT_OPTIONS.items():
        name = option.partition(" ")[0]
        for kind, value in NO_COUNTS.items():
            yield Case(f"{option}: {kind}", with_value(words, value), (name,))
        yield Case(f"{option}: no value", words, (name,))
        if option in FROM_ONE:
            yield Case(f"{option}: zero", with_value(words, "0"), (name,))
    words = ["sample", "good", "--temperature"]
    for kind, value in NO_TEMPERATURES.items():
        case = f"--temperature: {kind}"
        yield Case(case, with_value(words, value), ("--temperature",))
    yield Case("--temperature: no value", words, ("--temperature",))


def wrong_files():
    """Files that cannot be read, and outputs that must not be written."""
    for option, words in FILE_OPTIONS.items():
        for kind, (value, says) in NO_FILES.items():
            yield Case(f"{option}: {kind}", [*words, value], (says,))
    for option, words in OUT_OPTIONS.items():
        for kind, (value, says) in NO_OUTPUTS.items():
            yield Case(f"{option}: {kind}", [*words, value], (says,))
    for option, words in (FILE_OPTIONS | OUT_OPTIONS).items():
        for kind, value in NO_NAMES.items():
            case = f"{option}: {kind}"
            yield Case(case, [*words, value], (option, "not the name of a file"))


def wrong_contents(folder):
    """Write texts and checkpoints that are none, and name them on the command line."""
    for kind, (raw, says) in NO_TEXTS.items():
        path = written(folder, f"text of {kind}", raw)
        yield Case(path, ["train", *FOREVER, "--data", path], (path, says))
    for kind, (raw, says) in NO_CHECKPOINTS.items():
        path = written(folder, f"checkpoint of {kind}", raw)
        yield Case(path, ["sample", path], (path, says))
    document = json.loads((folder / "good").read_bytes())
    for kind, (change, says) in NO_HEADS.items():
        path = written(folder, f"head with {kind}", json.dumps(document | change))
        yield Case(path, ["train", "--resume", path], (path, says))
    small = folder / "small"
    save(small, original())
    document = json.loads(small.read_bytes())
    for kind, (change, says) in NO_CONTENTS.items():
        content = document["content"] | change
        head = {"content": content, "sha256": digest(content)}
        path = written(folder, f"content with {kind}", json.dumps(document | head))
        yield Case(path, ["sample", path], (path, says))


def commands(folder):
    """List the wrong commands, and write the files that they name."""
    yield from wrong_values()
    yield from wrong_files()
    yield from wrong_contents(folder)
    for kind, (words, says) in OTHER_COMMANDS.items():
        yield Case(kind, words, (says,))


def calls():
    """List the wrong uses of the library."""
    for size in ("vocab_size", "n_layer", "n_embd", "n_head", "block_size"):
        for kind, (value, says) in NO_SIZES.items():
            sizes = {"vocab_size": 3} | {size: value}
            names = f"{size} must be a positive integer, not {says}"
            yield Case(f"{size}: {kind}", lambda s=sizes: Config(**s), (names,))
    yield Case(
        "n_head: no divisor", lambda: Config(3, n_head=3), ("n_embd 16, n_head 3",)
    )
    for kind, (x, says) in NO_NUMBERS.items():
        for engine in (Value, closures.Value):
            name = engine.__module__
            yield Case(f"{name}: {kind}", lambda e=engine, x=x: e(x), (says,))
        yield Case(f"value + {kind}", lambda x=x: Value(1.0) + x, (says,))
        yield Case(f"value ** {kind}", lambda x=x: Value(1.0) ** x, (says,))
    yield from out_of_range()
    yield from texts_and_tokens()


def out_of_range():
    """What has no number as its result, on floats and on Values."""
    acts = {
        "log of zero": (lambda k: number.log(k(0.0)), "log(0.0)"),
        "log of a negative number": (lambda k: number.log(k(-2.5)), "log(-2.5)"),
        "exp too large": (lambda k: number.exp(k(710.0)), "exp(710.0)"),
        "division by zero": (lambda k: number.power(k(0.0), -1), "0.0 ** -1"),
        "a root of a negative number": (lambda k: number.power(k(-8.0), 0.5), "-8.0"),
        "a power too large": (lambda k: number.power(k(1e200), 2), "1e+200 ** 2"),
        "a loss of impossible logits": (
            lambda k: number.cross_entropy([k(0.0), k(800.0)], 0),
            "log(0.0)",
        ),
    }
    for kind, (act, says) in acts.items():
        for made in (float, Value, closures.Value):
            name = f"{kind}, {made.__module__}"
            yield Case(name, lambda act=act, made=made: act(made), (says,))
    yield Case("Value: too large", lambda: Value(10**400), ("too large",))
    yield Case("a truth", lambda: bool(Value(1.0)), ("neither true nor false",))
    yield Case("value ** value", lambda: Value(2.0) ** Value(2.0), ("exponent",))
    yield Case("number ** value", lambda: 2 ** Value(2.0), ("exponent",))


def texts_and_tokens():
    """What a tokenizer, a model, training and sampling cannot take."""
    tokenizer, config = Tokenizer("ab"), Config(3, n_embd=4, n_head=1, block_size=4)
    gpt = GPT(config, float, random.Random(1))
    wild = GPT(config, weights=[math.nan] * len(gpt.floats()))
    trained = GPT(config, rng=random.Random(1))
    acts = {
        "unknown first": (lambda: tokenizer.encode("xa"), "'x' at index 0"),
        "unknown in the middle": (lambda: tokenizer.encode("abxab"), "'x' at index 2"),
        "unknown capital": (lambda: tokenizer.encode("aB"), "'B' at index 1"),
        "unknown space": (lambda: tokenizer.encode("a b"), "' ' at index 1"),
        "unknown control": (lambda: tokenizer.encode("a\n"), "'\\n' at index 1"),
        "unknown emoji": (lambda: tokenizer.encode("a\U0001f600"), "at index 1"),
        "unknown accent": (lambda: tokenizer.encode("a\u0301"), "at index 1"),
        "no such token": (lambda: tokenizer.decode([3]), "the id 3"),
        "a negative token": (lambda: tokenizer.decode([0, -1]), "the id -1"),
        "half a token": (lambda: tokenizer.decode([0.5]), "the id 0.5"),
        "a weight too few": (
            lambda: GPT(config, weights=gpt.floats()[1:]),
            "the model has 232 weights, not 231",
        ),
        "a weight too many": (
            lambda: GPT(config, weights=[0.0, *gpt.floats()]),
            "the model has 232 weights, not 233",
        ),
        "no token to guess": (lambda: gpt.loss([2]), "a loss needs two tokens"),
        "no token at all": (lambda: gpt.loss([]), "a loss needs two tokens"),
        "a document of other letters": (
            lambda: next(train(trained, ["cab"], tokenizer)),
            "unknown character 'c' at index 0",
        ),
        "weights that are NaN": (
            lambda: next(train(wild, ["ab"], tokenizer)),
            "training diverged at step 1: the loss is nan",
        ),
        "sampling with weights that are NaN": (
            lambda: sample(wild, tokenizer),
            "finite",
        ),
        "a file that is not there": (lambda: load_names("absent"), "absent"),
        "a folder as text": (lambda: load_names("folder"), "folder"),
        "a checkpoint that is not there": (lambda: load("absent"), "absent"),
        "a folder as checkpoint": (lambda: load("folder"), "folder"),
        "a folder to save into": (lambda: save("folder", original()), "folder"),
        "nowhere to save": (lambda: save("absent/x", original()), "absent/x"),
    }
    for x in (0, -0.0, -1, math.nan, math.inf, -math.inf, 5e-324, 1e-310):
        acts[f"temperature {x}"] = lambda x=x: sample(gpt, tokenizer, x), f"not {x}"
    for kind, (act, says) in acts.items():
        yield Case(kind, act, (says,))


def written(folder, name, content):
    """Write a file; give its name."""
    raw = content if isinstance(content, bytes) else content.encode()
    (folder / name).write_bytes(raw)
    return name


def prepare(folder):
    """Write the files that the cases find."""
    (folder / "folder").mkdir()
    written(folder, "text.txt", "ann\nanna\nnan\ntan\n")
    written(folder, "turned.txt", "tan\nnan\nanna\nann\n")
    written(folder, "mine", "something of mine\n")
    written(folder, "empty", "")
    for name, target in {
        "dangling": "absent",
        "circle": "circle",
        "to_folder": "folder",
        "to_mine": "mine",
    }.items():
        (folder / name).symlink_to(target)
    run = begin(str(folder / "text.txt"), 1, "lists", 1000)
    save(folder / "good", run.checkpoint())
    good = run.checkpoint()
    size = len(good.weights)
    changes = {
        "lost": {"data": str(folder / "gone.txt")},
        "steam": {"engine": "steam"},
        "wild": {"weights": [1e308] * size, "step": 1},
        "steep": {"v": [1e308] * size, "betas": (0.85, 100.0), "step": 1},
    }
    for name, change in changes.items():
        save(folder / name, type(good)(**vars(good) | change))
    return folder


def contents(folder):
    """Take a fingerprint of all that is in a folder."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        kind = os.readlink(path) if path.is_symlink() else path.is_file()
        found.update(repr((str(path), kind)).encode())
        if kind is True:
            status = path.stat()
            found.update(repr((status.st_mtime_ns, status.st_size)).encode())
            found.update(path.read_bytes() if status.st_size < 100_000 else b"")
    return found.hexdigest()


def refusal(act):
    """Do what is wrong; give what is said of it."""
    if callable(act):
        try:
            act()
        except ERRORS as error:
            strerror = getattr(error, "strerror", None)
            return f"{error.filename}: {strerror}" if strerror else str(error)
        raise AssertionError("it is accepted")
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = cli.main(act)
    return complaint(status, err.getvalue())


def complaint(status, err):
    """Give the one line of a command that failed."""
    assert status in (1, 2), f"status {status}"
    assert err.startswith("microgpt: "), err[:LONGEST]
    assert err.endswith("\n"), err[:LONGEST]
    return err.removeprefix("microgpt: ")[:-1]


def check(case, said):
    """Check that what is said is one line, and names what has to be named."""
    assert said, "nothing is said"
    assert said.isprintable(), f"not one line: {said[:LONGEST]!r}"
    missing = [part for part in case.says if part not in said]
    assert not missing, f"it does not say {missing}: {said[:LONGEST]}"


def everything(folder):
    """List all cases, shuffled, so that a few of them are of many kinds."""
    cases = [*commands(folder), *calls()]
    names = [case.name for case in cases]
    assert len(set(names)) == len(names), "a case comes twice"
    random.Random(3).shuffle(cases)
    return cases


def refuse(count):
    """Try so many cases in this process."""
    with TemporaryDirectory() as name, chdir(name):
        folder = prepare(Path(name))
        cases = everything(folder)[:count]
        before = contents(folder)
        for case in cases:
            try:
                check(case, refusal(case.act))
                assert contents(folder) == before, "it changed a file"
            except AssertionError as error:
                raise AssertionError(f"{case.name}: {error}") from error
    words = sum(not callable(case.act) for case in cases)
    return f"{len(cases)} different inputs, {words} of them commands: all refused"


def refuse_as_process(count):
    """Try so many commands, each as a process of its own."""
    with TemporaryDirectory() as name, chdir(name):
        folder = prepare(Path(name))
        cases = everything(folder)
        before = contents(folder)
        possible = [case for case in cases if not callable(case.act)]
        possible = [case for case in possible if "\0" not in "".join(case.act)]
        for case in possible[:count]:
            command = [sys.executable, *PROGRAM, *case.act]
            environment = os.environ | {"PYTHONPATH": str(ROOT)}
            done = subprocess.run(
                command, capture_output=True, text=True, env=environment, timeout=60
            )
            try:
                check(case, complaint(done.returncode, done.stderr))
                assert contents(folder) == before, "it changed a file"
            except AssertionError as error:
                raise AssertionError(f"{case.name}: {error}") from error
    return f"{count} commands: all refused"


FIGURES = (
    Figure(
        "A wrong input to the library or the command line (data, options, files, "
        "checkpoints, temperatures, characters) is refused in one line that names what "
        "is wrong and where, and overwrites nothing",
        "each; the files are compared before and after",
        414,
        414,
        refuse,
    ),
    Figure(
        "The command line refuses it so as a process of its own, too",
        "exit status not 0, one line, no traceback, nothing overwritten",
        3,
        60,
        refuse_as_process,
    ),
)
