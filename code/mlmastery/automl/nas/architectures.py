"""A space of 144 small networks, and the masks that cut each out of the largest.

>>> len(ARCHITECTURES)
144
>>> ARCHITECTURES[0]
{'layers': 1, 'width_1': 2, 'activation_1': 'relu', 'skip': False}
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from mlmastery.automl.space import Choice, Space

__all__ = [
    "ARCHITECTURES",
    "ARCHITECTURE_SPACE",
    "Masks",
    "architecture_masks",
    "n_parameters",
]

WIDTHS = (2, 4, 8, 16)
ACTIVATIONS = ("relu", "tanh")
ARCHITECTURE_SPACE = Space(
    {
        "layers": Choice(1, 2),
        "width_1": Choice(*WIDTHS),
        "activation_1": Choice(*ACTIVATIONS),
        "width_2": Choice(*WIDTHS),
        "activation_2": Choice(*ACTIVATIONS),
        "skip": Choice(False, True),
    },
    conditions={"width_2": ("layers", (2,)), "activation_2": ("layers", (2,))},
)
ARCHITECTURES = sorted(
    ARCHITECTURE_SPACE.enumerate(),
    key=lambda a: (a["layers"], a["width_1"], a.get("width_2", 0)),
)


class Masks(NamedTuple):
    """Differences between the networks of a batch.

    Examples
    --------
    >>> masks = architecture_masks(ARCHITECTURES[:2])
    >>> masks.units_1.shape
    (2, 1, 16)
    """

    # Arrays of NumPy or tensors.
    units_1: Any  # (A, 1, H): 1 where the first layer has a unit
    units_2: Any  # (A, 1, H)
    relu_1: Any  # (A, 1, 1): 1 for relu, 0 for tanh
    relu_2: Any  # (A, 1, 1)
    two: Any  # (A, 1, 1): 1 where there is a second layer
    skip: Any  # (A, 1, 1): 1 where the input reaches the output


def architecture_masks(architectures: Sequence[Mapping[str, Any]]) -> Masks:
    """Return the masks that turn a batch of largest networks into these.

    Parameters
    ----------
    architectures : sequence of mapping
        Configurations of `ARCHITECTURE_SPACE`.

    Returns
    -------
    Masks
        Arrays of 0 and 1; A is the number of architectures, H the largest width.

    Examples
    --------
    >>> masks = architecture_masks([{"layers": 1, "width_1": 2, "activation_1": "relu",
    ...                              "skip": True}])
    >>> masks.units_1[0, 0, :4], masks.two[0, 0, 0], masks.skip[0, 0, 0]
    (array([1., 1., 0., 0.], dtype=float32), np.float32(0.0), np.float32(1.0))
    """

    def column(values: Any) -> np.ndarray:
        return np.array(values, dtype=np.float32).reshape(-1, 1, 1)

    units = np.arange(max(WIDTHS))
    w1 = column([a["width_1"] for a in architectures])
    w2 = column([a.get("width_2", 0) for a in architectures])
    return Masks(
        units_1=(units < w1).astype(np.float32),
        units_2=(units < w2).astype(np.float32),
        relu_1=column([a["activation_1"] == "relu" for a in architectures]),
        relu_2=column([a.get("activation_2") == "relu" for a in architectures]),
        two=column([a["layers"] == 2 for a in architectures]),
        skip=column([a["skip"] for a in architectures]),
    )


def n_parameters(architecture: Mapping[str, Any], n_in: int, n_out: int) -> int:
    """Return the number of weights and biases of an architecture.

    Parameters
    ----------
    architecture : mapping
        A configuration of `ARCHITECTURE_SPACE`.
    n_in, n_out : int
        Inputs and classes.

    Examples
    --------
    >>> n_parameters(ARCHITECTURES[0], n_in=64, n_out=10)
    160
    """
    widths = [n_in, architecture["width_1"]]
    if architecture["layers"] == 2:
        widths.append(architecture["width_2"])
    widths.append(n_out)
    pairs = itertools.pairwise(widths)
    direct = n_in * n_out if architecture["skip"] else 0
    return sum((a + 1) * b for a, b in pairs) + direct
