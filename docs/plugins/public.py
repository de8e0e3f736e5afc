"""Make what a book needs at a public address, and nothing of it without one.

Where `html_baseurl` is set, Sphinx gives each page a canonical link, and this plugin
adds `404.html`, which works wherever it is shown, `sitemap.xml`, `robots.txt`, and
`llms.txt` (https://llmstxt.org): all pages by their parts, with their summaries.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata

from docs.plugins.places import Place, places

MISSING = "404"
RELATIVE = re.compile(
    r'(?<=\s)(href|src|action|data-content_root)="(?!#|[a-z][a-z0-9+.-]*:)([^"]*)"'
)
MADE = (f"{MISSING}.html", "sitemap.xml", "robots.txt", "llms.txt")


def base(app: Sphinx) -> str:
    """The address of the folder of the book, or "" where it has none."""
    url = app.config.html_baseurl if app.builder.name == "html" else ""
    return url and f"{url.rstrip('/')}/"


def absolute(html: str, url: str) -> str:
    """A page of the first folder whose links lead to an address, from anywhere."""
    return RELATIVE.sub(
        lambda found: f'{found[1]}="{url}{found[2].removeprefix("./")}"', html
    )


def sitemap(url: str, pages: Mapping[str, Place]) -> str:
    """The addresses of all pages, for search engines."""
    rows = [f"<url><loc>{escape(url)}{page}.html</loc></url>" for page in pages]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *rows,
            "</urlset>\n",
        ]
    )


def llms(url: str, first: Place, pages: Mapping[str, Place]) -> str:
    """What stands on which page, for language models."""
    lines = [f"# {first.title}", "", f"> {first.summary}"]
    inside = [place for place in pages.values() if place.part]
    for part, found in groupby(inside, key=lambda place: place.part):
        lines += ["", f"## {part}", ""]
        lines += [
            f"- [{place.title}]({url}{place.docname}.html): {place.summary}"
            for place in found
        ]
    return "\n".join([*lines, ""])


def missing_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page for an address at which there is none."""
    if base(app):
        title = _("There is no such page")
        text = _("Its address may have changed: look for it in the contents.")
        body = f"<h1>{title}</h1><p>{text}</p>"
        yield MISSING, {"title": title, "body": body}, "page.html"


def files(app: Sphinx, url: str) -> dict[str, str]:
    """What is written beside the pages, by the names of the files."""
    pages, name = places(app.env), f"{MISSING}.html"
    page = (Path(app.outdir) / name).read_text("utf-8")
    return {
        name: absolute(page, url),
        "sitemap.xml": sitemap(url, pages),
        "robots.txt": f"User-agent: *\nAllow: /\nSitemap: {url}sitemap.xml\n",
        "llms.txt": llms(url, pages[app.config.root_doc], pages),
    }


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the files, or remove those of a build that had an address."""
    if exception or app.builder.name != "html":
        return
    url, out = base(app), Path(app.outdir)
    for name in MADE if not url else ():
        (out / name).unlink(missing_ok=True)
    for name, text in files(app, url).items() if url else ():
        (out / name).write_text(text, "utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("docs.plugins.places")
    app.connect("html-collect-pages", missing_page)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
