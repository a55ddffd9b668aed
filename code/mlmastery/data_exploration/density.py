"""Kernel density estimates: the formula, and two rules for the bandwidth."""

import numpy as np
import numpy.typing as npt

from mlmastery.validation import check_choice, check_number

RULES = ("scott", "silverman")


def kernel_density(
    values: npt.ArrayLike, grid: npt.ArrayLike, bandwidth: float
) -> np.ndarray:
    """Estimate a density: put a normal curve on every value and average the curves.

    Parameters
    ----------
    values : array of shape (n,)
        Numbers; missing and infinite ones are left out.
    grid : array of shape (m,)
        Places at which the density is wanted.
    bandwidth : float
        Standard deviation of each curve, in the unit of the values.

    Returns
    -------
    ndarray of shape (m,)
        Density per unit of the values.

    Raises
    ------
    ValueError
        If the bandwidth is not above 0, or no value is known.

    References
    ----------
    .. [1] Parzen (1962), "On Estimation of a Probability Density Function and Mode",
       Annals of Mathematical Statistics 33(3).

    Examples
    --------
    >>> kernel_density([1.0, 2.0, 4.0], [2.0], bandwidth=1.0).round(3).tolist()
    [0.232]
    """
    check_number(bandwidth, "bandwidth", open=True)
    known = _known(values)
    distances = (np.asarray(grid, dtype=float)[:, None] - known) / bandwidth
    curves = np.exp(-(distances**2) / 2) / np.sqrt(2 * np.pi)
    return curves.mean(axis=1) / bandwidth


def rule_bandwidth(values: npt.ArrayLike, rule: str = "scott") -> float:
    """Return the bandwidth that suits a bell-shaped column of this size.

    Too wide where a column has several humps, since its standard deviation is then
    that of the humps together.

    Parameters
    ----------
    values : array of shape (n,)
        Numbers; missing and infinite ones are left out.
    rule : {"scott", "silverman"}, default="scott"
        The standard deviation times n to the power -1/5, or 1.06 times as much.

    Raises
    ------
    ValueError
        If the rule is unknown, or fewer than two values are known.

    References
    ----------
    .. [1] Scott (1992), "Multivariate Density Estimation", Wiley.
    .. [2] Silverman (1986), "Density Estimation for Statistics and Data Analysis",
       Chapman and Hall.

    Examples
    --------
    >>> round(rule_bandwidth([1.0, 2.0, 4.0, 5.0]), 3)
    1.384
    """
    check_choice(rule, "rule", RULES)
    known = _known(values)
    if len(known) < 2:
        raise ValueError(f"values must hold two known numbers, got {len(known)}")
    factor = 1.0 if rule == "scott" else (4 / 3) ** 0.2
    return float(factor * known.std(ddof=1) * len(known) ** -0.2)


def _known(values: npt.ArrayLike) -> np.ndarray:
    numbers = np.asarray(values, dtype=float).ravel()
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        raise ValueError("values must hold at least one known number, got none")
    return known
