"""Pages that differ in nothing but the code that they show and the words around it."""

from bs4 import BeautifulSoup


def skeleton(path):
    """The elements of a page and their classes, without those within code."""
    soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    for code in soup.find_all("pre"):
        code.clear()
    return tuple((part.name, *part.get("class", [])) for part in soup.find_all(True))


def largest_of_each_kind(folder, pages):
    """Of pages that are alike the one with the most bytes, and all other pages."""
    found = {}
    for page in sorted(pages, key=lambda page: (folder / page).stat().st_size):
        found[skeleton(folder / page)] = page
    return set(found.values())
