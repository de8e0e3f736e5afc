"""Whether the engines agree to the last bit, in this process and in any other."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from tests.engines import ENGINES, run_backward
from tests.trust.figure import Figure
from tests.trust.programs import programs

ROOT = Path(__file__).parents[2]
PRINT = "from tests.trust.engines import digest; print(digest())"
SAMPLE = 200  # programs of which each process makes a digest


def same_bits(cases):
    """Compare all numbers and gradients of random programs on every engine."""
    expected_of = ENGINES["value"]
    numbers = 0
    for number, program in enumerate(programs(cases)):
        expected = run_backward(expected_of, program)
        numbers += 2 * len(expected[0])
        for name, kind in ENGINES.items():
            assert run_backward(kind, program) == expected, (
                f"{name} differs from value in program {number}: {program}"
            )
    return f"{numbers:,} floats equal on {', '.join(ENGINES)}"


def digest():
    """Condense the bits of some programs, on every engine, into one line."""
    found = [
        run_backward(kind, program)
        for program in programs(SAMPLE)
        for kind in ENGINES.values()
    ]
    return hashlib.sha256(repr(found).encode()).hexdigest()


def same_in_every_process(cases):
    """Make the digest in fresh processes, each with a hash seed of its own."""
    first = digest()
    for seed in range(1, cases + 1):
        done = subprocess.run(
            [sys.executable, "-c", PRINT],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
        )
        gave = done.stdout.strip() or done.stderr
        assert gave == first, f"PYTHONHASHSEED={seed}: {gave}, not {first}"
    return "one pattern of bits"


FIGURES = (
    Figure(
        "The engines give the same numbers and gradients on random graphs",
        "bit for bit",
        300,
        10_000,
        same_bits,
    ),
    Figure(
        "Fresh processes with different hash seeds give the same bits",
        "one pattern of bits",
        3,
        100,
        same_in_every_process,
    ),
)
