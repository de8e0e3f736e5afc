"""How long the names are, and which letters begin, fill and end them."""

from collections import Counter
from string import ascii_lowercase

from docs.plots.shared.paper import Picture, cell, sheet
from docs.plugins.inks import INKS
from microgpt import load_names

STRONG = 0.35  # the share with the full ink
PLACES = {"first": slice(1), "inside": slice(1, -1), "last": slice(-1, None)}


def picture() -> Picture:
    names = load_names()
    figure, (bars, table) = sheet(290, 2, left=50, top=20, bottom=4, gap=(0, 56))
    lengths = Counter(map(len, names))
    bars.bar(list(lengths), list(lengths.values()), 0.8, color=INKS["first"], alpha=0.6)
    bars.set(xlabel="letters in a name", xticks=sorted(lengths), yticks=[])
    bars.spines[["left", "bottom"]].set_visible(False)
    for length, count in lengths.items():
        bars.text(length, count + 30, f"{count:,}", ha="center")
    counts = ", ".join(f"{length}: {lengths[length]:,}" for length in sorted(lengths))
    words = f"Names by their number of letters: {counts}."
    table.set(xlim=(0, len(ascii_lowercase)), ylim=(len(PLACES), -0.6))
    table.axis("off")
    for x, letter in enumerate(ascii_lowercase):
        table.text(x + 0.47, -0.2, letter, ha="center")
    for y, (place, part) in enumerate(PLACES.items()):
        shares = Counter("".join(name[part] for name in names))
        table.text(-0.4, y + 0.47, place, ha="right", va="center")
        for x, letter in enumerate(ascii_lowercase):
            share = shares[letter] / shares.total()
            cell(table, x, y, 1, "faint", 0.1)
            cell(table, x, y, 1, "second", min(1, share / STRONG))
        best = shares.most_common(3)
        listed = ", ".join(f"{x} {count / shares.total():.2f}" for x, count in best)
        words += f" Commonest {place}: {listed}."
    return Picture(figure, "Lengths of the names, and letters by place", words)
