"""How deep a graph may be: as deep as memory allows, on each Python that is here."""

import subprocess
from pathlib import Path

from microgpt import closures, value
from tests.test_packaging import VERSIONS, find_python
from tests.trust.figure import Figure

ENGINES = {"value": value.Value, "closures": closures.Value}
ROOT = Path(__file__).parents[2]
PROGRAM = """
import importlib, sys, time
Value = importlib.import_module(sys.argv[1]).Value
depth, limit = int(sys.argv[2]), sys.getrecursionlimit()
one = x = Value(1.0)
began = time.process_time()
for _ in range(depth):
    x = x + one
x.backward()
print(x.data, one.grad, sys.getrecursionlimit() == limit)
del x
print(time.process_time() - began)
"""


def deep(cases):
    """Build, go backward through and free a chain of so many additions.

    Each time in a fresh process, on both engines.
    """
    slowest = 0.0
    pythons = {version: find_python(version) for version in VERSIONS}
    pythons = {version: python for version, python in pythons.items() if python}
    for version, python in pythons.items():
        for name, kind in ENGINES.items():
            done = subprocess.run(
                [python, "-c", PROGRAM, kind.__module__, str(cases)],
                cwd=ROOT,
                capture_output=True,
                text=True,
            )
            told = done.stdout.splitlines() or [done.stderr[-200:]]
            case = f"{name} on Python {version}, status {done.returncode}"
            assert told[0] == f"{cases + 1}.0 {cases + 1}.0 True", f"{case}: {told[0]}"
            assert len(told) == 2, f"{case}: ended while the graph was freed"
            slowest = max(slowest, float(told[1]))
    return (
        f"{', '.join(ENGINES)} on Python {', '.join(pythons)}; {slowest:.1f} s at most"
    )


FIGURES = (
    Figure(
        "A graph so many values deep is built, gone through backward and freed",
        "no recursion, the recursion limit untouched",
        100_000,
        1_000_000,
        deep,
    ),
)
