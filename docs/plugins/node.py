"""Ask a program in Node many things at once: `ask(script, questions)`.

Each question is a line of JSON, and so is its answer.
Node is the one of this machine, or one that was installed beside Python.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ASSETS = Path(__file__).parents[1] / "assets"
MODULES = ASSETS / "node_modules"


class NotAnswered(Exception):
    """Says why there is no answer."""


def ask(script: Path, questions: Sequence[str], name: str = "node") -> list[Any]:
    """The answers to all questions, from one process."""
    beside = str(Path(sys.executable).parent)
    program = shutil.which(name) or shutil.which(name, path=beside) or name
    try:
        done = subprocess.run(
            [program, str(script)],
            input="\n".join(questions),
            capture_output=True,
            encoding="utf-8",
        )
    except OSError:
        raise NotAnswered(f"there is no program {name!r}: install Node.js") from None
    if done.returncode:
        said = re.search(r"^\w*Error.*", done.stderr, re.MULTILINE)
        raise NotAnswered(f"{name!r} failed: {said[0] if said else done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines()]
