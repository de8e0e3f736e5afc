"""The embeddings of the letters after training, where they differ most."""

import numpy as np

from docs.plots.shared.paper import Picture, dots, sheet
from docs.plots.shared.runs import trained
from docs.plugins.inks import INKS

VOWELS = "aeiou"


def picture() -> Picture:
    run = trained()
    letters = run.tokenizer.chars
    table = np.array(run.gpt.weights["wte"])[: len(letters)]
    directions, sizes, _ = np.linalg.svd(table - table.mean(0), full_matrices=False)
    places = directions[:, :2] * sizes[:2]
    vowels = [letters.index(vowel) for vowel in VOWELS]
    places *= np.sign(places[vowels].mean(0))  # vowels to the right and above
    figure, (axes,) = sheet(360, left=24, top=4, bottom=28)
    dots(axes, places[vowels], 24, color=INKS["first"], alpha=0.25)
    for letter, (x, y) in zip(letters, places):
        axes.text(x, y, letter, ha="center", va="center")
    (left, low), (right, high) = places.min(0) - 0.08, places.max(0) + 0.08
    axes.set(aspect=1, xlim=(left, right), ylim=(low, high), xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    part, second = sizes[:2] ** 2 / (sizes**2).sum()
    axes.set_xlabel(f"first direction ({part:.0%} of the variance)")
    axes.set_ylabel(f"second direction ({second:.0%})")
    order = [letters[i] for i in places[:, 0].argsort()]
    words = f"Letters from left to right: {' '.join(order)}. Vowels are marked."
    return Picture(figure, "Embeddings of the letters after training", words)
