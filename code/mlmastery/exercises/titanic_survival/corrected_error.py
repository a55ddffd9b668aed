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


# %% wrong: "The spread of the differences enters with its standard deviation. Under the root stands the variance."
def corrected_error(differences, n_train, n_test):
    spread = np.std(differences, ddof=1)
    return float(np.sqrt((1 / len(differences) + n_test / n_train) * spread))


# %% wrong: "The root covers the variance only. The bracket before it stands under the root, too."
def corrected_error(differences, n_train, n_test):
    factor = 1 / len(differences) + n_test / n_train
    return float(factor * np.std(differences, ddof=1))


# %% wrong: "The two terms in the bracket are added, not multiplied."
def corrected_error(differences, n_train, n_test):
    variance = np.var(differences, ddof=1)
    return float(np.sqrt(1 / len(differences) * n_test / n_train * variance))


# %% wrong: "The first term is one over the number of folds, not over one less."
def corrected_error(differences, n_train, n_test):
    variance = np.var(differences, ddof=1)
    return float(np.sqrt((1 / (len(differences) - 1) + n_test / n_train) * variance))


# %% wrong: "The size of the test part is divided by all rows. The equation divides it by the training part."
def corrected_error(differences, n_train, n_test):
    variance = np.var(differences, ddof=1)
    share = n_test / (n_train + n_test)
    return float(np.sqrt((1 / len(differences) + share) * variance))


# %% wrong: "This is t itself. Return what the mean is divided by."
def corrected_error(differences, n_train, n_test):
    variance = np.var(differences, ddof=1)
    error = np.sqrt((1 / len(differences) + n_test / n_train) * variance)
    return float(np.mean(differences) / error) if error else 0.0


# %% wrong: "The number of folds is used twice: it stands in the bracket, and the variance is not divided by it again."
def corrected_error(differences, n_train, n_test):
    variance = np.var(differences, ddof=1) / len(differences)
    return float(np.sqrt((1 / len(differences) + n_test / n_train) * variance))


# %% wrong: "The differences are squared as they are. The variance is about their mean, so equal differences have none."
def corrected_error(differences, n_train, n_test):
    variance = np.sum(differences**2) / (len(differences) - 1)
    return float(np.sqrt((1 / len(differences) + n_test / n_train) * variance))


# %% wrong: "The term for the number of folds is missing: only the overlap is left."
def corrected_error(differences, n_train, n_test):
    return float(np.sqrt(n_test / n_train * np.var(differences, ddof=1)))


# %% wrong
def corrected_error(differences, n_train, n_test):
    variance = np.var(differences, ddof=1)
    return float(np.sqrt((1 / n_test + n_test / n_train) * variance))


# %% check
import numpy as np

CASES = [
    # the variance is 0.0002, the bracket 1/2 + 50/100
    Case("two folds", args=(np.array([0.0, 0.02]), 100, 50), want=0.0141421356),
    Case(
        "ten folds",
        args=(np.array([0.01, 0.03] * 5), 90, 10),
        want=0.0048432210,
    ),
    Case("no scatter at all", args=(np.array([0.25] * 4), 90, 30), want=0.0),
]
