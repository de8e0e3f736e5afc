"""Many processes learn what one does that sees the same documents."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from microgpt import GPT, Config, value
from microgpt.optim import Adam
from tests.learning import names_and_tokenizer

pytest.importorskip("torch")
ROOT = Path(__file__).parents[2]
ALONE = [sys.executable, "-m", "microgpt.ladder.ranks"]
TWO = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
TWO += ["--nproc-per-node=2", "-m", "microgpt.ladder.ranks"]


def run(command, *options):
    """Run it in the checkout; give its exit status, output and complaints."""
    done = subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


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


def test_one_process_and_two_print_what_values_find():
    options = "--steps=3", "--batch=2"
    expected = "".join(losses_of_value(3, 2))
    assert run(ALONE, *options)[:2] == (0, expected)
    assert run(TWO, *options)[:2] == (0, expected)


def test_a_batch_that_cannot_be_shared_is_refused():
    status, out, err = run(TWO, "--batch=3")
    assert (status, out) == (1, "")
    message = "ranks.py: error: --batch 3 is no multiple of 2 processes"
    assert re.findall(r"^ranks.py: error: .*", err, re.MULTILINE) == [message] * 2


@pytest.mark.parametrize("batch", ["0", "-2"])
def test_a_batch_has_a_document(batch):
    status, _, err = run(ALONE, f"--batch={batch}")
    assert status == 2
    assert err.endswith(f"error: --batch {batch} is no multiple of 1 processes\n")
