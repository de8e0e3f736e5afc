"""The directive `{sheet}` shows the code of modules without docstrings and blanks."""

import re
from html import unescape

import pytest

from docs.plugins.sheet import code, groups
from docs.plugins.source import Missing, Source

EXTENSIONS = ["sphinx.ext.autodoc", "sphinx.ext.viewcode", "docs.plugins.sheet"]
BOX = '''"""A box."""

import math

SIZE = 2


class Box:
    """Holds."""

    __slots__ = ("a",)

    def get(self):
        """Give."""
        return self.a

    def put(self, a):
        # why
        self.a = a


def area():

    return SIZE
'''


def lines(*names):
    source = Source("pkg/box.py", BOX)
    return [source.lines[number - 1].strip() for number in code(source, names)]


def page(body):
    return f"# Page\n\n```{{sheet}}\n{body}\n```\n"


def build(book, body, builder="html"):
    book.write({"pkg/__init__.py": "", "pkg/box.py": BOX, "index.md": page(body)})
    return book.build(builder, html_theme="basic", excerpt_root=str(book.root))


def shown(built):
    found = re.findall(r"<pre>(.*?)</pre>", built.html("index"), re.DOTALL)
    return [unescape(re.sub("<.*?>", "", text)).rstrip("\n") for text in found]


def test_a_whole_module_is_shown_without_docstrings_and_blank_lines():
    kept = [line.strip() for line in BOX.splitlines() if line.strip()]
    assert lines() == [line for line in kept if '"""' not in line]


def test_a_method_comes_after_its_imports_and_the_head_of_its_class():
    head = ["import math", "class Box:", '__slots__ = ("a",)']
    assert lines("Box.get") == [*head, "def get(self):", "return self.a"]
    assert lines("Box.get", "Box.put") == [*lines("Box.get"), *lines("Box.put")[3:]]


def test_a_class_that_is_named_is_shown_once():
    assert lines("Box", "Box.get") == lines("Box")


def test_what_is_named_is_shown_in_the_order_of_the_file():
    order = ["import math", "SIZE = 2", "def area():", "return SIZE"]
    assert lines("area", "SIZE") == order


def test_a_docstring_that_is_all_there_is_of_a_class_is_kept():
    source = Source("pkg/box.py", 'class Full(Exception):\n    """No room."""\n')
    assert code(source, []) == [1, 2]


def test_what_belongs_together_stands_together():
    lines = ["import a", "X = [", "    1", "]", "@b", "def c():", "    d", "def e():"]
    assert groups(lines) == [lines[:4], lines[4:7], lines[7:]]
    assert groups([]) == []


def test_a_name_that_is_missing_is_refused():
    with pytest.raises(Missing, match=r"pkg/box.py has no 'Box.gone'"):
        lines("Box.gone")


def test_the_page_keeps_the_indentation_and_links_to_the_source(book):
    built = build(book, "pkg.box: Box.get area")
    assert built.warnings == []
    text = 'class Box:\n    __slots__ = ("a",)\n    def get(self):\n'
    text = f"import math\n\n{text}        return self.a\n\n"
    text += "def area():\n    return SIZE"
    assert shown(built) == text.split("\n\n")
    assert '<p class="sheet-title">pkg/box.py</p>' in built.html("index")


def test_the_name_of_a_module_leads_to_its_highlighted_source(book):
    api = "\n```{eval-rst}\n.. autofunction:: pkg.box.area\n"
    built = build(book, f"pkg.box\n```\n{api}")
    link = r'<p class="sheet-title"><a .*href="_modules/pkg/box.html">pkg/box.py</a>'
    assert re.search(link, built.html("index"))


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        ("pkg.gone", "there is no module 'pkg.gone' [sheet.module]"),
        ("pkg.box: gone", "pkg/box.py has no 'gone' [sheet.name]"),
    ],
)
def test_a_line_that_names_nothing_is_a_located_warning(book, line, warning):
    built = build(book, f"pkg.box: area\n{line}")
    assert built.warnings == [f"index.md:5: WARNING: sheet: {warning}"]
    assert shown(built) == ["import math", "def area():\n    return SIZE"]


def test_an_empty_sheet_is_refused(book):
    assert "Content block expected" in build(book, "").warnings[0]


def test_other_builders_show_the_same_lines(book):
    built = build(book, "pkg.box: SIZE", "text")
    text = (built.app.outdir / "index.txt").read_text("utf-8")
    assert text == "Page\n****\n\npkg/box.py\n\n   import math\n   SIZE = 2\n"


def test_a_second_build_follows_the_source(book):
    build(book, "pkg.box: SIZE")
    book.write({"pkg/box.py": BOX.replace("SIZE = 2", "SIZE = 3")})
    built = book.build("html", html_theme="basic", excerpt_root=str(book.root))
    assert shown(built) == ["import math\nSIZE = 3"]
