"""Correct what Sphinx writes that is no valid HTML.

- The caption of a table of contents is a heading without a level.
- The box that Furo puts around a table or a formula has the ids of what is in it.
- On the pages of highlighted modules, blocks stand inside of preformatted text.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.ext.viewcode import OUTPUT_DIRNAME
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata

WRAPPERS = {"table-wrapper", "math-wrapper"}


def with_levels(body: str) -> str:
    return body.replace('role="heading">', 'role="heading" aria-level="2">')


def without_blocks(body: str) -> str:
    """Each `div` inside of a `pre` as a `span`."""

    def spans(found: re.Match[str]) -> str:
        return re.sub(r"(</?)div\b", r"\1span", found[0])

    return re.sub("<pre>.*?</pre>", spans, body, flags=re.DOTALL)


def correct(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    body = with_levels(context.get("body", ""))
    is_module = pagename.startswith(f"{OUTPUT_DIRNAME}/")
    context["body"] = without_blocks(body) if is_module else body


class OneId(SphinxPostTransform):
    """Leave the ids of a table or a formula to it alone."""

    formats = ("html",)
    default_priority = 501  # after Furo's boxes

    def run(self, **kwargs: Any) -> None:
        for box in self.document.findall(nodes.container):
            if WRAPPERS.intersection(box["classes"]):
                parts = [part for part in box if isinstance(part, nodes.Element)]
                inside = {ident for part in parts for ident in part["ids"]}
                box["ids"] = [ident for ident in box["ids"] if ident not in inside]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_post_transform(OneId)
    app.connect("html-page-context", correct)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
