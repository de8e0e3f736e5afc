"""The residual stream at one letter, before training and after."""

from matplotlib.axes import Axes

from docs.plots.shared.inside import guess, inside
from docs.plots.shared.paper import Picture, sheet, vector
from docs.plots.shared.runs import Run, trained, untrained
from microgpt.number import dot

PREFIX = "marth"
STREAM = {"embedding": "embedding", "+ attention": "= stream", "+ MLP": "= stream"}
LABELS = {"attention": "+ attention", "MLP": "+ MLP"} | STREAM
STAGES = ("embedding", "attention", "+ attention", "MLP", "+ MLP")


def picture() -> Picture:
    figure, panels = sheet(300, 2, left=92, right=178, top=4, bottom=2, gap=(0, 24))
    words = f"The stream at the last letter of {PREFIX}: sizes, and likeliest tokens."
    runs = {"before training": untrained(), "after a thousand steps": trained()}
    for panel, (title, run) in zip(panels, runs.items()):
        panel.set(xlim=(0, 16), ylim=(5, -1))
        panel.axis("off")
        for x, text in ((0, title), (16.3, "size"), (19.1, "guess")):
            panel.text(x, -0.4, text, va="center")
        words += f" {title.capitalize()}: {'; '.join(draw(panel, run))}."
    return Picture(figure, "The residual stream before and after training", words)


def draw(panel: Axes, run: Run) -> list[str]:
    vectors, said = inside(run.gpt, run.tokenizer.encode(PREFIX)[:-1]), []
    for y, stage in enumerate(STAGES):
        xs, label = vectors[stage], LABELS[stage]
        vector(panel, y, label, xs)
        size = f"{(dot(xs, xs) / len(xs)) ** 0.5:.2f}"
        best = guess(run, xs) if stage in STREAM else ""
        for x, text in ((16.3, size), (19.1, best)):
            panel.text(x, y + 0.45, text, va="center")
        said.append(f"{label} {size} {best}".strip())
    return said
