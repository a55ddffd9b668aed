"""What a configuration names by its import path."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable


def imported(field: str, path: str) -> Callable:
    """Return what a field of the configuration names."""
    try:
        found = pkgutil.resolve_name(path)
    except (ImportError, AttributeError) as error:
        raise ImportError(
            f"{field} {path!r} cannot be imported: {error}; its folder must be on "
            "PYTHONPATH, for every process"
        ) from error
    if not callable(found):
        raise TypeError(f"{field} must name a function, {path!r} is {found!r}")
    return found
