"""Sampling: let a trained model write.

Chapter: Babbling.
"""

import random

from microgpt.number import softmax


def sample(gpt, tokenizer, temperature=0.5, rng=random):
    """Write one document, drawing each token from what the model holds likely.

    Works on plain floats: no graph is built. `temperature` divides the logits; a lower
    one is more cautious, 1 takes the model at its word. One that is not from 1e-99 to
    1e99 is a `ValueError`.

    >>> from microgpt import GPT, Config, Tokenizer
    >>> tokenizer = Tokenizer("ab")
    >>> gpt = GPT(Config(tokenizer.vocab_size), float, random.Random(3))
    >>> sample(gpt, tokenizer, rng=random.Random(3))
    'abab'
    """
    if not 1e-99 <= temperature <= 1e99:
        raise ValueError(f"temperature must be from 1e-99 to 1e99, not {temperature}")
    gpt = gpt.to(float)
    cache, tokens = gpt.cache(), [tokenizer.bos]
    for pos_id in range(gpt.config.block_size):
        logits = gpt(tokens[-1], pos_id, cache)
        weights = softmax([logit * temperature**-1 for logit in logits])
        tokens += rng.choices(range(len(weights)), weights)
        if tokens[-1] == tokenizer.bos:
            break
    return tokenizer.decode(tokens)
