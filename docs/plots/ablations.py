"""What each part of Adam is worth: losses on unseen names without it."""

from docs.plots.shared.paper import Picture, dots, sheet
from docs.plots.shared.parts import PARTS
from docs.plots.shared.runs import STEPS, mean_loss, trained, unseen
from docs.plugins.inks import INKS

SEEDS = (42, 1)


def unseen_loss(part: str, seed: int) -> float:
    run = trained(PARTS[part], seed=seed)
    return mean_loss(run.gpt, unseen(run))


def picture() -> Picture:
    figure, (axes,) = sheet(280, left=126, right=44, top=8)
    words = f"Mean loss on unseen names after {STEPS:,} steps."
    for seed, ink, y in zip(SEEDS, ("first", "second"), (-0.25, 0.45)):
        losses = [unseen_loss(part, seed) for part in PARTS]
        dots(axes, zip(losses, range(len(losses))), 10, color=INKS[ink])
        axes.axvline(losses[0], color=INKS[ink], lw=1, dashes=(2, 4), zorder=0)
        for row, (part, loss) in enumerate(zip(PARTS, losses)):
            axes.text(loss, row + y, f"{loss:.3f}", ha="center", color=INKS[ink])
            words += f" Seed {seed}, {part}: {loss:.3f}."
    axes.set(ylim=(len(PARTS) - 0.4, -0.6), xlabel="mean loss on unseen names")
    axes.set_yticks(range(len(PARTS)), PARTS)
    return Picture(figure, "What each part of Adam is worth", words)
