"""Keep a name's old spelling for one version, with a warning.

A module that has renamed or moved ``old`` ends with

    __getattr__ = renamed(__name__, {"old": "mlmastery.inference.new"})
"""

import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["renamed"]

Lookup = Callable[[str], Any]


def renamed(
    module: str, names: Mapping[str, str], otherwise: Lookup | None = None
) -> Lookup:
    """Return a module's ``__getattr__`` that knows its old names.

    Parameters
    ----------
    module : str
        The module's ``__name__``.
    names : dict of str
        Old name to the new one in full, such as ``mlmastery.inference.mcnemar``.
    otherwise : callable, optional
        The ``__getattr__`` that the module has already.

    Returns
    -------
    callable
        Gives what the new name stands for and warns with a `FutureWarning`, which
        Python shows to everybody.

    Examples
    --------
    >>> look_up = renamed("mlmastery.old", {"flips": "math.comb"})
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     look_up("flips")(4, 2)
    6
    >>> print(caught[0].message)
    mlmastery.old.flips is now math.comb; the old name goes with the next version
    >>> look_up("flop")
    Traceback (most recent call last):
        ...
    AttributeError: module 'mlmastery.old' has no attribute 'flop'
    """

    def __getattr__(name: str) -> Any:
        if name in names:
            home, _, new = names[name].rpartition(".")
            warnings.warn(
                f"{module}.{name} is now {names[name]}; the old name goes with the "
                "next version",
                FutureWarning,
                stacklevel=2,
            )
            return getattr(import_module(home), new)
        if otherwise is not None:
            return otherwise(name)
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return __getattr__
