"""Notice gradient descent that diverges, and say what step would not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

__all__ = ["DivergenceError", "check_divergence"]

DIVERGENCE_FACTOR = 1e3  # a loss this many times its first value does not come back


class DivergenceError(ValueError):
    """Raised when the loss of gradient descent grows without bound.

    Parameters
    ----------
    learning_rate : float
        The one that was used.
    stable_step : float
        The largest stable learning rate, 2/L (Eq. 3.11), for these features.
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


def check_divergence(
    loss_curve: Sequence[float],
    learning_rate: float,
    stable_step: Callable[[], float],
) -> None:
    """Raise if the last loss is NaN or far above the first.

    Parameters
    ----------
    loss_curve : sequence of float
    learning_rate : float
    stable_step : callable
        Computes the largest stable learning rate, which only the error needs.

    Raises
    ------
    DivergenceError

    Examples
    --------
    >>> check_divergence([10.0, 9.0], 0.1, lambda: 0.2)
    >>> check_divergence([10.0, float("nan")], 0.5, lambda: 0.2)
    Traceback (most recent call last):
        ...
    mlmastery.linear_regression.divergence.DivergenceError: gradient descent ...
    """
    # Not ">": a comparison with NaN is false, and NaN is divergence too.
    if not loss_curve[-1] <= DIVERGENCE_FACTOR * loss_curve[0]:
        raise DivergenceError(learning_rate, stable_step(), loss_curve)
