"""Kill what saves, fill its disk, close its folder: the last checkpoint stays."""

import os
import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

from microgpt.checkpoint import load, save
from microgpt.run import begin
from microgpt.train import train
from tests.trust.figure import Absent, Figure

ROOT = Path(__file__).parents[2]
TEXT = "ann\nanna\nnan\ntan\ntanna\nnat\n"
STEPS = 1_000_000  # never reached
MOMENT = 0.04  # seconds: the longest that a process is let run once it saves

SAVER = """
import sys
from dataclasses import replace
from microgpt.checkpoint import load, save
c = load(sys.argv[1])
print("ready", flush=True)
while True:
    c = replace(c, step=c.step + 1)
    save(sys.argv[1], c)
"""
TRAINER = "import sys; from microgpt.cli import main; sys.exit(main(sys.argv[1:]))"


def start(program, *words, **options):
    """Start a Python program that finds the package."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def new_run(folder):
    """Begin a run on a small text, and save it before its first step."""
    text = folder / "text.txt"
    text.write_text(TEXT, "utf-8")
    run = begin(str(text), 1, "lists", STEPS)
    path = folder / "run.json"
    save(path, run.checkpoint())
    return run, path


def killed(process, sign, moment):
    """Wait for a line that begins so, a moment longer, and kill the process."""
    with process:
        for line in process.stdout:
            if line.startswith(sign):
                break
        else:
            raise AssertionError(f"it ended by itself: {process.stderr.read()}")
        sleep(moment)
        process.send_signal(signal.SIGKILL)


def check_folder(path, case):
    """Load what was kept; tell whether a temporary file was left beside it."""
    try:
        kept = load(path)
        backup = path.with_name(f"{path.name}.bak")
        if backup.exists():
            load(backup)
    except (OSError, ValueError) as error:
        raise AssertionError(f"{case}: {error}") from error
    known = {path.name, backup.name, "text.txt"}
    others = [p.name for p in path.parent.iterdir() if p.name not in known]
    assert others in ([], [f".{path.name}.tmp"]), f"{case}: left {others}"
    return kept, bool(others)


def kill(count):
    """Kill savers and, each fourth time, the command line, which then goes on."""
    rng = random.Random(7)
    torn, trained = 0, 0
    with TemporaryDirectory() as one, TemporaryDirectory() as two:
        _, path = new_run(Path(one))
        run, long = new_run(Path(two))
        command = ("train", "--resume", long, "--save-every", 1)
        for i in range(count):
            moment = rng.uniform(0, MOMENT)
            if i % 4:
                before, where = load(path).step, path
                killed(start(SAVER, path), "ready", moment)
            else:
                before, where = load(long).step, long
                killed(start(TRAINER, *command), "step", moment)
            kept, left = check_folder(where, f"kill {i + 1}")
            assert kept.step >= before, f"kill {i + 1}: a later checkpoint is lost"
            torn += left
            trained += kept.step - before if where is long else 0
        check_same(run, load(long))
    return (
        f"{count} of {count} loadable, {torn} killed while they wrote; "
        f"{trained} steps trained meanwhile, as without a kill"
    )


def check_same(run, kept):
    """Compare a run that was killed and went on with one that never stopped."""
    steps = train(run.gpt, run.docs, run.tokenizer, run.steps, run.adam)
    while run.step < kept.step:
        run.step = next(steps).number
    assert run.checkpoint() == kept, "killed and going on differs from going on"


def full_disk(folder, path):
    """Let no file grow to the size of a checkpoint."""
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (9999, 9999))"
    command = "train", "--resume", path, "--save-every", "1"
    return ended(start(f"{limit}\n{TRAINER}", *command), 1, "File too large")


def read_only_folder(folder, path):
    """Take away the right to write, from the superuser too."""
    folder.chmod(0o555)
    folder.parent.chmod(0o755)
    program = (
        "import os, sys\nfrom microgpt.checkpoint import load, save\n"
        "c = load(sys.argv[1])\n"
        "os.geteuid() or os.seteuid(65534)\n"
        "try:\n    save(sys.argv[1], c)\n"
        "except OSError as error:\n    sys.exit(error.strerror)\n"
    )
    return ended(start(program, path), 1, "Permission denied")


def interrupted(number, folder, path):
    """Send a signal between two steps, and one step later find all of it saved."""
    process = start(TRAINER, "train", "--resume", path, "--save-every", "1000")
    process.stdout.readline()  # it has begun
    while not process.stdout.readline().startswith("step"):
        pass
    process.send_signal(number)
    return ended(process, 128 + number, "")


def not_finite(folder, path):
    """Go on from weights so large that the next loss cannot be a number."""
    kept = load(path)
    save(path, replace(kept, weights=[1e308] * len(kept.weights)))
    command = "train", "--resume", path, "--save-every", "1"
    return ended(start(TRAINER, *command), 1, "training diverged at step 1: ")


def ended(process, status, message):
    """Wait for the end; the complaint must be one line that says so."""
    out, err = process.communicate(timeout=120)
    lines = err.splitlines()
    assert process.returncode == status, f"status {process.returncode}: {err}"
    assert len(lines) == bool(message), err
    assert message in err, err
    return out


ENDS = {
    "a full disk": full_disk,
    "a read-only folder": read_only_folder,
    "Ctrl-C": lambda *place: interrupted(signal.SIGINT, *place),
    "SIGTERM": lambda *place: interrupted(signal.SIGTERM, *place),
    "a loss that is not finite": not_finite,
}


def end(count):
    """End a training run in each of the ways; afterwards the checkpoint loads."""
    if os.name != "posix":
        raise Absent("a system with the signals of POSIX")
    for case, act in list(ENDS.items())[:count]:
        with TemporaryDirectory() as name:
            folder = Path(name, "folder")
            folder.mkdir()
            _, path = new_run(folder)
            try:
                act(folder, path)
            except AssertionError as error:
                raise AssertionError(f"{case}: {error}") from error
            finally:
                folder.chmod(0o755)
            _, left = check_folder(path, case)
            assert not left, f"{case}: a temporary file is left"
    return f"after {', '.join(list(ENDS)[:count])}: loadable, one line of complaint"


FIGURES = (
    Figure(
        "A training run that is killed (SIGKILL) at any moment leaves a checkpoint "
        "that loads, and going on from it equals never having been killed",
        "each loadable, no saved step lost, at most one temporary file",
        8,
        200,
        kill,
    ),
    Figure(
        "The last good checkpoint stays when the disk fills up, when the folder is "
        "read-only, at Ctrl-C, at SIGTERM, and when the loss is no longer finite",
        "each loadable, nothing left beside it",
        5,
        5,
        end,
    ),
)
