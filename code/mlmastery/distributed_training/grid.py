"""Whole numbers for secure sums: 64 bits each, or few where clipping bounds them.

A mask must be uniform over all that can be sent, so numbers are written as whole
multiples of a step, modulo a power of two. Clients that clip their updates send numbers
of known size; with a coarse step a sum of them fits into 16 bits, a quarter of 64.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mlmastery.distributed_training.secure import (
    BOUND,
    FRACTION_BITS,
    from_fixed,
    to_fixed,
)


@dataclass(frozen=True)
class Grid:
    """Multiples of a step, of which a sum fits into so many bits.

    Parameters
    ----------
    step : float
    bound : float
        Largest magnitude of a number that is sent.
    width : {64, 32, 16}
        Bits of each number on its way.

    Examples
    --------
    >>> grid = Grid(step=0.25, bound=1.0, width=16)
    >>> total = grid.encode(np.array([0.6])) + grid.encode(np.array([-0.9]))
    >>> grid.decode(total)
    array([-0.5])
    """

    step: float = 2.0**-FRACTION_BITS
    bound: float = BOUND
    width: int = 64

    @property
    def dtype(self) -> np.dtype:
        """Type of the numbers on their way."""
        return np.dtype(f"u{self.width // 8}")

    def encode(self, vector: np.ndarray) -> np.ndarray:
        """Write numbers as multiples of the step, modulo 2**64.

        Raises
        ------
        ValueError
            If a number is not finite or larger than ``bound``.
        """
        return to_fixed(np.asarray(vector) / self.step, self.bound / self.step, 0)

    def decode(self, total: np.ndarray) -> np.ndarray:
        """Return the sum behind a sum of multiples; its low ``width`` bits suffice."""
        return from_fixed(total.astype(self.dtype), 0) * self.step

    def rounding(self, size: int) -> float:
        """Return how much longer rounding can make a vector of so many numbers."""
        return self.step * math.sqrt(size) / 2


def clipped_grid(clip: float, bits: int, n_clients: int) -> Grid:
    """Return a grid of 2**bits - 1 levels from -clip to clip, for sums of so many.

    Parameters
    ----------
    clip : float
        Largest magnitude of a number.
    bits : int
        At least 2.
    n_clients : int
        Most that take part in a sum.

    Examples
    --------
    >>> clipped_grid(1.0, 8, 100).width, clipped_grid(1.0, 8, 1000).width
    (16, 32)
    """
    levels = 2 ** (bits - 1) - 1
    width = 16 if n_clients * levels < 2**15 else 32
    return Grid(clip / levels, clip, width)
