"""Short code within prose is kept on one line."""

import re

EXTENSIONS = ["docs.plugins.unbroken"]


def test_code_of_up_to_twelve_characters_is_kept_on_one_line(book):
    book.write({"index.md": "# Page\n\n`x + a`, `f(a, b) + cd`, `f(a, b) + cde`\n"})
    html = book.build("html").html("index")
    kinds = re.findall(r'<code class="([^"]*)">', html)
    assert ["short" in each.split() for each in kinds] == [True, True, False]
