"""Text becomes ids and comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt.tokenizer import Tokenizer

texts = st.lists(st.text(), max_size=5)


@given(texts)
def test_what_is_encoded_comes_back(docs):
    tokenizer = Tokenizer(docs)
    assert [tokenizer.decode(tokenizer.encode(doc)) for doc in docs] == docs


@given(texts)
def test_bos_stands_on_both_sides_and_nowhere_else(docs):
    tokenizer = Tokenizer(docs)
    for doc in docs:
        first, *middle, last = tokenizer.encode(doc)
        assert first == last == tokenizer.bos
        assert all(0 <= i < tokenizer.bos for i in middle)


@given(texts)
def test_the_vocabulary_makes_the_same_tokenizer(docs):
    tokenizer = Tokenizer(docs)
    again = Tokenizer(tokenizer.chars)
    assert again.chars == tokenizer.chars
    assert again.vocab_size == tokenizer.vocab_size == tokenizer.bos + 1


def test_ids_follow_the_alphabet():
    assert Tokenizer(["nat", "ann"]).encode("ant") == [3, 0, 1, 2, 3]


def test_an_unknown_character_is_named_with_its_first_place():
    with pytest.raises(ValueError, match=r"^unknown character 'é' at index 4$"):
        Tokenizer("andr").encode("andréé")


@pytest.mark.parametrize("i", [-1, 4, 100])
def test_an_id_of_no_token_is_refused(i):
    with pytest.raises(ValueError, match=f"^no token has the id {i}$"):
        Tokenizer("abc").decode([0, i])


def test_ids_may_come_one_by_one():
    assert Tokenizer("abc").decode(iter([3, 2, 1, 0, 3])) == "cba"
