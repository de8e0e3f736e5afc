"""The lines, the bar and the log of a run, also of one that goes on."""

import io
import os
import sys

import pytest

from microgpt import progress
from microgpt.progress import HEADER, open_log, show, write_row
from microgpt.train import Step
from tests.engines import refused

ROWS = [f"{i},{10 / i!r},0.01,0.500000\n".encode() for i in (1, 2, 3)]


def steps(start, total):
    """Do the steps of a run that is at step `start`."""
    for i in range(start + 1, total + 1):
        yield Step(i, 10 / i, 0.01, "ann")


class Screen(io.TextIOWrapper):
    """A screen on which only that is seen which was sent at once."""

    def __init__(self, terminal):
        super().__init__(io.BytesIO(), encoding="utf-8", newline="")
        self.terminal = terminal

    def isatty(self):
        return self.terminal

    def seen(self):
        return self.buffer.getvalue().decode()


def screen(monkeypatch, terminal):
    """Let the program see such a screen."""
    monkeypatch.setattr(sys, "stdout", Screen(terminal))
    return sys.stdout


@pytest.fixture
def log(tmp_path):
    return tmp_path / "log.csv"


# On the screen


def test_lines_tell_of_the_first_step_the_last_and_those_that_are_saved(monkeypatch):
    lines = screen(monkeypatch, terminal=False)
    shown = show(steps(2, 10), 2, 10, 4)
    assert [step.number for step in shown] == [*range(3, 11)]
    assert lines.seen().splitlines() == [
        "step 3/10  loss 3.3333",
        "step 4/10  loss 2.5000",
        "step 8/10  loss 1.2500",
        "step 10/10  loss 1.0000",
    ]


def test_a_bar_goes_on_where_the_run_does(monkeypatch):
    pytest.importorskip("tqdm")
    terminal = screen(monkeypatch, terminal=True)
    shown = show(steps(2, 4), 2, 4, 1)
    assert [step.number for step in shown] == [3, 4]
    terminal.flush()
    first, *_, last = terminal.seen().strip().split("\r")
    assert "| 2/4 [" in first
    assert "| 4/4 [" in last
    assert last.endswith(", loss 2.5000]")


def test_a_line_that_counts_tells_the_speed_of_this_run(monkeypatch):
    terminal = screen(monkeypatch, terminal=True)
    times = iter([100.0, 102.0, 102.5])
    monkeypatch.setattr(progress, "perf_counter", lambda: next(times))
    monkeypatch.setitem(sys.modules, "tqdm", None)
    shown = show(steps(2, 4), 2, 4, 1)
    assert next(shown).number == 3
    first = "\rstep 3/4  loss 3.3333  0.5 steps/s  2 s left  "
    assert terminal.seen() == first
    assert [step.number for step in shown] == [4]
    terminal.flush()
    last = "\rstep 4/4  loss 2.5000  0.8 steps/s  0 s left  \n"
    assert terminal.seen() == first + last


# In the log


def test_a_row_can_be_read_at_once(log):
    with open_log(log, None) as file:
        assert log.read_bytes() == HEADER
        write_row(file, Step(1, 10.0, 0.01, "ann"), 0.5)
        assert log.read_bytes() == HEADER + ROWS[0]


def test_without_a_log_nothing_is_written():
    with open_log(None, 3) as file:
        assert file is None
        write_row(file, Step(1, 10.0, 0.01, "ann"), 0.5)


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ([], []),
        (ROWS[:1], ROWS[:1]),
        (ROWS[:2], ROWS[:2]),
        (ROWS, ROWS[:2]),
        ([ROWS[0], ROWS[2], ROWS[1]], ROWS[:1]),
        ([ROWS[0], b"?\n", ROWS[1]], ROWS[:1]),
        ([ROWS[0], b"2.5,1,1,1\n", ROWS[1]], ROWS[:1]),
        ([ROWS[0], ROWS[1][:-1]], ROWS[:1]),
    ],
)
def test_a_log_that_goes_on_keeps_its_rows_up_to_the_step(log, rows, kept):
    log.write_bytes(HEADER + b"".join(rows))
    with open_log(log, 2) as file:
        write_row(file, Step(3, 10 / 3, 0.01, "ann"), 0.5)
    assert log.read_bytes() == HEADER + b"".join(kept) + ROWS[2]


def test_a_log_of_another_run_is_replaced(log):
    log.write_bytes(HEADER + ROWS[2])
    with open_log(log, None) as file:
        write_row(file, Step(1, 10.0, 0.01, "ann"), 0.5)
    assert log.read_bytes() == HEADER + ROWS[0]


def test_what_is_no_log_is_left_alone(log):
    log.write_bytes(b"a,b\n")
    message = f"{log}: not a log of training, so it is left alone"
    with refused(ValueError, message), open_log(log, 2):
        pass
    assert log.read_bytes() == b"a,b\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_log_that_cannot_be_written_is_named():
    with open("/dev/full", "wb", buffering=0) as file:
        with pytest.raises(OSError, match="No space left on device") as error:
            write_row(file, Step(1, 10.0, 0.01, "ann"), 0.5)
        assert error.value.filename == "/dev/full"
