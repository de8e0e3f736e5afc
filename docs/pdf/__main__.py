"""`python -m docs.pdf build/html build/doctrees build/pdf [A4 or Letter]`."""

import os
import pickle
import sys
from pathlib import Path
from typing import Any

from jinja2 import Environment

from docs.pdf import paper
from docs.pdf.pages import parts, picture, sheets
from docs.plugins.places import places

TEMPLATE = Path(__file__).with_name("book.html")
NO_CHROMIUM = "Chromium is not installed, and it prints the PDF: apt install chromium"


def html(folder: Path, env: Any, **settings: str) -> str:
    """The whole book as one page."""
    here = places(env)
    first = here[env.config.root_doc]
    found = parts(folder, here)
    template = Environment(autoescape=False).from_string(TEMPLATE.read_text("utf-8"))
    return template.render(
        config=env.config,
        first=first,
        picture=picture(folder, first),
        sheets=sheets(found),
        parts=found,
        pages=[page for part in found for page in part.pages],
        **settings,
    )


def main(built: str, doctrees: str, out: str, size: str = "A4") -> str:
    """Print the book that stands in a folder; say what was done or is lacking."""
    if not (executable := paper.chromium()):
        sys.exit(NO_CHROMIUM)
    env = pickle.loads(Path(doctrees, "environment.pickle").read_bytes())
    Path(out).mkdir(parents=True, exist_ok=True)
    page, pdf = Path(out, "book.html"), Path(out, f"{env.config.project}.pdf")
    base = os.path.relpath(built, out)
    page.write_text(html(Path(built), env, base=base, size=size), "utf-8")
    pdf.write_bytes(paper.book(executable, page.resolve()))
    return f"The PDF is {pdf}."


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
