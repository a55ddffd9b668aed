"""Exercise 10.9: Backward through batch normalisation."""

# %% stub
import numpy as np


def batch_norm_gradient(dY, Z_hat, spread):
    """Return the gradient by Z (m, k), where Z_hat = (Z - mean) / spread.

    dY (m, k) is the gradient by Z_hat. Mean and spread (k,) were computed
    from the columns of Z, so they depend on it. Ignore the small epsilon.
    """
    raise NotImplementedError


# %% solution
def batch_norm_gradient(dY, Z_hat, spread):
    along = (dY * Z_hat).mean(axis=0)
    return (dY - dY.mean(axis=0) - Z_hat * along) / spread


# %% wrong: "Mean and spread move with Z, too: you treated them as constants."
def batch_norm_gradient(dY, Z_hat, spread):
    return dY / spread


# %% wrong: "The mean is taken care of, but stretching a column changes its spread as well: there is a third term."
def batch_norm_gradient(dY, Z_hat, spread):
    return (dY - dY.mean(axis=0)) / spread


# %% wrong: "Take means over the rows of a column, not over the whole table."
def batch_norm_gradient(dY, Z_hat, spread):
    return (dY - dY.mean() - Z_hat * (dY * Z_hat).mean()) / spread


# %% check
import numpy as np


def _standard(Z):
    return (Z - Z.mean(axis=0)) / Z.std(axis=0)


def _by_differences(Z, dY, h=1e-6):
    slopes = np.zeros_like(Z)
    for at in np.ndindex(Z.shape):
        step = np.zeros_like(Z)
        step[at] = h
        slopes[at] = (dY * (_standard(Z + step) - _standard(Z - step))).sum() / (2 * h)
    return slopes


_rng = np.random.default_rng(109)
_Z, _dY = _rng.normal(3, 2, size=(5, 3)), _rng.normal(size=(5, 3))
CASES = [
    Case(
        "five rows, three columns, against finite differences",
        args=(_dY, _standard(_Z), _Z.std(axis=0)),
        want=_by_differences(_Z, _dY),
        rtol=1e-5,
        atol=1e-7,
    ),
    Case(
        "a shift of a whole column goes nowhere",
        args=(np.ones((5, 3)), _standard(_Z), _Z.std(axis=0)),
        want=np.zeros((5, 3)),
        atol=1e-9,
    ),
]
