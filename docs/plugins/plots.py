"""Show a picture of a real run: `{plot} loss-curve`, with the caption as body.

The argument names a module of `docs.plots`, here `loss_curve`, whose function `picture`
does the run and draws it with Matplotlib. The drawing is kept in the folder of the
doctrees, under a digest of all that it depends on: the files of the package and of
the road, the module and those in `shared`, the versions of Matplotlib and NumPy. Web
pages get an SVG, other builders the description in words, and those that write no pages
draw nothing. Options:

`:name:`  a label for references
"""

from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.parallel import ParallelTasks, SerialTasks, parallel_available
from sphinx.util.typing import ExtensionMetadata, OptionSpec

from docs.plugins import pictures
from docs.plugins.by_page import ByPage
from docs.plugins.messages import worded

logger = logging.getLogger(__name__)
DRAWN_BY = ("html", "dirhtml", "singlehtml", "epub")


class plot(nodes.General, nodes.Element):
    """Stands for a picture until its page is written."""


class Wanted(NamedTuple):
    """A picture of a page, and its place."""

    name: str
    location: str


class PlotDirective(SphinxDirective):
    """The directive `{plot}`."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[OptionSpec] = {"name": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        wanted = Wanted(self.arguments[0], self.get_location())
        pages(self.env).setdefault(self.env.docname, []).append(wanted)
        return [self.figure(wanted.name)]

    def figure(self, name: str) -> nodes.figure:
        caption = "\n".join(self.content)
        serial = self.env.new_serialno("plot")
        ident = f"plot-{nodes.make_id(self.env.docname)}-{serial}"
        figure = nodes.figure()
        figure += plot("", picture=name, ident=ident)
        figure += worded(self, nodes.caption(), caption, self.content_offset + 1)
        self.set_source_info(figure)
        self.add_name(figure)
        return figure


def warn(kind: str, message: str, location: Any) -> None:
    logger.warning(f"plot: {message}", type="plot", subtype=kind, location=location)


pages = ByPage[list[Wanted]]("plot_pages")  # the pictures of each page


def shown(env: BuildEnvironment) -> dict[str, str]:
    """The key of each picture as it stands on the pages; stored in the environment."""
    found: dict[str, str] = vars(env).setdefault("plot_keys", {})
    return found


def store(app: Sphinx) -> pictures.Store:
    return pictures.Store(Path(app.doctreedir) / "plots")


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Draw the pictures that are new; give the pages they are on."""
    known = pictures.modules(app.config.plots_package)
    wanted = locations(env, known)
    if not (wanted and app.builder.format):
        return []
    keys = pictures.keys({name: known[name] for name in wanted})
    new = {name for name, key in keys.items() if shown(env).get(name) != key}
    new |= {name for name, key in keys.items() if not store(app).has(key)}
    for name in draw_all(app, {name: (keys[name], wanted[name]) for name in new}):
        del keys[name]
    vars(env)["plot_keys"] = keys
    store(app).forget_all_but(set(keys.values()))
    return [page for page, items in pages(env).items() if new & {i.name for i in items}]


def locations(env: BuildEnvironment, known: dict[str, Path]) -> dict[str, str]:
    """Where each picture stands first; one that does not exist is a warning."""
    found: dict[str, str] = {}
    for page in sorted(pages(env)):
        for name, location in pages(env)[page]:
            if name in known:
                found.setdefault(name, location)
            else:
                warn("name", f"no picture {name!r}, only {', '.join(known)}", location)
    return found


def draw_all(app: Sphinx, todo: dict[str, tuple[str, str]]) -> list[str]:
    """Draw pictures, with `-j` several at once; give those that failed.

    Those that are drawn in one process share its runs.
    """

    def draw_some(names: list[str]) -> None:
        for name in names:
            draw(app, name, *todo[name])

    count = app.parallel if parallel_available and app.parallel > 1 else 1
    tasks = ParallelTasks(count) if count > 1 else SerialTasks()
    for i in range(count):
        tasks.add_task(draw_some, sorted(todo)[i::count])
    tasks.join()
    return [name for name, (key, _) in todo.items() if not store(app).has(key)]


def draw(app: Sphinx, name: str, key: str, location: str) -> None:
    """See to it that a picture is kept; one that fails is a warning."""
    if store(app).has(key):
        return
    folder = store(app).folder / "matplotlib"
    try:
        picture = pictures.render(app.config.plots_package, name, folder)
    except Exception as error:
        warn("error", f"{name!r} raised {type(error).__name__}: {error}", location)
    else:
        store(app).put(key, picture)


def replace(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the drawing or the description where the picture is to be."""
    for node in list(doctree.findall(plot)):
        key = shown(app.env).get(node["picture"])
        if key is None:
            node.parent.remove(node)
            continue
        picture = store(app).get(key, node["ident"])
        if app.builder.name in DRAWN_BY:
            node.replace_self(nodes.raw("", picture.markup, format="html"))
        else:
            node.replace_self(nodes.paragraph("", picture.words))


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_node(plot)
    app.add_directive("plot", PlotDirective)
    app.add_config_value("plots_package", "docs.plots", "env", str)
    pages.connect(app)
    app.connect("env-updated", update)
    app.connect("doctree-resolved", replace)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
