"""Fetch what tests need to run on the Python of the pages, and cannot take from here.

That is Hypothesis, which is partly compiled. It is the version that `requirements.lock`
pins, with one of its hashes, made for Pyodide.
"""

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
WASM = ROOT / "build" / "wasm"
FOR_PYODIDE = ["--platform", "pyemscripten_2026_0_wasm32", "--python-version", "3.14"]
FOR_PYODIDE += ["--implementation", "cp", "--abi", "cp314", "--only-binary", ":all:"]


def pinned(name):
    """What the lock says of a package: its version and its hashes."""
    text = (ROOT / "requirements.lock").read_text("utf-8")
    return re.search(rf"^{name}==.*(?:\n    --hash=.*)+", text, re.MULTILINE)[0]


def fetch(name, folder):
    """Put a package into a folder."""
    with tempfile.TemporaryDirectory() as place:
        lock = Path(place, "lock.txt")
        lock.write_text(f"{pinned(name)}\n", "utf-8")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--require-hashes", *FOR_PYODIDE]
        subprocess.run([*command, "-d", place, "-r", str(lock)], check=True)
        (wheel,) = Path(place).glob("*.whl")
        zipfile.ZipFile(wheel).extractall(folder)


if __name__ == "__main__":
    fetch("hypothesis", WASM)
