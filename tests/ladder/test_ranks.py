"""Many processes learn what one does that sees the same documents."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from microgpt import GPT, Config, value
from microgpt.optim import Adam
from tests.learning import names_and_tokenizer

distributed = pytest.importorskip("torch").distributed
ROOT = Path(__file__).parents[2]
TWO = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
TWO += ["--nproc-per-node=2", "-m", "microgpt.ladder.ranks"]


def run_two(*options):
    """Run two processes in the checkout; give exit status, output and complaints."""
    done = subprocess.run(
        [*TWO, *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def ranks():
    yield importlib.import_module("microgpt.ladder.ranks")
    if distributed.is_initialized():
        distributed.destroy_process_group()


@pytest.fixture
def run_alone(ranks, monkeypatch, capsys):
    """Run the one process that this is; give its output."""

    def run(*options):
        monkeypatch.setattr(sys, "argv", ["ranks.py", *options])
        ranks.main()
        return capsys.readouterr().out

    return run


STARTED = {"TORCHELASTIC_RUN_ID": "one", "RANK": "0", "WORLD_SIZE": "1"}
STARTED |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "0"}


@pytest.mark.parametrize("by_torchrun", [False, True])
def test_processes_meet_over_gloo(ranks, monkeypatch, by_torchrun):
    for item in STARTED.items() if by_torchrun else ():
        monkeypatch.setenv(*item)
    assert ranks.join() == (0, 1)
    assert distributed.get_backend() == "gloo"


def losses_of_value(steps, batch):
    """Train on batches with Values: the mean of the losses is one root."""
    rng, docs, tokenizer = names_and_tokenizer()
    gpt = GPT(Config(tokenizer.vocab_size), value.Value, rng)
    adam = Adam(gpt.parameters())
    for step in range(steps):
        taken = docs[step * batch : (step + 1) * batch]
        loss = sum(gpt.loss(tokenizer.encode(doc)) for doc in taken) / batch
        loss.backward()
        adam.step(1 - step / steps)
        yield f"step {step + 1:5}  loss {float(loss):.9f}\n"


def test_one_process_and_two_print_what_values_find(run_alone):
    options = "--steps=3", "--batch=2"
    expected = "".join(losses_of_value(3, 2))
    assert run_alone(*options) == expected
    assert not distributed.is_initialized()
    assert run_two(*options)[:2] == (0, expected)


def test_unless_told_it_learns_a_hundred_batches_of_four(ranks, run_alone, monkeypatch):
    def counted(gpt, batches, rank, ranks):
        assert (rank, ranks) == (0, 1)
        return map(len, batches)

    monkeypatch.setattr(ranks, "train", counted)
    lines = run_alone().splitlines()
    assert lines == [f"step {i:5}  loss 4.000000000" for i in range(1, 101)]


def test_a_batch_may_be_one_document(run_alone):
    assert run_alone("--steps=2", "--batch=1") == "".join(losses_of_value(2, 1))


def test_help_says_what_it_is_and_what_a_batch_is(run_alone, capsys):
    with pytest.raises(SystemExit) as ended:
        run_alone("--help")
    assert ended.value.code == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Training by many processes, each with its share of the documents." in out
    assert out.endswith("--batch BATCH documents of a step")


def test_a_batch_that_cannot_be_shared_is_refused(run_alone):
    with pytest.raises(SystemExit):
        run_alone("--batch=0")
    status, out, err = run_two("--batch=3")
    assert (status, out) == (1, "")
    message = "ranks.py: error: --batch 3 is no multiple of 2 processes"
    assert re.findall(r"^ranks.py: error: .*", err, re.MULTILINE) == [message] * 2


@pytest.mark.parametrize("batch", ["0", "-2"])
def test_a_batch_has_a_document(run_alone, capsys, batch):
    with pytest.raises(SystemExit) as ended:
        run_alone(f"--batch={batch}")
    assert ended.value.code == 2
    message = f"error: --batch {batch} is no multiple of 1 processes\n"
    assert capsys.readouterr().err.endswith(message)
