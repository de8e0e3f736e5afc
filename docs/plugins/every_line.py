"""See to it that each line of the package stands in exactly one chapter.

After all pages are read, each non-blank line of the package's Python and C is looked
for in the excerpts (those marked `:again:` do not count). One shown nowhere, or twice,
is a warning with file, lines and pages, so that `-W` fails.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.excerpt import Shown, shown
from docs.plugins.source import source_files

logger = logging.getLogger(__name__)


def pages_of_lines(
    path: str, lines: Sequence[str], pages: Mapping[str, Sequence[Shown]]
) -> dict[int, list[str]]:
    """For each non-blank line the pages that show it, a page once for each time."""
    found: dict[int, list[str]] = {
        number: [] for number, line in enumerate(lines, start=1) if line.strip()
    }
    for page in sorted(pages):
        for item in pages[page]:
            if item.path == path and not item.again:
                for number in range(item.span.first, item.span.last + 1):
                    found.get(number, []).append(page)
    return found


def faults(found: Mapping[int, Sequence[str]]) -> Iterator[tuple[int, str, str]]:
    """First line, kind and text for each run of lines not shown exactly once."""
    for where, group in groupby(found, key=lambda number: found[number]):
        numbers = list(group)
        if not where:
            yield numbers[0], "missing", f"{spell(numbers)} shown in no chapter"
        elif len(where) > 1:
            yield numbers[0], "twice", f"{spell(numbers)} shown {spell_pages(where)}"


def spell(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"line {numbers[0]} is"
    return f"lines {numbers[0]}-{numbers[-1]} are"


def spell_pages(pages: Sequence[str]) -> str:
    if len(set(pages)) == 1:
        return f"{len(pages)} times in {pages[0]}"
    return "in " + " and ".join(sorted(set(pages)))


def check(app: Sphinx, env: BuildEnvironment) -> None:
    root = Path(app.confdir)
    pages = {
        str(env.doc2path(name, False)): items for name, items in shown(env).items()
    }
    for path in source_files(root / app.config.every_line_package):
        name = path.relative_to(root).as_posix()
        found = pages_of_lines(name, path.read_text("utf-8").splitlines(), pages)
        for line, kind, text in faults(found):
            location = f"{name}:{line}"
            logger.warning(text, type="every_line", subtype=kind, location=location)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("docs.plugins.excerpt")
    app.add_config_value("every_line_package", "microgpt", "", str)
    app.connect("env-updated", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
