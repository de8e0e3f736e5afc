"""A single page of the book on paper, as a reader prints it from the browser."""

import pytest

EDGE = """([selector, width]) => {
  const found = [], walker = selector => document.querySelectorAll(selector);
  for (const root of walker(selector)) {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      if (texts.currentNode.parentElement.closest(".katex-mathml")) continue;  // heard
      const range = document.createRange();
      range.selectNode(texts.currentNode);
      for (const box of range.getClientRects())
        if (box.width > 1.5 && box.right > width + 1)
          found.push(texts.currentNode.data.trim());
    }
  }
  return found.filter(text => text);
}"""
SHOWN = """() => [...document.querySelectorAll(
  "button, input, nav, footer, .headerlink, .exercise-fold, .sidebar-drawer"
)].filter(tag => tag.getClientRects().length).map(tag => tag.outerHTML.slice(0, 80))"""
COLORS = """() => ["backgroundColor", "color"].map(
  name => getComputedStyle(document.body)[name].match(/\\d+/g).slice(0, 3)
).map(color => color.map(Number))"""
CODE = """() => [...document.querySelectorAll(".highlight pre")].filter(
  tag => tag.scrollWidth > tag.clientWidth + 1).length"""
PAPERS = {"A4": 190, "Letter": 195}  # mm between the margins of a browser


def opened(browser, url, width, colors):
    """A page as it is laid out for paper."""
    size = {"width": round(width / 25.4 * 96), "height": 1000}
    page = browser.new_page(viewport=size, color_scheme=colors)
    page.emulate_media(media="print", color_scheme=colors)
    page.goto(url, timeout=0)
    return page


def beyond(browser, url, width, colors, selector="article"):
    """The texts that reach beyond the right edge of the paper."""
    page = opened(browser, url, width, colors)
    try:
        return page.evaluate(EDGE, [selector, page.viewport_size["width"]])
    finally:
        page.close()


@pytest.fixture(params=["value", "attention"])
def url(built, request):
    return (built / f"{request.param}.html").as_uri()


@pytest.mark.parametrize("paper", PAPERS)
def test_no_text_is_cut_at_the_right_edge(browser, url, paper):
    assert beyond(browser, url, PAPERS[paper], "light") == []


def test_code_wraps_where_it_is_too_wide(browser, url):
    page = opened(browser, url, 100, "light")
    assert page.evaluate(CODE) == 0
    page.close()


def test_what_one_clicks_on_is_not_printed(browser, url):
    page = opened(browser, url, 190, "light")
    assert page.evaluate(SHOWN) == []
    page.close()


def test_dark_pages_are_printed_light(browser, url):
    page = opened(browser, url, 190, "dark")
    page.evaluate("document.body.dataset.theme = 'dark'")
    background, ink = page.evaluate(COLORS)
    assert background == [255, 255, 255]
    assert max(ink) < 60
    page.close()


def test_a_text_that_is_cut_would_be_found(browser, tmp_path):
    page = tmp_path / "bad.html"
    page.write_text("<article><p style='white-space: nowrap'>" + "wide " * 90)
    assert len(beyond(browser, page.as_uri(), 190, "light")) == 1
