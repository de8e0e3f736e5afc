"""The search finds what a reader would look for, from a server and from a file."""

import pytest

BOTH = pytest.mark.parametrize("where", ["http", "file"])
FIRST = {  # what is asked, and a place that the first ones must name
    "backward": "Backward",
    "Backward()": "Backward",
    "softmax": "Softmax",
    "KV cache": "cache",
    "why divide by sqrt": "Why the square root?",
    "why do we divide by the square root?": "Why the square root?",
    "Adam": "From SGD to Adam",
    "__mul__": "microgpt.value.Value.__mul__",
    "temperature": "Temperature",
    "log(0)": "microgpt.number.log",
    "topological order": "Topological order",
    "relu": "ReLU",
    "rmsnorm": "RMSNorm",
    "cross_entropy": "microgpt.number.cross_entropy",
    "attn_wq": "The shape of a model",
    "learning rate": "The learning rate falls",
    "gradient": "gradient",
    "what is a leaf?": "leaf",
    "chain rule": "chain rule",
    "residual stream": "Residual stream and MLP",
    "embeddings": "Embeddings",
    "vocab size": "Tokens",
    "pytorch": "The same in PyTorch",
    "license": "Credit and licenses",
    "dropout": "dropout",
    "gradient descent": "stochastic gradient descent",
    "deep recursion": "The end of recursion",
    "closure": "Closures",
    "numpy": "Arrays",
    "names": "The names",
}
ENOUGH = 4  # so many places a reader looks at


def field(tab):
    return tab.locator("input[type=search]")


def titles(tab):
    return tab.locator(".search-results a").all_inner_texts()


@BOTH
def test_a_query_on_any_page_leads_to_places_with_their_context(visit, where):
    tab = visit("attention.html", where)
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.keyboard.press("/")
    tab.keyboard.type("square root")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search.html?q=square+root")
    found = tab.locator(".search-results li").first
    assert found.locator("a").inner_text() == "Why the square root?"
    assert found.locator(".search-where").inner_text() == "Attention · III. The model"
    assert "square" in found.locator("mark").all_inner_texts()
    start = tab.url.partition("search.html")[0]
    assert [url for url in asked if not url.startswith(start)] == []
    found.locator("a").click()
    tab.wait_for_url("**/attention.html#why-the-square-root")


def test_what_readers_ask_is_answered_among_the_first(visit):
    tab = visit("search.html")
    missed = {}
    for query, title in FIRST.items():
        field(tab).fill(query)
        if title not in titles(tab)[:ENOUGH]:
            missed[query] = titles(tab)[:ENOUGH]
    assert missed == {}


def test_results_come_while_one_types_and_are_counted(visit):
    tab = visit("search.html")
    assert field(tab).evaluate("field => field === document.activeElement")
    assert titles(tab) == []
    tab.keyboard.type("closur")
    assert "Closures" in titles(tab)
    counted = tab.locator("[role=status]").inner_text()
    assert int(counted.removeprefix("Places found: ")) >= len(titles(tab))
    field(tab).fill("qqqq")
    assert tab.locator("[role=status]").inner_text() == "Nothing found."
    field(tab).fill(" ")
    assert tab.locator("[role=status]").inner_text() == ""


def test_what_is_asked_is_text_and_no_pattern(visit):
    tab = visit("search.html?q=%3Cb%3E+(+%5B+*+%5C")
    assert field(tab).input_value() == "<b> ( [ * \\"
    assert tab.locator(".search-results b").count() == 0


@pytest.mark.parametrize("key", ["/", "Control+k", "Meta+k"])
def test_a_key_leads_to_the_search_and_escape_back(visit, key):
    tab = visit("value.html")
    link = tab.locator("article a").first
    link.focus()
    tab.keyboard.press(key)
    assert field(tab).evaluate("field => field === document.activeElement")
    tab.keyboard.press("Escape")
    assert link.evaluate("link => link === document.activeElement")


def test_a_slash_that_is_typed_stays_a_slash(visit):
    tab = visit("search.html")
    tab.keyboard.type("a/b")
    assert field(tab).input_value() == "a/b"
    tab.keyboard.press("Alt+/")
    assert field(tab).input_value() == "a/b"


def test_the_key_opens_the_drawer_on_a_phone(visit):
    tab = visit("value.html", viewport={"width": 360, "height": 740})
    assert not field(tab).is_visible()
    tab.keyboard.press("Control+k")
    assert field(tab).is_visible()
    assert field(tab).evaluate("field => field === document.activeElement")


def test_without_javascript_the_page_says_so_and_offers_lists(visit):
    tab = visit("search.html?q=adam", java_script_enabled=False)
    text = tab.locator("article").inner_text()
    assert "The search needs JavaScript, which is off." in text
    links = tab.locator("article a")
    assert [link.get_attribute("href") for link in links.all()][-3:] == [
        *("index.html", "glossary.html", "genindex.html")
    ]
