"""Program 5: heads and layers. Run it: `python -m docs.road.heads`."""

from docs.road import attention, count
from docs.road.attention import mix, think
from docs.road.by_hand import add, linear
from microgpt.number import rmsnorm, softmax


class Model(attention.Model):
    """As many layers as one likes, each with as many heads."""

    def __init__(self, vocab_size, rng, layers=1, heads=4):
        self.layers, self.heads = layers, heads
        super().__init__(vocab_size, rng)

    def shapes(self, vocab_size):
        """List the same sizes, those of a layer for each layer."""
        return super().shapes(vocab_size) + self.layer() * (self.layers - 1)

    def probs(self, token, past):
        """Say how likely each token is after this one and the past, which grows."""
        wte, wpe, lm_head, *matrices = self.matrices
        x = rmsnorm(add(wte[token], wpe[len(past)]))
        past.append([])
        for i in range(self.layers):
            wq, wk, wv, wo, fc1, fc2 = matrices[6 * i : 6 * i + 6]
            seen = rmsnorm(x)
            past[-1].append((linear(seen, wk), linear(seen, wv)))
            keys, values = zip(*(position[i] for position in past))
            x = add(linear(self.look(linear(seen, wq), keys, values), wo), x)
            x = add(think(rmsnorm(x), fc1, fc2), x)
        return softmax(linear(x, lm_head))

    def look(self, query, keys, values):
        """Cut the vectors into pieces, and let each piece look by itself."""
        size, mixed = len(query) // self.heads, []
        for start in range(0, len(query), size):
            piece = slice(start, start + size)
            their_keys = [key[piece] for key in keys]
            their_values = [value[piece] for value in values]
            mixed += mix(query[piece], their_keys, their_values)
        return mixed


if __name__ == "__main__":
    count.main(Model, steps=50)
