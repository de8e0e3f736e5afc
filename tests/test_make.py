"""What `make` promises to somebody who has just cloned the repository."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TARGETS = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
NO_PYTHON = (
    "Python 3.11 or newer is needed: install it, "
    "or name one with make PYTHON=/path/to/python3"
)

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="no make here")


def make(*arguments):
    """Run make as a reader does: not as a part of the make that runs the tests."""
    ours = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "PYTHON"}
    environment = {key: value for key, value in os.environ.items() if key not in ours}
    return subprocess.run(
        ["make", "-C", ROOT, "--no-print-directory", *arguments],
        capture_output=True,
        text=True,
        env=environment,
    )


def script(path, text):
    """Write a program that stands for a Python."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_help_lists_each_target_with_what_it_does():
    lines = make("help").stdout.splitlines()
    listed = [re.fullmatch(r"make (\w+) +\S.*", line)[1] for line in lines]
    assert listed == TARGETS
    assert {"help", "html", "doctest", "test", "serve", "linkcheck"} <= set(listed)


def test_make_alone_is_make_help():
    assert make().stdout == make("help").stdout != ""


def test_no_target_is_taken_for_a_file():
    phony = re.search(r"^\.PHONY: (.*)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony[1].split() == TARGETS


@pytest.mark.parametrize("target", ["html", "doctest", "gettext"])
def test_the_book_is_built_strictly(target):
    recipe = make("-n", target).stdout
    assert f"sphinx-build -c . -n -W --keep-going -b {target} " in recipe


def test_a_translation_needs_a_language_and_reads_the_original():
    assert "which language? make po BOOK_LANGUAGE=de" in make("-n", "po").stdout
    recipe = make("-n", "po", "BOOK_LANGUAGE=de").stdout
    assert "\nBOOK_LANGUAGE=en " in f"\n{recipe}"
    assert "-l de " in recipe


@pytest.mark.parametrize("python", ["exit 1", "exit 127"], ids=["too old", "missing"])
def test_a_python_too_old_is_one_clear_line(tmp_path, python):
    old = script(tmp_path / "python3", python)
    made = make("html", f"PYTHON={old}", f"VENV={tmp_path / 'venv'}")
    assert made.stderr.splitlines()[0] == NO_PYTHON
    assert made.returncode == 2
    assert not (tmp_path / "venv").exists()


def test_a_python_without_venv_is_one_clear_line(tmp_path):
    bare = script(tmp_path / "python3", 'case "$2" in *ensurepip*) exit 1;; esac')
    made = make("html", f"PYTHON={bare}", f"VENV={tmp_path / 'venv'}")
    assert made.stderr.splitlines()[0] == (
        f"{bare} lacks its module venv: install it "
        "(Debian, Ubuntu: apt install python3-venv)"
    )
    assert made.returncode == 2


def test_a_changed_lock_installs_again_and_an_unchanged_one_does_not(tmp_path):
    ready = tmp_path / "ready"
    ready.touch()
    assert "pip install" not in make("-n", "html", f"VENV={tmp_path}").stdout
    os.utime(ready, (0, 0))
    assert "--require-hashes" in make("-n", "html", f"VENV={tmp_path}").stdout


def test_a_part_of_what_is_promised_can_be_measured_alone():
    assert "--only" not in make("-n", "trust").stdout
    recipe = make("-n", "trust", "ONLY=graphs").stdout
    assert "-m tests.trust --store docs/measured/trust.json --only graphs" in recipe
