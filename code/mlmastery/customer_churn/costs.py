"""What a decision earns: the cost matrix, its threshold, the profit curve."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.customer_churn.checks import check_flags, check_probabilities
from mlmastery.validation import check_number

__all__ = ["CostMatrix", "profit_curve"]

GAINS = ("called_leaver", "called_stayer", "missed_leaver", "left_alone")


@dataclass(frozen=True)
class CostMatrix:
    """The gain from each of the four outcomes per customer, in one currency.

    Parameters
    ----------
    called_leaver, called_stayer : float
        Gain from calling a customer who would leave, or who would stay anyway.
    missed_leaver, left_alone : float, default=0
        Gain from not calling them. Costs are negative.

    Raises
    ------
    ValueError
        If a gain is not finite, or if calling leavers does not pay more than missing
        them while calling stayers costs something: then no threshold is right.

    References
    ----------
    .. [1] Elkan (2001), "The Foundations of Cost-Sensitive Learning", IJCAI.

    Examples
    --------
    >>> costs = CostMatrix(called_leaver=150, called_stayer=-50)
    >>> costs.threshold
    0.25
    >>> costs.profit([1, 0, 0], [True, True, False])
    100.0
    """

    called_leaver: float
    called_stayer: float
    missed_leaver: float = 0.0
    left_alone: float = 0.0

    def __post_init__(self) -> None:
        for name in GAINS:
            gain = getattr(self, name)
            if not isinstance(gain, Real) or not math.isfinite(gain):
                raise ValueError(f"gains must be finite, got {gain!r} for {name}")
        if self.called_leaver <= self.missed_leaver:
            raise ValueError(
                "called_leaver must be above missed_leaver, or no call pays; "
                f"got {self.called_leaver} and {self.missed_leaver}"
            )
        if self.called_stayer >= self.left_alone:
            raise ValueError(
                "called_stayer must be below left_alone, or every call pays; "
                f"got {self.called_stayer} and {self.left_alone}"
            )

    @classmethod
    def campaign(
        cls, *, contact_cost: float, save_rate: float, customer_value: float
    ) -> CostMatrix:
        """Return the matrix of a campaign that keeps a share of the leavers it calls.

        Parameters
        ----------
        contact_cost : float
            Of one call with its offer, above 0; paid for stayers too.
        save_rate : float
            Share of called leavers who stay because of the call, in (0, 1].
        customer_value : float
            What a kept customer is worth, in the currency of the cost.

        Examples
        --------
        >>> CostMatrix.campaign(contact_cost=50, save_rate=0.4, customer_value=500)
        CostMatrix(called_leaver=150.0, called_stayer=-50.0, ...)
        """
        check_number(contact_cost, "contact_cost", open=True)
        check_number(save_rate, "save_rate", maximum=1, open=True)
        check_number(customer_value, "customer_value", open=True)
        return cls(save_rate * customer_value - contact_cost, -float(contact_cost))

    @property
    def threshold(self) -> float:
        """Probability of leaving from which a call pays."""
        wrong_call = self.left_alone - self.called_stayer
        right_call = self.called_leaver - self.missed_leaver
        return wrong_call / (wrong_call + right_call)

    def gains(self, left: Any, called: Any) -> np.ndarray:
        """Return what each customer earned.

        Parameters
        ----------
        left, called : array of bool or 0/1, shape (n_customers,)

        Returns
        -------
        ndarray of shape (n_customers,)
        """
        left, called = _same_length(left, called)
        of_called = np.where(left, self.called_leaver, self.called_stayer)
        of_others = np.where(left, self.missed_leaver, self.left_alone)
        return np.where(called, of_called, of_others)

    def profit(self, left: Any, called: Any) -> float:
        """Return what all customers earned together."""
        return float(self.gains(left, called).sum())

    def mean_profit(self, left: Any, probability: Any) -> float:
        """Return the profit per customer of calling from the threshold on."""
        p = check_probabilities(probability)
        return self.profit(left, p >= self.threshold) / len(p)


def profit_curve(
    left: Any, probability: Any, costs: CostMatrix, thresholds: Any = None
) -> pd.DataFrame:
    """Return the profit per customer for each threshold.

    Parameters
    ----------
    left : array of 0/1, shape (n_customers,)
    probability : array of shape (n_customers,)
    costs : CostMatrix
    thresholds : array, optional
        0, 0.01, ... 1 by default.

    Returns
    -------
    DataFrame
        ``threshold``, ``called`` (share of the customers), ``profit`` (per customer).

    Examples
    --------
    >>> costs = CostMatrix(150, -50)
    >>> profit_curve([1, 0], [0.9, 0.1], costs, [0, 0.5, 1])
       threshold  called  profit
    0        0.0     1.0    50.0
    1        0.5     0.5    75.0
    2        1.0     0.0     0.0
    """
    p = check_probabilities(probability)
    cuts = np.linspace(0, 1, 101)
    if thresholds is not None:
        cuts = check_probabilities(thresholds, "thresholds")
    rows = [
        ((p >= t).mean(), costs.profit(left, p >= t) / len(p)) for t in cuts.tolist()
    ]
    table = pd.DataFrame(rows, columns=["called", "profit"])
    table.insert(0, "threshold", cuts)
    return table


def _same_length(left: Any, called: Any) -> tuple[np.ndarray, np.ndarray]:
    a, b = check_flags(left, "left"), check_flags(called, "called")
    if a.shape != b.shape:
        raise ValueError(
            "left and called must have one entry per customer, "
            f"got shapes {a.shape} and {b.shape}"
        )
    return a, b
