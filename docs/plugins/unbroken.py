"""Keep short code within prose on one line: `x + a` is read as one word.

It gets the class `short`, and the style sheets do the rest. Longer code may be broken
where it has a space, or a narrow screen would have no room for it.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata

SHORT = 12  # characters: a third of a line on a telephone


class KeepShortCode(SphinxPostTransform):
    """Mark the code that is short."""

    formats = ("html",)
    default_priority = 500

    def run(self, **kwargs: Any) -> None:
        for code in self.document.findall(nodes.literal):
            if len(code.astext()) <= SHORT:
                code["classes"].append("short")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_post_transform(KeepShortCode)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
