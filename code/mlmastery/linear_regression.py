r"""Linear regression by gradient descent, from the cost to the elastic net.

One objective serves the whole module. For m rows, weights w and intercept b,

.. math::
    J(w, b) = \frac{1}{2m} \sum_i (x_i \cdot w + b - y_i)^2
              + \lambda \rho \lVert w \rVert_1
              + \frac{\lambda (1 - \rho)}{2} \lVert w \rVert_2^2 ,

with :math:`\lambda` the ``alpha`` of the code and :math:`\rho` its ``l1_ratio``: 1
for the lasso, 0 for ridge. The intercept is never penalised. scikit-learn's ``Lasso``,
``ElasticNet`` and ``SGDRegressor`` minimise the same function; its ``Ridge`` leaves
out the 1/2m, see :func:`sklearn_alpha`.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, NamedTuple, Self

import numpy as np
from scipy.linalg import solve_triangular
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.validation import check_is_fitted, validate_data

__all__ = [
    "DegenerateFeaturesWarning",
    "DivergenceError",
    "LearningRateSearch",
    "Line",
    "LinearRegressionScratch",
    "coefficient_path",
    "condition_number",
    "convergence_factor",
    "find_learning_rate",
    "gradient_loop",
    "iterations_to_reach",
    "largest_curvature",
    "mse_cost",
    "mse_gradient",
    "normal_equations",
    "qr_least_squares",
    "sklearn_alpha",
    "soft_threshold",
]

PENALTIES = (None, "l1", "l2", "elasticnet")
EXPLOSION = 1e3  # a loss this many times its first value is not coming back


class DegenerateFeaturesWarning(UserWarning):
    """The features do not determine the coefficients; the message says why."""


class DivergenceError(ValueError):
    """Gradient descent left the valley: its loss grew without bound.

    Parameters
    ----------
    learning_rate : float
        The step that was used.
    stable_step : float
        The largest stable one, 2/L, measured on the features given.
    loss_curve : sequence of float
        The loss before the first pass and after each one.

    Examples
    --------
    >>> error = DivergenceError(0.1, 0.004, [10.0, 250.0, 6e4])
    >>> "2/L = 0.004" in str(error)
    True
    """

    def __init__(
        self, learning_rate: float, stable_step: float, loss_curve: Sequence[float]
    ) -> None:
        super().__init__(learning_rate, stable_step, loss_curve)
        self.learning_rate = learning_rate
        self.stable_step = stable_step
        self.loss_curve = list(loss_curve)

    def __str__(self) -> str:
        first, last = self.loss_curve[0], self.loss_curve[-1]
        return (
            f"gradient descent diverged: the loss went from {first:.3g} to {last:.3g} "
            f"in {len(self.loss_curve) - 1} passes with "
            f"learning_rate={self.learning_rate:.3g}. The largest stable step for "
            f"these features is 2/L = {self.stable_step:.3g}: scale the features "
            "(for example with StandardScaler) or choose a smaller learning_rate"
        )


class Line(NamedTuple):
    """Weights and intercept of a fitted linear function.

    Examples
    --------
    >>> Line(np.array([2.0]), 1.0).intercept
    1.0
    """

    weights: np.ndarray  # (n_features,)
    intercept: float


# --- the cost and its gradient -------------------------------------------------------


def mse_cost(X: np.ndarray, y: np.ndarray, w: np.ndarray, b: float) -> float:
    """Half the mean squared error of the line ``X @ w + b``.

    Parameters
    ----------
    X : ndarray of shape (m, n)
    y : ndarray of shape (m,)
    w : ndarray of shape (n,)
    b : float

    Returns
    -------
    float
        In squared units of ``y``.

    Examples
    --------
    >>> mse_cost(np.array([[1.0], [2.0]]), np.array([1.0, 4.0]), np.array([1.0]), 0.0)
    1.0
    """
    residuals = X @ w + b - y
    return float(residuals @ residuals / (2 * len(y)))


def mse_gradient(
    X: np.ndarray, y: np.ndarray, w: np.ndarray, b: float
) -> tuple[np.ndarray, float]:
    """Gradient of :func:`mse_cost` with respect to the weights and the intercept.

    Returns
    -------
    dw : ndarray of shape (n,)
        In squared units of ``y`` per unit of weight.
    db : float

    Examples
    --------
    >>> X, y = np.array([[1.0], [2.0]]), np.array([1.0, 4.0])
    >>> mse_gradient(X, y, np.array([1.0]), 0.0)
    (array([-2.]), -1.0)
    """
    residuals = X @ w + b - y  # (m,)
    return X.T @ residuals / len(y), float(residuals.mean())


def gradient_loop(
    X: np.ndarray, y: np.ndarray, w: np.ndarray, b: float
) -> tuple[np.ndarray, float]:
    """Compute :func:`mse_gradient` one number at a time: the slow, obvious version.

    Examples
    --------
    >>> X, y = np.array([[1.0], [2.0]]), np.array([1.0, 4.0])
    >>> gradient_loop(X, y, np.array([1.0]), 0.0)
    (array([-2.]), -1.0)
    """
    m, n = X.shape
    dw, db = np.zeros(n), 0.0
    for i in range(m):
        prediction = b
        for j in range(n):
            prediction += X[i, j] * w[j]
        residual = prediction - y[i]
        for j in range(n):
            dw[j] += residual * X[i, j] / m
        db += residual / m
    return dw, float(db)


def soft_threshold(z: np.ndarray, threshold: float) -> np.ndarray:
    """Move each number towards zero by ``threshold`` and stop there.

    This is the proximal step of the L1 penalty: the exact minimiser of
    ``(v - z)**2 / 2 + threshold * abs(v)``.

    Raises
    ------
    ValueError
        If ``threshold`` is negative.

    References
    ----------
    .. [1] Donoho (1995), "De-noising by soft-thresholding", IEEE Transactions on
       Information Theory 41(3).

    Examples
    --------
    >>> soft_threshold(np.array([3.0, -0.5, -2.0]), 1.0)
    array([ 2., -0., -1.])
    """
    if threshold < 0:
        raise ValueError(f"threshold must be at least 0, got {threshold}")
    return np.sign(z) * np.maximum(np.abs(z) - threshold, 0.0)


# --- the exact answers ---------------------------------------------------------------


def normal_equations(X: np.ndarray, y: np.ndarray, alpha: float = 0.0) -> Line:
    """Solve least squares, or ridge, exactly from the normal equations.

    Parameters
    ----------
    X : ndarray of shape (m, n)
    y : ndarray of shape (m,)
    alpha : float, default=0.0
        Ridge strength in the module's objective: ``alpha / 2 * sum(w**2)``.

    Raises
    ------
    ValueError
        If the columns of ``X`` do not determine the weights.

    Examples
    --------
    >>> line = normal_equations(np.array([[0.0], [1.0], [2.0]]), np.array([1.0, 3, 5]))
    >>> line.weights.round(6), round(line.intercept, 6)
    (array([2.]), 1.0)
    """
    x_mean, y_mean = X.mean(axis=0), float(y.mean())
    X_centred = X - x_mean
    # Centring takes the intercept out, so the penalty cannot shrink it.
    gram = X_centred.T @ X_centred / len(y) + alpha * np.eye(X.shape[1])
    if np.linalg.matrix_rank(gram, hermitian=True) < len(gram):
        raise ValueError(_singular("X.T @ X"))
    weights = np.linalg.solve(gram, X_centred.T @ (y - y_mean) / len(y))
    return Line(weights, y_mean - float(x_mean @ weights))


def qr_least_squares(X: np.ndarray, y: np.ndarray) -> Line:
    """Solve least squares by QR factorisation, which never squares ``X``.

    Raises
    ------
    ValueError
        If the columns of ``X``, with a column of ones, are linearly dependent.

    References
    ----------
    .. [1] Golub and Van Loan (2013), Matrix Computations, 4th edition, section 5.3.

    Examples
    --------
    >>> line = qr_least_squares(np.array([[0.0], [1.0], [2.0]]), np.array([1.0, 3, 5]))
    >>> line.weights.round(6), round(line.intercept, 6)
    (array([2.]), 1.0)
    """
    A = _with_ones(X)
    if np.linalg.matrix_rank(A) < A.shape[1]:
        raise ValueError(_singular("X with a column of ones"))
    Q, R = np.linalg.qr(A)
    solution = solve_triangular(R, Q.T @ y)
    return Line(solution[:-1], float(solution[-1]))


def _singular(matrix: str) -> str:
    return (
        f"{matrix} is singular: some columns are constant, repeated or combinations of "
        "others, or there are fewer rows than columns, so many lines fit equally well. "
        "Drop columns or add an L2 penalty"
    )


# --- theory: how fast can it go? -----------------------------------------------------


def largest_curvature(X: np.ndarray, alpha: float = 0.0) -> float:
    """Return L, the largest eigenvalue of the cost's Hessian.

    Gradient descent on this cost is stable for steps below ``2 / L``; the step
    ``1 / L`` is the usual safe choice. ``alpha`` is the strength of an L2 penalty.

    Examples
    --------
    >>> round(largest_curvature(np.array([[3.0], [-3.0]])), 9)
    9.0
    """
    return float(_curvatures(X, alpha)[0])


def condition_number(X: np.ndarray, alpha: float = 0.0) -> float:
    """Ratio of the largest to the smallest curvature of the cost.

    Near 1 the cost is a round bowl; large, a long narrow valley. Infinite if the
    columns of ``X`` do not determine the weights.

    Examples
    --------
    >>> round(condition_number(np.array([[3.0], [-3.0]])), 9)
    9.0
    """
    curvatures = _curvatures(X, alpha)
    rounding = curvatures[0] * np.finfo(float).eps * max(X.shape)
    if curvatures[-1] <= rounding:
        return math.inf
    return float(curvatures[0] / curvatures[-1])


def convergence_factor(kappa: float) -> float:
    """Worst factor by which one step of size 1/L shrinks the distance to the minimum.

    Examples
    --------
    >>> convergence_factor(4.0)
    0.75
    """
    if not kappa >= 1:
        raise ValueError(f"kappa must be at least 1, got {kappa}")
    return 1 - 1 / kappa


def iterations_to_reach(kappa: float, shrink: float) -> int:
    """Count the steps of 1/L that surely shrink the distance to ``shrink``.

    Parameters
    ----------
    kappa : float
        Condition number, at least 1.
    shrink : float
        Remaining fraction of the first distance, between 0 and 1.

    Raises
    ------
    ValueError
        If either number is out of its range.

    Examples
    --------
    >>> iterations_to_reach(4.0, 0.01)
    17
    """
    if not 0 < shrink < 1:
        raise ValueError(f"shrink must lie between 0 and 1, got {shrink}")
    factor = convergence_factor(kappa)
    return 1 if factor == 0 else math.ceil(math.log(shrink) / math.log(factor))


def _curvatures(X: np.ndarray, alpha: float) -> np.ndarray:
    """Eigenvalues of the Hessian in (w, b), largest first; alpha bends w alone."""
    m, n = X.shape
    root = _with_ones(X) / math.sqrt(m)  # root.T @ root is the Hessian
    if alpha:
        root = np.vstack([root, math.sqrt(alpha) * np.eye(n, n + 1)])
    singular = np.linalg.svd(root, compute_uv=False)
    return np.pad(singular, (0, n + 1 - len(singular))) ** 2


def _with_ones(X: np.ndarray) -> np.ndarray:
    return np.column_stack([X, np.ones(len(X))])


@dataclass(frozen=True)
class LearningRateSearch:
    """Losses after a short trial of each learning rate.

    Examples
    --------
    >>> LearningRateSearch(np.array([0.1, 1.0]), np.array([2.0, np.inf])).best
    0.1
    """

    rates: np.ndarray  # (k,), as given
    losses: np.ndarray  # (k,), inf where the trial diverged

    @property
    def best(self) -> float:
        """The rate whose trial ended lowest."""
        return float(self.rates[np.argmin(self.losses)])


def find_learning_rate(
    X: np.ndarray, y: np.ndarray, rates: Sequence[float], steps: int = 20
) -> LearningRateSearch:
    """Try each learning rate for a few steps from zero and note the loss it reaches.

    Raises
    ------
    ValueError
        If every rate diverges.

    Examples
    --------
    >>> X, y = np.array([[-1.0], [1.0]]), np.array([-2.0, 2.0])
    >>> find_learning_rate(X, y, [0.01, 0.1, 1.0, 10.0]).best
    1.0
    """
    losses = np.array([_trial_loss(X, y, rate, steps) for rate in rates])
    if not np.isfinite(losses).any():
        raise ValueError(
            f"rates must include one that does not diverge, got {min(rates):.3g} to "
            f"{max(rates):.3g}; 1/L is {1 / largest_curvature(X):.3g}"
        )
    return LearningRateSearch(np.asarray(rates, dtype=float), losses)


def _trial_loss(X: np.ndarray, y: np.ndarray, rate: float, steps: int) -> float:
    w, b = np.zeros(X.shape[1]), 0.0
    first = mse_cost(X, y, w, b)
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            dw, db = mse_gradient(X, y, w, b)
            w, b = w - rate * dw, b - rate * db
        loss = mse_cost(X, y, w, b)
    return loss if loss <= first else math.inf


def sklearn_alpha(alpha: float, n_samples: int, penalty: str) -> float:
    """Translate our ``alpha`` into the one scikit-learn wants for the same minimum.

    ``Ridge`` minimises the sum of squares plus ``alpha * sum(w**2)``, which is 2m
    times our objective; ``Lasso``, ``ElasticNet`` and ``SGDRegressor`` minimise ours.

    Parameters
    ----------
    alpha : float
    n_samples : int
    penalty : {"l1", "l2", "elasticnet"}

    Examples
    --------
    >>> sklearn_alpha(0.5, n_samples=100, penalty="l2")
    50.0
    >>> sklearn_alpha(0.5, n_samples=100, penalty="l1")
    0.5
    """
    if penalty not in PENALTIES[1:]:
        raise ValueError(f"penalty must be one of {PENALTIES[1:]}, got {penalty!r}")
    return alpha * n_samples if penalty == "l2" else alpha


# --- the estimator -------------------------------------------------------------------


class LinearRegressionScratch(RegressorMixin, BaseEstimator):
    """Linear regression fitted by gradient descent, with an optional penalty.

    Parameters
    ----------
    learning_rate : float or "auto", default="auto"
        Step size. "auto" measures the curvature L and takes ``1 / L`` with full
        batches; with smaller ones half the inverse of a batch's expected L [1]_.
    iterations : int, default=1000
        Most passes over the data. With full batches each pass is one step.
    batch_size : int or None, default=None
        Most rows per step: None for all, 1 for stochastic gradient descent. The
        batches of a pass are of nearly equal size.
    penalty : {None, "l1", "l2", "elasticnet"}, default=None
        L2 is part of the gradient; L1 is a proximal step after it [2]_.
    alpha : float, default=0.0
        Penalty strength, at least 0; ignored when ``penalty`` is None.
    l1_ratio : float, default=0.5
        Share of L1 in the elastic net, in [0, 1]; ignored by the other penalties.
    tol : float, default=1e-6
        Stop when the mean slope of a pass has fallen to this fraction of the first
        pass's. 0 runs all iterations.
    random_state : int or None, default=None
        Seed for the order of the rows in mini-batches.
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
        varying = np.ptp(X, axis=0) > 0
        self._warn_if_degenerate(X, varying)
        w, b = self._descend(X[:, varying], y)
        self.coef_ = np.zeros(X.shape[1])
        self.coef_[varying] = w
        self.intercept_ = float(b)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Return the predictions, shape (m,), for the rows of ``X`` (m, n)."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=np.float64)
        return X @ self.coef_ + self.intercept_

    def _descend(self, X: np.ndarray, y: np.ndarray) -> Line:
        """Run the passes, recording the loss, until tol, the limit or divergence."""
        rng = np.random.default_rng(self.random_state)
        line = Line(np.zeros(X.shape[1]), 0.0)
        self.learning_rate_ = self._first_step(X)
        losses, first_slope = [self._objective(X, y, line)], None
        self.converged_ = False
        for k in range(self.iterations):
            step = self.learning_rate_ / (1 + self.decay * k)
            with np.errstate(over="ignore", invalid="ignore"):
                line, slope = self._one_pass(X, y, line, step, rng)
                losses.append(self._objective(X, y, line))
            if not losses[-1] <= EXPLOSION * losses[0]:  # also true for NaN
                stable = 2 / self._curvature(X)
                raise DivergenceError(self.learning_rate_, stable, losses)
            first_slope = slope if first_slope is None else first_slope
            if slope <= self.tol * first_slope:
                self.converged_ = self.tol > 0
                break
        self.loss_curve_, self.n_iter_ = np.array(losses), len(losses) - 1
        return line

    def _one_pass(
        self,
        X: np.ndarray,
        y: np.ndarray,
        line: Line,
        step: float,
        rng: np.random.Generator,
    ) -> tuple[Line, float]:
        """Visit every row once; also return the largest mean slope of the pass."""
        before, count = line, 0
        for rows in _batches(len(y), self.batch_size, rng):
            line = self._step(X[rows], y[rows], line, step)
            count += 1
        moved = np.abs(line.weights - before.weights).max(initial=0.0)
        moved = max(moved, abs(line.intercept - before.intercept))
        return line, float(moved / (step * count))

    def _step(self, X: np.ndarray, y: np.ndarray, line: Line, step: float) -> Line:
        """Take one gradient step on w and b, then the proximal step on w alone."""
        l1, l2 = self._strengths()
        dw, db = mse_gradient(X, y, line.weights, line.intercept)
        weights = line.weights - step * (dw + l2 * line.weights)
        if l1:
            weights = soft_threshold(weights, step * l1)
        return Line(weights, line.intercept - step * db)

    def _objective(self, X: np.ndarray, y: np.ndarray, line: Line) -> float:
        l1, l2 = self._strengths()
        w = line.weights
        penalty = l1 * np.abs(w).sum() + l2 / 2 * (w @ w)
        return mse_cost(X, y, w, line.intercept) + float(penalty)

    def _strengths(self) -> tuple[float, float]:
        """Weights of the L1 and the L2 term of the objective."""
        ratios = {"l1": 1.0, "l2": 0.0, "elasticnet": self.l1_ratio}
        if self.penalty is None:
            return 0.0, 0.0
        ratio = ratios[self.penalty]
        return self.alpha * ratio, self.alpha * (1 - ratio)

    def _first_step(self, X: np.ndarray) -> float:
        if self.learning_rate != "auto":
            return float(self.learning_rate)
        stochastic = self.batch_size is not None and self.batch_size < len(X)
        return (0.5 if stochastic else 1.0) / self._curvature(X)

    def _curvature(self, X: np.ndarray) -> float:
        """L of a full batch, or the expected L of a random batch (Gower et al.)."""
        m = len(X)
        size = m // math.ceil(m / (self.batch_size or m))  # of the smallest batch
        l2 = self._strengths()[1]
        whole = largest_curvature(X, l2)
        steepest_row = float((X**2).sum(axis=1).max() + 1) + l2
        share = (m - size) / (size * (m - 1))  # 0 for the full batch, 1 for one row
        return (1 - share) * whole + share * steepest_row

    def _warn_if_degenerate(self, X: np.ndarray, varying: np.ndarray) -> None:
        if not varying.all():
            warnings.warn(
                f"columns {np.flatnonzero(~varying).tolist()} are constant: the "
                "intercept already says what they say, so their coefficients stay 0",
                DegenerateFeaturesWarning,
                stacklevel=3,
            )
        X = X[:, varying]
        unique = self._strengths()[1] > 0 or condition_number(X) < math.inf
        if not unique:
            warnings.warn(
                f"the {X.shape[1]} varying columns of these {X.shape[0]} rows do not "
                "determine the coefficients (columns repeat each other, or there are "
                "too few rows): many lines fit equally well, and this is the one that "
                "descent from zero finds. An L2 penalty makes the answer unique",
                DegenerateFeaturesWarning,
                stacklevel=3,
            )

    def _check_parameters(self) -> None:
        if self.penalty not in PENALTIES:
            raise ValueError(
                f"penalty must be one of {PENALTIES}, got {self.penalty!r}"
            )
        if self.learning_rate != "auto":
            _check_number("learning_rate", self.learning_rate, above=0)
        _check_number("alpha", self.alpha, at_least=0)
        _check_number("l1_ratio", self.l1_ratio, at_least=0, at_most=1)
        _check_number("tol", self.tol, at_least=0)
        _check_number("decay", self.decay, at_least=0)
        _check_count("iterations", self.iterations)
        if self.batch_size is not None:
            _check_count("batch_size", self.batch_size)


def _batches(m: int, size: int | None, rng: np.random.Generator) -> Iterator[Any]:
    """Yield the rows of each step: all at once, or nearly equal shuffled batches."""
    if size is None or size >= m:
        yield slice(None)
        return
    # Equal batches: a leftover of one row would need a much smaller step.
    yield from np.array_split(rng.permutation(m), math.ceil(m / size))


def _check_number(
    name: str,
    value: Any,
    *,
    above: float = -math.inf,
    at_least: float = -math.inf,
    at_most: float = math.inf,
) -> None:
    valid = isinstance(value, Real) and math.isfinite(value)
    if not (valid and value > above and at_least <= value <= at_most):
        bounds = {"above": above, "at least": at_least, "at most": at_most}
        limits = [f"{word} {x}" for word, x in bounds.items() if math.isfinite(x)]
        wanted = " and ".join(limits)
        raise ValueError(f"{name} must be a number {wanted}, got {value!r}")


def _check_count(name: str, value: Any) -> None:
    if not isinstance(value, Integral) or value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, got {value!r}")


def coefficient_path(
    X: np.ndarray, y: np.ndarray, alphas: Sequence[float], **settings: Any
) -> np.ndarray:
    """Fit once for each penalty strength.

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
