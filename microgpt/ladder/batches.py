"""Many names at once: sampling on arrays, a letter of every name in each turn.

What `microgpt.sample` does for one name, with a cache of keys and values, is done here
for the rows of a matrix, a name a row. Each name draws from a generator of its own, so
it is the same whatever names are written beside it. Needs NumPy.

Chapter: Many names at once.
"""

import numpy as np

from microgpt.ladder.by_hand import relu, rmsnorm, softmax


class Writer:
    """A model on arrays that goes on by one token, in every row of a batch.

    `cache` holds the keys and the values of the positions so far, in every layer:
    (n_layer, 2, rows, n_head, block_size, head_dim).
    """

    def __init__(self, gpt, rows):
        self.config = c = gpt.config
        matrices = gpt.to(float).weights
        self.weights = {name: np.array(matrix) for name, matrix in matrices.items()}
        self.cache = np.zeros((c.n_layer, 2, rows, c.n_head, c.block_size, c.head_dim))

    def __call__(self, token_ids, pos_id):
        """Give the logits, (rows, vocab_size), of what follows these tokens."""
        w = self.weights
        x, _ = rmsnorm(w["wte"][token_ids] + w["wpe"][pos_id])
        for i, past in enumerate(self.cache):
            x = self._attend(rmsnorm(x)[0], f"layer{i}.attn_", past, pos_id) + x
            hidden, _ = relu(rmsnorm(x)[0] @ w[f"layer{i}.mlp_fc1"].T)
            x = hidden @ w[f"layer{i}.mlp_fc2"].T + x
        return x @ w["lm_head"].T

    def _attend(self, x, layer, past, pos_id):
        q, k, v = (
            (x @ self.weights[layer + name].T).reshape(len(x), self.config.n_head, -1)
            for name in ("wq", "wk", "wv")
        )
        past[:, :, :, pos_id] = k, v
        keys, values = past[:, :, :, : pos_id + 1]  # (rows, n_head, t, head_dim)
        fits = np.vecdot(q[:, :, None], keys) * self.config.head_dim**-0.5
        mixed = (softmax(fits)[..., None] * values).sum(2)  # (rows, n_head, head_dim)
        return mixed.reshape(x.shape) @ self.weights[layer + "wo"].T

    def keep(self, rows):
        """Forget all rows of the batch but these."""
        self.cache = self.cache[:, :, rows]


@np.errstate(all="ignore")  # as NaN, a fault reaches whoever draws
def samples(gpt, tokenizer, rngs, temperature=0.5):
    """Write as many documents as there are generators, each from its own.

    Each is what `microgpt.sample` writes from that generator, but for the rounding of
    a probability, and refuses the same temperatures.

    >>> import random
    >>> from microgpt import GPT, Config, Tokenizer
    >>> tokenizer = Tokenizer("ab")
    >>> gpt = GPT(Config(tokenizer.vocab_size), float, random.Random(3))
    >>> samples(gpt, tokenizer, [random.Random(seed) for seed in (3, 4, 5)])
    ['abab', 'aaaaab', '']
    """
    if not 1e-99 <= temperature <= 1e99:
        raise ValueError(f"temperature must be from 1e-99 to 1e99, not {temperature}")
    bos = tokenizer.bos
    texts = [[bos] for _ in rngs]
    writer, unfinished = Writer(gpt, len(texts)), list(zip(texts, rngs))
    for pos_id in range(gpt.config.block_size):
        if not unfinished:
            break
        logits = writer([text[-1] for text, _ in unfinished], pos_id)
        probs = softmax(logits * temperature**-1).tolist()
        for (text, rng), weights in zip(unfinished, probs):
            text += rng.choices(range(len(weights)), weights)
        rows = [i for i, (text, _) in enumerate(unfinished) if text[-1] != bos]
        unfinished = [unfinished[i] for i in rows]
        writer.keep(rows)
    return [tokenizer.decode(text) for text in texts]
