"""Time what each solver takes for the weights of one objective."""

from __future__ import annotations

import timeit
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, SGDRegressor

from mlmastery.linear_regression.closed_form import normal_equations, qr_least_squares
from mlmastery.linear_regression.estimator import LinearRegressionScratch

__all__ = ["solver_times"]

Fits = dict[tuple[str, str], Callable[[], np.ndarray]]
PASSES = 2000  # of SGDRegressor, which cannot be told to stop at a tolerance of weights


def solver_times(
    X: np.ndarray, y: np.ndarray, alpha: float = 1.0, runs: int = 2
) -> pd.DataFrame:
    """Fit with each solver and compare its weights with the exact ones.

    Parameters
    ----------
    X : ndarray of shape (m, n)
        Standardised columns.
    y : ndarray of shape (m,)
    alpha : float, default=1.0
        Strength of the penalties.
    runs : int, default=2
        The fastest of so many counts.

    Returns
    -------
    DataFrame
        Indexed by penalty ("none", "l1", "elasticnet") and solver, with the columns
        ``milliseconds`` and ``gap``, the largest difference to the exact weights.

    Examples
    --------
    >>> X, y = np.array([[-1.0], [1.0]]), np.array([-2.0, 2.0])
    >>> table = solver_times(X, y, runs=1)
    >>> bool((table["gap"] < 1e-6).loc["none", "QR, ours"])
    True
    """
    exact = {"tol": 1e-14, "max_iter": 1_000_000}
    truth = {
        "none": LinearRegression().fit(X, y).coef_,
        "l1": Lasso(alpha=alpha, **exact).fit(X, y).coef_,
        "elasticnet": ElasticNet(alpha=alpha, **exact).fit(X, y).coef_,
    }
    rows = {
        (penalty, name): _timed(fit, truth[penalty], runs)
        for (penalty, name), fit in _solvers(X, y, alpha).items()
    }
    table = pd.DataFrame(rows, index=["milliseconds", "gap"]).T.sort_index()
    return table.rename_axis(["penalty", "solver"])


def _weights(model: Any, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    return model.fit(X, y).coef_


def _solvers(X: np.ndarray, y: np.ndarray, alpha: float) -> Fits:
    """Return the functions that fit and return weights, by penalty and solver."""
    models: dict[tuple[str, str], Any] = {
        ("none", "LinearRegression"): LinearRegression(),
        ("l1", "coordinate descent"): Lasso(alpha=alpha, tol=1e-10),
        ("elasticnet", "coordinate descent"): ElasticNet(alpha=alpha, tol=1e-10),
    }
    for name in ("none", "l1", "elasticnet"):
        objective: dict[str, Any] = {
            "penalty": None if name == "none" else name,
            "alpha": alpha,
        }
        models[name, "SGDRegressor"] = SGDRegressor(
            **objective,
            l1_ratio=0.5,
            max_iter=PASSES,
            tol=None,
            eta0=0.01,
            random_state=0,
        )
        models[name, "descent, ours"] = LinearRegressionScratch(
            **objective, l1_ratio=0.5, iterations=100_000, tol=1e-11
        )
    fits: Fits = {key: partial(_weights, model, X, y) for key, model in models.items()}
    fits["none", "normal equations, ours"] = lambda: normal_equations(X, y).weights
    fits["none", "QR, ours"] = lambda: qr_least_squares(X, y).weights
    return fits


def _timed(
    fit: Callable[[], np.ndarray], exact: np.ndarray, runs: int
) -> tuple[float, float]:
    """Return the milliseconds of the fastest run, and the largest error."""
    milliseconds = 1000 * min(timeit.repeat(fit, number=1, repeat=runs))
    return milliseconds, float(np.abs(fit() - exact).max())
