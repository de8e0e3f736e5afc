"""Counting gives the losses that a model has to beat."""

import math
import os
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt.names import load_names
from microgpt.ngrams import bigram, ngram, uniform, unigram, windows
from microgpt.tokenizer import Tokenizer

docs_of_letters = st.lists(st.text("abc", max_size=6), min_size=1, max_size=6)


def test_guessing_evenly_costs_the_logarithm_of_the_vocabulary():
    assert uniform(Tokenizer("abc")) == math.log(4)


def test_a_unigram_is_worked_out_by_hand():
    tokenizer = Tokenizer("ab")
    expected = -(2 * math.log(2 / 4) + 2 * math.log(1 / 4)) / 4  # a b a BOS
    assert unigram(["aba"], tokenizer) == pytest.approx(expected, rel=1e-15)


def test_a_bigram_is_worked_out_by_hand():
    tokenizer = Tokenizer("ab")
    expected = 2 * math.log(2) / 4  # only after a is there a doubt: b or BOS
    assert bigram(["aba"], tokenizer) == pytest.approx(expected, rel=1e-15)


def test_smoothing_adds_to_each_count():
    expected = -math.log((1 + 0.5) / (1 + 0.5 * 3))  # for each of a, b and BOS
    assert bigram(["ab"], Tokenizer("ab"), smoothing=0.5) == pytest.approx(expected)


def test_what_was_never_seen_costs_infinity():
    assert bigram(["ab"], Tokenizer("ab"), held_out=["ba"]) == math.inf
    assert unigram(["aa"], Tokenizer("ab"), held_out=["ab"]) == math.inf


def test_smoothing_makes_the_unseen_possible():
    loss = bigram(["ab"], Tokenizer("ab"), held_out=["ba"], smoothing=1)
    assert loss == pytest.approx(math.log(4))  # each of three pairs: 1 of 1 + 3


def test_a_unigram_is_smoothed_as_well():
    expected = 3 * math.log((3 + 0.5 * 4) / (1 + 0.5)) / 3  # a, b, BOS; c is unseen
    assert unigram(["ab"], Tokenizer("abc"), smoothing=0.5) == pytest.approx(expected)


@given(docs_of_letters)
def test_one_and_two_tokens_are_the_ngrams_with_a_name(docs):
    tokenizer = Tokenizer("abc")
    assert ngram(1, docs, tokenizer) == unigram(docs, tokenizer)
    assert ngram(2, docs, tokenizer) == bigram(docs, tokenizer)


def test_a_window_reaches_back_to_bos_and_no_further():
    assert list(windows(3, ["abc", "b"], Tokenizer("abc"))) == [
        *[((3,), 0), ((3, 0), 1), ((0, 1), 2), ((1, 2), 3)],
        *[((3,), 1), ((3, 1), 3)],
    ]


@given(docs_of_letters)
def test_seeing_more_never_costs_more_on_the_documents_counted(docs):
    tokenizer = Tokenizer("abc")
    losses = [uniform(tokenizer), *(ngram(n, docs, tokenizer) for n in (1, 2, 3))]
    for more, less in pairwise(losses):
        assert less <= more + 1e-12


@given(docs_of_letters)
def test_much_smoothing_is_guessing_evenly(docs):
    tokenizer = Tokenizer("abc")
    loss = bigram(docs, tokenizer, smoothing=1e12)
    assert loss == pytest.approx(uniform(tokenizer), rel=1e-9)


@given(docs_of_letters)
def test_the_order_of_the_documents_does_not_matter(docs):
    tokenizer = Tokenizer("abc")
    assert bigram(docs, tokenizer) == bigram(docs[::-1], tokenizer)


@pytest.mark.parametrize("smoothing", [-1, math.nan, math.inf])
def test_a_smoothing_that_makes_no_sense_is_refused(smoothing):
    message = f"^smoothing must be 0 or more, and finite: not {smoothing}$"
    with pytest.raises(ValueError, match=message):
        bigram(["ab"], Tokenizer("ab"), smoothing=smoothing)


def test_nothing_to_guess_is_refused():
    with pytest.raises(ValueError, match=r"^no document to guess$"):
        bigram(["ab"], Tokenizer("ab"), held_out=[])


def test_the_yardsticks_of_the_bundled_names():
    docs = load_names()
    tokenizer = Tokenizer(docs)
    losses = [uniform(tokenizer), unigram(docs, tokenizer), bigram(docs, tokenizer)]
    assert [round(loss, 3) for loss in losses] == [3.296, 2.811, 2.335]


@pytest.mark.skipif("MICROGPT_NAMES" not in os.environ, reason="no MICROGPT_NAMES")
def test_the_yardsticks_of_makemores_names():
    docs = load_names(os.environ["MICROGPT_NAMES"])
    tokenizer = Tokenizer(docs)
    losses = [uniform(tokenizer), unigram(docs, tokenizer), bigram(docs, tokenizer)]
    assert [round(loss, 3) for loss in losses] == [3.296, 2.823, 2.454]
