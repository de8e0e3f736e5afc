"""The pictures of the chapters from the names to the parameters show what they say."""

from docs.plots import letters_of_names
from docs.plots.shared.paper import draw
from microgpt import load_names


def words(picture):
    return draw(picture.picture).words


def test_the_letters_of_the_names_are_counted_by_place():
    names, said = load_names(), words(letters_of_names)
    assert f" 6: {sum(len(name) == 6 for name in names):,}," in said
    share = sum(name.endswith("a") for name in names) / len(names)
    assert f"Commonest last: a {share:.2f}," in said
