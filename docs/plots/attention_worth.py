"""What attention is worth while a model learns: its loss with and without."""

import random

from docs.plots.shared.paper import Picture, key, sheet
from docs.plots.shared.runs import mean_loss
from docs.plugins.inks import INKS
from microgpt import Config, Tokenizer, load_names, train
from microgpt.ladder import arrays

STEPS, EVERY, UNSEEN = 3000, 250, 200
ZEROED = {
    "": "attention",
    "layer0.attn_wq": "equal weights",
    "layer0.attn_wo": "no attention",
}


def picture() -> Picture:
    rng, docs = random.Random(42), load_names()
    rng.shuffle(docs)
    tokenizer = Tokenizer(docs)
    unseen = [tokenizer.encode(doc) for doc in docs[:UNSEEN]]
    gpt = arrays.GPT(Config(tokenizer.vocab_size), rng)
    losses = []
    for step in train(gpt, docs[UNSEEN:], tokenizer, STEPS):
        if step.number % EVERY == 0:
            losses.append([mean_loss(gpt, unseen, name) for name in ZEROED])
    figure, (axes,) = sheet(300, left=40, right=20)
    numbers = range(EVERY, STEPS + 1, EVERY)
    inks = ("first", "second", "third")
    for name, line, ink in zip(ZEROED.values(), zip(*losses), inks):
        axes.plot(numbers, line, color=INKS[ink], label=name, lw=2)
    axes.set(xlim=(0, STEPS), xlabel="step")
    key(axes, columns=3)
    pairs = zip(ZEROED.values(), losses[3], losses[-1])
    ends = ", ".join(f"{name} {a:.2f} and {b:.2f}" for name, a, b in pairs)
    words = f"Loss on {UNSEEN} unseen names at steps {4 * EVERY} and {STEPS}: {ends}."
    return Picture(figure, "What attention is worth while a model learns", words)
