"""Program 3: slopes by `backward`. Run it: `python -m docs.road.autograd`."""

from docs.road import by_hand, count
from microgpt import Value


class Model(by_hand.Model):
    """The same network of Values, which find the slopes themselves."""

    kind = Value

    def learn(self, tokens, left):
        """Find the slopes of a loss, move, and give the loss before."""
        loss = self.loss(tokens)
        loss.backward()
        self.move(left)
        return loss.data

    def move(self, left):
        """Move each weight against its slope, and forget the slope."""
        for row in self.rows:
            for w in row:
                w.data -= self.lr * w.grad
                w.grad = 0.0


if __name__ == "__main__":
    count.main(Model, steps=50)
