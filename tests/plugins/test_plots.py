"""`{plot}` shows a picture, which is drawn once while what it needs is the same."""

import re

import pytest

from docs.plugins import pictures
from docs.plugins.pictures import render

EXTENSIONS = ["docs.plugins.num", "docs.plugins.plots"]
SOURCE = """
from docs.plots.shared.paper import Picture, sheet


def picture():
    figure, (axes,) = sheet(100)
    axes.plot([0, 1], [0, 1], color="black")
    return Picture(figure, "A line", "It rises.")
"""
RISING = "```{plot} a-line\nA *line* of {num}`2 + 2` dots.\n```\n"
OTHER = "```{plot} other\nAnother.\n```\n"


@pytest.fixture
def drawings(book, monkeypatch):
    """A book with two pictures; a file lists those that were drawn, in any process."""
    book.write({f"pkg/{name}.py": SOURCE for name in ("__init__", "a_line", "other")})

    def noted(package, name, folder):
        with (book.root / "drawn.txt").open("a", encoding="utf-8") as file:
            file.write(f"{name}\n")
        return render(package, name, folder)

    monkeypatch.setattr(pictures, "render", noted)
    return book


def drawn(book):
    """The names of the pictures that were drawn."""
    path = book.root / "drawn.txt"
    return path.read_text("utf-8").split() if path.exists() else []


def forget(book, pattern):
    """Remove what earlier builds left in the folder of the doctrees."""
    for path in (book.root / "_build" / "doctrees").glob(pattern):
        path.unlink()


def page(*parts):
    return "\n".join(["# Page\n", *parts])


def build(book, *parts, builder="html", **settings):
    if parts:
        book.write({"index.md": page(*parts)})
    return book.build(builder, plots_package="pkg", **settings)


def test_a_picture_is_a_figure_with_a_caption(drawings):
    built = build(drawings, RISING)
    html = built.html("index")
    assert built.warnings == []
    assert html.count("<svg ") == html.count("<figcaption>") == 1
    caption = 'A <em>line</em> of <span class="num">4</span> dots.'
    assert f'<span class="caption-text">{caption}</span>' in html
    assert '<desc id="plot-index-0-desc">It rises.</desc>' in html


def test_a_figure_is_numbered_and_can_be_referred_to(drawings):
    named = RISING.replace("A *line*", ":name: fig-one\n\nA *line*")
    built = build(drawings, named, "See {numref}`fig-one`.\n", numfig=True)
    assert built.warnings == []
    assert 'href="#fig-one"><span class="std std-numref">Fig. 1<' in built.html("index")


def test_ids_are_unique_in_a_book_on_one_page(drawings):
    drawings.write({"more.md": page(RISING, RISING)})
    toctree = "```{toctree}\nmore\n```\n"
    built = build(drawings, RISING, OTHER, toctree, builder="singlehtml")
    ids = re.findall(r' id="(plot-[^"]+)"', built.html("index"))
    assert len(ids) == len(set(ids)) >= 16
    assert drawn(drawings) == ["a-line", "other"]


def test_other_builders_write_the_words(drawings):
    built = build(drawings, RISING, builder="text")
    text = (built.app.outdir / "index.txt").read_text("utf-8")
    assert "It rises." in text
    assert "<svg" not in text
    assert built.warnings == []


def test_an_e_book_has_the_drawing(drawings):
    settings = {"epub_copyright": "c", "version": "1", "root_doc": "index"}
    built = build(drawings, RISING, builder="epub", **settings)
    text = (built.app.outdir / "index.xhtml").read_text("utf-8")
    assert "<svg" in text
    assert built.warnings == []


def test_a_builder_without_pages_draws_nothing_and_a_later_one_does(drawings):
    assert build(drawings, RISING, builder="dummy").warnings == []
    assert drawn(drawings) == []
    assert "<svg " in build(drawings).html("index")


def test_a_second_build_draws_nothing(drawings):
    first = build(drawings, RISING, OTHER).html("index")
    assert build(drawings).html("index") == first
    forget(drawings, "environment.pickle")
    assert build(drawings).html("index") == first
    assert drawn(drawings) == ["a-line", "other"]


def test_a_changed_picture_is_drawn_again_and_its_page_written(drawings):
    build(drawings, RISING, OTHER)
    drawings.write({"pkg/other.py": SOURCE.replace("rises", "rises twice")})
    assert ">It rises twice.<" in build(drawings).html("index")
    assert drawn(drawings) == ["a-line", "other", "other"]


def test_a_picture_that_is_no_longer_shown_is_forgotten(drawings):
    build(drawings, RISING, OTHER)
    built = build(drawings, RISING)
    assert len(list((built.app.doctreedir / "plots").glob("*.json"))) == 1


def test_a_picture_whose_file_was_lost_is_drawn_again(drawings):
    built = build(drawings, RISING)
    (kept,) = (built.app.doctreedir / "plots").glob("*.json")
    kept.unlink()
    assert "<svg " in build(drawings).html("index")
    assert drawn(drawings) == ["a-line", "a-line"]


def test_pages_may_be_read_and_written_in_parallel(drawings):
    names = [f"page{i}" for i in range(8)]
    drawings.write({f"{name}.md": page(RISING) for name in names})
    toctree = "```{toctree}\n" + "\n".join(names) + "\n```\n"
    built = build(drawings, OTHER, toctree, parallel=2)
    assert built.warnings == []
    assert all("<svg " in built.html(name) for name in ["index", *names])
    assert sorted(drawn(drawings)) == ["a-line", "other"]


def test_two_builds_are_the_same_to_the_byte(drawings):
    first = build(drawings, RISING).html("index")
    forget(drawings, "environment.pickle")
    forget(drawings, "plots/*.json")
    assert build(drawings).html("index") == first
    assert drawn(drawings) == ["a-line", "a-line"]


@pytest.mark.parametrize("builder", ["html", "dummy"])
def test_an_unknown_picture_is_one_located_warning(drawings, builder):
    built = build(drawings, RISING, "```{plot} lines\nNo.\n```\n", builder=builder)
    message = "plot: no picture 'lines', only a-line, other [plot.name]"
    assert built.warnings == [f"index.md:7: WARNING: {message}"]


def test_an_error_of_a_picture_is_one_located_warning_until_it_is_mended(drawings):
    drawings.write({"pkg/other.py": "def picture():\n    1 / 0\n"})
    message = "plot: 'other' raised ZeroDivisionError: division by zero [plot.error]"
    for _ in range(2):
        built = build(drawings, RISING, OTHER)
        assert built.warnings == [f"index.md:7: WARNING: {message}"]
        assert built.html("index").count("<svg ") == 1
    drawings.write({"pkg/other.py": SOURCE})
    assert build(drawings).html("index").count("<svg ") == 2


def test_a_missing_matplotlib_is_named(drawings):
    drawings.write({"pkg/other.py": "import no_matplotlib\n"})
    message = "ModuleNotFoundError: No module named 'no_matplotlib' [plot.error]"
    warning = f"index.md:3: WARNING: plot: 'other' raised {message}"
    assert build(drawings, OTHER).warnings == [warning]


def test_a_picture_without_a_caption_is_refused(drawings):
    (warning,) = build(drawings, "```{plot} other\n```\n").warnings
    assert warning.startswith("index.md:3: ERROR: ")
    assert "content" in warning.lower()
