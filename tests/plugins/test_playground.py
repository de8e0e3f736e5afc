"""The parts of the playground: what a page has, what other builders have."""

import json
import re
from html import unescape

import pytest

from docs.live.play import PARTS as ADAM
from docs.live.play import Settings, engines
from docs.plugins import playground

EXTENSIONS = ["docs.plugins.playground"]
SETTINGS = {
    "myst_enable_extensions": ["deflist"],
    **{"version": "1", "epub_copyright": "CC BY 4.0"},
}
PAGE = """# Play

```{playground} settings
n_head
: From *four* to one.

seed
: Chance.
```

```{playground} loss
A picture.
```

```{playground} samples
```

```{playground} attention
```

```{playground} embeddings
```

```{playground} keep
```
"""


def built(book, builder="html", text=PAGE):
    book.write({"index.md": text})
    return book.build(builder, **SETTINGS)


def row(html, name):
    """What stands beside the field of this name."""
    found = re.search(
        rf'name="{name}".*?<div class="playground-note">(.*?)</div>', html, re.S
    )
    return found[1].strip()


def test_a_page_has_all_parts_and_the_script(book):
    made = built(book)
    assert made.warnings == []
    html = made.html("index")
    parts = re.findall(r'class="playground" (?:data-part|id)="([\w-]+)"', html)
    assert parts == ["play-form", *playground.PARTS[1:]]
    assert re.search(r"<script [^>]*src=\"_static/playground.js", html)
    assert html.index('id="play-still"') < html.index("A picture.")
    assert html.index("A picture.") < html.index('id="play-parting"')


def test_a_page_without_it_has_no_script(book):
    assert "playground.js" not in built(book, text="# None\n").html("index")


def test_each_note_stands_beside_its_field(book):
    html = built(book).html("index")
    assert row(html, "n_head") == "<p>From <em>four</em> to one.</p>"
    assert row(html, "seed") == "<p>Chance.</p>"
    assert row(html, "steps") == ""


def test_fields_hold_the_settings_of_the_program(book):
    html = built(book).html("index")
    for name in ("n_layer", "n_embd", "n_head", "block_size", "steps", "lr", "seed"):
        value = getattr(Settings(), name)
        assert f'name="{name}" value="{value}" data-setting' in html
    select = re.search(r'<select id="play-engine".*?</select>', html, re.S)[0]
    assert re.findall(r'<option value="(\w+)"', select) == engines()
    assert f'value="{engines()[-1]}" selected' in select


def test_all_that_can_differ_in_a_second_run_is_known_to_the_program(book):
    html = built(book).html("index")
    select = re.search(r'<select id="play-other".*?</select>', html, re.S)[0]
    names = re.findall(r'<option value="([\w-]*)"', select)
    assert {*names} - {""} <= {*vars(Settings()), *ADAM}


def test_every_label_names_a_field_and_every_control_waits_for_the_script(book):
    html = built(book).html("index")
    ids = set(re.findall(r' id="([^"]+)"', html))
    assert {*re.findall(r'<(?:label|output)[^>]* for="([^"]+)"', html)} <= ids
    outside = re.sub(r"<fieldset disabled.*?</fieldset>", "", html, flags=re.S)
    part = outside[outside.index('id="play-form"') :]
    controls = re.findall(r"<(?:button|input)[^>]*id=\"play-[^>]*>", part)
    assert len(controls) == 10
    assert all("disabled" in control for control in controls)


def test_the_words_of_the_script_are_there_and_have_the_places_it_fills(book):
    html = built(book).html("index")
    words = json.loads(unescape(re.search(r'data-words="([^"]*)"', html)[1]))
    assert words == playground.words()
    script = (playground.SCRIPT).read_text("utf-8")
    used = set(re.findall(r'(?:words\.|say\(")(\w+)', script))
    assert used <= words.keys()


@pytest.mark.parametrize("builder", ["text", "epub"])
def test_other_builders_have_a_sentence_and_the_picture(book, builder):
    made = built(book, builder)
    assert made.warnings == []
    out = made.root / "_build" / builder
    (path,) = [*out.glob("index.txt"), *out.glob("index.xhtml")]
    text = " ".join(path.read_text("utf-8").split())
    assert "Here one can train the model in the page" in text
    assert "A picture." in text
    assert "<form" not in text
    assert "Chance" not in text


def test_what_is_misspelled_is_named(book):
    text = "# A\n\n```{playground} los\n```\n\n"
    text += "```{playground} settings\nhead\n: No.\n```\n"
    parts = "settings, loss, samples, attention, embeddings, keep"
    assert built(book, text=text).warnings == [
        f"index.md:3: WARNING: playground: no part 'los', only {parts} "
        "[playground.name]",
        "index.md:6: WARNING: playground: no field 'head' for this note "
        "[playground.name]",
    ]
