"""Change a line of the package or a digit of the book: the build names the place."""

import ast
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from docs.plugins.source import Source

ROOT = Path(__file__).parents[2]
METHOD = re.compile(r"\{excerpt\} microgpt\.(\w+):(\w+\.[a-z]\w+)$", re.MULTILINE)
EXPECTED = re.compile(r"^>>> .*\n(?!>>>|\.\.\.|Traceback)(.*\d.*)$", re.MULTILINE)


class Copy:
    """A copy of the book and of the package, changed in place and restored."""

    def __init__(self, root):
        self.root = root
        for name in ("microgpt", "docs"):
            ignored = shutil.ignore_patterns("__pycache__", "node_modules")
            shutil.copytree(ROOT / name, root / name, ignore=ignored)
        for name in ("conf.py", "pyproject.toml"):
            shutil.copy(ROOT / name, root)
        self.sphinx("dummy", "-D", "seen_write=1")
        self.before = set(self.sphinx("dummy").stderr.splitlines())

    def sphinx(self, builder, *options):
        command = [sys.executable, "-m", "sphinx", "-b", builder, "-c", ".", "-n", "-q"]
        command += ["-d", f"../doctrees-{builder}", *options]
        return subprocess.run(
            [*command, "docs", f"../{builder}"],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
        )

    def new_warnings(self):
        """What `sphinx-build -W` says beyond what it said before the change."""
        done = self.sphinx("dummy", "-W")
        assert done.returncode != 0
        return "\n".join(set(done.stderr.splitlines()) - self.before)

    @contextmanager
    def changed(self, name, change):
        path = self.root / name
        text = path.read_text("utf-8")
        path.write_text(change(text), "utf-8")
        try:
            yield
        finally:
            path.write_text(text, "utf-8")

    def pages(self):
        return sorted((self.root / "docs").glob("*.md"))

    def quoted_methods(self):
        """Each method that a page quotes by its name: page, file, its name."""
        for page in self.pages():
            for found in METHOD.finditer(page.read_text("utf-8")):
                yield page.name, f"microgpt/{found[1]}.py", found[2]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return Copy(tmp_path_factory.mktemp("guard") / "book")


def test_a_renamed_method_fails_the_build(copy):
    page, file, name = next(copy.quoted_methods())
    method = name.partition(".")[2]
    with copy.changed(file, lambda t: t.replace(f"def {method}(", f"def {method}_(")):
        found = copy.new_warnings()
    message = re.escape(f"excerpt: {file} has no '{name}' [excerpt.name]")
    assert re.search(rf"docs/{page}:\d+: WARNING: {message}", found)


def with_last_line(text, name, times):
    """A file in which the last line of an object stands so many times."""
    source = Source("", text)
    last = source.span(source.find(name)).last
    lines = text.splitlines(keepends=True)
    return "".join([*lines[: last - 1], lines[last - 1] * times, *lines[last:]])


def is_python(text):
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


@pytest.mark.parametrize("times", [0, 2], ids=["deleted", "added"])
def test_a_line_deleted_or_added_in_a_method_fails_the_build(copy, times):
    page, file, name = next(
        (page, file, name)
        for page, file, name in copy.quoted_methods()
        if is_python(with_last_line((copy.root / file).read_text("utf-8"), name, 0))
    )
    with copy.changed(file, lambda text: with_last_line(text, name, times)):
        found = copy.new_warnings()
    changed = rf"{file}, .*, is not what this page was written for"
    unclear = r"excerpt: .* '.*' in "  # the line was one with a side note
    assert re.search(rf"docs/{page}:\d+: WARNING: ({changed}|{unclear})", found)


def test_a_line_added_outside_every_object_fails_the_build(copy):
    number = len((copy.root / "microgpt/value.py").read_text("utf-8").splitlines()) + 3
    with copy.changed("microgpt/value.py", lambda text: text + "\n\nEXTRA = 1\n"):
        found = copy.new_warnings()
    lines = rf"lines? (\d+-)?{number} (is|are) shown in no chapter"
    assert re.search(rf"microgpt/value\.py:\d+: WARNING: {lines} ", found)


def test_a_changed_digit_fails_the_doctests(copy):
    page = next(p for p in copy.pages() if EXPECTED.search(p.read_text("utf-8")))
    found = EXPECTED.search(page.read_text("utf-8"))
    line = page.read_text("utf-8")[: found.start()].count("\n") + 1
    place = next(
        n for n in range(found.start(1), found.end()) if found.string[n].isdigit()
    )
    digit = str((int(found.string[place]) + 1) % 10)
    with copy.changed(
        f"docs/{page.name}", lambda t: t[:place] + digit + t[place + 1 :]
    ):
        done = copy.sphinx("doctest")
    assert done.returncode != 0
    assert f"docs/{page.name}:{line}: WARNING: expected " in done.stderr
