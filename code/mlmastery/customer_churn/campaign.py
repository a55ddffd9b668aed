"""A campaign with a budget: whom to call, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mlmastery.customer_churn.checks import check_flags, check_probabilities
from mlmastery.customer_churn.costs import CostMatrix
from mlmastery.inference import Interval, bootstrap, percentile_interval
from mlmastery.validation import as_numbers, check_count

__all__ = ["Campaign", "choose_customers", "run_campaign"]


def choose_customers(
    probability: Any, costs: CostMatrix, max_calls: int | None = None, worth: Any = None
) -> np.ndarray:
    """Return whom to call: those where a call pays, best first, as far as calls go.

    Parameters
    ----------
    probability : array of shape (n_customers,)
        Of leaving.
    costs : CostMatrix
    max_calls : int, optional
        What the budget pays for; no limit by default.
    worth : array of shape (n_customers,), optional
        Each customer's value relative to the one in ``costs``; 1 by default. It
        multiplies what a saved customer brings, not what a call costs.

    Returns
    -------
    ndarray of bool, shape (n_customers,)

    Examples
    --------
    >>> costs = CostMatrix.campaign(contact_cost=50, save_rate=0.4, customer_value=500)
    >>> choose_customers([0.9, 0.1, 0.3, 0.5], costs, max_calls=2).tolist()
    [True, False, False, True]
    """
    p = check_probabilities(probability)
    expected = expected_gain(p, costs, worth)
    limit = len(p)
    if max_calls is not None:
        limit = check_count(max_calls, "max_calls", minimum=0)
    best = np.argsort(-expected, kind="stable")[:limit]
    called = np.zeros(len(p), dtype=bool)
    # Rounding must not lose the customer who stands at the threshold itself.
    at_least = -1e-9 * (costs.left_alone - costs.called_stayer)
    called[best] = expected[best] >= at_least
    return called


def expected_gain(p: np.ndarray, costs: CostMatrix, worth: Any = None) -> np.ndarray:
    """Return what a call is expected to earn over leaving the customer alone.

    Examples
    --------
    >>> costs = CostMatrix.campaign(contact_cost=50, save_rate=0.4, customer_value=500)
    >>> expected_gain(np.array([0.25, 0.5]), costs).tolist()
    [0.0, 50.0]
    """
    scale = np.ones(len(p)) if worth is None else as_numbers(worth, "worth")
    right = (scale >= 0) & np.isfinite(scale)
    if scale.shape != p.shape or not right.all():
        raise ValueError(
            "worth must be one number of at least 0 per customer, "
            f"got {scale[~right][:1].tolist() or scale.shape} for {len(p)}"
        )
    wrong = costs.called_stayer - costs.left_alone
    # A right call costs as much as a wrong one; only what it brings scales.
    saved = costs.called_leaver - costs.missed_leaver - wrong
    return p * saved * scale + wrong


@dataclass(frozen=True)
class Campaign:
    """The earnings of a campaign on customers whose outcome is known.

    Parameters
    ----------
    calls : int
    spent : float
        On calls, to leavers and stayers.
    profit : float
        Over not calling, after costs.
    profit_interval, roi_interval : Interval
        95 %, by bootstrap over the customers.
    """

    calls: int
    spent: float
    profit: float
    profit_interval: Interval
    roi_interval: Interval

    @property
    def roi(self) -> float:
        """Profit per unit spent; 0 if nothing was spent."""
        return self.profit / self.spent if self.spent else 0.0


def run_campaign(
    left: Any,
    called: Any,
    costs: CostMatrix,
    n_resamples: int = 1000,
    random_state: int = 0,
) -> Campaign:
    """Return the profit and the return on investment of calling these customers.

    Parameters
    ----------
    left, called : array of bool or 0/1, shape (n_customers,)
    costs : CostMatrix
    n_resamples : int, default=1000
    random_state : int, default=0

    Returns
    -------
    Campaign

    Examples
    --------
    >>> costs = CostMatrix.campaign(contact_cost=50, save_rate=0.4, customer_value=500)
    >>> campaign = run_campaign([1, 0, 1, 0], [1, 1, 0, 0], costs)
    >>> campaign.calls, campaign.spent, campaign.profit, campaign.roi
    (2, 100.0, 100.0, 1.0)
    """
    called = check_flags(called, "called")
    if not len(called):
        raise ValueError("left and called must hold at least one customer, got none")
    gain = costs.gains(left, called) - costs.gains(left, np.zeros(len(called)))
    cost = (costs.left_alone - costs.called_stayer) * called
    draws = bootstrap(
        lambda g, c: (g.sum(), g.sum() / c.sum() if c.any() else 0.0),
        gain,
        cost,
        n_resamples=n_resamples,
        random_state=random_state,
    )
    return Campaign(
        int(called.sum()),
        float(cost.sum()),
        float(gain.sum()),
        percentile_interval(draws[:, 0]),
        percentile_interval(draws[:, 1]),
    )
