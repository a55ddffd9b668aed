"""The estimator: gradient descent with penalties, in scikit-learn's interface."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted, validate_data

from mlmastery.linear_regression.convergence import (
    check_sizes,
    column_scales,
    columns_determine_weights,
    largest_curvature,
)
from mlmastery.linear_regression.cost import Line, mse_cost, mse_gradient
from mlmastery.linear_regression.divergence import check_divergence
from mlmastery.linear_regression.penalties import (
    PENALTIES,
    penalty_strengths,
    soft_threshold,
)
from mlmastery.validation import check_choice, check_count, check_number

__all__ = ["DegenerateFeaturesWarning", "LinearRegressionScratch", "coefficient_path"]


class DegenerateFeaturesWarning(UserWarning):
    """Warning that the features do not determine the coefficients."""


class LinearRegressionScratch(RegressorMixin, BaseEstimator):
    """Linear regression by (mini-batch) gradient descent, with an optional penalty.

    Parameters
    ----------
    learning_rate : float or "auto", default="auto"
        Step size. "auto" measures the curvature L and takes ``1 / L`` with full
        batches; with smaller ones half the inverse of the expected smoothness [1]_.
    iterations : int, default=1000
        Maximum number of passes over the data. With full batches each pass is one step.
    batch_size : int or None, default=None
        Maximum number of rows per step: None for all, 1 for stochastic gradient descent. The
        batches of a pass are of nearly equal size.
    penalty : {None, "l1", "l2", "elasticnet"}, default=None
        L2 is part of the gradient; L1 is a proximal step after it [2]_.
    alpha : float, default=0.0
        Penalty strength, at least 0; ignored when ``penalty`` is None.
    l1_ratio : float, default=0.5
        Share of L1 in the elastic net, in [0, 1]; ignored by the other penalties.
    tol : float, default=1e-6
        Stop when no slope is steeper, averaged over a pass and with each column and
        ``y`` in units of its standard deviation. 0 runs all iterations.
    random_state : int or None, default=None
        Decides the order of the rows in mini-batches.
    decay : float, default=0.0
        Pass k uses ``learning_rate / (1 + decay * k)``: with mini-batches, a
        shrinking step lets the noise die out [3]_.

    Attributes
    ----------
    coef_ : ndarray of shape (n_features,)
        Slopes, in units of ``y`` per unit of each feature.
    intercept_ : float
    loss_curve_ : ndarray of shape (n_iter_ + 1,)
        The objective, penalty included, before the first pass and after each.
    n_iter_ : int
        Passes made.
    converged_ : bool
        Whether ``tol`` was reached.
    learning_rate_ : float
        The step of the first pass.

    Raises
    ------
    DivergenceError
        From ``fit``, if the loss grows without bound; it names the largest stable step.
    ValueError
        From ``fit``, for NaN, a single row or a parameter out of range.

    Warns
    -----
    DegenerateFeaturesWarning
        If a column is constant (its coefficient is kept at 0) or the columns do not
        determine the coefficients (the small solution found from zero is kept).
    sklearn.exceptions.ConvergenceWarning
        If ``tol`` was not reached in ``iterations`` passes.

    References
    ----------
    .. [1] Gower et al. (2019), "SGD: General Analysis and Improved Rates", ICML.
    .. [2] Beck and Teboulle (2009), "A Fast Iterative Shrinkage-Thresholding
       Algorithm for Linear Inverse Problems", SIAM Journal on Imaging Sciences 2(1).
    .. [3] Robbins and Monro (1951), "A Stochastic Approximation Method", Annals of
       Mathematical Statistics 22(3).

    Examples
    --------
    >>> X, y = [[-1.0], [0.0], [1.0]], [1.0, 3.0, 5.0]
    >>> model = LinearRegressionScratch(learning_rate=0.5).fit(X, y)
    >>> model.predict([[5.0]]).round(3)
    array([13.])
    """

    def __init__(
        self,
        learning_rate: float | str = "auto",
        iterations: int = 1000,
        batch_size: int | None = None,
        penalty: str | None = None,
        alpha: float = 0.0,
        l1_ratio: float = 0.5,
        tol: float = 1e-6,
        random_state: int | None = None,
        decay: float = 0.0,
    ) -> None:
        self.learning_rate = learning_rate
        self.iterations = iterations
        self.batch_size = batch_size
        self.penalty = penalty
        self.alpha = alpha
        self.l1_ratio = l1_ratio
        self.tol = tol
        self.random_state = random_state
        self.decay = decay

    def fit(self, X: Any, y: Any) -> Self:
        """Learn the coefficients from ``X`` (m, n) and ``y`` (m,)."""
        self._check_parameters()
        X, y = validate_data(
            self, X, y, y_numeric=True, dtype=np.float64, ensure_min_samples=2
        )
        y = y.astype(np.float64)
        check_sizes(X, y)
        varying = np.ptp(X, axis=0) > 0
        self._warn_if_degenerate(X, varying)
        w, b = self._run_gradient_descent(X[:, varying], y)
        self.coef_ = np.zeros(X.shape[1])
        self.coef_[varying] = w
        self.intercept_ = float(b)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Return the predictions, shape (m,), for the rows of ``X`` (m, n)."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=np.float64)
        return X @ self.coef_ + self.intercept_

    def _run_gradient_descent(self, X: np.ndarray, y: np.ndarray) -> Line:
        """Run passes until ``tol``, the last iteration or divergence."""
        rng = np.random.default_rng(self.random_state)
        line = Line(np.zeros(X.shape[1]), 0.0)
        self.learning_rate_ = self._initial_learning_rate(X)
        losses, unit = [self._objective(X, y, line)], _unit_slopes(X, y)
        steepest, self.converged_ = math.inf, False
        for k in range(self.iterations):
            step = self.learning_rate_ / (1 + self.decay * k)
            with np.errstate(over="ignore", invalid="ignore"):
                line, slopes = self._run_pass(X, y, line, step, rng)
                losses.append(self._objective(X, y, line))
            check_divergence(
                losses, self.learning_rate_, lambda: 2 / self._expected_smoothness(X)
            )
            steepest = float(np.abs(slopes / unit).max())
            if steepest <= self.tol:
                self.converged_ = True
                break
        self.loss_curve_, self.n_iter_ = np.array(losses), len(losses) - 1
        if steepest > self.tol > 0:
            warnings.warn(
                _not_converged(self.n_iter_, steepest, self.tol),
                ConvergenceWarning,
                stacklevel=3,
            )
        return line

    def _run_pass(
        self,
        X: np.ndarray,
        y: np.ndarray,
        line: Line,
        step: float,
        rng: np.random.Generator,
    ) -> tuple[Line, np.ndarray]:
        """Visit every row once; also return the mean slopes of the pass, shape (n + 1,)."""
        start, n_steps = line, 0
        for rows in _batches(len(y), self.batch_size, rng):
            line = self._step(X[rows], y[rows], line, step)
            n_steps += 1
        # The way made, over the length of all steps, is the mean gradient, with the
        # proximal step in it: that is what vanishes at the minimum of a lasso.
        moved = np.append(*start) - np.append(*line)
        return line, moved / (step * n_steps)

    def _step(self, X: np.ndarray, y: np.ndarray, line: Line, step: float) -> Line:
        """Take a gradient step on w and b, then the proximal step (Eq. 3.18) on w."""
        l1, l2 = self._penalty_strengths()
        dw, db = mse_gradient(X, y, line.weights, line.intercept)
        weights = line.weights - step * (dw + l2 * line.weights)
        if l1:
            weights = soft_threshold(weights, step * l1)
        return Line(weights, line.intercept - step * db)

    def _objective(self, X: np.ndarray, y: np.ndarray, line: Line) -> float:
        l1, l2 = self._penalty_strengths()
        w = line.weights
        penalty = l1 * np.abs(w).sum() + l2 / 2 * (w @ w)
        return mse_cost(X, y, w, line.intercept) + float(penalty)

    def _penalty_strengths(self) -> tuple[float, float]:
        return penalty_strengths(self.penalty, self.alpha, self.l1_ratio)

    def _initial_learning_rate(self, X: np.ndarray) -> float:
        if self.learning_rate != "auto":
            return float(self.learning_rate)
        stochastic = self.batch_size is not None and self.batch_size < len(X)
        return (0.5 if stochastic else 1.0) / self._expected_smoothness(X)

    def _expected_smoothness(self, X: np.ndarray) -> float:
        """Return L of a full batch, or what a random batch puts in its place.

        Gower et al. (2019): between L of all rows and that of the steepest single row,
        by how much a sample of this size, drawn without replacement, still varies.
        """
        m = len(X)
        size = m // math.ceil(m / (self.batch_size or m))  # of the smallest batch
        l2 = self._penalty_strengths()[1]
        full_batch = largest_curvature(X, l2)
        steepest_row = float((X**2).sum(axis=1).max() + 1) + l2
        share = (m - size) / (size * (m - 1))  # 0 for the full batch, 1 for one row
        return (1 - share) * full_batch + share * steepest_row

    def _warn_if_degenerate(self, X: np.ndarray, varying: np.ndarray) -> None:
        if not varying.all():
            warnings.warn(
                f"columns {np.flatnonzero(~varying).tolist()} are constant: the "
                "intercept already says what they say, so their coefficients stay 0",
                DegenerateFeaturesWarning,
                stacklevel=3,
            )
        X = X[:, varying]
        if not (self._penalty_strengths()[1] or columns_determine_weights(X)):
            warnings.warn(
                f"the {X.shape[1]} varying columns of these {X.shape[0]} rows do not "
                "determine the coefficients (columns repeat each other, or there are "
                "too few rows): many lines fit equally well, and this is the one that "
                "descent from zero finds. An L2 penalty makes the answer unique",
                DegenerateFeaturesWarning,
                stacklevel=3,
            )

    def _check_parameters(self) -> None:
        check_choice(self.penalty, "penalty", PENALTIES)
        if self.learning_rate != "auto":
            check_number(self.learning_rate, "learning_rate", open=True)
        for name in ("alpha", "tol", "decay"):
            check_number(getattr(self, name), name)
        check_number(self.l1_ratio, "l1_ratio", maximum=1)
        check_count(self.iterations, "iterations")
        if self.batch_size is not None:
            check_count(self.batch_size, "batch_size")


def _unit_slopes(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the slopes, shape (n + 1,), that are 1 with all in standard deviations.

    With these units neither the unit of a column nor the origin of ``y`` decides when
    the descent stops. A constant ``y`` has its own size as its unit.
    """
    # A deviation of equal numbers is not always 0: rounding is left.
    varies = np.ptp(y) > 0
    unit = column_scales(y[:, None])[0] if varies else np.abs(y).max() or 1.0
    return unit * np.append(column_scales(X), 1.0)


def _not_converged(passes: int, steepest: float, tol: float) -> str:
    return (
        f"not converged after {passes} passes: the steepest slope, with all columns in "
        f"units of their standard deviations, is {steepest:.1e}, above tol={tol:g}. "
        "Scale the columns (for example with StandardScaler) or allow more iterations; "
        "with mini-batches let the step decay, or set tol=0 to run a fixed number"
    )


def _batches(m: int, size: int | None, rng: np.random.Generator) -> Iterator[Any]:
    """Yield the rows of each step: all at once, or shuffled batches of nearly one size."""
    if size is None or size >= m:
        yield slice(None)
        return
    # array_split, since a leftover batch of one row would need a much smaller step.
    yield from np.array_split(rng.permutation(m), math.ceil(m / size))


def coefficient_path(
    X: np.ndarray, y: np.ndarray, alphas: Sequence[float], **settings: Any
) -> np.ndarray:
    """Fit a model for each penalty strength and return the coefficients.

    Parameters
    ----------
    X : ndarray of shape (m, n)
    y : ndarray of shape (m,)
    alphas : sequence of k floats
    **settings
        Passed to :class:`LinearRegressionScratch`, ``penalty`` above all.

    Returns
    -------
    ndarray of shape (k, n)
        The coefficients, one row for each alpha.

    Examples
    --------
    >>> X, y = np.array([[-1.0], [1.0]]), np.array([-2.0, 2.0])
    >>> coefficient_path(X, y, [0.0, 0.5, 3.0], penalty="l1").ravel().round(6)
    array([2. , 1.5, 0. ])
    """
    models = (LinearRegressionScratch(alpha=alpha, **settings) for alpha in alphas)
    return np.array([model.fit(X, y).coef_ for model in models])
