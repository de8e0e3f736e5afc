"""Tell where each page stands in the book, what it is for, and how long it takes.

`places(env)` has, once all pages are read, a `Place` for the first page and each page
that its tables of contents name, in this order. A part is such a table; its title is
the caption. Parts whose captions begin with a Roman numeral (`III. The model`) hold the
chapters, which are numbered through the book. Templates get the place of their page as
`place`, and those of its neighbors as `place_next` and `place_previous`.

The summary of a page is the description in its front matter, one sentence that says
what a reader knows or can do afterwards:

    ---
    myst:
      html_meta:
        description: Find the slope of any formula by trying.
    ---

A page without one, or with one that is too long, no sentence, or has a digit (which
nothing would hold true), is a warning; those of translations are free.

The minutes are what an average adult takes to read the page's words, 238 a minute
(M. Brysbaert, 2019, How many words do we read per minute?, Journal of Memory and
Language 109), and its lines of code and of displayed formulas, 500 an hour, the fastest
at which reviewers still find most faults (J. Cohen, 2006, Best Kept Secrets of Peer
Code Review), rounded up. What is folded, such as a solution, does not count. Pages
after the last chapter are there to be looked up in, and have no minutes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.by_page import ByPage
from docs.plugins.messages import is_translated

logger = logging.getLogger(__name__)
WORDS_A_MINUTE, LINES_AN_HOUR = 238, 500
LONGEST = 150
NUMBERED = re.compile(r"([IVXLC]+)\. ")
LINES = (nodes.literal_block, nodes.doctest_block, nodes.math_block)
NO_WORDS = (*LINES, nodes.math, nodes.raw, nodes.comment)


class Size(NamedTuple):
    """How much there is to read."""

    words: int = 0
    lines: int = 0

    @property
    def minutes(self) -> int:
        """How long that takes; in whole numbers, since a float rounds up wrongly."""
        time = self.words * LINES_AN_HOUR + self.lines * 60 * WORDS_A_MINUTE
        return ceil(time / (WORDS_A_MINUTE * LINES_AN_HOUR))


class Told(NamedTuple):
    """What a page says of itself."""

    summary: str
    size: Size


@dataclass(frozen=True)
class Place:
    """Where a page stands: `position` of `count` in its part.

    `number` is that of a chapter, None for other pages; `part` is "" for the first page
    of the book; `previous` and `next` are names of pages, or None at the ends.
    """

    docname: str
    title: str
    part: str
    number: int | None
    position: int
    count: int
    previous: str | None
    next: str | None
    summary: str
    minutes: int

    @property
    def numeral(self) -> str:
        """The number of the part, as `III`, or ""."""
        found = NUMBERED.match(self.part)
        return found[1] if found else ""

    @property
    def part_title(self) -> str:
        """The title of the part without its number."""
        return NUMBERED.sub("", self.part)

    @property
    def anchor(self) -> str:
        """Where the first page lists the part, if a section of it has its title."""
        return nodes.make_id(self.part)


def size(doctree: nodes.Element) -> Size:
    """What is to be read in a page, without what is folded."""
    words = lines = folded = 0
    for node in doctree.findall():
        if isinstance(node, nodes.raw):
            folded += node.astext().count("<details") - node.astext().count(
                "</details>"
            )
        elif folded:
            continue
        elif isinstance(node, LINES):
            lines += sum(bool(line.strip()) for line in node.astext().split("\n"))
        elif isinstance(node, nodes.math):
            words += 1
        elif isinstance(node, nodes.Text) and not isinstance(node.parent, NO_WORDS):
            words += len(node.split())
    return Size(words, lines)


def summary(doctree: nodes.document) -> str:
    """The description that a page has for machines, or ""."""
    found = (meta for meta in doctree.findall(nodes.meta))
    return next((m["content"] for m in found if m.get("name") == "description"), "")


def fault(summary: str) -> str:
    """What is wrong with a summary, or ""."""
    if not summary:
        return "no summary: write `myst: html_meta: description:` in its front matter"
    if len(summary) > LONGEST:
        return f"the summary has {len(summary)} characters, and may have {LONGEST}"
    if not summary.endswith((".", "?", "!")):
        return "the summary is no sentence: it ends without a period"
    if re.search("[0-9]", summary):
        return "the summary has a digit, which nothing holds true"
    return ""


def parts(env: BuildEnvironment) -> list[tuple[str, list[str]]]:
    """The captions of the first page's tables of contents, and what they name."""
    root = env.get_doctree(env.config.root_doc)
    return [
        (
            tree["caption"] or "",
            [page for page in tree["includefiles"] if known(env, page)],
        )
        for tree in root.findall(addnodes.toctree)
    ]


def known(env: BuildEnvironment, page: str) -> bool:
    """Whether a page is there; it may have gone after the first page was read."""
    return page in told(env)


def computed(env: BuildEnvironment) -> dict[str, Place]:
    """The places of all pages, each knowing its neighbors."""
    alone = list(standing(env))
    names = [None, *(place.docname for place in alone), None]
    return {
        place.docname: replace(place, previous=names[i], next=names[i + 2])
        for i, place in enumerate(alone)
    }


def standing(env: BuildEnvironment) -> Iterator[Place]:
    """The places of all pages, not knowing their neighbors."""
    yield place(env, env.config.root_doc, "", None, 0, 0)
    number = 0
    for part, pages in parts(env):
        numbered = bool(NUMBERED.match(part))
        for position, page in enumerate(pages, start=1):
            number += numbered
            chapter = number if numbered else None
            found = place(env, page, part, chapter, position, len(pages))
            yield found if numbered or not number else replace(found, minutes=0)


def place(
    env: BuildEnvironment,
    page: str,
    part: str,
    number: int | None,
    position: int,
    count: int,
) -> Place:
    title, said = env.titles[page].astext(), told(env)[page]
    time = said.size.minutes
    return Place(
        page, title, part, number, position, count, None, None, said.summary, time
    )


def places(env: BuildEnvironment) -> dict[str, Place]:
    """The place of each page in the book, in its order."""
    found: dict[str, Place] = vars(env).get("places", {})
    return found


def neighborhood(found: dict[str, Place], name: str) -> list[Place | None]:
    """What a page shows: its own place, and those of its neighbors."""
    here = found.get(name)
    near = [here.previous, here.next] if here else [None, None]
    return [here, *(found[page] if page else None for page in near)]


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Work the places out; give the pages that show other ones than before."""
    before, now = places(env), computed(env)
    vars(env)["places"] = now
    for name in now:
        if not is_translated(app.config) and (message := fault(now[name].summary)):
            logger.warning(
                message, type="places", subtype="summary", location=(name, 1)
            )
    return [
        name for name in now if neighborhood(now, name) != neighborhood(before, name)
    ]


def give(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Tell the template where its page stands."""
    names = ("place", "place_previous", "place_next")
    context.update(zip(names, neighborhood(places(app.env), pagename)))


told = ByPage[Told]("places_told")  # what each page says of itself


def store(app: Sphinx, doctree: nodes.document) -> None:
    told(app.env)[app.env.docname] = Told(summary(doctree), size(doctree))


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("doctree-read", store)
    told.connect(app)
    app.connect("env-updated", update)
    app.connect("html-page-context", give)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
