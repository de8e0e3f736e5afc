"""The compiled step in float32: half the bits of a number, and twice as many at once.

Chapter: Compiled.
"""

from ctypes import c_float

from microgpt.ladder import compiled


class GPT(compiled.GPT):
    """The model of `microgpt.ladder.compiled` on floats of 32 bits."""

    real = c_float
