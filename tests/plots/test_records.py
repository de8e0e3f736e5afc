"""The picture of the ladder shows the counts that its chapter prints."""

import re
from pathlib import Path

from docs.plots import records
from microgpt.run import ENGINES
from tests.drawn import words

ELSEWHERE = "compiled", "compiled32", "torch"  # chapters of their own compare them
CHAPTER = Path(__file__).parents[2] / "docs" / "ladder.md"
COUNTS = re.compile(r"^(\w+) +([\d,]+) nodes +([\d,]+) edges  loss", re.MULTILINE)


def test_each_rung_keeps_what_the_chapter_counts():
    printed = COUNTS.findall(CHAPTER.read_text("utf-8"))
    assert [*(rung for rung, *_ in printed), *ELSEWHERE] == list(ENGINES)
    said = words(records)
    for rung, nodes, edges in printed:
        if nodes != "0":
            assert f" {rung}: nodes {nodes}, edges {edges}." in said
