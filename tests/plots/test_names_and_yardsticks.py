"""The pictures of the chapters from the names to the parameters show what they say."""

import re

from docs.plots import contexts, counted_or_learned, glued, letters_of_names
from docs.plots.shared.paper import draw
from microgpt import Tokenizer, load_names
from microgpt.ngrams import ngram


def words(picture):
    return draw(picture.picture).words


def test_the_letters_of_the_names_are_counted_by_place():
    names, said = load_names(), words(letters_of_names)
    assert f" 6: {sum(len(name) == 6 for name in names):,}," in said
    share = sum(name.endswith("a") for name in names) / len(names)
    assert f"Commonest last: a {share:.2f}," in said


def test_a_name_is_glued_pair_by_pair_and_stays_what_it_was():
    rows = dict(row.split(": ") for row in words(glued).rstrip(".").split("; "))
    texts = [row.split() for row in rows.values()]
    assert {"".join(row) for row in texts} == {glued.NAME}
    assert texts[0] == list(glued.NAME)
    for label, before, after in zip(list(rows)[1:], texts, texts[1:]):
        pair = label.split(". ")[1].split(" + ")
        assert "".join(pair) in after
        assert any(before[i : i + 2] == pair for i in range(len(before)))
    assert re.search(r"; 1\. a \+ n: m a r i an n e;", words(glued))


def test_more_context_helps_less_on_new_names_than_on_the_same():
    names, said = load_names(), words(contexts)
    new, same = (
        [float(loss) for loss in re.findall(r"\d \d*(\d\.\d{3})", part)]
        for part in said.split("On ")[1:]
    )
    others = [name for i, name in enumerate(names) if i % 10]
    pairs = ngram(2, others, Tokenizer(names), names[::10], 0.1)
    assert f"1 {pairs:.3f}, " in said
    assert same == sorted(same, reverse=True)
    assert new.index(min(new)) == 3


def test_gradient_descent_comes_near_to_what_counting_gives():
    said = words(counted_or_learned)
    ends = re.findall(r": (\d\.\d{4}), and (\d\.\d{4}) by", said)
    assert len(ends) == 2
    for learned, counted in ends:
        assert 0 < float(learned) - float(counted) < 0.002
