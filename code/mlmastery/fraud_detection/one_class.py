"""One-class SVM: the smallest region that holds nearly all rows, and its cheap cousin.

>>> import numpy as np
>>> X = np.random.default_rng(0).normal(size=(300, 2))
>>> shares = nu_shares(one_class(nu=0.1, gamma=0.5).fit(X), X)
>>> shares["outliers"] <= 0.11 and shares["support vectors"] >= 0.1
True
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import SGDOneClassSVM
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import OneClassSVM

from mlmastery.validation import check_number, check_share

from .matrix import as_matrix

__all__ = ["consistent_gamma", "nu_shares", "nystroem_one_class", "one_class"]


def one_class(nu: float = 0.05, gamma: float = 0.1, scale: bool = True) -> Pipeline:
    """Return a one-class SVM with a Gaussian kernel behind a scaler.

    Parameters
    ----------
    nu : float, default=0.05
        Bound of the share of outliers, strictly between 0 and 1.
    gamma : float, default=0.1
        Inverse width of the kernel, per squared unit of the scaled columns.
    scale : bool, default=True
        Whether each column is divided by its standard deviation first.

    Examples
    --------
    >>> [name for name, _ in one_class().steps]
    ['standardscaler', 'oneclasssvm']
    """
    check_share(nu, "nu")
    svm = OneClassSVM(nu=nu, gamma=check_number(gamma, "gamma", open=True))
    return make_pipeline(StandardScaler(), svm) if scale else make_pipeline(svm)


def nystroem_one_class(
    nu: float = 0.05,
    gamma: float = 0.1,
    n_components: int = 100,
    random_state: int = 0,
) -> Pipeline:
    """Return the same problem on a map of the kernel, solved in time linear in the rows.

    Parameters
    ----------
    nu, gamma : float
        As in `one_class`.
    n_components : int, default=100
        Rows whose kernels make the map.
    random_state : int, default=0

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(500, 2))
    >>> model = nystroem_one_class(nu=0.1).fit(X)
    >>> bool(model.decision_function([[9, 9]]) < model.decision_function([[0, 0]]))
    True
    """
    check_share(nu, "nu")
    kernel = Nystroem(
        gamma=check_number(gamma, "gamma", open=True),
        n_components=n_components,
        random_state=random_state,
    )
    line = SGDOneClassSVM(nu=nu, random_state=random_state, max_iter=50, tol=1e-4)
    return make_pipeline(StandardScaler(), kernel, line)


def nu_shares(model: Any, X: Any) -> dict[str, float]:
    """Return the shares that nu stands between, on the rows of the training.

    Parameters
    ----------
    model : Pipeline
        A fitted `one_class`.
    X : array of shape (n_rows, n_columns)
        Rows on which it was fitted.

    Returns
    -------
    dict
        ``outliers`` and ``support vectors``.

    References
    ----------
    .. [1] Schölkopf et al. (2001), "Estimating the Support of a High-Dimensional
       Distribution", Neural Computation 13(7), proposition 3.
    """
    X = as_matrix(X)
    if getattr(model[-1], "shape_fit_", X.shape)[0] != len(X):
        raise ValueError("X must be the rows on which the model was fitted")
    outside = model.decision_function(X) < 0
    vectors = len(model[-1].support_)
    return {"outliers": float(outside.mean()), "support vectors": vectors / len(X)}


def consistent_gamma(
    X: Any,
    gammas: Iterable[float],
    nu: float = 0.05,
    n_errors: float = 2.0,
    random_state: int = 0,
) -> tuple[float, dict[float, float]]:
    """Choose the kernel's width without labels: the narrowest that keeps its promise.

    A model fitted on one half should reject about ``nu`` of the other half. A kernel
    that is too narrow wraps the rows of its training and rejects more.

    Parameters
    ----------
    X : array of shape (n_rows, n_columns)
    gammas : iterable of float
        From wide to narrow kernels, in rising order.
    nu : float, default=0.05
    n_errors : float, default=2
        Standard errors by which the share may exceed ``nu``.
    random_state : int, default=0
        Seed of the halves.

    Returns
    -------
    gamma : float
        The last before the first failure; the smallest where all fail.
    rejected : dict
        Share of the second half that each gamma rejects.

    References
    ----------
    .. [1] Tax and Müller (2004), "A Consistency-Based Model Selection for One-Class
       Classification", ICPR.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(400, 2))
    >>> consistent_gamma(X, [0.1, 1, 1000], nu=0.1)[0] < 1000
    True
    """
    X, gammas = as_matrix(X), sorted(gammas)
    if not gammas or len(X) < 4:
        raise ValueError(
            f"gammas must hold a number and X 4 rows, got {len(gammas)} and {len(X)}"
        )
    order = np.random.default_rng(random_state).permutation(len(X))
    first, second = X[order[: len(X) // 2]], X[order[len(X) // 2 :]]
    rejected = {}
    for gamma in gammas:
        model = one_class(nu, gamma).fit(first)
        rejected[gamma] = float((model.decision_function(second) < 0).mean())
    limit = nu + n_errors * (nu * (1 - nu) / len(second)) ** 0.5
    chosen = min(rejected)
    for gamma, share in rejected.items():
        if share > limit:
            break
        chosen = gamma
    return chosen, rejected
