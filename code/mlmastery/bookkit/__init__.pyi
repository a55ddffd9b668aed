from .figures import palette, use_style
from .film import frames
from .holdout import HoldOut, HoldOutError
from .languages import show_texts
from .notebook import ClaimError, Published, Spread, claim, glue, result, set_up

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
    "show_texts",
    "use_style",
]
