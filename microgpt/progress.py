"""Watch a training run: a bar or lines on the screen, and a log in a file.

Chapter: The command line.
"""

import importlib
import os
import sys
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from time import perf_counter
from typing import Any, BinaryIO

from microgpt.checkpoint import blaming
from microgpt.train import Step

HEADER = b"step,loss,lr,seconds\n"
Steps = Generator[Step, None, None]  # what `train` yields, and what shows it


def show(steps: Steps, start: int, total: int, every: int) -> Steps:
    """Pass the steps on and show them: on a terminal as a bar, else as lines."""
    if not sys.stdout.isatty():
        return show_lines(steps, start, total, every)
    try:
        tqdm = importlib.import_module("tqdm").tqdm
    except ModuleNotFoundError:
        return show_counter(steps, start, total)
    return show_bar(tqdm(steps, initial=start, total=total, file=sys.stdout))


def show_lines(steps: Steps, start: int, total: int, every: int) -> Steps:
    """Print the first step, the last, and every one that was saved."""
    for step in steps:
        yield step
        if step.number in (start + 1, total) or step.number % every == 0:
            print(f"step {step.number}/{total}  loss {step.loss:.4f}", flush=True)


def show_bar(bar: Any) -> Steps:
    """Draw the bar of tqdm, with the loss at its end."""
    with closing(bar):
        for step in bar:
            bar.set_postfix_str(f"loss {step.loss:.4f}", refresh=False)
            yield step


def show_counter(steps: Steps, start: int, total: int) -> Steps:
    """Draw one line that counts, where tqdm is not installed."""
    began = perf_counter()
    for step in steps:
        speed = (step.number - start) / (perf_counter() - began)
        left = (total - step.number) / speed
        text = f"step {step.number}/{total}  loss {step.loss:.4f}"
        print(f"\r{text}  {speed:.1f} steps/s  {left:.0f} s left  ", end="", flush=True)
        yield step
    print()


@contextmanager
def open_log(path: str | None, start: int | None) -> Iterator[BinaryIO | None]:
    """Open the log; going on after step `start`, keep its rows up to there."""
    if path is None:
        yield None
        return
    goes_on = start is not None and os.path.exists(path)
    if start is not None and goes_on:
        cut_log(path, start)
    with open(path, "ab" if goes_on else "wb", buffering=0) as log:
        if not goes_on:
            log.write(HEADER)
        yield log


def cut_log(path: str, start: int) -> None:
    """Cut off the rows after step `start`, and one that was not finished."""
    with open(path, "r+b") as log:
        if log.readline() != HEADER:
            raise ValueError(f"{path}: not a log of training, so it is left alone")
        end = len(HEADER)
        for row in log:
            number = row.partition(b",")[0]
            if not (number.isdigit() and int(number) <= start and row.endswith(b"\n")):
                break
            end += len(row)
        log.truncate(end)


def write_row(log: BinaryIO | None, step: Step, seconds: float) -> None:
    """Write one step to the log, in full digits, where it can be read at once."""
    if log:
        row = f"{step.number},{step.loss!r},{step.lr!r},{seconds:.6f}\n"
        with blaming(log.name):
            log.write(row.encode())
