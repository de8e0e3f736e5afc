"""The editor of a cell, in a real browser, under a strict policy."""

import pytest

OPEN = """async (text) => {
  const { edit } = await import("./_static/live/editor.js");
  window.runs = 0;
  window.changes = [];
  const onRun = () => (window.runs += 1);
  const onChange = (text) => changes.push(text);
  window.editor = edit(document.body, { text, label: "Cell 1", onRun, onChange });
  editor.focus();
}"""


@pytest.fixture
def page(plain):
    plain.page.reload()
    plain.page.evaluate(OPEN, "def f():\n    return 1")
    yield plain.page
    assert plain.page.evaluate("violations") == []


def test_it_shows_numbered_and_colored_lines_and_says_what_it_is(page):
    box = page.get_by_role("textbox", name="Cell 1")
    assert box.is_visible()
    assert page.locator(".cm-lineNumbers").inner_text().split() == ["1", "2"]
    assert page.locator(".tok-keyword").all_inner_texts() == ["def", "return"]


def test_what_is_typed_is_told_and_indented(page):
    page.keyboard.press("Control+End")
    page.keyboard.type("\nif x:\ny")
    text = "def f():\n    return 1\n    if x:\n        y"
    assert page.evaluate("editor.text") == page.evaluate("changes.at(-1)") == text


@pytest.mark.parametrize("keys", ["Control+Enter", "Shift+Enter"])
def test_a_key_runs_the_cell_and_leaves_its_text(page, keys):
    page.keyboard.press(keys)
    assert page.evaluate("[runs, editor.text]") == [1, "def f():\n    return 1"]


def test_the_keyboard_gets_out_again(page):
    page.keyboard.press("Tab")
    assert page.evaluate("editor.text").startswith("    def")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.body")


def test_its_text_can_be_set_and_it_can_be_closed(page):
    page.evaluate("editor.text = 'x = 1'")
    assert page.evaluate("editor.text") == "x = 1"
    page.evaluate("editor.close()")
    assert page.locator(".cm-editor").count() == 0
