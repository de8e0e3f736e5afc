"""Colors, drawers, anchors, copying and the source of a page, as a reader uses them."""

import pytest

PAGE = "value.html"  # what `visit` opens unless another one is named
LIGHT, DARK = "light", "dark"


def phone(visit, **settings):
    return visit(viewport={"width": 360, "height": 740}, **settings)


def paper(tab):
    """Whether the page is light or dark."""
    color = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    channels = [float(part) for part in color.strip("rgba()").split(",")[:3]]
    return LIGHT if sum(channels) > 3 * 128 else DARK


def focused(tab, attribute):
    return tab.evaluate(f"document.activeElement.getAttribute('{attribute}')")


def colors(tab):
    return tab.locator(".content-icon-container .theme-toggle")


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@pytest.mark.parametrize("script", [True, False])
def test_colors_follow_the_system_with_and_without_javascript(visit, scheme, script):
    tab = visit(color_scheme=scheme, java_script_enabled=script)
    assert paper(tab) == scheme
    assert colors(tab).is_visible() == script


@pytest.mark.parametrize(("scheme", "other"), [(LIGHT, DARK), (DARK, LIGHT)])
def test_a_choice_of_colors_is_made_by_key_named_and_remembered(visit, scheme, other):
    tab = visit(color_scheme=scheme)
    assert colors(tab).get_attribute("aria-label") == "Colors: as the system"
    colors(tab).press("Enter")
    assert paper(tab) == other
    assert colors(tab).get_attribute("aria-label") == f"Colors: {other}"
    tab.goto(tab.url.replace(PAGE, "attention.html"))
    assert paper(tab) == other
    assert colors(tab).get_attribute("aria-label") == f"Colors: {other}"
    colors(tab).press("Enter")
    assert paper(tab) == scheme
    assert colors(tab).get_attribute("aria-label") == f"Colors: {scheme}"


def test_a_browser_that_keeps_nothing_still_shows_the_page(visit):
    tab = visit("index.html", color_scheme=DARK)
    tab.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw Error('no') } })"
    )
    tab.reload()
    assert paper(tab) == DARK
    assert tab.evaluate("document.body.dataset.theme") == "auto"


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("name", ["Contents", "On this page"])
def test_a_drawer_opens_and_closes_by_keyboard(visit, name, script):
    tab = phone(visit, java_script_enabled=script)
    button = tab.locator(f"header button[aria-label='{name}']")
    drawer = tab.locator(f"nav[aria-label='{name}']")
    assert not drawer.is_visible()
    button.press("Enter")
    assert drawer.is_visible()
    tab.keyboard.press("Tab")
    assert drawer.locator(":focus").count() == 1
    tab.keyboard.press("Escape")
    assert not drawer.is_visible()
    assert button.evaluate("button => button === document.activeElement")


def test_a_link_to_a_place_on_the_page_closes_the_drawer(visit):
    tab = phone(visit)
    tab.locator("header button[aria-label='On this page']").click()
    link = tab.locator("nav#toc a[href='#four-fields']")
    link.click()
    assert tab.url.endswith("#four-fields")
    assert not link.is_visible()


def test_where_there_is_room_the_drawers_are_open_and_have_no_buttons(visit):
    tab = visit(viewport={"width": 1500, "height": 800})
    for name in ("Contents", "On this page"):
        assert tab.locator(f"nav[aria-label='{name}']").is_visible()
        buttons = tab.locator(f"button[aria-label='{name}']").all()
        assert not any(button.is_visible() for button in buttons)


def test_the_first_key_leads_to_the_content(visit):
    tab = visit()
    tab.keyboard.press("Tab")
    assert focused(tab, "class") == "skip-to-content muted-link"
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    assert tab.locator("article :focus").count() == 1


def test_the_anchor_of_a_heading_is_named_and_seen_when_it_has_the_focus(visit):
    tab = visit()
    link = tab.locator("h2 > .headerlink").first
    look = "link => getComputedStyle(link).opacity"
    assert link.evaluate(look) == "0"
    tab.keyboard.press("Tab")  # so that the focus is shown as for a keyboard
    link.focus()
    assert link.evaluate(look) == "1"
    name = "Link to this heading"
    assert tab.get_by_role("link", name=name, exact=True).first.is_visible()


def copied(tab, block):
    """What the clipboard holds after a press on the button of a block."""
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = block.locator("button.copy")
    assert button.inner_text() == "Copy"
    button.press("Enter")
    button.get_by_text("Copied").wait_for()
    return tab.evaluate("navigator.clipboard.readText()")


def test_an_example_is_copied_without_prompts_and_results(visit):
    tab = visit()
    block = tab.locator(".highlight:has(.gp):has(.go)").first
    shown = block.locator("pre").inner_text().splitlines()
    typed = [line[4:] for line in shown if line[:3] in (">>>", "...")]
    assert len(typed) < len(shown)
    assert copied(tab, block).splitlines() == typed


def test_an_excerpt_is_copied_whole_and_without_numbers(visit):
    tab = visit()
    block = tab.locator(".excerpt:has(.excerpt-fold)").first
    assert block.locator("button.copy").count() == 1
    text = copied(tab, block)
    assert text.startswith('class Value(Arithmetic):\n    """A float, its gradient')
    assert '    __slots__ = ("data", "grad"' in text
    assert ">>> a, b = Value(2.0), Value(3.0)" in text


def test_a_drawing_in_letters_has_no_button(visit):
    tab = visit("map.html")
    assert tab.locator(".highlight-text button").count() == 0


def test_without_javascript_there_is_nothing_to_copy_with(visit):
    assert visit(java_script_enabled=False).locator("button.copy").count() == 0


@pytest.mark.parametrize("where", ["http", "file"])
def test_the_source_of_a_page_is_shown(visit, where):
    tab = visit(where=where)
    tab.get_by_role("link", name="Source of this page").click()
    assert tab.locator("h1").inner_text() == "Source of The Value"
    assert "```{excerpt} microgpt.value:Value" in tab.locator("pre").inner_text()
    tab.locator("h1 a").click()
    assert tab.url.endswith(PAGE)
