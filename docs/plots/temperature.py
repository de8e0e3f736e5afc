"""How likely each letter is to begin a name, at several temperatures."""

from docs.plots.shared.paper import Picture, sheet
from docs.plots.shared.runs import trained
from docs.plugins.inks import INKS
from microgpt.number import softmax

TEMPERATURES = (0.1, 0.5, 1.0, 2.0)


def picture() -> Picture:
    run = trained()
    logits = run.gpt(run.tokenizer.bos, 0, run.gpt.cache())
    labels = [*run.tokenizer.chars, "BOS"]
    places = [*range(len(labels) - 1), len(labels) + 0.3]  # BOS is wider than a letter
    figure, panels = sheet(
        370, len(TEMPERATURES), left=8, right=4, bottom=28, gap=(0, 20)
    )
    words = "The likeliest first letters."
    for panel, temperature in zip(panels, TEMPERATURES):
        shares = softmax([logit / temperature for logit in logits])
        panel.bar(places, shares, color=INKS["first"], width=0.72)
        panel.set(xlim=(-0.8, places[-1] + 1), ylim=(0, 0.7), xticks=[], yticks=[])
        panel.spines["left"].set_visible(False)
        panel.text(places[-1] + 1, 0.55, f"temperature {temperature}", ha="right")
        best = max(range(len(shares)), key=shares.__getitem__)
        panel.text(best, shares[best] + 0.03, f"{shares[best]:.2f}", ha="center")
        first = sorted(zip(shares, labels), reverse=True)[:5]
        listed = ", ".join(f"{label} {share:.3f}" for share, label in first)
        words += f" At temperature {temperature}: {listed}."
    panels[-1].set_xticks(places, labels)
    panels[-1].tick_params(axis="x", length=0, pad=6)
    return Picture(figure, "Probability of each first letter by temperature", words)
