"""The page `onepage`: its lines are the modules', run, and fit on one sheet."""

import json
import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from docs.plugins.sheet import code
from docs.plugins.source import Source

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "onepage.md").read_text("utf-8")
CSS = (ROOT / "docs" / "_static" / "book.css").read_text("utf-8")
BODY = re.search(r"```\{sheet\}\n(.*?)\n```", PAGE, re.DOTALL)[1]
EXTENSIONS = ["myst_parser", "docs.plugins.sheet", "docs.plugins.katex"]
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
extensions = {EXTENSIONS}
excerpt_root = {str(ROOT)!r}
myst_enable_extensions = ["colon_fence", "dollarmath"]
suppress_warnings = ["ref.doc"]
html_theme = "furo"
html_static_path = [{str(ROOT / "docs" / "_static")!r}]
html_css_files = ["book.css"]
"""
RUN = """
import json, random, sys
from microgpt.model import GPT, Config
from microgpt.sample import sample
from microgpt.tokenizer import Tokenizer
from microgpt.train import train

rng, docs = random.Random(42), ["ann", "nat", "tan"]
tokenizer = Tokenizer(docs)
gpt = GPT(Config(tokenizer.vocab_size, n_embd=8, n_head=2), rng=rng)
losses = [step.loss.hex() for step in train(gpt, docs, tokenizer, steps=5)]
print(json.dumps([sys.modules["microgpt.model"].__file__, losses,
                  [sample(gpt, tokenizer, rng=rng) for _ in range(5)]]))
"""
PAPERS = {"A4": (297, 210), "letter": (279.4, 215.9)}  # mm
ADVANCE = 0.602  # width of a character of the widest usual fonts, in em


def parts():
    """For each module of the sheet its path and its lines."""
    for line in BODY.splitlines():
        module, _, names = line.partition(":")
        path = f"{module.replace('.', '/')}.py"
        source = Source(path, (ROOT / path).read_text("utf-8"))
        found = code(source, names.split())
        yield path, [source.lines[number - 1] for number in found]


def run(folder):
    """Train and sample with the package that stands in a folder."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-B", "-c", RUN],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    path, *results = json.loads(done.stdout)
    assert Path(path).is_relative_to(folder)
    return results


def book(folder, page=PAGE, paper="A4"):
    """Build a book of this page alone, to be printed on this paper."""
    (folder / "conf.py").write_text(CONF, "utf-8")
    (folder / "index.md").write_text(page, "utf-8")
    out = folder / "html"
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", folder, out]
    built = subprocess.run(command, capture_output=True, text=True)
    assert (built.returncode, built.stderr) == (0, "")
    css = CSS.replace("size: landscape", f"size: {paper} landscape")
    (out / "_static" / "book.css").write_text(css, "utf-8")
    return out / "index.html"


def printed(page, folder):
    """The sizes of the pages in mm that Chromium prints."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("Chromium is not installed: nothing is printed")
    pdf = folder / "page.pdf"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    options += [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={pdf}"]
    subprocess.run([chromium, *options, page.as_uri()], capture_output=True, check=True)
    boxes = re.findall(
        rb"/Type /Page\b.*?/MediaBox \[0 0 (\S+) (\S+)\]", pdf.read_bytes(), re.DOTALL
    )
    return [tuple(float(side) / 72 * 25.4 for side in box) for box in boxes]


def test_the_lines_of_the_sheet_train_and_write_as_the_library_does(tmp_path):
    for path, lines in parts():
        file = tmp_path / path
        file.parent.mkdir(exist_ok=True)
        file.write_text("\n".join([*lines, ""]), "utf-8")
    (tmp_path / "microgpt" / "__init__.py").touch()
    assert run(tmp_path) == run(ROOT)


def test_the_page_shows_these_lines_and_no_others(tmp_path):
    html = book(tmp_path).read_text("utf-8")
    sheet = html[html.index('class="sheet"') : html.index('id="the-rules-in-it"')]
    blocks = re.findall(r"<pre>(.*?)</pre>", sheet, re.DOTALL)
    shown = "".join(unescape(re.sub("<.*?>", "", block)) for block in blocks)
    assert shown.splitlines() == [line for _, lines in parts() for line in lines]


@pytest.mark.parametrize("paper", PAPERS)
def test_no_line_is_wider_than_its_column(paper):
    rules = CSS[CSS.index("@page sheet") :]
    margin = float(re.search(r"margin: ([\d.]+)mm", rules)[1])
    gap = float(re.search(r"column-gap: ([\d.]+)mm", rules)[1])
    size = float(re.search(r"font-size: ([\d.]+)pt", rules)[1])
    columns = int(re.search(r"columns: (\d+);", rules)[1])
    column = (PAPERS[paper][0] - 2 * margin - (columns - 1) * gap) / columns
    longest = max(len(line) for _, lines in parts() for line in lines)
    assert size >= 4.5
    assert longest * ADVANCE * size / 72 * 25.4 <= column


@pytest.mark.parametrize("paper", PAPERS)
def test_it_is_printed_on_one_sheet(tmp_path, paper):
    sizes = printed(book(tmp_path, paper=paper), tmp_path)
    assert [(round(a), round(b)) for a, b in sizes] == [
        tuple(map(round, PAPERS[paper]))
    ]


def test_a_longer_program_would_be_seen_to_need_more_paper(tmp_path):
    longer = PAGE.replace(BODY, f"{BODY}\nmicrogpt.checkpoint")
    assert len(printed(book(tmp_path, longer), tmp_path)) == 2
