"""Write formulas as MathML while building, so that reading needs no script."""

import re

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)
APPLIED = re.compile(r"(<mo>&ApplyFunction;</mo>)(?=\s*<(?!mo))")
THIN_SPACE = r'\1<mspace width="0.1667em"></mspace>'  # browsers write "logp" without


def mathml(node: nodes.Element, as_block: bool) -> str:
    """A formula as MathML; one that cannot be read is a located warning."""
    try:
        return APPLIED.sub(THIN_SPACE, str(tex2mathml(node.astext(), as_block)))
    except MathError as error:
        message = f"formula {node.astext()!r}: {error}"
        logger.warning(message, type="mathml", subtype="formula", location=node)
        return ""


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    self.body.append(mathml(node, as_block=False))
    raise nodes.SkipNode


def visit_displaymath(self: HTML5Translator, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", CLASS="math"))
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})</span>')
    self.body.append(mathml(node, as_block=True) + "</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_displaymath, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
