"""Yardsticks for a loss: how well one can guess by counting alone.

Each is a mean loss in nats a token, as the model's own: -log(probability) of every
token that follows another one, the closing BOS included.

Chapter: Yardsticks.
"""

import math
from collections import Counter


def uniform(tokenizer):
    """Guess every token with the same probability.

    >>> from microgpt.tokenizer import Tokenizer
    >>> uniform(Tokenizer("abc")) == math.log(4)
    True
    """
    return math.log(tokenizer.vocab_size)


def unigram(docs, tokenizer, held_out=None, smoothing=0.0):
    """Guess each token as often as it occurs in `docs`, whatever stands before it.

    >>> from microgpt.tokenizer import Tokenizer
    >>> unigram(["ab"], Tokenizer("ab")) == math.log(3)
    True
    """
    return ngram(1, docs, tokenizer, held_out, smoothing)


def bigram(docs, tokenizer, held_out=None, smoothing=0.0):
    """Guess each token as often as it follows, in `docs`, the one before it.

    >>> from microgpt.tokenizer import Tokenizer
    >>> bigram(["ab"], Tokenizer("ab"))
    0.0
    """
    return ngram(2, docs, tokenizer, held_out, smoothing)


def ngram(n, docs, tokenizer, held_out=None, smoothing=0.0):
    """Guess each token from the `n` - 1 before it, by what followed these in `docs`.

    The loss is that on the documents `held_out`, or else on `docs` themselves.
    `smoothing` is added to each count; without it, what `docs` lack costs infinity.

    >>> from microgpt.tokenizer import Tokenizer
    >>> ngram(2, ["ab"], Tokenizer("ab"), held_out=["ba"])
    inf
    """
    if not 0 <= smoothing < math.inf:
        raise ValueError(f"smoothing must be 0 or more, and finite: not {smoothing}")
    seen = Counter(windows(n, docs, tokenizer))
    asked = seen if held_out is None else Counter(windows(n, held_out, tokenizer))
    if not asked:
        raise ValueError("no document to guess")
    contexts = Counter()
    for (context, _), count in seen.items():
        contexts[context] += count

    def surprise(context, token):
        count = seen[context, token] + smoothing
        whole = contexts[context] + smoothing * tokenizer.vocab_size
        return math.log(whole / count) if count else math.inf

    costs = (count * surprise(*window) for window, count in asked.items())
    return math.fsum(costs) / asked.total()


def windows(n, docs, tokenizer):
    """Yield every token of the documents with the `n` - 1 tokens before it.

    >>> from microgpt.tokenizer import Tokenizer
    >>> list(windows(2, ["ab"], Tokenizer("ab")))  # BOS is 2
    [((2,), 0), ((0,), 1), ((1,), 2)]
    """
    for doc in docs:
        tokens = tokenizer.encode(doc)
        for i in range(1, len(tokens)):
            yield tuple(tokens[max(0, i - n + 1) : i]), tokens[i]
