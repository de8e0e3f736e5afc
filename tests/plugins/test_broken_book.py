"""A book with faults is not built: each is one line that names its file and line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONF = """
extensions = ["myst_parser", "docs.plugins.excerpt", "docs.plugins.doctests"]
extensions += ["docs.plugins.num", "docs.plugins.terms", "docs.plugins.katex"]
myst_enable_extensions = ["dollarmath"]
"""
ENGINE = "class Value:\n    def add(self, other):\n        return other\n"
WHOLE = {
    "index.md": "# A book\n\n```{toctree}\nfine\n```\n\n"
    "```{glossary}\nslope\n    How steep.\n```\n\n    >>> 1 + 1\n    2\n",
    "fine.md": "# Fine\n\nThe {term}`slope`, $x^2$ and {num}`1 + 1`.\n\n"
    "```{excerpt} pkg.engine:Value.add\n```\n\n```python\n>>> 1 + 1\n2\n```\n",
}
FAULTS = {
    "a syntax error in an example": (
        "doctest",
        "```python\n>>> 1 +\n1\n```",
        "docs/bad.md:6: WARNING: raised SyntaxError: invalid syntax [",
    ),
    "an example that is not true": (
        "doctest",
        "```python\n>>> 1 + 1\n3\n```",
        "docs/bad.md:6: WARNING: expected 3, got 2 ",
    ),
    "a missing excerpt": (
        "dummy",
        "```{excerpt} pkg.engine:Value.subtract\n```",
        "docs/bad.md:5: WARNING: excerpt: pkg/engine.py has no 'Value.subtract' ",
    ),
    "an excerpt of no module": (
        "dummy",
        "```{excerpt} pkg.engines\n```",
        "docs/bad.md:5: WARNING: excerpt: there is no module 'pkg.engines' ",
    ),
    "a bad formula": (
        "html",
        "$\\frac{1}$",
        "docs/bad.md:5: WARNING: formula '\\\\frac{1}': Unexpected end of input ",
    ),
    "an unknown term": (
        "html",
        "The {term}`hill`.",
        "docs/bad.md:5: WARNING: term not in glossary: 'hill' ",
    ),
    "a number that cannot be computed": (
        "dummy",
        "{num}`1 / 0`",
        "docs/bad.md:5: WARNING: num: '1 / 0' raised ZeroDivisionError: ",
    ),
}


def built(folder, builder, bad=None):
    """Build the small book as `make` builds the large one; give how that ended."""
    source = folder / "docs"
    for place in (source, folder / "pkg"):
        place.mkdir()
    (folder / "conf.py").write_text(CONF, "utf-8")
    (folder / "pkg" / "engine.py").write_text(ENGINE, "utf-8")
    pages = dict(WHOLE)
    if bad is not None:
        pages["index.md"] = pages["index.md"].replace("fine\n", "fine\nbad\n")
        pages["bad.md"] = f"# Bad\n\nThis is not so.\n\n{bad}\n"
    for name, text in pages.items():
        (source / name).write_text(text, "utf-8")
    command = [sys.executable, "-m", "sphinx", "-n", "-W", "--keep-going", "-q"]
    command += ["-c", "."]
    command += ["-b", builder, "docs", "build"]
    surroundings = os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    done = subprocess.run(
        command, cwd=folder, env=surroundings, capture_output=True, text=True
    )
    said = [line for line in done.stderr.splitlines() if "WARNING" in line]
    return done, [line.replace(f"{folder}/", "") for line in said]


@pytest.mark.parametrize("builder", ["html", "doctest"])
def test_a_book_without_a_fault_is_built(tmp_path, builder):
    done, said = built(tmp_path, builder)
    assert (done.returncode, said) == (0, []), done.stderr


@pytest.mark.parametrize(("builder", "bad", "place"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_one_line_and_no_book(tmp_path, builder, bad, place):
    done, said = built(tmp_path, builder, bad)
    assert done.returncode != 0
    assert len(said) == 1, done.stderr
    assert said[0].startswith(place)
    assert "Traceback" not in done.stderr
