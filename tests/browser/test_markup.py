"""The files of the book without a browser: HTML, links, anchors, scripts."""

import json
import posixpath
import re
import shutil
import subprocess
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.browser.tab import nowhere

VALIDATOR = Path(__file__).parent / "node_modules/vnu-jar/build/dist/vnu.jar"

JAVA = [
    "java",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xss4m",
    "-jar",
    VALIDATOR,
]
STRICT = ["--errors-only", "--format", "json", "--stdout", "--exit-zero-always"]


class Markup(HTMLParser):
    """The ids, links and scripts of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.blocking = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if "id" in found:
            self.ids.append(found["id"])
        self.links += [found[name] for name in ("href", "src") if found.get(name)]
        handlers = [name for name in found if name.startswith("on")]
        self.blocking += [f"<{tag} {name}>" for name in handlers]
        if tag == "script" and blocks(found):
            self.blocking.append(self.get_starttag_text())


def blocks(script):
    """Whether a script keeps the page from being painted, or stands in the page."""
    if script.get("type") == "application/json":  # no script, but data
        return False
    waits = script.keys() & {"defer", "async"} or script.get("type") == "module"
    return not (waits and script.get("src"))


def target(page, link):
    """The file and the anchor that a link of a page names, None if it is elsewhere."""
    if re.match(r"(?!file:)[a-z]+:|//", link):
        return None
    path, _, anchor = link.partition("#")
    path = unquote(path.partition("?")[0])
    folder = posixpath.dirname(page)
    return posixpath.normpath(posixpath.join(folder, path)) if path else page, anchor


def dead(pages, files):
    """The links of pages to files or anchors that are not there."""
    ids = {page: set(markup.ids) for page, markup in pages.items()}
    for page, markup in pages.items():
        for path, anchor in filter(None, (target(page, to) for to in markup.links)):
            known = not anchor or unquote(anchor) in ids.get(path, ())
            if path not in files or not known:
                yield f"{page}: {path}#{anchor}"


def files(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def parsed(folder):
    """The pages of a folder."""
    return {
        name: Markup((folder / name).read_text(encoding="utf-8"))
        for name in sorted(files(folder))
        if name.endswith(".html")
    }


def errors(folder):
    """What the validator of the W3C finds in the pages of a folder."""
    if not shutil.which("java"):
        pytest.skip("no Java here (Debian, Ubuntu: apt install default-jre-headless)")
    command = [*JAVA, *STRICT, *sorted(folder.rglob("*.html"))]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(run.stdout)["messages"]
    pages = {}
    for error in found:
        where = f"{error['url'].rpartition('/')[2]}:{error['lastLine']}"
        pages.setdefault(where, []).append(error["message"])
    return pages


@pytest.fixture(scope="module")
def pages(built):
    return parsed(built)


def test_the_validator_finds_no_error(built):
    nowhere(errors(built))


def test_no_internal_link_is_dead(pages, built):
    assert list(dead(pages, files(built))) == []


def test_stylesheets_name_files_that_are_there(built):
    for sheet in built.rglob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
        names = re.findall(r"url\(\s*['\"]?([^'\")]+)", text)
        local = [name for name in names if not name.startswith(("data:", "#"))]
        lost = [name for name in local if not (sheet.parent / name).is_file()]
        assert lost == [], sheet.name


def test_no_id_is_given_twice_in_a_page(pages):
    twice = {
        page: sorted((Counter(markup.ids) - Counter(set(markup.ids))).keys())
        for page, markup in pages.items()
    }
    nowhere(twice)


def test_no_script_stands_in_a_page_or_keeps_it_from_being_painted(pages):
    nowhere({page: markup.blocking for page, markup in pages.items()})


@pytest.mark.parametrize(
    "markup",
    [
        "<script>1</script>",
        "<script src=a.js></script>",
        "<script async>1</script>",
        "<p onclick='1'>",
    ],
)
def test_a_script_that_blocks_or_stands_in_the_page_is_noticed(markup):
    assert len(Markup(markup).blocking) == 1


@pytest.mark.parametrize(
    "markup",
    [
        "<script src=a.js defer></script>",
        "<script type=module src=a.js></script>",
        "<script type=application/json>{}</script>",
    ],
)
def test_a_script_that_waits_is_accepted(markup):
    assert Markup(markup).blocking == []


def test_each_kind_of_dead_link_is_noticed(tmp_path):
    (tmp_path / "in").mkdir()
    links = ["#top", "#no", "A.html", "a.html#b", "a.html#no", "../a.html", "gone.png"]
    links += ["https://example.org/no", "#", "a.html?q=1", "in/"]
    text = "".join(f"<a href='{link}'></a>" for link in links)
    (tmp_path / "in" / "x.html").write_text(f"<p id=top>{text}", encoding="utf-8")
    (tmp_path / "in" / "a.html").write_text("<p id=b>", encoding="utf-8")
    assert list(dead(parsed(tmp_path), files(tmp_path))) == [
        "in/x.html: in/x.html#no",
        "in/x.html: in/A.html#",
        "in/x.html: in/a.html#no",
        "in/x.html: a.html#",
        "in/x.html: in/gone.png#",
        "in/x.html: in/in#",
    ]


def test_bad_html_is_an_error(tmp_path):
    page = "<!doctype html><html lang=en><title>Bad</title><pre><div>no</div></pre>"
    (tmp_path / "bad.html").write_text(page, encoding="utf-8")
    message = "Element “div” not allowed as child of element “pre” in this context."
    assert errors(tmp_path) == {
        "bad.html:1": [f"{message} (Suppressing further errors from this subtree.)"]
    }


def test_a_fault_is_told_with_the_pages_that_have_it():
    with pytest.raises(
        pytest.fail.Exception, match=r"^a\.html \+ 1: bad\nb.html \+ 0: x$"
    ):
        nowhere({"a.html": ["bad"], "b.html": ["x", "bad"], "c.html": []})
