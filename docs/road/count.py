"""Program 1: count which token follows which. Run it: `python -m docs.road.count`."""

import random
import sys
from itertools import islice, pairwise
from statistics import fmean

from microgpt import Tokenizer, load_names, ngrams
from microgpt.number import log, total

LONGEST = 16  # tokens that are looked at, or written, in one name


class Model:
    """A table: how often did each token follow each token?"""

    def __init__(self, vocab_size, rng):
        self.rows = [[1.0] * vocab_size for _ in range(vocab_size)]

    def size(self):
        """Count the numbers that are learned."""
        return sum(map(len, self.rows))

    def probs(self, token, past):
        """Say how likely each token is after this one, whatever the past."""
        row = self.rows[token]
        return [count / total(row) for count in row]

    def loss(self, tokens):
        """Average the surprise at each token after the first."""
        past = []
        surprises = [-log(self.probs(a, past)[b]) for a, b in pairwise(tokens)]
        return total(surprises) * (1 / len(surprises))

    def learn(self, tokens, left):
        """Learn from a name, and give the loss before; the time left is ignored."""
        loss = self.loss(tokens)
        for a, b in pairwise(tokens):
            self.rows[a][b] += 1.0
        return loss


def begin(make):
    """Shuffle the names, and make a model with the same random numbers."""
    docs, rng = load_names(), random.Random(42)
    rng.shuffle(docs)
    tokenizer = Tokenizer(docs)
    return make(tokenizer.vocab_size, rng), docs, tokenizer, rng


def train(model, docs, tokenizer, steps):
    """Learn from one name a step, yielding its loss."""
    for i in range(steps):
        yield model.learn(tokenizer.encode(docs[i % len(docs)]), 1 - i / steps)


def write(model, tokenizer, rng):
    """Draw a name, token by token; squaring favors what is likely."""
    tokens, past = [tokenizer.bos], []
    for _ in range(LONGEST):
        weights = [float(p) ** 2 for p in model.probs(tokens[-1], past)]
        tokens += rng.choices(range(len(weights)), weights)
        if tokens[-1] == tokenizer.bos:
            break
    return tokenizer.decode(tokens)


def main(make, steps):
    """Train, show the mean loss of each tenth, and let the model write."""
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else steps
    model, docs, tokenizer, rng = begin(make)
    print(f"{model.size():,} numbers to learn, {steps:,} steps")
    for yardstick in (ngrams.unigram, ngrams.bigram):
        print(f"{yardstick.__name__:13} {yardstick(docs, tokenizer):.4f}")
    losses = train(model, docs, tokenizer, steps)
    tenth = -(-steps // 10) or 1
    for step in range(0, steps, tenth):
        print(f"from step {step + 1:3} {fmean(islice(losses, tenth)):.4f}")
    print(*(write(model, tokenizer, rng) for _ in range(5)))


if __name__ == "__main__":
    main(Model, steps=1000)
