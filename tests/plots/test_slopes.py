"""Pictures of slopes: found by nudging, and of the primitives."""

import math
import re
from pathlib import Path

import pytest

from docs.plots import nudge_steps, nudged_loss, primitive_slopes
from docs.plots.shared.nudged import STEPS, errors
from tests.drawn import words

DOCS = Path(__file__).parents[2] / "docs"


def test_the_step_of_nudge_is_as_good_as_its_chapter_says():
    one, both, real = errors().values()
    found = {step: at for at, step in enumerate(STEPS)}
    assert real[found[1e-6]] < 1e-7
    assert both[found[1e-6]] < 1e-10
    assert STEPS[both.index(min(both))] == pytest.approx(1e-5)
    assert STEPS[real.index(min(real))] == pytest.approx(1e-3)
    assert real[0] > 1e5 * real[1]  # it crosses corners, where the curve is not smooth
    assert min(real) < 2e-10  # two ways agree to about ten digits
    for line in (one, both, real):
        assert min(line[-3:]) > 100 * min(line)
    assert f"the model, both: {real[0]:.0e} at the largest step" in words(nudge_steps)


def test_one_side_finds_twice_the_slope_that_both_sides_find():
    one, both, slope = map(float, re.findall(r"\d\.\d{4}", words(nudged_loss)))
    assert one == pytest.approx(2 * slope, rel=0.05)
    assert both == pytest.approx(slope, rel=0.05)
    assert f"{slope:+.4f}" in (DOCS / "nudging.md").read_text(encoding="utf-8")


def test_the_tangents_of_the_primitives_have_the_slopes_of_school():
    said = words(primitive_slopes)
    assert f"x ** -1 at 2: result {2**-1}, slope {-(2**-2)}." in said
    assert f"exp at 1: result {math.e:.4g}, slope {math.e:.4g}." in said
    assert f"log at 0.5: result {math.log(0.5):.4g}, slope {1 / 0.5:g}." in said
    assert "relu at -2: result 0, slope 0." in said
