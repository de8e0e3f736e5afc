"""The command line does what it says, and every error is one line."""

import csv
import errno
import math
import os
import random
import re
import signal
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import pytest

from microgpt import GPT, Config, Tokenizer, cli, load_names, train
from microgpt import checkpoint as checkpoints
from microgpt.checkpoint import load
from microgpt.cli import main
from microgpt.run import ENGINES
from microgpt.train import Diverged
from tests.engines import needed

ROOT = Path(__file__).parents[1]
DOCS = ["ann", "anna", "nan", "tan", "tanna", "nat"]
posix = pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder with a small text in it."""
    monkeypatch.chdir(tmp_path)
    Path("text.txt").write_text("\n".join(DOCS))
    return tmp_path


@pytest.fixture
def run(capsys):
    """Run a command; give its exit status, output and complaints."""

    def run(command):
        status = main(command.split())
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def refused(run, folder):
    """Expect a command to be refused with one line, changing nothing."""

    def refused(command, message, status=1):
        before = contents(folder)
        result, _, err = run(command)
        assert err == f"microgpt: {message}\n"
        assert result == status
        assert contents(folder) == before

    return refused


def contents(folder):
    """Give the bytes of every file in a folder."""
    return {p.name: p.is_file() and p.read_bytes() for p in folder.iterdir()}


def rows(path):
    """Read a log, without the times, which differ."""
    with open(path, newline="") as file:
        return [row[:3] for row in csv.reader(file)]


# Training


def test_training_says_what_it_does_and_ends_with_samples(run):
    status, out, err = run("train --steps 4 --save-every 2 --engine fused")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[:3] == [
        "5,163 documents, 26 characters",
        "4,192 parameters, engine fused, seed 42",
        "every 2 steps writes microgpt.json, keeping the last as microgpt.json.bak",
    ]
    assert [line.partition("  ")[0] for line in lines[3:6]] == [
        "step 1/4",
        "step 2/4",
        "step 4/4",
    ]
    assert len([line for line in lines if line.startswith("sample ")]) == 20
    assert re.fullmatch(r"\d+ of 20 samples stand in the training data", lines[-1])
    assert load("microgpt.json").step == 4
    assert load("microgpt.json.bak").step == 2


def test_samples_that_are_not_new_are_marked(run):
    _, out, _ = run("train --data text.txt --steps 12 --engine fused")
    samples = re.findall(r"^sample ([ \d]\d): (\S*)(  \(in the data\))?$", out, re.M)
    assert [int(number) for number, _, _ in samples] == [*range(1, 21)]
    assert all((name in DOCS) == bool(mark) for _, name, mark in samples)
    found = sum(bool(mark) for _, _, mark in samples)
    assert 0 < found < 20
    last = out.splitlines()[-1]
    assert last == f"{found} of 20 samples stand in the training data"


def test_long_documents_are_counted(run):
    Path("long.txt").write_text("a" * 15 + "\n" + "b" * 16 + "\n")
    _, out, _ = run("train --data long.txt --steps 1 --engine fused")
    assert "1 documents are cut: longer than 15 characters\n" in out


def test_the_log_has_a_row_for_each_step(run):
    began = perf_counter()
    run("train --data text.txt --steps 3 --engine fused --log log.csv")
    needed = perf_counter() - began
    with open("log.csv", newline="") as file:
        head, *body = csv.reader(file)
    assert head == ["step", "loss", "lr", "seconds"]
    assert [row[0] for row in body] == ["1", "2", "3"]
    assert all(repr(float(loss)) == loss for _, loss, _, _ in body)
    assert [float(lr) for _, _, lr, _ in body] == pytest.approx(
        [0.01, 0.02 / 3, 0.01 / 3]
    )
    assert all(float(seconds) > 0 for *_, seconds in body)
    assert sum(float(seconds) for *_, seconds in body) < needed


def test_what_is_not_said_is_as_the_help_says(run, monkeypatch):
    def diverge(gpt, docs, tokenizer, steps, *others):
        raise Diverged(f"{steps} steps")
        yield

    monkeypatch.setattr(cli, "train", diverge)
    _, out, err = run("train")
    assert out.splitlines()[1:] == [
        "4,192 parameters, engine lists, seed 42",
        "every 100 steps writes microgpt.json, keeping the last as microgpt.json.bak",
    ]
    assert err == "microgpt: 1000 steps (nothing was saved)\n"


def test_random_numbers_are_drawn_in_the_order_of_the_original(run):
    run("train --steps 2 --seed 7 --log log.csv")
    rng = random.Random(7)
    docs = load_names()
    rng.shuffle(docs)
    tokenizer = Tokenizer(docs)
    gpt = GPT(Config(tokenizer.vocab_size), rng=rng)
    losses = [step.loss for step in train(gpt, docs, tokenizer, steps=2)]
    assert [float(loss) for _, loss, _ in rows("log.csv")[1:]] == losses
    assert load("microgpt.json").rng == rng.getstate()


def test_a_terminal_gets_a_bar(run, monkeypatch):
    pytest.importorskip("tqdm")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    status, out, err = run("train --data text.txt --steps 3 --engine fused")
    assert (status, err) == (0, "")
    assert re.search(r"100%\|.*3/3 .*loss \d\.\d{4}", out)


def test_a_terminal_without_tqdm_gets_a_line_that_counts(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    _, out, _ = run("train --data text.txt --steps 3 --engine fused")
    shown = r"\rstep 3/3  loss \d\.\d{4}  \d+\.\d steps/s  0 s left  \nsample"
    assert re.search(shown, out)


# Going on


@pytest.mark.parametrize("engine", ENGINES)
def test_going_on_equals_never_having_stopped(run, engine):
    needed(engine)
    options = f"--data text.txt --engine {engine} --save-every 3"
    _, whole, _ = run(f"train {options} --steps 5 --log whole.csv")
    Path("part.csv").write_bytes(Path("whole.csv").read_bytes())
    status, rest, _ = run(
        "train --resume microgpt.json.bak --out again.json --log part.csv"
    )
    assert status == 0
    assert load("microgpt.json.bak").step == 3
    assert load("again.json") == load("microgpt.json")
    assert rest[rest.index("step 5/5") :] == whole[whole.index("step 5/5") :]
    assert rows("part.csv") == rows("whole.csv")


def test_going_on_writes_the_same_file(run):
    run("train --data text.txt --steps 4 --save-every 2 --engine fused")
    Path("microgpt.json.bak").rename("half.json")
    status, _, _ = run("train --resume half.json")
    assert status == 0
    assert load("half.json") == load("microgpt.json")
    assert load("half.json.bak").step == 2


def test_going_on_from_the_end_shows_the_samples_again(run, folder):
    _, first, _ = run("train --data text.txt --steps 2 --engine fused")
    before = contents(folder)
    _, again, _ = run("train --resume microgpt.json")
    assert again[again.index("sample") :] == first[first.index("sample") :]
    assert contents(folder) == before


def test_the_data_are_found_from_another_folder(run, folder, monkeypatch):
    run("train --data text.txt --steps 2 --save-every 1 --engine fused")
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    status, _, err = run("train --resume ../microgpt.json.bak")
    assert (status, err) == (0, "")


def test_the_data_may_have_moved_but_not_changed(run, refused):
    run("train --data text.txt --steps 2 --save-every 1 --engine fused")
    Path("text.txt").rename("moved.txt")
    assert run("train --resume microgpt.json.bak --data moved.txt")[0] == 0
    Path("other.txt").write_text("ann\n")
    refused(
        "train --resume microgpt.json --data other.txt",
        "other.txt: not the documents of the checkpoint",
    )


def test_another_engine_may_go_on(run):
    run("train --data text.txt --steps 2 --save-every 1 --engine fused")
    run("train --resume microgpt.json.bak --engine closures")
    assert load("microgpt.json.bak").engine == "closures"


@pytest.mark.parametrize("torn", [b"3,2.5", b"3,2.5,0.01,1", b"\xff\n", b"3x,\n"])
def test_an_unfinished_row_of_the_log_is_dropped(run, torn):
    run("train --data text.txt --steps 3 --save-every 2 --engine fused --log log.csv")
    whole = rows("log.csv")
    raw = Path("log.csv").read_bytes().splitlines(keepends=True)
    Path("log.csv").write_bytes(b"".join(raw[:3]) + torn)
    run("train --resume microgpt.json.bak --log log.csv")
    assert rows("log.csv") == whole


def test_a_log_may_begin_when_going_on(run):
    run("train --data text.txt --steps 3 --save-every 2 --engine fused")
    run("train --resume microgpt.json.bak --log log.csv")
    assert [row[0] for row in rows("log.csv")] == ["step", "3"]


# Stopping


@posix
@pytest.mark.parametrize(
    ("engine", "name", "status"),
    [*((engine, "SIGINT", 130) for engine in ENGINES), ("fused", "SIGTERM", 143)],
)
def test_a_signal_lets_the_step_end_and_says_how_to_go_on(
    run, monkeypatch, engine, name, status
):
    needed(engine)
    number = signal.Signals[name]
    before = signal.getsignal(number)
    write_row = cli.write_row

    def interrupt(log, step, seconds):
        write_row(log, step, seconds)
        if step.number == 3:
            signal.raise_signal(number)

    monkeypatch.setattr(cli, "write_row", interrupt)
    options = f"--data text.txt --steps 9 --engine {engine} --log l.csv"
    result, out, err = run(f"train {options}")
    assert (result, err) == (status, "")
    assert "step 1/9 " in out
    assert out.endswith(
        "stopped after step 3 of 9; this goes on:\n"
        "python -m microgpt train --resume microgpt.json\n"
    )
    assert load("microgpt.json").step == 3
    assert len(rows("l.csv")) == 4
    assert signal.getsignal(number) is before


@posix
def test_a_second_ctrl_c_stops_at_once(run, monkeypatch):
    def interrupt(*args):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(cli, "write_row", interrupt)
    status, _, err = run("train --data text.txt --steps 9 --engine fused")
    assert (status, err) == (130, "microgpt: interrupted\n")
    assert not Path("microgpt.json").exists()


def start(command, path, stdout=subprocess.PIPE):
    """Start a command about a checkpoint as a process of its own."""
    command = [sys.executable, "-m", "microgpt", *command.split(), path]
    pipes = {"stdout": stdout, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, text=True, **pipes)


def wait_for_step_2(process):
    assert any("step 2/" in line for line in process.stdout)


@posix
def test_ctrl_c_stops_a_process_between_two_steps(folder):
    command = "train --engine fused --steps 100000 --save-every 1 --out"
    with start(command, folder / "microgpt.json") as process:
        wait_for_step_2(process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "")
    done = load("microgpt.json").step
    assert f"stopped after step {done} of 100000; this goes on:" in out


@posix
def test_a_reader_that_leaves_early_is_no_error(folder):
    command = "train --engine fused --steps 50 --save-every 1 --out"
    with start(command, folder / "microgpt.json") as process:
        wait_for_step_2(process)
        process.stdout.close()
        process.wait(60)
        err = process.stderr.read()
    assert (process.returncode, err) == (141, "")
    assert load("microgpt.json").step < 50


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_an_output_that_is_full_is_one_line(run, folder):
    run("train --data text.txt --steps 1 --engine fused")
    with open("/dev/full", "w") as full:
        process = start("sample", folder / "microgpt.json", full)
        _, err = process.communicate()
    assert err == "microgpt: No space left on device\n"
    assert process.returncode == 1


@posix
def test_what_nobody_reads_is_forgotten(run, monkeypatch):
    run("train --data text.txt --steps 1 --engine fused")
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        assert main(["sample", "microgpt.json"]) == 141
        print("nor is this", flush=True)
        monkeypatch.undo()


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        (OSError(errno.EACCES, "Permission denied", "a"), "a: Permission denied"),
        (OSError("cannot fetch a: timed out"), "cannot fetch a: timed out"),
    ],
)
def test_what_the_system_refuses_is_one_line(run, monkeypatch, error, message):
    def fail(*args):
        raise error

    monkeypatch.setattr(cli, "load", fail)
    assert run("sample microgpt.json") == (1, "", f"microgpt: {message}\n")


def test_training_that_diverges_names_the_step_and_keeps_the_checkpoint(
    run, monkeypatch
):
    def diverge(*args):
        yield from list(train(*args))[:3]
        raise Diverged("training diverged at step 4: the loss is nan")

    monkeypatch.setattr(cli, "train", diverge)
    status, _, err = run(
        "train --data text.txt --steps 9 --save-every 2 --engine fused"
    )
    assert status == 1
    kept = "(microgpt.json is kept)"
    assert err == f"microgpt: training diverged at step 4: the loss is nan {kept}\n"
    assert load("microgpt.json").step == 2


def test_numbers_that_no_checkpoint_may_hold_name_the_step(run, monkeypatch):
    run("train --data text.txt --steps 4 --save-every 3 --engine fused")
    os.replace("microgpt.json.bak", "microgpt.json")
    monkeypatch.setattr("microgpt.optim.Adam.step", spoil)
    status, _, err = run("train --resume microgpt.json")
    reason = "training diverged at step 4: weights: not all are finite floats"
    assert err == f"microgpt: {reason} (microgpt.json is kept)\n"
    assert status == 1
    assert load("microgpt.json").step == 3


def spoil(adam, lr_scale):
    """Do a step that no float holds, without an error."""
    adam.params[0].data = math.inf


def test_too_little_memory_is_one_line(run, monkeypatch):
    def fail(*args):
        raise MemoryError

    monkeypatch.setattr(cli, "load", fail)
    status, _, err = run("sample microgpt.json")
    assert (status, err) == (1, "microgpt: there is not enough memory for it\n")


def test_training_that_diverges_at_once_saves_nothing(run, monkeypatch):
    def diverge(*args):
        raise ArithmeticError("training diverged at step 1: the loss is nan")
        yield

    monkeypatch.setattr(cli, "train", diverge)
    status, _, err = run("train --data text.txt --engine fused")
    assert status == 1
    assert err.endswith("step 1: the loss is nan (nothing was saved)\n")


def test_a_disk_that_fills_up_keeps_the_last_checkpoint(run, monkeypatch):
    replace = checkpoints.replace

    def fail(path, text):
        if path.exists():
            raise OSError(errno.ENOSPC, "No space left on device")
        replace(path, text)

    monkeypatch.setattr(checkpoints, "replace", fail)
    status, _, err = run(
        "train --data text.txt --steps 2 --save-every 1 --engine fused"
    )
    assert (status, err) == (1, "microgpt: microgpt.json: No space left on device\n")
    assert load("microgpt.json").step == 1


# Sampling


@pytest.fixture
def trained(run):
    """Train a little, so that there is something to sample from."""
    _, out, _ = run("train --data text.txt --steps 2 --engine fused")
    return re.findall(r"^sample +\d+: (\S*)", out, re.M)


def test_sampling_repeats_what_training_showed(run, trained):
    status, out, err = run("sample microgpt.json")
    assert (status, err) == (0, "")
    assert out.splitlines() == trained


def test_a_seed_gives_other_samples_each_time_the_same(run, trained):
    first, second = (run("sample microgpt.json --seed 1")[1] for _ in range(2))
    assert first == second
    assert first.splitlines() != trained


@pytest.mark.parametrize("count", [0, 1, 5])
def test_there_are_as_many_samples_as_asked_for(run, trained, count):
    assert len(run(f"sample microgpt.json --num {count}")[1].splitlines()) == count


@pytest.mark.parametrize("temperature", [0.001, 1, 1000])
def test_a_temperature_may_be_as_low_and_as_high_as_that(temperature):
    words = f"sample a --temperature {temperature}".split()
    assert cli.make_parser().parse_args(words).temperature == temperature


def test_a_low_temperature_is_cautious(run, trained):
    _, out, _ = run("sample microgpt.json --temperature 0.001 --num 5")
    assert len(set(out.splitlines())) == 1


# Refusals

WHOLE = "must be a whole number of at least"


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("", "the following arguments are required: COMMAND (see microgpt --help)"),
        ("train --steps 0", f"argument --steps: {WHOLE} 1, not '0'"),
        ("train --steps 1.5", f"argument --steps: {WHOLE} 1, not '1.5'"),
        ("train --save-every 0", f"argument --save-every: {WHOLE} 1, not '0'"),
        ("train --seed -1", f"argument --seed: {WHOLE} 0, not '-1'"),
        ("train --seed x", f"argument --seed: {WHOLE} 0, not 'x'"),
        ("train --st 5", "unrecognized arguments: --st 5"),
        ("sample a --te 1", "unrecognized arguments: --te 1"),
        ("train --log", "argument --log: expected one argument"),
        ("train --resume a.json --steps 5",
         "--resume keeps the steps of the checkpoint: omit --steps"),
        ("train --resume a.json --seed 5",
         "--resume keeps the seed of the checkpoint: omit --seed"),
        ("train --data text.txt --out text.txt --force",
         "text.txt: one file cannot have two purposes"),
        ("train --data text.txt --log ./text.txt --force",
         "./text.txt: one file cannot have two purposes"),
        ("train --out a --log a", "a: one file cannot have two purposes"),
        ("train --resume a --log a", "a: one file cannot have two purposes"),
        ("train --resume text.txt --data text.txt",
         "text.txt: one file cannot have two purposes"),
        ("sample", "the following arguments are required: FILE"),
        ("sample a --seed x", f"argument --seed: {WHOLE} 0, not 'x'"),
        ("sample a --num -1", f"argument --num: {WHOLE} 0, not '-1'"),
        ("sample a --temperature -inf",
         "argument --temperature: expected one argument"),
        *((f"sample a --temperature {t}",
           f"argument --temperature: '{t}' is not a number from 0.001 to 1000")
          for t in ("0", "9e-4", "1000.1", "-1", "nan", "inf", "1e-320", "warm")),
    ],
)  # fmt: skip
def test_a_wrong_command_is_refused(run, folder, command, message):
    before = contents(folder)
    status, out, err = run(command)
    assert (status, out) == (2, "")
    hint = r"( \(see microgpt( train| sample)? --help\))?"
    assert re.fullmatch(rf"microgpt: {re.escape(message)}{hint}\n", err)
    assert contents(folder) == before


def test_an_unknown_engine_is_refused(run):
    status, _, err = run("train --engine steam")
    assert status == 2
    assert re.match(r"microgpt: argument --engine: invalid choice: 'steam' .*\n$", err)


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_what_is_no_name_of_a_file_is_refused(capsys, name):
    assert main(["sample", name]) == 2
    fault = f"argument FILE: {name!r} is not the name of a file"
    err = capsys.readouterr().err
    assert err == f"microgpt: {fault} (see microgpt sample --help)\n"


def test_a_name_of_several_lines_makes_one_line(capsys):
    assert main(["sample", "a\nb\x1b[31mé\udcff"]) == 1
    err = capsys.readouterr().err
    assert err == "microgpt: a\\nb\\x1b[31mé\\udcff: No such file or directory\n"


@pytest.mark.parametrize("name", ["out.json", "log.csv"])
def test_an_existing_file_is_not_replaced(refused, name):
    Path(name).write_text("mine")
    message = f"{name}: exists already (--force replaces it)"
    refused("train --out out.json --log log.csv", message)


def test_force_replaces_existing_files(run):
    Path("out.json").write_text("mine")
    Path("log.csv").write_text("mine")
    options = "--data text.txt --steps 1 --engine fused --out out.json --log log.csv"
    assert run(f"train {options} --force")[0] == 0
    assert load("out.json").step == 1
    assert Path("out.json.bak").read_text() == "mine"
    assert rows("log.csv")[0] == ["step", "loss", "lr"]


def test_what_is_no_ordinary_file_is_refused(refused):
    Path("folder").mkdir()
    refused("train --out folder --force", "folder: not an ordinary file")
    refused("train --log folder --force", "folder: not an ordinary file")
    if os.path.exists("/dev/null"):
        refused("train --out /dev/null --force", "/dev/null: not an ordinary file")


def test_a_missing_folder_is_refused_before_training(refused):
    refused("train --out no/out.json", "no/out.json: No such file or directory")
    refused("train --log no/log.csv", "no/log.csv: No such file or directory")


def test_data_that_are_no_text_are_refused(refused):
    Path("empty.txt").touch()
    Path("latin.txt").write_bytes(b"ann\nzo\xeb\n")
    refused("train --data empty.txt", "empty.txt: no documents in it")
    refused("train --data latin.txt", "latin.txt, line 2: not UTF-8 (byte 0xeb)")
    refused("train --data no.txt", "no.txt: No such file or directory")
    refused("train --data .", ".: Is a directory")


def test_what_is_no_checkpoint_is_refused(refused):
    fault = "text.txt: not JSON: Expecting value: line 1 column 1 (char 0)"
    refused("sample text.txt", fault)
    refused("train --resume text.txt", fault)
    refused("sample no.json", "no.json: No such file or directory")
    refused("train --resume no.json", "no.json: No such file or directory")


def test_a_log_of_something_else_is_left_alone(run, refused):
    run("train --data text.txt --steps 2 --save-every 1 --engine fused")
    refused(
        "train --resume microgpt.json.bak --log text.txt --data text.txt",
        "text.txt: one file cannot have two purposes",
        status=2,
    )
    Path("other.csv").write_text("a,b\n")
    result, _, err = run("train --resume microgpt.json.bak --log other.csv")
    assert err == "microgpt: other.csv: not a log of training, so it is left alone\n"
    assert result == 1
    assert Path("other.csv").read_text() == "a,b\n"


def test_arrays_without_numpy_are_refused(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.delitem(sys.modules, "microgpt.ladder.arrays", raising=False)
    status, _, err = run("train --engine arrays --data text.txt")
    help_ = "pip install '.[numpy]' in a checkout"
    assert err == f"microgpt: engine arrays needs numpy: {help_}\n"
    assert status == 1


def test_a_checkpoint_of_an_unknown_engine_is_refused(run, monkeypatch):
    run("train --data text.txt --steps 1 --engine fused")
    monkeypatch.setattr("microgpt.run.ENGINES", {"value": ENGINES["value"]})
    status, _, err = run("train --resume microgpt.json")
    assert err == "microgpt: there is no engine 'fused': value\n"
    assert status == 1


HELP = {
    "--help": """
        usage: microgpt [-h] COMMAND ...

        Train a GPT on names, and let it invent more of them.

        COMMAND
          train     train a model
          sample    let it write
        """,
    "train --help": """
        --data FILE     text to learn from, a document a line; or makemore, whose 32,033
            names are fetched once (default: the 5,163 names that come with microgpt)
        --steps N       steps in all (default 1000)
        --seed N        of random numbers (default 42)
        --engine NAME   what computes: value, closures, fused, tape, lists, arrays,
            by_hand, compiled, compiled32, torch (default lists)
        --out FILE      checkpoint to write (default microgpt.json)
        --save-every N  steps between two checkpoints (default 100)
        --log FILE      table to write, row by row: step,loss,lr,seconds
        --resume FILE   checkpoint to go on from, into the same file
        --force         replace files that exist
        """,
    "sample --help": """
        FILE    a checkpoint

        --num N     how many (default 20)
        --temperature T     lower is more cautious, 1 as the model learned (default 0.5)
        --seed N    of random numbers (default: the samples shown after training, again)
        """,
}


@pytest.mark.parametrize("command", HELP)
def test_help_explains_every_word(capsys, command):
    with pytest.raises(SystemExit) as end:
        main(command.split())
    assert end.value.code == 0
    out = capsys.readouterr().out
    assert all(len(line) <= 88 for line in out.splitlines())
    for part in HELP[command].split("\n\n"):
        assert f" {' '.join(part.split())} " in f" {' '.join(out.split())} "


def test_help_ends_with_the_examples(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    assert capsys.readouterr().out.endswith(f"\n\n{cli.EXAMPLES}")


def test_the_examples_of_the_help_can_be_parsed():
    for line in cli.EXAMPLES.splitlines()[1:]:
        words = re.split(r" {3,}", line.strip())[0].split()
        assert words[:3] == ["python", "-m", "microgpt"]
        cli.make_parser().parse_args(words[3:])
