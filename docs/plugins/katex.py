r"""Write formulas with KaTeX while building, so that reading needs no script.

One process of Node writes all formulas that are new in a build. Web pages get markup
that looks the same in each browser, with MathML inside it for those who listen; they
load KaTeX' style sheet where they have a formula. E-books get the MathML alone. The
fonts that most formulas need are cut to the characters of the book's formulas, and two
of them stand in the style sheet itself: fonts that come after the text would move it.

A block with `\\` in it is set in lines, aligned at `&`. A formula that KaTeX refuses
is a located warning.
"""

import json
import re
import shutil
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape, unescape
from pathlib import Path
from typing import Any, NamedTuple, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from docs.plugins import fonts
from docs.plugins.by_page import ByPage
from docs.plugins.node import ASSETS, MODULES, NotAnswered, ask

logger = logging.getLogger(__name__)
SCRIPT = ASSETS / "formulas.mjs"
PACKAGE = MODULES / "katex"
STYLE, BEFORE_OURS = "katex/katex.css", 700
CUT = {"Main-Regular", "Main-Bold", "Math-Italic"} | {
    f"Size{n}-Regular" for n in "1234"
}
AT_ONCE = {"Main-Regular", "Math-Italic"}  # almost all formulas need them
NUMBERED = re.compile(r"\s*\\begin\{(align|alignat|equation|gather)\*?\}")
OTHER_FORMATS = re.compile(r',\s*url\([^)]*\.(woff|ttf)\) format\("\w+"\)')
MATHML = re.compile(r"<math .*</math>", re.DOTALL)
APPLIED = re.compile("(<mo>\u2061</mo>)(?=<(?!mo))")
THIN_SPACE = r'\1<mspace width="0.1667em"/>'  # else one reads "logp"
VISIBLE = '<span class="katex-html" aria-hidden="true">'
TAG = re.compile(r"<[^>]*>")
NARROW = 25  # characters that even a telephone has room for


class Formula(NamedTuple):
    """A formula in TeX, in a line of text or on lines of its own."""

    tex: str
    display: bool


class Written(NamedTuple):
    """What KaTeX makes of a formula, or why it makes nothing."""

    html: str
    error: str


def is_math(node: nodes.Node) -> bool:
    return isinstance(node, nodes.math | nodes.math_block)


def formula(node: nodes.Node) -> Formula:
    tex, display = node.astext(), isinstance(node, nodes.math_block)
    if display and r"\\" in tex and not NUMBERED.match(tex):
        tex = rf"\begin{{aligned}}{tex}\end{{aligned}}"
    return Formula(tex, display)


def visible(html: str) -> str:
    """The characters that are seen of a formula."""
    return unescape(TAG.sub("", html.partition(VISIBLE)[2]))


pages = ByPage[set[Formula]]("katex_pages")  # the formulas of each page


def store(app: Sphinx, doctree: nodes.document) -> None:
    found = doctree.findall(is_math)
    if formulas := set(map(formula, found)):
        pages(app.env)[app.env.docname] = formulas


def state() -> str:
    """A digest of what writes the formulas."""
    files = (SCRIPT, ASSETS / "package-lock.json")
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def known(env: BuildEnvironment) -> dict[Formula, Written]:
    """What was written of formulas; stored in the environment."""
    found: dict[Formula, Written] = vars(env).setdefault("katex_known", {})
    return found


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Have all new formulas written, in one process; give the pages they are on."""
    if app.builder.format != "html" or not pages(env):
        return []
    if vars(env).get("katex_state") != state():
        known(env).clear()
    wanted = set().union(*pages(env).values())
    new = wanted - known(env).keys()
    try:
        answers = write(sorted(new), app.config.katex_node)
    except NotAnswered as error:
        logger.warning(f"katex: {error}", type="katex", subtype="node")
        return []
    for old in known(env).keys() - wanted:
        del known(env)[old]
    known(env).update(answers)
    vars(env)["katex_state"] = state()
    if app.builder.name != "epub":
        ship(app)
    return [page for page, formulas in pages(env).items() if formulas & new]


def write(formulas: list[Formula], node: str) -> dict[Formula, Written]:
    """What KaTeX makes of each formula."""
    if not PACKAGE.is_dir():
        raise NotAnswered("katex is not installed: npm --prefix docs/assets ci")
    if not formulas:
        return {}
    answers = ask(SCRIPT, [json.dumps(one._asdict()) for one in formulas], node)
    return {one: Written(**answer) for one, answer in zip(formulas, answers)}


def ship(app: Sphinx) -> None:
    """Let Sphinx copy the style sheet, with fonts that have our characters."""
    text = "".join(visible(answer.html) for answer in known(app.env).values())
    folder = copied(Path(app.doctreedir) / "katex", "".join(sorted(set(text))))
    app.config.html_static_path.append(str(folder))


def copied(store: Path, characters: str) -> Path:
    """A folder with `katex/` in it, made once and kept while nothing has changed."""
    sources = (Path(__file__), Path(fonts.__file__), ASSETS / "package-lock.json")
    seed = characters.encode() + b"".join(path.read_bytes() for path in sources)
    folder = store / sha256(seed).hexdigest()
    if not folder.exists():
        shutil.rmtree(store, ignore_errors=True)
        part = folder.with_suffix(".part")
        (part / "katex" / "fonts").mkdir(parents=True)
        for name, content in files(characters):
            (part / "katex" / name).write_bytes(content)
        part.rename(folder)
    return folder


def files(characters: str) -> Iterator[tuple[str, bytes]]:
    """What pages with formulas load, by name, and its license."""
    yield "LICENSE.txt", (PACKAGE / "LICENSE").read_bytes()
    css = (PACKAGE / "dist" / "katex.min.css").read_text("utf-8")
    css = OTHER_FORMATS.sub("", css)
    for path in sorted((PACKAGE / "dist" / "fonts").glob("*.woff2")):
        face, content = path.stem.removeprefix("KaTeX_"), path.read_bytes()
        if face in CUT:
            content = fonts.woff2(fonts.subset(path, characters, []))
        if face in AT_ONCE:
            data = f"data:font/woff2;base64,{b64encode(content).decode()}"
            css = css.replace(f"fonts/{path.name}", data)
        else:
            yield f"fonts/{path.name}", content
    yield "katex.css", css.encode()


def load(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Have a page that has formulas load the style sheet."""
    if context.get("has_maths_elements") and app.builder.name != "epub":
        cast(StandaloneHTMLBuilder, app.builder).add_css_file(
            STYLE, priority=BEFORE_OURS
        )


def mathml(html: str) -> str:
    """The MathML alone of a formula, for readers without the style sheet."""
    return APPLIED.sub(THIN_SPACE, MATHML.findall(html)[0])


def markup(self: HTML5Translator, node: nodes.math | nodes.math_block) -> str:
    """What stands in the page for a formula."""
    one = formula(node)
    answer = known(self.builder.env).get(one)
    if answer and answer.error:
        message = f"formula {node.astext()!r}: {answer.error}"
        logger.warning(message, type="katex", subtype="formula", location=node)
    if not (answer and answer.html):
        return f'<code class="math-unwritten">{escape(node.astext())}</code>'
    return mathml(answer.html) if self.builder.name == "epub" else answer.html


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    self.body.append(markup(self, node))
    raise nodes.SkipNode


def visit_displaymath(self: HTML5Translator, node: nodes.math_block) -> None:
    """A formula that scrolls in itself, and beside it its number."""
    html = markup(self, node)
    stop = ' tabindex="0"' if len(visible(html)) > NARROW else ""
    scroller = f'<div class="math"{stop}>{html}</div>'
    if node["number"]:
        number = get_node_equation_number(self, node)
        start = self.starttag(node, "div", CLASS="math-numbered")
        self.body += [start, scroller, f'<span class="eqno">({number})']
        self.add_permalink_ref(node, _("Link to this equation"))
        scroller = "</span></div>"
    self.body.append(f"{scroller}\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_html_math_renderer("katex", (visit_math, None), (visit_displaymath, None))
    app.add_config_value("katex_node", "node", "", str)
    app.connect("doctree-read", store)
    pages.connect(app)
    app.connect("env-updated", update)
    app.connect("html-page-context", load)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
