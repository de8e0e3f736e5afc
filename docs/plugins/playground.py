"""Train the model in the page: `{playground} PART`, for each part of the playground.

The parts are the settings, then what a run shows: the loss, samples, attention,
embeddings; and keep, which is the file of a run. They make one form, so each stands on
one page, and once. The body of `settings` is a list of definitions, each of them a note
to the field that it names:

    ```{playground} settings
    n_head
    : What changes with a single head? See [Heads](heads.md).
    ```

The body of `loss` is what stands there until a run has begun. `docs/_static/
playground.js` fills the parts; without it a sentence says so. Builders other than those
of web pages write that sentence, and the body of `loss`.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from docs.live.play import Settings, engines
from docs.plugins.live import BUILDERS
from microgpt.names import load_names

logger = logging.getLogger(__name__)
PARTS = ("settings", "loss", "samples", "attention", "embeddings", "keep")
EXAMPLE = "marianne"  # as in the pictures of the book
SCRIPT = Path(__file__).parents[1] / "_static" / "playground.js"


class playground(nodes.General, nodes.Element):
    """Stands for a part until its page is written; holds the notes or the picture."""


class Field(NamedTuple):
    """What one can fill in, under the name that its note has."""

    name: str
    control: str


class Playground(SphinxDirective):
    """The directive `{playground}`."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        part = self.arguments[0]
        if part not in PARTS:
            warn(f"no part {part!r}, only {', '.join(PARTS)}", self.get_location())
            return []
        node = playground("", *self.parse_content_to_nodes(), part=part)
        self.set_source_info(node)
        if part == "settings":
            known = {field.name for _, fields in groups() for field in fields}
            for name in notes(node).keys() - known:
                warn(f"no field {name!r} for this note", self.get_location())
        return [node]


def warn(message: str, location: Any) -> None:
    logger.warning(
        f"playground: {message}",
        type="playground",
        subtype="name",
        location=location,
    )


def notes(node: nodes.Element) -> dict[str, list[nodes.Node]]:
    """The notes of the settings, by the field that each is for."""
    found = {}
    for item in node.findall(nodes.definition_list_item):
        term, definition = item.children[0], item.children[-1]
        found[term.astext()] = list(definition.children)
    return found


def groups() -> list[tuple[str, list[Field]]]:
    """The fields of the settings, under the titles of their groups."""
    sizes = {
        "n_layer": _("Layers"),
        "n_embd": _("Width"),
        "n_head": _("Heads"),
        "block_size": _("Block size"),
    }
    course = {"steps": _("Steps"), "lr": _("Learning rate"), "seed": _("Seed")}
    return [
        (_("Text"), [Field("text", text_control())]),
        (_("Model"), [setting(*item) for item in sizes.items()]),
        (
            _("Training"),
            [*(setting(*item) for item in course.items()), engine_field()],
        ),
        (_("A second run"), [Field("other", other_control())]),
    ]


def setting(name: str, label: str) -> Field:
    """A field for one of the numbers that fix a run."""
    value = asdict(Settings())[name]
    return Field(
        name,
        f'<label for="play-{name}">{label} <code>{name}</code></label>'
        f'<input id="play-{name}" name="{name}" value="{value}" data-setting'
        ' inputmode="decimal" autocomplete="off" spellcheck="false"/>',
    )


def engine_field() -> Field:
    options = "".join(option(name, name, Settings().engine) for name in engines())
    return Field(
        "engine",
        f'<label for="play-engine">{_("Engine")} <code>engine</code></label>'
        f'<select id="play-engine" name="engine" data-setting>{options}</select>',
    )


def option(value: str, label: str, selected: str, more: str = "") -> str:
    chosen = ' selected=""' if value == selected else ""
    return f'<option value="{value}"{chosen}{more}>{escape(label)}</option>'


def text_control() -> str:
    bundled = f"{_('the names of the book')} ({len(load_names()):,})"
    options = option("names", bundled, "names")
    options += option("own", _("lines of your own"), "names")
    return (
        f'<label for="play-text">{_("What to learn")}</label>'
        f'<select id="play-text" name="text">{options}</select>'
        f'<label for="play-lines">{_("Lines of your own, a document each")}</label>'
        '<textarea id="play-lines" name="lines" rows="4" spellcheck="false"></textarea>'
        f'<label for="play-file">{_("or from a file")}</label>'
        '<input id="play-file" type="file" accept=".txt,text/plain"/>'
    )


def other_control() -> str:
    """What can differ in a second run, each with a value to begin with."""
    first = Settings()
    values = {
        "": (_("none"), ""),
        "seed": (_("another seed"), first.seed + 1),
        "lr": (_("another learning rate"), 2 * first.lr),
        "n_head": (_("other heads"), 1),
        "n_layer": (_("other layers"), first.n_layer + 1),
        "n_embd": (_("another width"), first.n_embd // 2),
        "block_size": (_("another block size"), first.block_size // 4),
        "engine": (_("another engine"), engines()[0]),
        "no-m": (_("Adam without its mean of gradients"), ""),
        "no-v": (_("Adam without its division"), ""),
    }
    options = "".join(
        option(name, label, "", f' data-value="{value}"')
        for name, (label, value) in values.items()
    )
    return (
        f'<label for="play-other">{_("What differs")}</label>'
        f'<select id="play-other" name="other">{options}</select>'
        f'<label for="play-value">{_("its value there")}</label>'
        '<input id="play-value" name="value" autocomplete="off" spellcheck="false"/>'
    )


def without() -> str:
    """Said where there is no script."""
    return _(
        "Here one can train the model in the page, with JavaScript. "
        "The picture of the loss below shows a run that was done while this page "
        "was built."
    )


def words() -> dict[str, str]:
    """What the script says."""
    return {
        "file": _(
            "A page that is opened from a file cannot load Python: type make serve "
            "in the folder of the project, and open the address that it shows."
        ),
        "loading": _("Loading Python: {loaded} of {total} MB"),
        "begins": _("The run is being prepared."),
        "facts": _(
            "{documents} documents with {characters} different characters; "
            "{parameters} parameters."
        ),
        "short": _("{cut} documents are longer than the model looks, and are cut."),
        "step": _("Step {step} of {steps}"),
        "loss": _("loss {loss}"),
        "and": _(" and "),
        "speed": _("{speed} steps a second"),
        "left": _("{time} left"),
        "seconds": _("{count} s"),
        "minutes": _("{count} min"),
        "pause": _("Pause"),
        "resume": _("Resume"),
        "paused": _("Paused after step {step}: loss {loss}."),
        "stopped": _("Stopped after step {step}: loss {loss}."),
        "done": _("Done: {step} steps, last loss {loss}."),
        "loaded": _("The checkpoint is loaded: step {step} of {steps}."),
        "cut": _("Stopped within a step: this run cannot go on."),
        "large": _("The file is larger than {most} bytes."),
        "encoding": _("The file is no text in UTF-8."),
        "title": _("The loss of each step"),
        "curve": _("Mean of the last losses: {mean} at step {step}."),
        "guesses": _("Guessing by counting costs:"),
        "uniform": _("uniform"),
        "unigram": _("unigram"),
        "bigram": _("bigram"),
        "axis": _("step"),
        "mean": _("mean of the last losses; dots: single ones"),
        "first": _("first run"),
        "second": _("second run"),
        "neither": _("neither"),
        "together": _(
            "Up to step {step} the losses of both runs are the same, to the last bit."
        ),
        "parted": _(
            "The losses part at step {parted}. After step {step} the means of the "
            "last ones are {gap} apart; lower: {lower}."
        ),
        "written": _("Written after step {step}:"),
        "writtenby": _("Written after step {step}, {run}:"),
        "empty": _("(nothing)"),
        "known": _("in the text"),
        "at": _("Step {step}:"),
        "head": _("Layer {layer}, head {head}"),
        "across": _("first direction, {share} of the variance"),
        "up": _("second direction, {share}"),
        "letters": _("From left to right: {letters}"),
        "plane": _("The rows of the characters"),
    }


def button(name: str, label: str, kind: str = "button") -> str:
    more = ' form="play-form"' if kind == "submit" else ""
    return f'<button type="{kind}" id="play-{name}" disabled=""{more}>{label}</button>'


def loss() -> list[str]:
    """What stands before the picture of the loss, and after it."""
    buttons = (
        button("train", _("Train"), "submit"),
        *(button("pause", _("Pause")), button("step", _("One step"))),
        button("stop", _("Stop")),
    )
    return [
        f"<noscript><p>{escape(without())}</p></noscript>"
        '<div class="playground-buttons" role="group"'
        f' aria-label="{_("Training")}">{"".join(buttons)}</div>'
        '<p class="playground-fault" id="play-fault" role="alert"></p>'
        '<p class="playground-state" id="play-state"></p>'
        '<p class="playground-said" id="play-said" role="status"></p>'
        '<div class="plot" id="play-curve" hidden=""></div><div id="play-still">',
        '</div><p id="play-parting"></p><p id="play-facts"></p>',
    ]


def samples() -> str:
    return (
        '<div class="playground-field"><label for="play-temperature">'
        f"{_('Temperature')}</label>"
        '<input id="play-temperature" type="range" min="0.1" max="2" step="0.1"'
        ' value="0.5" disabled=""/>'
        '<output id="play-warmth" for="play-temperature"></output>'
        f"{button('more', _('Write others'))}</div>"
        '<div class="playground-written" id="play-written"></div>'
        '<ol class="playground-history" id="play-history"></ol>'
    )


def attention() -> str:
    return (
        f'<div class="playground-field"><label for="play-name">{_("A name")}</label>'
        f'<input id="play-name" value="{EXAMPLE}" autocomplete="off"'
        ' spellcheck="false" disabled=""/></div>'
        '<div class="plot playground-maps" id="play-maps"></div>'
    )


def keep() -> str:
    return (
        f'<div class="playground-field">{button("keep", _("Download the checkpoint"))}'
        f'<label for="play-load">{_("Load a checkpoint")}</label>'
        '<input id="play-load" type="file" accept=".json" disabled=""/></div>'
    )


def form(noted: dict[str, list[nodes.Node]]) -> Iterator[nodes.Node]:
    """The settings, each with its note."""
    for title, fields in groups():
        yield raw(f'<fieldset disabled=""><legend>{title}</legend>')
        for field in fields:
            yield raw(
                f'<div class="playground-row"><div class="playground-field">'
                f'{field.control}</div><div class="playground-note">'
            )
            yield from noted.get(field.name, [])
            yield raw("</div></div>")
        yield raw("</fieldset>")
    yield raw(button("forget", _("Forget what I typed")))


def raw(markup: str) -> nodes.raw:
    return nodes.raw("", markup, format="html")


def page(node: playground) -> list[nodes.Node]:
    """A part as a web page has it."""
    part = node["part"]
    if part == "settings":
        said = escape(json.dumps(words(), ensure_ascii=False))
        head = f'<form class="playground" id="play-form" data-words="{said}">'
        return [raw(head), *form(notes(node)), raw("</form>")]
    inside: Sequence[nodes.Node]
    if part == "loss":
        before, after = loss()
        inside = [raw(before), *node.children, raw(after)]
    else:
        shown = {
            "samples": samples(),
            "attention": attention(),
            "embeddings": '<div class="plot" id="play-letters"></div>',
            "keep": keep(),
        }
        inside = [raw(shown[part])]
    opening = f'<div class="playground" data-part="{part}">'
    return [raw(opening), *inside, raw("</div>")]


def replace(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put into each place what this builder can show."""
    for node in list(doctree.findall(playground)):
        if app.builder.name in BUILDERS:
            found = page(node)
        elif node["part"] == "settings":
            found = [nodes.paragraph("", without())]
        else:
            found = node.children
        node.replace_self(found)


def add_script(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Load the script, after the page, where there is a playground."""
    if app.builder.name in BUILDERS and 'id="play-form"' in context.get("body", ""):
        app.add_js_file("playground.js", loading_method="defer")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_node(playground)
    app.add_directive("playground", Playground)
    app.connect("doctree-resolved", replace)
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
