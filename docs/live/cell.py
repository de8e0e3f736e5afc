"""Run what a reader wrote as the interactive prompt would.

The page's kernel runs this in Pyodide; nothing here knows of it. All that a cell shows
goes, while it runs, to a function `send(kind, text)`: `stdout`, `stderr`, `value` (an
expression statement's result, as the prompt shows it), `error` (what Python says of
it) or `note` (what we say).
"""

import ast
import builtins
import gc
import io
import linecache
import os
import random
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from tempfile import mkdtemp
from time import perf_counter
from traceback import TracebackException
from types import CodeType
from typing import Any

from docs.live import guard
from docs.live.shapes import is_curve, is_map, is_value

ROOM = 100_000  # characters that a cell may show
LINES = 500  # so many are sent one by one,
PIECE = 4_000  # later ones in pieces of so many characters,
PAUSE = 0.05  # or after so many seconds
OWN = (__file__, guard.__file__)
BOOK = ("docs", "microgpt", "tests")  # a reset has their modules imported anew,
KEPT = ("docs.live", "docs.plugins")  # but for these

Send = Callable[[str, str], None]


class Screen:
    """Sends on what a cell shows, in order, until it is too much."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.room = ROOM
        self.lines = 0
        self.last = 0.0
        self.kind = ""
        self.waiting = ""
        self.value: Any = None  # what the last statement displayed

    def show(self, kind: str, text: str) -> None:
        """Show a text, at the latest when its line ends or `flush` is called."""
        if not self.room:
            return
        if kind != self.kind:
            self.flush()
        self.kind = kind
        self.waiting += text[: self.room + 1]
        soon = self.lines < LINES or perf_counter() - self.last > PAUSE
        if len(self.waiting) > PIECE or ("\n" in text and soon):
            self.flush()

    def flush(self) -> None:
        """Send what waits; say so where no more will be shown."""
        text, self.waiting = self.waiting, ""
        if not text:
            return
        self.send(self.kind, text[: self.room])
        if len(text) > self.room:
            self.send("note", f"What comes after {ROOM:,} characters is not shown.\n")
        self.room = max(0, self.room - len(text))
        self.lines += 1
        self.last = perf_counter()

    def fail(self, error: BaseException) -> str:
        """Show what Python says of an error, and give it."""
        self.flush()
        text = report(error)
        self.send("error", text)
        return text


class Stream(io.TextIOBase):
    """What stands for `sys.stdout` or `sys.stderr` while a cell runs."""

    def __init__(self, screen: Screen, kind: str) -> None:
        self.screen = screen
        self.kind = kind

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() takes a str, not {type(text).__name__}")
        self.screen.show(self.kind, text)
        return len(text)

    def flush(self) -> None:
        self.screen.flush()


class Session:
    """The cells of one page: they share names, a folder and what they imported."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.folder = ""
        vars(os).setdefault("link", shutil.copyfile)  # a browser's files have one name
        self.reset()

    def reset(self) -> None:
        """Begin anew: no names, an empty folder, modules as they stand in the book."""
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.count = 0
        vars(builtins).pop("_", None)
        for name in [name for name in sys.modules if of_the_book(name)]:
            del sys.modules[name]
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder = mkdtemp()
        os.chdir(self.folder)
        random.seed()
        warnings.resetwarnings()
        gc.enable()

    def run(self, source: str, go_on: bool = False) -> dict[str, Any]:
        """Run a cell; `error` is what Python said of its last error, or None.

        An error ends the cell, unless it is to go on, as the prompt does. `draws` says
        whether it ends with something that can be drawn.
        """
        self.draws = False
        return {"error": self.execute(source, go_on), "draws": self.draws}

    def run_aside(self, source: str, go_on: bool, before: str) -> dict[str, Any]:
        """Run a cell after some code that shows nothing; neither leaves names."""
        names = self.names
        self.names = dict(names)
        try:
            self.execute(before, go_on=True, send=lambda kind, text: None)
            return self.run(source, go_on)
        finally:
            self.names = names

    def check(self, answer: str, tests: str) -> dict[str, Any]:
        """Try a reader's answer on `>>>` examples; the names stay as they were.

        `failed` is the first example that failed, with its `message`, or None.
        """
        # What compares imports much, which no cell without tests should wait for.
        from docs.plugins.examples import Block, Outcome, restored, run_block

        outcome = Outcome()
        with restored(self.names):
            error = self.execute(answer)
            if not error:
                run_block(Block(tests, "", 0), self.names, outcome)
        failed = None
        for trouble in outcome.troubles[:1]:
            example = tests.splitlines()[trouble.line].strip()
            failed = {"example": example, "message": trouble.message}
        return {"error": error, "failed": failed}

    def call(self, function: str, text: str) -> dict[str, Any]:
        """Give a text to a function that cells have named; `reply` is its answer."""
        screen = Screen(self.send)
        with shown_on(screen):
            try:
                return {"error": None, "reply": eval(function, self.names)(text)}
            except BaseException as wrong:
                return {"error": screen.fail(wrong), "reply": None}

    def execute(
        self, source: str, go_on: bool = False, send: Send | None = None
    ) -> str | None:
        """Run a cell, showing what it shows; give the text of its last error."""
        self.count += 1
        name = f"<cell {self.count}>"
        lines = source.splitlines(keepends=True)
        linecache.cache[name] = (len(source), None, lines, name)
        screen = Screen(send or self.send)
        error = None
        with shown_on(screen):
            try:
                codes = compiled(source, name)
            except Exception as wrong:
                return screen.fail(wrong)
            for code in codes:
                screen.value = None
                try:
                    exec(code, self.names)
                except BaseException as wrong:
                    error = screen.fail(wrong)
                    if not go_on or isinstance(wrong, KeyboardInterrupt):
                        break
        value = screen.value
        self.draws = is_value(value) or is_curve(value) or is_map(value)
        return error


def of_the_book(name: str) -> bool:
    """Whether a module is one that readers import, not one that runs their cells."""
    return name.split(".")[0] in BOOK and not name.startswith(KEPT)


def compiled(source: str, name: str) -> list[CodeType]:
    """Each statement as the prompt compiles it: an expression's value is displayed."""
    statements = ast.parse(source, name).body
    return [compile(ast.Interactive([one]), name, "single") for one in statements]


@contextmanager
def shown_on(screen: Screen) -> Iterator[None]:
    """Have all that is printed or displayed appear on a screen; nothing is read."""

    def display(value: Any) -> None:
        if value is not None:
            vars(builtins)["_"] = None  # as Python does, lest `_` be shown by its repr
            screen.value = value
            screen.show("value", f"{value!r}\n")
            vars(builtins)["_"] = value

    before = sys.displayhook, sys.stdin
    sys.displayhook, sys.stdin = display, io.StringIO()
    out, err = Stream(screen, "stdout"), Stream(screen, "stderr")
    try:
        with redirect_stdout(out), redirect_stderr(err):
            yield
    finally:
        screen.flush()
        sys.displayhook, sys.stdin = before


def report(error: BaseException) -> str:
    """What Python prints of an error, from the reader's own code on."""
    trace = error.__traceback__
    while trace and trace.tb_frame.f_code.co_filename in (*OWN, ast.__file__):
        trace = trace.tb_next
    told = TracebackException(type(error), error, trace)
    told.stack[:] = [frame for frame in told.stack if frame.filename not in OWN]
    text = "".join(told.format())
    return text if len(text) <= ROOM else f"{text[:ROOM]} ...\n"
