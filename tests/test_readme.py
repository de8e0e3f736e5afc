"""README.md tells the truth: its session, its tree, its commands."""

import re
from pathlib import Path

from docs.plugins.examples import Block, Outcome, run_chapter

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TREE = re.search(r"## The tree\n\n```\n(.*?)```", README, re.DOTALL)[1]


def blocks():
    """The README's examples, with the line on which each block begins."""
    for found in re.finditer(r"```python\n(.*?)```", README, re.DOTALL):
        yield Block(found[1], "README.md", README.count("\n", 0, found.start(1)) + 1)


def listed():
    """The paths in the README's tree."""
    folder = ""
    for line in TREE.splitlines():
        name = line.split("  ")[0] if line[0] != " " else line.strip().split("  ")[0]
        if line[0] != " ":
            folder = name if name.endswith("/") else ""
            yield name
        else:
            yield folder + name


def test_the_session_gives_what_it_shows():
    outcome = Outcome()
    run_chapter(list(blocks()), [], outcome)
    assert outcome.troubles == []
    assert outcome.passed >= 14


def test_everything_in_the_tree_is_there():
    missing = [name for name in listed() if not list(ROOT.glob(name.rstrip("/")))]
    assert missing == []


def test_every_module_of_the_package_is_in_the_tree():
    modules = {f"microgpt/{p.name}" for p in (ROOT / "microgpt").glob("*.py")}
    left_out = {"microgpt/__init__.py", "microgpt/__main__.py"}
    assert modules - left_out == {
        name for name in listed() if re.fullmatch(r"microgpt/\w+\.py", name)
    }


def test_every_make_target_it_names_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"`?make ([a-z]+)\b", README.split("## The tree")[0])) <= (
        targets | {"are"}
    )
