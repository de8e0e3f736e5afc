"""The book as a whole: its three uses; how pages and package name each other."""

import ast
import os
import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from docs.plugins.source import source_files

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
EXCERPT = re.compile(r"^ *(`{3,}|:{3,})\{excerpt\} (\S+)\n(.*?)^ *\1", re.M | re.S)


class Links(HTMLParser):
    """Collects what a page loads, and its visible text outside of code."""

    def __init__(self, text):
        super().__init__()
        self.loaded, self.prose, self.inside = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag in ("script", "img", "iframe", "source"):
            self.loaded.append(found.get("src") or "")
        if tag == "link" and found.get("rel") != "canonical":
            self.loaded.append(found.get("href") or "")
        if tag in ("pre", "script", "style", "code"):
            self.inside.append(tag)

    def handle_endtag(self, tag):
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside:
            self.prose.append(data)


def test_the_built_book_opens_without_loading_anything_from_elsewhere(built):
    pages = sorted(built.rglob("*.html"))
    assert built / "index.html" in pages
    for page in pages:
        loaded = Links(page.read_text(encoding="utf-8")).loaded
        assert [url for url in loaded if re.match(r"\w+:|//", url)] == [], page
        files = {page.parent / re.split("[?#]", url)[0] for url in loaded if url}
        assert [str(file) for file in files if not file.exists()] == []


def test_no_page_shows_markup_that_was_not_understood(built):
    for page in sorted(built.glob("*.html")):
        prose = "".join(Links(page.read_text(encoding="utf-8")).prose)
        assert not re.search(
            r"```|:::|\{(excerpt|num|given|graph|backprop|doc|ref)\}", prose
        ), page


def test_no_page_names_a_folder_of_the_machine_that_built_it(built):
    folders = {str(Path(sys.base_prefix)), str(ROOT), str(Path.home())} - {"/"}
    for page in sorted(built.rglob("*.html")):
        text = page.read_text("utf-8")
        assert [folder for folder in folders if f"{folder}/" in text] == [], page


def test_the_listing_shows_every_line_of_the_package_once(built):
    page = (built / "listing.html").read_text(encoding="utf-8")
    line = r'<span id="([\w.]+)-(\d+)"><span class="linenos"> *(\d+)</span>(.*)\n'
    shown = [
        (module, int(number), unescape(re.sub("<.*?>", "", code)).removesuffix("\n"))
        for module, anchor, number, code in re.findall(line, page)
        if anchor == number
    ]
    expected = []
    for path in source_files(ROOT / "microgpt"):
        names = path.relative_to(ROOT).as_posix().removesuffix(".py").split("/")
        name = ".".join(part for part in names if part != "__init__")
        lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        name = name.partition(".")[2] or name
        expected += [(name, number, code) for number, code in lines if code.strip()]
    assert sorted(item for item in shown if item[2].strip()) == sorted(expected)


def test_the_book_has_many_examples_and_exercises():
    chapters = [path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")]
    examples = sum(len(re.findall(r"^>>> ", text, re.M)) for text in chapters)
    exercises = sum(
        len(re.findall(r"^`{3,}\{exercise\}", text, re.M)) for text in chapters
    )
    assert examples >= 250
    assert exercises == len(list((DOCS / "solutions").rglob("*.md"))) >= 60


def test_the_package_is_imported_without_anything_else(tmp_path):
    code = (
        "import sys; before = set(sys.modules); from microgpt import Value;"
        "v = Value(3.0); (v * v).backward(); print(v.grad);"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(new - set(sys.stdlib_module_names)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    run = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert run.stdout.splitlines() == ["6.0", "['microgpt']"], run.stderr


def quoted():
    """For each module the titles of the pages that show it first."""
    pages = {}
    for page in sorted(DOCS.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        title = re.search(r"^# (.+)$", text, re.M)[1]
        for _, target, options in EXCERPT.findall(text):
            if ":again:" not in options:
                pages.setdefault(target.partition(":")[0], set()).add(title)
    return pages


def promised(path):
    """The titles of chapters that a module's docstring names."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    found = re.search(r"^Chapters?: (.+?)\.$", docstring, re.M | re.S)
    return set(re.split(r";\s+", found[1])) if found else set()


def test_each_module_names_the_chapters_that_explain_it():
    paths = sorted((ROOT / "microgpt").rglob("*.py"))
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): promised(path)
        for path in paths
        if not path.name.startswith("__") or path.parent.name == "ladder"
    }
    modules["microgpt.ladder"] = modules.pop("microgpt.ladder.__init__")
    pages = quoted()
    assert {name: pages.get(name) for name in modules} == modules
