"""Exercises with hints, tests and solutions: `{exercise} name`, the text as its body.

Options:

`:kind:`  `predict`, `explain`, `derive`, `measure`, `change` or `write`
`:hint:`  a line that is shown folded

Exercises are numbered through a page; {exercise}`name`, or {exercise}`page/name` from
another page, is a link to one. The solution of an exercise is the file
`solutions/page/name.md`, shown folded below it: prose, and at least one `>>>` example.
The builder `doctest` runs it with the names that the page has at this point, and
restores them.

Where code is to be changed or written, and wherever it helps, the file also holds:

`{start}`         what the reader begins with; shown with the exercise
`{test}`          examples which an answer must pass; shown folded with the exercise
`{wrong} Reason`  a plausible wrong answer, and what is wrong with it

The tests must refuse the start alone, and each wrong answer, which is run after the
start. The page with all solutions is made by `docs.plugins.solutions`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.typing import ExtensionMetadata, OptionSpec

from docs.plugins.by_page import ByPage
from docs.plugins.doctests import has_examples
from docs.plugins.examples import PROMPT
from docs.plugins.excerpt import tagged
from docs.plugins.messages import worded

logger = logging.getLogger(__name__)
FOLDER = "solutions"
KINDS = ("predict", "explain", "derive", "measure", "change", "write")
TESTED = ("change", "write")
ANY = "*"


class Exercise(NamedTuple):
    """An exercise of a page."""

    name: str
    number: int
    kind: str


@dataclass
class Page:
    """The exercises of a page, and the other pages (or ANY) of which it tells."""

    exercises: list[Exercise] = field(default_factory=list)
    uses: set[str] = field(default_factory=set)


class exercise_link(nodes.Inline, nodes.Element):
    """Stands for a link to an exercise until all pages are read."""


class ExerciseDirective(SphinxDirective):
    """The directive `{exercise}`."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[OptionSpec] = {
        "kind": lambda word: directives.choice(word, KINDS),
        "hint": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        if "kind" not in self.options:
            kinds = ", ".join(KINDS)
            warn("kind", f"`:kind:` is missing: one of {kinds}", self.get_location())
            return []
        name, known = self.arguments[0], page_of(self.env).exercises
        for other in known:
            if other.name == name:
                message = f"{name!r} is already exercise {other.number} of this page"
                warn("twice", message, self.get_location())
                return []
        known.append(Exercise(name, len(known) + 1, self.options["kind"]))
        return [self.box(known[-1])]

    def box(self, exercise: Exercise) -> nodes.container:
        """The exercise with everything that is folded."""
        ids = [ident(self.env.docname, exercise.name)]
        box = nodes.container(classes=["exercise"], ids=ids)
        self.set_source_info(box)
        box += heading(exercise, nodes.Text(numbered(exercise)))
        box += self.parse_content_to_nodes()
        solution = self.solution(exercise)
        for start in take(solution, "start"):
            box += [nodes.paragraph("", _("Begin with:")), start]
        if "hint" in self.options:
            hint = worded(self, nodes.paragraph(), self.options["hint"])
            box += folded(_("Hint"), [hint])
        tests = take(solution, "test")
        if tests:
            box += folded(_("Test"), tests)
        box += folded(_("Solution"), [solution])
        return box

    def solution(self, exercise: Exercise) -> nodes.container:
        """What the solution's file says; its examples know their part in it."""
        path = path_of(self.env, self.env.docname, exercise.name)
        self.env.note_dependency(str(path))
        solution = nodes.container(classes=["solution"], solution=exercise.name)
        if not path.is_file():
            message = f"there is no {path.relative_to(self.env.srcdir).as_posix()}"
            warn("missing", message, self.get_location())
            return solution
        lines = path.read_text("utf-8").splitlines()
        with reading(self.state, path):
            self.state.nested_parse(StringList(lines), -self.lineno, solution)
        for block in solution.findall(has_examples):
            assert isinstance(block, nodes.Element)
            block["part"] = "answer"
        for message in lacks(exercise, solution):
            warn("part", message, f"{path}:1")
        return solution


class PartDirective(SphinxDirective):
    """The directives `{start}` and `{test}` of a solution."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        text = "\n".join(self.content)
        block = nodes.literal_block(text, text, language="python", part=self.name)
        block["classes"] = [f"exercise-{self.name}"]
        self.set_source_info(block)
        if not PROMPT.search(text):
            message = f"{{{self.name}}} has no `>>>` example"
            warn("part", message, self.get_location())
        return [block]


class WrongDirective(PartDirective):
    """The directive `{wrong}`, which says what is wrong."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        refused = _("The test refuses:")
        label = nodes.inline("", refused, classes=["exercise-refused"])
        paragraph = nodes.paragraph("", "", label, nodes.Text(" "))
        return [worded(self, paragraph, self.arguments[0]), *super().run()]


class ExerciseRole(SphinxRole):
    """The role {exercise}`name` or {exercise}`page/name`."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        page, _, name = self.text.rpartition("/")
        page = page or self.env.docname
        page_of(self.env).uses.add(page)
        link = exercise_link("", page=page, name=name)
        self.set_source_info(link)
        return [link], []


def warn(kind: str, message: str, location: Any) -> None:
    message = f"exercise: {message}"
    logger.warning(message, type="exercise", subtype=kind, location=location)


def ident(page: str, name: str, kind: str = "exercise") -> str:
    """The label of an exercise or of its solution, another for each in the book."""
    return nodes.make_id(f"{kind}-{page}-{name}")


def path_of(env: BuildEnvironment, page: str, name: str) -> Path:
    """The file with the solution of an exercise."""
    return Path(env.srcdir, FOLDER, page, f"{name}.md")


def numbered(exercise: Exercise) -> str:
    return _("Exercise {number}").format(number=exercise.number)


def kind_of(exercise: Exercise) -> str:
    """What an exercise asks for."""
    words = {
        "predict": _("Predict"),
        "explain": _("Explain"),
        "derive": _("Derive"),
        "measure": _("Measure"),
        "change": _("Change the code"),
        "write": _("Write this"),
    }
    return words[exercise.kind]


def heading(exercise: Exercise, number: nodes.Node) -> nodes.rubric:
    """The number and the kind of an exercise, as a heading."""
    kind = nodes.inline("", kind_of(exercise), classes=["exercise-kind"])
    title = nodes.rubric("", "", number, nodes.Text(" "), kind)
    title["classes"].append("exercise-title")
    title["heading-level"] = 3
    title["translatable"] = False
    return title


def folded(title: str, inside: Sequence[nodes.Node]) -> list[nodes.Node]:
    """Nodes which a reader unfolds."""
    summary = nodes.raw("", f"<summary>{title}</summary>", format="html")
    return tagged('details class="exercise-fold"', [summary, *inside])


@contextmanager
def reading(state: Any, path: Path) -> Iterator[None]:
    """Have what is parsed know that it stands in another file."""
    document = state.document
    saved = document["source"], document.reporter.source
    document["source"] = document.reporter.source = str(path)
    try:
        yield
    finally:
        document["source"], document.reporter.source = saved


def with_part(solution: nodes.Element) -> list[nodes.Element]:
    """The blocks of a solution which have a part in it."""
    return [node for node in solution.findall(nodes.Element) if "part" in node]


def take(solution: nodes.Element, part: str) -> list[nodes.Element]:
    """Remove the blocks with this part from a solution, and give them."""
    found = [node for node in with_part(solution) if node["part"] == part]
    for node in found:
        node.parent.remove(node)
    return found


def lacks(exercise: Exercise, solution: nodes.Element) -> Iterator[str]:
    """Say what a solution does not have, though it should."""
    found = {node["part"] for node in with_part(solution)}
    if "answer" not in found:
        yield "the solution has no `>>>` example of its own"
    if exercise.kind in TESTED or found - {"answer"}:
        for part in ("start", "test", "wrong"):
            if part not in found:
                yield f"the solution has no {{{part}}} block"


def solution_files(env: BuildEnvironment) -> list[Path]:
    """The solutions of all pages."""
    return sorted(Path(env.srcdir, FOLDER).rglob("*.md"))


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Report each solution without an exercise."""
    used = {
        path_of(env, page, exercise.name)
        for page in pages(env)
        for exercise in pages(env)[page].exercises
    }
    for path in solution_files(env):
        if path not in used:
            page = path.parent.relative_to(Path(env.srcdir, FOLDER)).as_posix()
            message = f"page {page!r} has no exercise {path.stem!r}"
            warn("unused", message, f"{path}:1")


def make_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace what stands for links to exercises."""
    for node in list(doctree.findall(exercise_link)):
        node.replace_self(made_link(app, node, docname))


def made_link(app: Sphinx, node: exercise_link, docname: str) -> nodes.Node:
    page, name = node["page"], node["name"]
    exercises = pages(app.env).get(page, Page()).exercises
    number = next((one.number for one in exercises if one.name == name), None)
    if number is None:
        warn("reference", f"there is no exercise {page + '/' + name!r}", node)
        return nodes.Text(name)
    uri, text = f"#{ident(page, name)}", _("exercise {number}")
    if page != docname:
        uri = app.builder.get_relative_uri(docname, page) + uri
        text = _("exercise {number} of {page}")
    text = text.format(number=number, page=app.env.titles[page].astext())
    return nodes.reference("", node.get("text", text), internal=True, refuri=uri)


def outdated(
    app: Sphinx,
    env: BuildEnvironment,
    added: set[str],
    changed: set[str],
    removed: set[str],
) -> list[str]:
    """The pages that tell of a page which is read again."""
    news = added | changed | removed
    if not news:
        return []
    return [name for name in pages(env) if pages(env)[name].uses & {*news, ANY}]


# the pages with exercises, or with links to some
pages = ByPage[Page]("exercise_pages")


def page_of(env: BuildEnvironment) -> Page:
    """What is stored of the page which is being read."""
    return pages(env).setdefault(env.docname, Page())


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_node(exercise_link)
    app.add_directive("exercise", ExerciseDirective)
    app.add_directive("start", PartDirective)
    app.add_directive("test", PartDirective)
    app.add_directive("wrong", WrongDirective)
    app.add_role("exercise", ExerciseRole())
    app.connect("env-get-outdated", outdated)
    pages.connect(app)
    app.connect("env-updated", check)
    app.connect("doctree-resolved", make_links)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
