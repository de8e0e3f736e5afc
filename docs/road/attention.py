"""Program 4: look at the past. Run it: `python -m docs.road.attention`."""

from docs.road import autograd, count
from docs.road.by_hand import N, add, linear
from microgpt.number import dot, relu, rmsnorm, softmax


class Model(autograd.Model):
    """A network that knows where it is, and looks at all that came before."""

    lr = 0.1

    def shapes(self, vocab_size):
        """List the sizes of three matrices, then those of a layer."""
        ends = [(vocab_size, N), (count.LONGEST, N), (vocab_size, N)]
        return [*ends, *self.layer()]

    def layer(self):
        """List the sizes for attention, then for the neurons."""
        return [(N, N)] * 4 + [(4 * N, N), (N, 4 * N)]

    def probs(self, token, past):
        """Say how likely each token is after this one and the past, which grows."""
        wte, wpe, lm_head, wq, wk, wv, wo, fc1, fc2 = self.matrices
        x = rmsnorm(add(wte[token], wpe[len(past)]))
        seen = rmsnorm(x)
        past.append((linear(seen, wk), linear(seen, wv)))
        x = add(linear(mix(linear(seen, wq), *zip(*past)), wo), x)
        x = add(think(rmsnorm(x), fc1, fc2), x)
        return softmax(linear(x, lm_head))


def mix(query, keys, values):
    """Average the values, each weighed by how well its key fits the query."""
    scale = (len(query) ** 0.5) ** -1
    weights = softmax([dot(query, key) * scale for key in keys])
    return [dot(weights, column) for column in zip(*values)]


def think(x, inner, outer):
    """Show a vector to a layer of neurons, and bring the result to its size again."""
    return linear([relu(hidden) for hidden in linear(x, inner)], outer)


if __name__ == "__main__":
    count.main(Model, steps=50)
