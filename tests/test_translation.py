"""The whole book can be translated: each message, and its examples run in it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.accents import LANGUAGE, accented, translate

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
RUN = [DOCS / f"{page}.md" for page in ("primitives", "closures", "checked")]


def build(builder, out, *options, files=(), language="en"):
    """Build the book as `make` does; give what is said."""
    command = [sys.executable, "-m", "sphinx", "-c", ".", "-n", "-W", "--keep-going"]
    command += ["-b", builder, "-d", f"{out}-doctrees", *options, "docs", out, *files]
    built = subprocess.run(
        list(map(str, command)),
        cwd=ROOT,
        env={**os.environ, "BOOK_LANGUAGE": language},
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    return built.stdout


@pytest.fixture(scope="module")
def catalogs(tmp_path_factory):
    out = tmp_path_factory.mktemp("gettext") / "catalogs"
    build("gettext", out)
    return out


def test_accents_leave_code_roles_formulas_and_targets_alone():
    message = "a `code` {num}`len(a) | ,d` $a_i$ [a page](a.md#a) {a} **bone**"
    kept = "á `code` {num}`len(a) | ,d` $a_i$ [á págé](a.md#a) {a} **bóñé**"
    assert accented(message) == kept
    assert accented("1. Count") == r"1\. Çóúñt"


def test_every_page_has_a_catalogue_without_a_date_or_a_formula(catalogs):
    texts = {path.stem: path.read_text("utf-8") for path in catalogs.glob("*.pot")}
    assert {path.stem for path in DOCS.glob("*.md")} | {"sphinx"} == {*texts}
    for text in texts.values():
        assert "POT-Creation-Date" not in text
        messages = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
        alone = re.compile(r"\$[^$]+\$|`[^`]+`|\{(num|given)\}`[^`]+`")
        assert [m for m in messages if alone.fullmatch(m)] == []


def test_the_translated_book_is_read_without_a_warning_and_its_examples_run(
    catalogs, tmp_path
):
    assert translate(catalogs, tmp_path / "locale") > 1000
    where = f"locale_dirs={tmp_path / 'locale'}"
    said = build("doctest", tmp_path / "out", "-D", where, files=RUN, language=LANGUAGE)
    assert re.search(r"[1-9]\d* examples in \d+ documents passed, 0 failed", said)
