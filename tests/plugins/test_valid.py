"""What Sphinx writes becomes valid HTML."""

import re

EXTENSIONS = [
    *("sphinx.ext.autodoc", "sphinx.ext.viewcode"),
    "docs.plugins.valid",
]
API = "```{eval-rst}\n.. autofunction:: pkg.box.f\n.. autofunction:: pkg.box.g\n```\n"
FILES = {
    "pkg/__init__.py": "",
    "pkg/box.py": 'def f():\n    """One."""\n    return "</div>"\n\n\n'
    'def g():\n    """Two."""\n',
    "index.md": "# A book\n\n```{toctree}\n:caption: A part\none\n```\n",
    "one.md": f"# One\n\n{API}",
}


def test_a_caption_of_the_contents_is_a_heading_of_the_second_level(book):
    book.write(FILES)
    text = book.build("html").html("index")
    assert '<p class="caption" role="heading" aria-level="2">' in text


def test_no_block_stands_inside_of_preformatted_text(book):
    book.write(FILES)
    text = book.build("html").html("_modules/pkg/box")
    code = re.search("<pre>.*</pre>", text, re.DOTALL)[0]
    assert '<span class="viewcode-block" id="f">' in code
    assert not re.search("</?div", code)
    assert code.count("<span") == code.count("</span>")
    assert "&lt;/div&gt;" in code
    assert "<div" in text


def test_the_box_around_a_table_leaves_the_id_to_it(book):
    table = "(here)=\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    box = ":::{container} apart\n:name: kept\nText.\n:::\n"
    book.write({"index.md": f"# A book\n\n[x](#here)\n\n{table}\n{box}"})
    settings = {"html_theme": "furo", "myst_enable_extensions": ["colon_fence"]}
    built = book.build("html", **settings)
    text = built.html("index")
    assert text.count('id="here"') == text.count('id="kept"') == 1
    assert built.warnings == []
