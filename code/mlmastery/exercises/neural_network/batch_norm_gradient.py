"""Exercise 10.10: Backward through batch normalisation."""

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


# %% wrong: "The third term is subtracted, too."
def batch_norm_gradient(dY, Z_hat, spread):
    along = (dY * Z_hat).mean(axis=0)
    return (dY - dY.mean(axis=0) + Z_hat * along) / spread


# %% wrong: "Z_hat is Z in units of the spread, so its slope by Z has a factor 1 / spread."
def batch_norm_gradient(dY, Z_hat, spread):
    along = (dY * Z_hat).mean(axis=0)
    return dY - dY.mean(axis=0) - Z_hat * along


# %% wrong: "Divide by the spread: a wide column moves Z_hat less."
def batch_norm_gradient(dY, Z_hat, spread):
    along = (dY * Z_hat).mean(axis=0)
    return (dY - dY.mean(axis=0) - Z_hat * along) * spread


# %% wrong: "The spread comes from a mean over the rows, so the third term holds a mean, not a sum."
def batch_norm_gradient(dY, Z_hat, spread):
    along = (dY * Z_hat).sum(axis=0)
    return (dY - dY.mean(axis=0) - Z_hat * along) / spread


# %% wrong: "The mean of Z is a mean over the rows, so the second term holds a mean, not a sum."
def batch_norm_gradient(dY, Z_hat, spread):
    along = (dY * Z_hat).mean(axis=0)
    return (dY - dY.sum(axis=0) - Z_hat * along) / spread


# %% wrong: "A change of the spread reaches each entry in proportion to its Z_hat. Yours is the same for all."
def batch_norm_gradient(dY, Z_hat, spread):
    along = (dY * Z_hat).mean(axis=0)
    return (dY - dY.mean(axis=0) - along) / spread


# %% wrong: "Means are taken over the rows, axis 0: each column was normalised by itself."
def batch_norm_gradient(dY, Z_hat, spread):
    along = (dY * Z_hat).mean(axis=1, keepdims=True)
    return (dY - dY.mean(axis=1, keepdims=True) - Z_hat * along) / spread


# %% wrong: "The spread is taken care of, but shifting a column changes its mean as well: there is a second term."
def batch_norm_gradient(dY, Z_hat, spread):
    along = (dY * Z_hat).mean(axis=0)
    return (dY - Z_hat * along) / spread


# %% wrong: "Z_hat is already divided by the spread: dividing the third term by its square is once too often."
def batch_norm_gradient(dY, Z_hat, spread):
    along = (dY * Z_hat).mean(axis=0)
    return (dY - dY.mean(axis=0)) / spread - Z_hat * along / spread**2


# %% wrong: "The spread divides by the number of rows, not by one less."
def batch_norm_gradient(dY, Z_hat, spread):
    along = (dY * Z_hat).sum(axis=0) / (len(dY) - 1)
    return (dY - dY.mean(axis=0) - Z_hat * along) / spread


# %% wrong: "dY belongs to the caller, and `-=` changes it. Compute a new array."
def batch_norm_gradient(dY, Z_hat, spread):
    along = (dY * Z_hat).mean(axis=0)
    dY -= dY.mean(axis=0) + Z_hat * along
    return dY / spread


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
_root = np.sqrt(1.5)
CASES = [
    # means 1/3 and -root/3: 1 - 1/3 - 1/2, -1/3 and -1/3 + 1/2, all over 2
    Case(
        "three rows by hand",
        args=(
            np.array([[1.0], [0.0], [0.0]]),
            np.array([[-_root], [0.0], [_root]]),
            np.array([2.0]),
        ),
        want=np.array([[1 / 12], [-1 / 6], [1 / 12]]),
    ),
    Case(
        "five rows, three columns, against finite differences",
        args=(_dY, _standard(_Z), _Z.std(axis=0)),
        want=_by_differences(_Z, _dY),
        rtol=1e-5,
        atol=1e-6,
    ),
    Case(
        "a shift of a whole column goes nowhere",
        args=(np.ones((5, 3)), _standard(_Z), _Z.std(axis=0)),
        want=np.zeros((5, 3)),
        atol=1e-6,
    ),
    Case(
        "nor does stretching it",
        args=(_standard(_Z), _standard(_Z), _Z.std(axis=0)),
        want=np.zeros((5, 3)),
        atol=1e-6,
    ),
]
