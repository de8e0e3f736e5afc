"""Program 6: Adam, and ever smaller steps. Run it: `python -m docs.road.adam`."""

from docs.road import count, heads


class Model(heads.Model):
    """The model of the book, which moves as in the book."""

    lr = 0.01

    def __init__(self, vocab_size, rng, **sizes):
        super().__init__(vocab_size, rng, **sizes)
        self.weights = [w for row in self.rows for w in row]
        self.m = [0.0] * len(self.weights)  # average slopes
        self.v = [0.0] * len(self.weights)  # average squares of slopes
        self.t = 0

    def move(self, left):
        """Move each weight by its average slope, measured against its usual size."""
        self.t += 1
        for i, w in enumerate(self.weights):
            self.m[i] = 0.85 * self.m[i] + (1 - 0.85) * w.grad
            self.v[i] = 0.99 * self.v[i] + (1 - 0.99) * w.grad**2
            slope = self.m[i] / (1 - 0.85**self.t)
            size = (self.v[i] / (1 - 0.99**self.t)) ** 0.5
            w.data -= self.lr * left * slope / (size + 1e-8)
            w.grad = 0.0


if __name__ == "__main__":
    count.main(Model, steps=50)
