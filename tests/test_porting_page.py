"""The porting guide prints the losses of the reference engine to the last bit."""

import re
from pathlib import Path

from tests import parity

PAGE = Path(__file__).parents[1] / "docs" / "porting.md"


def test_the_golden_losses_are_those_of_the_reference_engine():
    printed = re.findall(r"0x1\.\w+p\+1", PAGE.read_text(encoding="utf-8"))
    golden = [float.fromhex(text) for text in printed]
    losses = parity.Run("value").losses(10)
    assert len(golden) == 10
    if parity.BITS:
        assert losses == golden
    assert parity.distance(losses, golden) <= 1e-9
