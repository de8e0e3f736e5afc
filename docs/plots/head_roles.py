"""Where each head looks after a short and a long run, and what it is worth."""

from matplotlib.axes import Axes

from docs.plots.shared.heads import PLACES, judged
from docs.plots.shared.paper import Picture, cell, sheet
from docs.plots.shared.runs import STEPS, trained

LONG = 4000
INKS = [("second", 0.8), ("faint", 0.3), ("first", 0.45), ("first", 0.95)]


def picture() -> Picture:
    figure, panels = sheet(352, 2, left=60, right=118, top=38, bottom=2, gap=(0, 28))
    words = f"Mean weights on {', '.join(PLACES)}; the largest; the loss without."
    for panel, steps in zip(panels, (STEPS, LONG)):
        words += f" After {steps:,} steps: {draw(panel, steps)}."
    for x, name, ink in zip((0, 2.9, 7.2, 14.4), PLACES, INKS):
        cell(panels[0], x, -2.1, 0.7, *ink)
        panels[0].patches[-1].set_clip_on(False)
        panels[0].text(x + 0.9, -1.6, name, va="center")
    return Picture(figure, "Where each head looks, and what it is worth", words)


def draw(panel: Axes, steps: int) -> str:
    panel.set(xlim=(0, 16), ylim=(5, -1))
    panel.axis("off")
    panel.text(0, -0.4, f"after {steps:,} steps", va="center")
    for x, text in ((16.3, "largest"), (19.3, "without")):
        panel.text(x, -0.4, text, va="center")
    said = []
    for y, (label, shares, sharp, worth) in enumerate(judged(trained(steps=steps))):
        panel.text(-0.4, y + 0.45, label, ha="right", va="center")
        for x, text in ((16.3, f"{sharp:.2f}"), (19.3, worth)):
            panel.text(x, y + 0.45, text, va="center")
        for i, (share, ink) in enumerate(zip(shares, INKS)):
            cell(panel, 16 * sum(shares[:i]), y, 16 * share, *ink)
        numbers = f"{', '.join(f'{s:.2f}' for s in shares)}, {sharp:.2f} {worth}"
        said.append(f"{label} {numbers}".strip())
    return "; ".join(said)
