"""Keep a name's old spelling for one version, with a warning.

A module that has renamed or moved ``old`` ends with

    __getattr__ = renamed(__name__, {"old": "mlmastery.inference.new"})

A class keeps a method by `renamed_method`, a function a keyword by `renamed_keywords`.
"""

import warnings
from collections.abc import Callable, Mapping
from functools import wraps
from importlib import import_module
from typing import Any, TypeVar, cast

__all__ = ["renamed", "renamed_keywords", "renamed_method"]

Lookup = Callable[[str], Any]
F = TypeVar("F", bound=Callable[..., Any])


def renamed(
    module: str, names: Mapping[str, str], otherwise: Lookup | None = None
) -> Lookup:
    """Return a module's ``__getattr__`` that knows its old names.

    Parameters
    ----------
    module : str
        The module's ``__name__``.
    names : dict of str
        Old name to the new one: in full, such as ``mlmastery.inference.mcnemar``, or
        alone if it is in the same module.
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
            _warn(f"{module}.{name}", f"{home or module}.{new}")
            return getattr(import_module(home or module), new)
        if otherwise is not None:
            return otherwise(name)
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return __getattr__


def renamed_method(old: str, new: str) -> Callable[..., Any]:
    """Return a method that warns and calls the one that took its place.

    Parameters
    ----------
    old, new : str
        Names of the method, before and now.

    Examples
    --------
    >>> class Network:
    ...     def forward(self, x):
    ...         return x
    ...     run = renamed_method("run", "forward")
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     Network().run(3)
    3
    >>> print(caught[0].message)
    Network.run is now forward; the old name goes with the next version
    """

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        _warn(f"{type(self).__name__}.{old}", new)
        return getattr(self, new)(*args, **kwargs)

    return method


def renamed_keywords(**names: str) -> Callable[[F], F]:
    """Return a decorator that lets a function be called by its old keywords.

    Parameters
    ----------
    **names : str
        Old keyword to the new one.

    Examples
    --------
    >>> @renamed_keywords(seed="random_state")
    ... def draw(random_state=0):
    ...     return random_state
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     draw(seed=5)
    5
    >>> print(caught[0].message)
    draw(seed=...) is now random_state; the old name goes with the next version
    """

    def decorate(function: F) -> F:
        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            for old in names.keys() & kwargs.keys():
                _warn(f"{function.__qualname__}({old}=...)", names[old])
                kwargs[names[old]] = kwargs.pop(old)
            return function(*args, **kwargs)

        return cast(F, call)

    return decorate


def _warn(old: str, new: str) -> None:
    # Two frames up: the line that uses the old name.
    warnings.warn(
        f"{old} is now {new}; the old name goes with the next version",
        FutureWarning,
        stacklevel=3,
    )
