"""The builder `doctest` runs every prompt of every page and names the true line."""

import pytest

EXTENSIONS = ["sphinx_design", "docs.plugins.excerpt", "docs.plugins.doctests"]


def run(book, files, **settings):
    book.write(files)
    settings = {"doctest_package": "pkg", "doctest_without_examples": [], **settings}
    settings["myst_enable_extensions"] = ["colon_fence"]
    return book.build("doctest", **settings)


def summary(built):
    return [line for line in built.status if "example" in line]


PASSED = "1 example in 1 document passed, 0 failed, 0 skipped"
HEAD = "# Page\n\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("```python\n>>> 1\n2\n```\n", 4),
        ("```pycon\n>>> 1\n2\n```\n", 4),
        ("```\n>>> 1\n2\n```\n", 4),
        ("```text\nA session:\n\n>>> 1\n2\n```\n", 6),
        ("    >>> 1\n    2\n", 3),
        ("```{doctest}\n>>> 1\n2\n```\n", 4),
        ("```{doctest}\n:hide:\n\n>>> 1\n2\n```\n", 6),
        ("```{doctest}\n>>> 1  # doctest: +ELLIPSIS\n2\n```\n", 4),
        ("```{code-block} python\n:emphasize-lines: 1\n\n>>> 1\n2\n```\n", 6),
        (":::{note}\n\n```python\n>>> 1\n2\n```\n:::\n", 6),
        ("::::{tab-set}\n:::{tab-item} A\n```\n>>> 1\n2\n```\n:::\n::::\n", 6),
        ("> ```\n> >>> 1\n> 2\n> ```\n", 4),
        ("- item\n\n  ```python\n  >>> 1\n  2\n  ```\n", 6),
        ("```python\n>>> 1\n1\n```\n\n```python\n>>> 1\n2\n```\n", 9),
        ("```{eval-rst}\nText::\n\n   no\n\n>>> 1\n2\n```\n", 8),
    ],
)
def test_every_prompt_runs_and_a_failure_names_its_line(book, text, line):
    built = run(book, {"index.md": HEAD + text})
    warning = f"index.md:{line}: WARNING: expected 2, got 1 [doctest.failed]"
    assert built.warnings == [warning]
    assert built.app.statuscode == 1


def test_what_is_right_passes_with_one_closing_line(book):
    built = run(book, {"index.md": HEAD + "```python\n>>> 0.1 + 0.2\n0.3\n```\n"})
    assert built.warnings == []
    assert built.app.statuscode == 0
    assert built.status[-2] == PASSED


def test_names_are_shared_through_a_page_but_not_between_pages(book):
    first = "# A\n\n```\n>>> x = 1\n```\n\n```python\n>>> x\n1\n```\n"
    second = "---\norphan: true\n---\n# B\n\n```\n>>> x\n1\n```\n"
    built = run(book, {"index.md": first, "other.md": second})
    message = "raised NameError: name 'x' is not defined [doctest.failed]"
    assert built.warnings == [f"other.md:7: WARNING: {message}"]
    counts = "2 examples in 2 documents passed, 1 failed, 0 skipped"
    assert built.status[-2] == counts


def test_the_package_docstrings_run_as_well(book):
    code = (
        '"""A."""\nSTD = 2\n\n\ndef f():\n    """Tell.\n\n    >>> STD\n    3\n    """\n'
    )
    built = run(
        book,
        {
            "pkg/__init__.py": '"""All.\n\n>>> __name__\n\'pkg\'\n"""\n',
            "pkg/box.py": code,
            "index.md": HEAD + "```\n>>> 1\n1\n```\n",
        },
    )
    warning = "pkg/box.py:8: WARNING: expected 3, got 2 [doctest.failed]"
    assert built.warnings == [warning]
    assert built.status[-2] == "2 examples in 3 documents passed, 1 failed, 0 skipped"


def test_a_stand_in_for_an_absent_package_runs_no_example(book):
    code = '"""Tell.\n\n>>> absent.x\n1\n"""\n\nimport absent\n'
    page = "```{eval-rst}\n.. automodule:: pkg.away\n```\n\n```\n>>> 1\n1\n```\n"
    files = {"pkg/__init__.py": "", "pkg/away.py": code, "index.md": HEAD + page}
    files["conf.py"] = (
        f"extensions = {['myst_parser', 'sphinx.ext.autodoc', *EXTENSIONS]}\n"
        "autodoc_mock_imports = ['absent']"
    )
    built = run(book, files)
    assert built.warnings == []
    told = "1 example skipped in pkg/away.py: absent is not installed"
    assert built.status[-3:-1] == [
        told,
        "1 example in 1 document passed, 0 failed, 1 skipped",
    ]


def test_quoted_source_and_quoted_docstrings_run_once(book):
    code = 'def f():\n    """Tell.\n\n    >>> 1\n    1\n    """\n'
    pages = (
        "```{excerpt} pkg.box:f\n```\n\n```{eval-rst}\n.. autofunction:: pkg.box.f\n"
    )
    files = {
        "pkg/__init__.py": "",
        "pkg/box.py": code,
        "index.md": f"{HEAD}{pages}```\n",
    }
    files["conf.py"] = (
        f"extensions = {['myst_parser', 'sphinx.ext.autodoc', *EXTENSIONS]}"
    )
    built = run(book, files, doctest_without_examples=["ind*"])
    assert built.warnings == []
    assert built.status[-2] == PASSED


@pytest.mark.filterwarnings("ignore:.*BuildEnvironment.app")  # MyST's own call
def test_an_included_file_is_named(book):
    files = {"part.txt": "```\n>>> 1\n2\n```\n"}
    files["index.md"] = HEAD + "```{include} part.txt\n```\n"
    built = run(book, files)
    warning = "part.txt:2: WARNING: expected 2, got 1 [doctest.failed]"
    assert built.warnings == [warning]


def test_a_page_without_an_example_fails(book):
    built = run(book, {"index.md": HEAD + "```python\nx = 1\n```\n"})
    assert built.warnings == ["index.md:1: WARNING: no example [doctest.empty]"]
    assert built.app.statuscode == 1


def test_a_page_may_be_excused_from_having_an_example(book):
    built = run(book, {"index.md": HEAD}, doctest_without_examples=["index"])
    assert built.warnings == []


def test_a_prompt_outside_a_block_fails(book):
    built = run(book, {"index.md": HEAD + "```\n>>> 1\n1\n```\n\n>>> 2\n3\n"})
    message = "this `>>>` is in no block, so it is never run [doctest.unread]"
    assert built.warnings == [f"index.md:8: WARNING: {message}"]


@pytest.mark.usefixtures("without_torch")
def test_needs_are_declared_in_the_front_matter(book):
    block = "```\n>>> 1\n1\n>>> 2\n2\n```\n"
    text = f"---\nneeds: [torch, files]\n---\n{HEAD}{block}"
    built = run(book, {"index.md": text})
    assert built.warnings == []
    assert summary(built) == [
        "2 examples skipped in index.md: torch is not installed",
        "0 examples in 0 documents passed, 0 failed, 2 skipped",
    ]


@pytest.mark.usefixtures("without_torch")
def test_one_block_may_declare_what_it_needs(book):
    blocks = "```python\n>>> # needs: torch\n>>> torch\n```\n\n```\n>>> 1\n1\n```\n"
    built = run(book, {"index.md": HEAD + blocks})
    assert summary(built) == [
        "1 example skipped in index.md: torch is not installed",
        "1 example in 1 document passed, 0 failed, 1 skipped",
    ]


def test_an_unknown_need_is_located(book):
    block = "```\n>>> # needs: files, nunpy\n>>> 1\n1\n```\n"
    built = run(book, {"index.md": f"---\nneeds: numpi\n---\n{HEAD}{block}"})
    known = "cc, files, mpmath, numpy, sphinx, torch, tqdm [doctest.needs]"
    assert built.warnings == [
        f"index.md:1: WARNING: needs 'numpi', which is none of {known}",
        f"index.md:7: WARNING: needs 'nunpy', which is none of {known}",
    ]


@pytest.mark.parametrize("name", ["testcode", "testoutput", "testsetup", "testcleanup"])
def test_directives_whose_lines_lie_are_refused(book, name):
    blocks = f"```\n>>> 1\n1\n```\n\n```{{{name}}}\nprint(1)\n```\n"
    built = run(book, {"index.md": HEAD + blocks})
    message = f"{{{name}}} is not run: write a `>>>` example [doctest.refused]"
    assert built.warnings == [f"index.md:8: WARNING: {message}"]


def test_a_second_run_sees_what_changed(book):
    assert run(book, {"index.md": HEAD + "```\n>>> 1\n1\n```\n"}).warnings == []
    built = run(book, {"index.md": HEAD + "\n```\n>>> 1\n12\n```\n"})
    warning = "index.md:5: WARNING: expected 12, got 1 [doctest.failed]"
    assert built.warnings == [warning]


def test_a_condition_does_not_hide_an_example(book):
    block = "```{doctest}\n:skipif: True\n\n>>> 1\n2\n```\n"
    built = run(book, {"index.md": HEAD + block})
    assert built.warnings == ["index.md:6: WARNING: expected 2, got 1 [doctest.failed]"]


def test_pages_that_run_at_once_report_the_same_in_the_same_order(book):
    pages = [f"page{number}" for number in range(7)]
    block = "```\n>>> 1\n1\n>>> # needs: x\n>>> 1\n2\n```\n"
    files = {f"{page}.md": HEAD + block for page in pages}
    listed = "\n".join(["```{toctree}", *pages, "```", ""])
    files["index.md"] = HEAD + "```\n>>> 3\n3\n```\n\n" + listed
    built = run(book, files)
    again = run(book, {}, parallel=2)
    message = "expected 2, got 1 [doctest.failed]"
    assert built.warnings == [f"{page}.md:7: WARNING: {message}" for page in pages]
    assert again.warnings == built.warnings
    assert summary(again) == summary(built)
    assert again.app.statuscode == 1
