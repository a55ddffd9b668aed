"""What a customer is worth: months to come, discounted, times the margin."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from mlmastery.customer_churn.survival import kaplan_meier
from mlmastery.validation import check_count, check_number

__all__ = ["CustomerLifetimeValue", "monthly_rate"]


def monthly_rate(annual: float) -> float:
    """Return the monthly rate that compounds to an annual one.

    Parameters
    ----------
    annual : float
        At least 0; 0.06 for 6 % a year.

    Examples
    --------
    >>> f"{monthly_rate(0.06):.4%}"
    '0.4868%'
    """
    return float((1 + check_number(annual, "annual")) ** (1 / 12) - 1)


class CustomerLifetimeValue(BaseEstimator):
    """Value of the months that a customer is expected to stay.

    The margin of a month is earned at its start by those who are still there.

    Parameters
    ----------
    margin : float, default=1.0
        Earned per customer and month, at least 0.
    annual_discount : float, default=0.06
        Interest of a year, at least 0.

    Attributes
    ----------
    curve_ : SurvivalCurve
        Kaplan-Meier estimate of the share that stays longer than t months.

    Examples
    --------
    >>> clv = CustomerLifetimeValue(margin=10.0, annual_discount=0.0)
    >>> clv.fit([1, 2, 3, 4], [1, 1, 0, 0]).value(3)  # 10 (1 + 0.75 + 0.5)
    22.5
    """

    def __init__(self, margin: float = 1.0, annual_discount: float = 0.06) -> None:
        self.margin = margin
        self.annual_discount = annual_discount

    def fit(self, durations: Any, events: Any) -> CustomerLifetimeValue:
        """Estimate the survival curve and return self.

        Parameters
        ----------
        durations : array of shape (n_customers,)
            In months.
        events : array of bool or 0/1, shape (n_customers,)
            Whether the customer left.
        """
        check_number(self.margin, "margin")
        check_number(self.annual_discount, "annual_discount")
        self.curve_ = kaplan_meier(durations, events)
        return self

    def value(self, horizon: int, tenure: int = 0) -> float:
        """Return the value of the next ``horizon`` months of one customer.

        Parameters
        ----------
        horizon : int
            Months counted, at least 1.
        tenure : int, default=0
            Months that the customer has stayed already.

        Raises
        ------
        ValueError
            If the months reach beyond the data, or none of that tenure is left.
        """
        check_is_fitted(self)
        months = np.arange(check_count(horizon, "horizon"))
        start = check_count(tenure, "tenure", minimum=0)
        if start + horizon > self.curve_.last:
            raise ValueError(
                f"tenure + horizon must be at most {self.curve_.last:g} months, the "
                f"longest that was observed; got {start} + {horizon}"
            )
        staying = self.curve_.at(start + months)
        if staying[0] == 0:
            raise ValueError(f"tenure must be one that some outlast, got {start}")
        discount = (1 + monthly_rate(self.annual_discount)) ** -months.astype(float)
        return float(self.margin * (staying / staying[0] * discount).sum())
