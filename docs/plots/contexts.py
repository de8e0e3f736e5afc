"""Tables with more and more context, on the names that they counted and on new ones."""

from docs.plots.shared.paper import Picture, sheet
from docs.plugins.inks import INKS
from microgpt import Tokenizer, load_names
from microgpt.ngrams import ngram

SMOOTHING, CONTEXTS = 0.1, range(5)


def picture() -> Picture:
    names = load_names()
    tokenizer = Tokenizer(names)
    held_out = names[::10]
    others = [name for i, name in enumerate(names) if i % 10]
    figure, (axes,) = sheet(250, right=136, top=8)
    words = "The loss by the number of tokens before."
    for title, ink, asked in (
        ("on new names", "second", held_out),
        ("on the same names", "first", others),
    ):
        losses = [ngram(n + 1, others, tokenizer, asked, SMOOTHING) for n in CONTEXTS]
        axes.plot(CONTEXTS, losses, lw=2, color=INKS[ink], marker="o", ms=5)
        axes.text(CONTEXTS[-1] + 0.2, losses[-1], title, color=INKS[ink], va="center")
        listed = ", ".join(f"{n} {loss:.3f}" for n, loss in zip(CONTEXTS, losses))
        words += f" {title.capitalize()}: {listed}."
    axes.set(xlim=(-0.2, 4.1), xlabel="tokens before", xticks=CONTEXTS)
    return Picture(figure, "The loss of tables with more and more context", words)
