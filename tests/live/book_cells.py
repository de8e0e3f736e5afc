"""Write the examples of every page as JSON: `python -m tests.live.book_cells OUT`.

It reads the book, so it runs in a process of its own.
"""

import json
import re
import shutil
import sys
from pathlib import Path

from sphinx.application import Sphinx

from docs.plugins.examples import Block

ROOT = Path(__file__).parents[2]


def plain(block):
    """All of a block, as JSON knows it."""
    flags = {str(flag): on for flag, on in block.flags.items()}
    return {**block._asdict(), "flags": flags, "needs": block.needs}


def plain_item(item):
    if isinstance(item, Block):
        return plain(item)
    return [[part, plain(block)] for part, block in item.blocks]


def pages(folder):
    """For each page what it needs, and its blocks and solutions in order."""
    doctrees = folder / "doctrees"
    built = ROOT / "build" / "doctrees"
    if built.exists():  # what `make html` has read need not be read again
        shutil.copytree(built, doctrees)
    out = folder / "out"
    app = Sphinx(ROOT / "docs", ROOT, out, doctrees, "doctest", status=None, parallel=2)
    app.builder.read()
    return {
        name: {
            "needs": re.findall(r"\w+", app.env.metadata[name].get("needs", "")),
            "items": [plain_item(item) for item in app.builder.items(name)],
        }
        for name in sorted(app.env.found_docs)
    }


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(json.dumps(pages(path.parent)), "utf-8")
