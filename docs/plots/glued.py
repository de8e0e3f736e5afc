"""A name on its way from letters to larger tokens."""

from collections import Counter
from itertools import accumulate, pairwise

from docs.plots.shared.paper import Picture, cell, sheet
from microgpt import load_names

NAME, MERGES = "marianne", 190


def picture() -> Picture:
    texts = dict(zip(load_names(), load_names()))
    pieces: dict[str, str] = {}
    rows = [("letters", list(NAME))]
    for number in range(1, MERGES + 1):
        pairs = Counter(a + b for doc in texts.values() for a, b in pairwise(doc))
        pair, new = pairs.most_common(1)[0][0], chr(ord("z") + number)
        a, b = (pieces.get(char, char) for char in pair)
        pieces[new] = a + b
        texts = {name: doc.replace(pair, new) for name, doc in texts.items()}
        if new in texts[NAME]:
            glued = [pieces.get(char, char) for char in texts[NAME]]
            rows.append((f"{number}. {a} + {b}", glued))
    figure, (axes,) = sheet(34 * len(rows) + 8, left=110, right=90, top=4, bottom=4)
    axes.set(xlim=(0, len(NAME)), ylim=(len(rows), 0))
    axes.axis("off")
    for y, (label, row) in enumerate(rows):
        axes.text(-0.2, y + 0.47, label, ha="right", va="center")
        for piece, end in zip(row, accumulate(map(len, row))):
            cell(axes, end - len(piece), y, len(piece), "first", 0.12 * len(piece))
            x = end - len(piece) / 2 - 0.03
            axes.text(x, y + 0.47, piece, ha="center", va="center")
    words = "; ".join(f"{label}: {' '.join(row)}" for label, row in rows)
    return Picture(figure, f"How {NAME} is glued", f"{words}.")
