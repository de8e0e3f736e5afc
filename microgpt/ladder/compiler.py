"""A library in C, compiled by this machine for itself, once, and kept.

Chapter: Compiled.
"""

import hashlib
import os
import platform
import shlex
import subprocess
from contextlib import suppress
from ctypes import CDLL
from pathlib import Path
from tempfile import TemporaryDirectory

from microgpt.names import cache_folder

FLAGS = ["-O3", "-march=native", "-fno-math-errno", "-shared", "-fPIC"]
GET_ONE = "install one (Debian, Ubuntu: apt install gcc), or name yours in CC"


def compiler():
    """Give the command of the C compiler: that in the variable CC, or else `cc`."""
    return shlex.split(os.environ.get("CC", "")) or ["cc"]


def library(text, constants):
    """Load what this text in C makes, with these constants defined.

    It is compiled where the user's cache does not hold it yet, and once more where the
    cache cannot be used. Without a compiler: `ValueError`.
    """
    defined = [f"-D{name}={value}" for name, value in constants.items()]
    command = [*compiler(), *FLAGS, *defined]
    with suppress(OSError, RuntimeError):  # no home, no room, no right: no cache
        return CDLL(str(kept(cache_folder(), command, text)))
    with TemporaryDirectory() as folder:
        return CDLL(str(compiled(folder, command, text)))


def kept(folder, command, text):
    """Find the library in this folder, or put it there; give its path.

    Its name tells what it was made from and what is in it: a damaged one is not found.
    """
    key = digest(repr((processor(), command, text)).encode())
    for path in folder.glob(f"{key}-*.so"):
        if path.stem == f"{key}-{digest(path.read_bytes())}":
            return path
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as part:
        path = compiled(part, command, text)
        name = f"{key}-{digest(path.read_bytes())}.so"
        return path.replace(folder / name)  # at once: nobody ever loads half a library


def compiled(folder, command, text):
    """Compile into this folder, and give the path of the library."""
    path = Path(folder, "step.so")
    command = [*command, "-x", "c", "-", "-o", str(path), "-lm"]
    try:
        done = subprocess.run(command, input=text, capture_output=True, text=True)
    except OSError as error:
        fault = f"no C compiler {command[0]} ({error.strerror}): {GET_ONE}"
        raise ValueError(fault) from None
    if done.returncode:
        faults = [line for line in done.stderr.splitlines() if "error" in line]
        fault = faults[0] if faults else f"exit status {done.returncode}"
        raise ValueError(f"the C compiler {command[0]} failed: {fault}")
    return path


def processor(cpuinfo=Path("/proc/cpuinfo")):
    """Say for which kind of machine this one compiles."""
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else [platform.node()]
    tell = "model name", "flags", "Features", "CPU part", platform.node()
    kinds = sorted({line for line in lines if line.startswith(tell)})
    return platform.system(), platform.machine(), kinds


def digest(raw):
    """Give the sha256 of some bytes, shortened to what a file's name has room for."""
    return hashlib.sha256(raw).hexdigest()[:32]
