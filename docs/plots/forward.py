"""Every vector of one call of the model, as cells, from the token to probabilities."""

from docs.plots.shared.inside import inside
from docs.plots.shared.paper import Picture, sheet, vector
from docs.plots.shared.runs import trained

PREFIX = "em"
LABELS = {"token": "token's row", "place": "position's row", "weights": "4 × weights"}
LABELS |= {"attention": "attention adds", "MLP": "MLP adds"}
LABELS |= {"+ attention": "stream", "+ MLP": "stream", "embedding": "stream"}
GAPS = ("query", "attention", "hidden", "logits")


def picture() -> Picture:
    figure, (axes,) = sheet(440, left=112, right=60, top=2, bottom=2)
    run = trained()
    vectors = inside(run.gpt, run.tokenizer.encode(PREFIX)[:-1])
    y, words = 0.0, f"The vectors for the last letter of {PREFIX}, and their lengths:"
    for name, xs in vectors.items():
        y += 0.5 * (name in GAPS)
        label = LABELS.get(name, name)
        strong = max(map(abs, xs))
        vector(axes, y, label, xs, strong)
        axes.text(16.4, y + 0.45, str(len(xs)), va="center")
        words += f" {label} {len(xs)},"
        y += -(-len(xs) // 16)
    axes.set(xlim=(0, 16), ylim=(y, 0))
    axes.axis("off")
    shares = dict(zip([*run.tokenizer.chars, "BOS"], vectors["probabilities"]))
    best = max(shares, key=shares.__getitem__)
    words = f"{words[:-1]}. The likeliest is {best} with {shares[best]:.2f}."
    return Picture(figure, "One call of the model, vector by vector", words)
