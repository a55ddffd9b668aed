"""Exercise 4.9: The corrected standard error."""

# %% stub
import numpy as np


def corrected_error(differences, n_train, n_test):
    """Return the standard error of the mean difference over resamples, corrected.

    differences is an array with one entry for each fold; n_train and n_test are the
    sizes of the parts of a fold.
    """
    raise NotImplementedError


# %% solution
import numpy as np


def corrected_error(differences, n_train, n_test):
    variance = np.var(differences, ddof=1)
    return float(np.sqrt((1 / len(differences) + n_test / n_train) * variance))


# %% wrong: "This is the uncorrected error: it has no term for the overlap of training sets."
import numpy as np


def corrected_error(differences, n_train, n_test):
    return float(np.std(differences, ddof=1) / np.sqrt(len(differences)))


# %% wrong: "The variance of a sample divides by one less than its size: ddof=1."
import numpy as np


def corrected_error(differences, n_train, n_test):
    variance = np.var(differences)
    return float(np.sqrt((1 / len(differences) + n_test / n_train) * variance))


# %% wrong: "The ratio is test to train, not train to test."
import numpy as np


def corrected_error(differences, n_train, n_test):
    variance = np.var(differences, ddof=1)
    return float(np.sqrt((1 / len(differences) + n_train / n_test) * variance))


# %% wrong: "This is the variance of the mean. Take its root."
import numpy as np


def corrected_error(differences, n_train, n_test):
    variance = np.var(differences, ddof=1)
    return float((1 / len(differences) + n_test / n_train) * variance)


# %% check
import numpy as np

CASES = [
    Case("two folds", args=(np.array([0.0, 0.02]), 100, 50), want=0.0141421356),
    Case(
        "ten folds",
        args=(np.array([0.01, 0.03] * 5), 90, 10),
        want=0.0048432210,
    ),
]
