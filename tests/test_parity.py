"""The losses of the original, as far as one can wait for them here.

`make parity` runs all 1,000 steps. Each test's name says what it checked: on CPython,
x86-64 and glibc every bit; elsewhere 1e-9 of each loss.
"""

import os
import random

import pytest

from microgpt import GPT, Config, Tokenizer, load_names, sample
from tests import parity
from tests.engines import bits
from tests.parity import BITS, CHECKED, FIRST_TEN, LOSSES, Run, distance
from tests.specimens import program

pytestmark = pytest.mark.no_cover  # with it, a step takes four times as long

NAMES = os.environ.get("MICROGPT_NAMES")
BUNDLED = [  # the first losses on the bundled names, by the specimen's program
    "0x1.b2b63a6bce44ep+1",
    "0x1.a3c4d0494ed2ep+1",
    "0x1.967c2d4d6a894p+1",
    "0x1.a7257a4679602p+1",
    "0x1.c0a0f99577289p+1",
    "0x1.ae952c43b61a2p+1",
    "0x1.a0df7db2532e8p+1",
    "0x1.c2ea7e3473490p+1",
    "0x1.a059c11bc8f1cp+1",
    "0x1.bd70484ce76c7p+1",
]

BUNDLED_LATER = {  # by `value`
    100: "0x1.1a5f886ead932p+1",
    200: "0x1.29b609645f96dp+1",
    500: "0x1.3e80f05ab54bfp+1",
    1000: "0x1.12c33f99d65a1p+1",
}

needs_names = pytest.mark.skipif(
    not NAMES, reason="MICROGPT_NAMES does not name makemore's names.txt"
)


def engines(*rungs):
    """Run a test on rungs; its name tells how closely it looks."""
    ids = [f"{rung}, {CHECKED}" for rung in rungs]
    return pytest.mark.parametrize("rung", rungs, ids=ids)


def assert_like(losses, golden):
    """Compare with golden losses as closely as this machine can."""
    if BITS:
        assert bits(losses) == golden
    else:
        assert distance(losses, [float.fromhex(x) for x in golden]) <= 1e-9


@engines("value", "closures")
def test_the_first_losses_on_the_bundled_names_are_golden(rung):
    assert_like(Run(rung).losses(10), BUNDLED)


@engines("specimen")
def test_the_program_in_circulation_has_the_golden_losses(rung):
    assert_like(Run(rung).losses(3), BUNDLED[:3])


def test_the_fused_engine_stays_with_the_golden_losses():
    golden = [float.fromhex(loss) for loss in BUNDLED]
    assert distance(Run("fused").losses(10), golden) <= 1e-12


@pytest.mark.parametrize("rung", ["arrays", "by_hand"])
def test_the_quickest_rungs_stay_with_the_golden_losses_to_the_end(rung):
    losses = Run(rung).losses(1000)
    found = [*losses[:10], *(losses[step - 1] for step in BUNDLED_LATER)]
    golden = [float.fromhex(loss) for loss in (*BUNDLED, *BUNDLED_LATER.values())]
    assert distance(found, golden) <= (1e-12 if BITS else 1e-9)


def test_the_program_in_circulation_writes_what_sample_writes():
    tokenizer = Tokenizer(load_names())
    gpt = GPT(Config(tokenizer.vocab_size), float, random.Random(42))
    matrices = program.matrices(tokenizer.vocab_size, random.Random(42))
    for seed in range(3):
        expected = sample(gpt, tokenizer, rng=random.Random(seed))
        assert program.sample(matrices, tokenizer, random.Random(seed)) == expected


@needs_names
@engines("value", "closures")
def test_a_hundred_losses_on_the_names_of_the_original_are_its_own(rung):
    losses = Run(rung, NAMES).losses(100)
    assert " ".join(f"{loss:.4f}" for loss in losses[:10]) == FIRST_TEN
    assert_like([losses[0], losses[9], losses[99]], [LOSSES[n] for n in (1, 10, 100)])
    assert parity.like_the_original(losses)


@needs_names
def test_a_run_on_arrays_ends_as_the_original_does():
    run = Run("arrays", NAMES)
    losses = run.losses(1000)
    golden = [float.fromhex(loss) for loss in LOSSES.values()]
    assert distance([losses[step - 1] for step in LOSSES], golden) <= 1e-12
    assert run.samples() == parity.SAMPLES


def test_a_single_bit_that_differs_is_noticed(monkeypatch):
    losses = [3.0, 2.0, 1.0]
    monkeypatch.setitem(parity.DIGESTS, 3, parity.digest(losses))
    monkeypatch.setattr(parity, "LOSSES", {1: (3.0).hex(), 3: (1.0).hex()})
    for exact, error, verdict in (
        (True, 0, True),
        (True, 2**-52, False),
        (False, 2**-52, True),
        (False, 1e-8, False),
    ):
        monkeypatch.setattr(parity, "BITS", exact)
        assert parity.like_the_original([3.0, 2.0, 1.0 + error]) == verdict


def test_parity_asks_for_the_names_of_the_original(monkeypatch, capsys):
    monkeypatch.delenv("MICROGPT_NAMES", raising=False)
    with pytest.raises(SystemExit, match=r"^2$"):
        parity.main([])
    message = "error: set MICROGPT_NAMES to the path of makemore's names.txt\n"
    assert capsys.readouterr().err.endswith(message)


@pytest.mark.parametrize(
    ("rung", "losses", "samples", "verdict"),
    [
        ("closures", [3.0, 2.0], parity.SAMPLES, ["equal", "equal"]),
        ("closures", [3.0, 2.5], parity.SAMPLES, ["DIFFER", "equal"]),
        ("closures", [3.0, 2.0], ["x"], ["equal", "DIFFER"]),
        ("arrays", [3.0, 2.0 + 1e-14], parity.SAMPLES, ["agree", "equal"]),
        ("arrays", [3.0, 2.0 + 1e-11], parity.SAMPLES, ["DISAGREE", "equal"]),
        ("specimen", [3.0, 2.0], None, ["equal"]),
    ],
)
def test_parity_gives_a_verdict(monkeypatch, capsys, rung, losses, samples, verdict):
    class Fake:
        def __init__(self, rung, data):
            assert data == "names.txt"
            self.rest = [3.0, 2.0] if rung == "value" else losses

        def losses(self, count):
            return self.rest

        def samples(self):
            return samples

    monkeypatch.setenv("MICROGPT_NAMES", "names.txt")
    monkeypatch.setattr(parity, "Run", Fake)
    monkeypatch.setattr(parity, "STEPS", 2)
    monkeypatch.setattr(parity, "BITS", True)
    monkeypatch.setitem(parity.DIGESTS, 2, parity.digest([3.0, 2.0]))
    parity.train_all.cache_clear()
    status = parity.main(["--engine", rung])
    parity.train_all.cache_clear()
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    found = [line[1] for line in lines if line[0] in {"losses", "samples"}]
    assert found == verdict
    assert status == int(any(word.isupper() for word in verdict))
