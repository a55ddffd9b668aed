"""What the pages of the book share: figure style, glued numbers, claims, hold-out.

>>> from mlmastery.bookkit import claim
>>> claim("Two is more than one.", 2 > 1)
"""

from mlmastery.bookkit.figures import palette, use_style
from mlmastery.bookkit.film import frames
from mlmastery.bookkit.holdout import HoldOut, HoldOutError
from mlmastery.bookkit.notebook import (
    ClaimError,
    Published,
    claim,
    glue,
    result,
    set_up,
)
from mlmastery.spread import Spread

__all__ = [
    "ClaimError",
    "HoldOut",
    "HoldOutError",
    "Published",
    "Spread",
    "claim",
    "frames",
    "glue",
    "palette",
    "result",
    "set_up",
    "use_style",
]
