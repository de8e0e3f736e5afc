"""Program 2: a network, its slopes by hand. Run it: `python -m docs.road.by_hand`."""

from itertools import pairwise

from docs.road import count
from microgpt.number import dot, relu, softmax

STD = 0.08  # standard deviation of the first weights
N = 16  # numbers that stand for a token


class Model(count.Model):
    """Three matrices in the place of the table."""

    kind = float
    lr = 0.5  # how far a weight goes against its slope

    def __init__(self, vocab_size, rng):
        self.matrices = [
            [[self.kind(rng.gauss(0, STD)) for _ in range(n)] for _ in range(rows)]
            for rows, n in self.shapes(vocab_size)
        ]
        self.rows = [row for matrix in self.matrices for row in matrix]

    def shapes(self, vocab_size):
        """List the sizes of the matrices, rows and columns."""
        return [(vocab_size, N), (4 * N, N), (vocab_size, 4 * N)]

    def hidden(self, token):
        """Show what stands for a token to a layer of neurons."""
        embedding, inner, _ = self.matrices
        return [relu(x) for x in linear(embedding[token], inner)]

    def probs(self, token, past):
        """Say how likely each token is after this one, still whatever the past."""
        return softmax(linear(self.hidden(token), self.matrices[-1]))

    def slopes(self, tokens):
        """Find the slope of the loss with respect to each weight, row by row."""
        embedding, inner, outer = self.matrices
        d_embedding, d_inner, d_outer = map(zeros, self.matrices)
        for token, target in pairwise(tokens):
            hidden, d_logits = self.hidden(token), self.probs(token, [])
            d_logits[target] -= 1.0
            d_logits = [d / (len(tokens) - 1) for d in d_logits]
            d_hidden = back(d_logits, hidden, outer, d_outer)
            d_hidden = [d if h > 0 else 0.0 for d, h in zip(d_hidden, hidden)]
            d_token = back(d_hidden, embedding[token], inner, d_inner)
            d_embedding[token] = add(d_embedding[token], d_token)
        return d_embedding + d_inner + d_outer

    def learn(self, tokens, left):
        """Move each weight against its slope, and give the loss before."""
        loss = self.loss(tokens)
        for row, slopes in zip(self.rows, self.slopes(tokens)):
            row[:] = [w - self.lr * slope for w, slope in zip(row, slopes)]
        return loss


def linear(x, w):
    """Multiply a matrix by a vector."""
    return [dot(row, x) for row in w]


def back(d, x, w, d_w):
    """Go back through `linear`: add to the slopes of `w`, and give those of `x`."""
    for i, slope in enumerate(d):
        d_w[i] = add(d_w[i], [slope * xi for xi in x])
    return [dot(d, column) for column in zip(*w)]


def add(xs, ys):
    """Add two vectors."""
    return [x + y for x, y in zip(xs, ys)]


def zeros(w):
    """Make a matrix of zeros as large as another."""
    return [[0.0] * len(row) for row in w]


if __name__ == "__main__":
    count.main(Model, steps=1000)
