"""The command line: train a model, stop it, go on, and let it write.

Chapter: The command line.
"""

import argparse
import os
import random
import shlex
import sys
from collections.abc import Callable
from contextlib import closing
from time import perf_counter
from typing import Any, BinaryIO, NoReturn

from microgpt.checkpoint import check_writable, load, save
from microgpt.model import GPT
from microgpt.progress import open_log, show, write_row
from microgpt.run import ENGINES, Run, begin, go_on, postponed_signals, whole_number
from microgpt.sample import sample
from microgpt.tokenizer import Tokenizer
from microgpt.train import Diverged, train

EXAMPLES = """examples:
  python -m microgpt train                           learn the names that come with it
  python -m microgpt train --engine value --seed 7   as the book, other random numbers
  python -m microgpt train --data pets.txt --out pets.json
  python -m microgpt train --resume pets.json        go on where it was stopped
  python -m microgpt sample pets.json --num 5 --temperature 0.8
"""
DATA = """text to learn from, a document a line; or makemore, whose 32,033 names are
fetched once (default: the 5,163 names that come with microgpt)"""
SAVE_EVERY = "steps between two checkpoints (default 100)"
TEMPERATURE = "lower is more cautious, 1 as the model learned (default 0.5)"
SEED = "of random numbers (default: the samples shown after training, again)"


class Usage(ValueError):
    """The command line itself is wrong."""


def train_command(args: argparse.Namespace) -> int:
    """Train, save, and show what was learned; give the exit status."""
    out = args.out or args.resume or "microgpt.json"
    check_flags(args, out)
    run = prepare(args)
    introduce(run, out, args.save_every)
    start = run.step if args.resume else None
    with open_log(args.log, start) as log, postponed_signals() as signals:
        learn(run, out, args.save_every, log, signals)
    if run.step < run.steps:
        print(f"stopped after step {run.step} of {run.steps}; this goes on:")
        print(f"python -m microgpt train --resume {shlex.quote(out)}")
        return 128 + signals[0]
    show_samples(run)
    return 0


def check_flags(args: argparse.Namespace, out: str) -> None:
    """Refuse what does not go together, and outputs that must not be written."""
    for name in ("seed", "steps"):
        if args.resume and getattr(args, name) is not None:
            raise Usage(f"--resume keeps the {name} of the checkpoint: omit --{name}")
    same = bool(args.resume) and os.path.realpath(args.resume) == os.path.realpath(out)
    claim(out, [args.data] if same else [args.data, args.resume], same or args.force)
    check_writable(out)
    if args.log:
        claim(args.log, [args.data, args.resume, out], bool(args.resume) or args.force)


def claim(path: str, others: list[str | None], may_exist: bool) -> None:
    """Refuse to write over a file that is there for something else."""
    if os.path.realpath(path) in [os.path.realpath(other) for other in others if other]:
        raise Usage(f"{path}: one file cannot have two purposes")
    if os.path.lexists(path) and not os.path.isfile(path):
        raise ValueError(f"{path}: not an ordinary file")
    if os.path.lexists(path) and not may_exist:
        raise ValueError(f"{path}: exists already (--force replaces it)")


def prepare(args: argparse.Namespace) -> Run:
    """Begin the run that the arguments describe, or go on with the one they name."""
    if args.resume:
        c = load(args.resume)
        return go_on(c, args.data or c.data, args.engine or c.engine)
    seed = 42 if args.seed is None else args.seed
    return begin(args.data, seed, args.engine or "lists", args.steps or 1000)


def introduce(run: Run, out: str, save_every: int) -> None:
    """Say what is about to happen."""
    longest = run.gpt.config.block_size - 1
    cut = sum(len(doc) > longest for doc in run.docs)
    size = len(run.gpt.floats())
    print(f"{len(run.docs):,} documents, {len(run.tokenizer.chars)} characters")
    if cut:
        print(f"{cut:,} documents are cut: longer than {longest} characters")
    print(f"{size:,} parameters, engine {run.engine}, seed {run.seed}")
    print(f"every {save_every} steps writes {out}, keeping the last as {out}.bak")


def learn(
    run: Run, out: str, save_every: int, log: BinaryIO | None, signals: list[int]
) -> None:
    """Train until the end, or until a signal comes, and save now and then."""
    steps = train(run.gpt, run.docs, run.tokenizer, run.steps, run.adam, run.step)
    began = perf_counter()
    try:
        with closing(show(steps, run.step, run.steps, save_every)) as shown:
            for step in shown:
                run.step = step.number
                write_row(log, step, perf_counter() - began)
                stop = bool(signals)
                if stop or run.step == run.steps or run.step % save_every == 0:
                    keep(run, out)
                if stop:
                    break
                began = perf_counter()
    except (ArithmeticError, ValueError) as error:
        kept = f"{out} is kept" if os.path.exists(out) else "nothing was saved"
        raise ValueError(f"{error} ({kept})") from error


def keep(run: Run, out: str) -> None:
    """Save the run after a step, unless that step has spoiled its numbers."""
    try:
        checkpoint = run.checkpoint()
    except ValueError as error:
        raise Diverged(f"training diverged at step {run.step}: {error}") from error
    save(out, checkpoint)


def show_samples(run: Run, count: int = 20) -> None:
    """Print samples, marking those that stand in the training data."""
    known, found = set(run.docs), 0
    for i in range(count):
        text = sample(run.gpt, run.tokenizer, rng=run.rng)
        found += text in known
        print(f"sample {i + 1:2}: {text}" + "  (in the data)" * (text in known))
    print(f"{found} of {count} samples stand in the training data")


def sample_command(args: argparse.Namespace) -> int:
    """Print samples of a checkpoint; give the exit status."""
    c = load(args.file)
    gpt, tokenizer = GPT(c.config, float, weights=c.weights), Tokenizer(c.chars)
    rng = random.Random(args.seed)
    if args.seed is None:
        rng.setstate(c.rng)
    for _ in range(args.num):
        print(sample(gpt, tokenizer, args.temperature, rng))
    return 0


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line."""

    def error(self, message: str) -> NoReturn:
        """Let `main` print the complaint."""
        raise Usage(f"{message} (see {self.prog} --help)")


def whole(least: int) -> Callable[[str], int]:
    """Make a reader of whole numbers of at least `least`."""

    def read(text: str) -> int:
        try:
            return whole_number(text, least)
        except ValueError as fault:
            raise argparse.ArgumentTypeError(str(fault)) from None

    return read


def warmth(text: str) -> float:
    """Read a temperature within sensible bounds."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0.001 <= number <= 1000:
        fault = f"{text!r} is not a number from 0.001 to 1000"
        raise argparse.ArgumentTypeError(fault)
    return number


def file_name(text: str) -> str:
    """Read the name of a file."""
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError(f"{text!r} is not the name of a file")
    return text


def make_parser() -> argparse.ArgumentParser:
    """Describe the two commands."""
    layout = argparse.RawDescriptionHelpFormatter
    parser = Parser("microgpt", epilog=EXAMPLES, formatter_class=layout)
    parser.description = "Train a GPT on names, and let it invent more of them."
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    add_train(commands.add_parser("train", help="train a model", allow_abbrev=False))
    add_sample(commands.add_parser("sample", help="let it write", allow_abbrev=False))
    return parser


def add_train(parser: argparse.ArgumentParser) -> None:
    """Describe `train`."""
    file: dict[str, Any] = {"metavar": "FILE", "type": file_name}
    add = parser.add_argument
    add("--data", **file, help=DATA)
    add("--steps", metavar="N", type=whole(1), help="steps in all (default 1000)")
    add("--seed", metavar="N", type=whole(0), help="of random numbers (default 42)")
    engines = f"what computes: {', '.join(ENGINES)} (default lists)"
    add("--engine", metavar="NAME", choices=ENGINES, help=engines)
    add("--out", **file, help="checkpoint to write (default microgpt.json)")
    add("--save-every", metavar="N", type=whole(1), default=100, help=SAVE_EVERY)
    add("--log", **file, help="table to write, row by row: step,loss,lr,seconds")
    add("--resume", **file, help="checkpoint to go on from, into the same file")
    add("--force", action="store_true", help="replace files that exist")
    parser.set_defaults(run=train_command)


def add_sample(parser: argparse.ArgumentParser) -> None:
    """Describe `sample`."""
    add = parser.add_argument
    add("file", metavar="FILE", type=file_name, help="a checkpoint")
    add("--num", metavar="N", type=whole(0), default=20, help="how many (default 20)")
    add("--temperature", metavar="T", type=warmth, default=0.5, help=TEMPERATURE)
    add("--seed", metavar="N", type=whole(0), help=SEED)
    parser.set_defaults(run=sample_command)


def main(argv: list[str] | None = None) -> int:
    """Run one command; give its exit status."""
    try:
        args = make_parser().parse_args(argv)
        status: int = args.run(args)
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # nobody reads on: no reason to complain
        return 141
    except KeyboardInterrupt:
        return complain("interrupted", 130)
    except Usage as error:
        return complain(str(error), 2)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return complain(f"{place}{error.strerror or error}", 1)
    except (ArithmeticError, ValueError) as error:
        return complain(str(error), 1)
    except MemoryError:
        return complain("there is not enough memory for it", 1)
    finally:
        drop_output()


def complain(message: str, status: int) -> int:
    """Print one line, whatever the message holds; give the exit status."""
    line = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in message)
    print(f"microgpt: {line}", file=sys.stderr)
    return status


def drop_output() -> None:
    """Forget what can no longer be printed, lest Python complain of it at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
