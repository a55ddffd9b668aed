"""Exercise 15.7: The error of a ratio."""

# %% stub
import numpy as np


def ratio_error(x, y):
    """Return the standard error of sum(x) / sum(y) by the delta method.

    x and y are arrays with one total for each user, at least two users, the sum of y
    above 0. Variances divide by n - 1.
    """
    raise NotImplementedError


# %% solution
import numpy as np


def ratio_error(x, y):
    surplus = x - np.sum(x) / np.sum(y) * y
    return np.sqrt(np.var(surplus, ddof=1) / len(x)) / np.mean(y)


# %% wrong: "That is the variance. Take its root."
import numpy as np


def ratio_error(x, y):
    surplus = x - np.sum(x) / np.sum(y) * y
    return np.var(surplus, ddof=1) / len(x) / np.mean(y) ** 2


# %% wrong: "Every view was taken as independent: the error of a rate over all rows. The user is the unit."
import numpy as np


def ratio_error(x, y):
    rate, n = np.sum(x) / np.sum(y), np.sum(y)
    return np.sqrt(rate * (1 - rate) / n)


# %% wrong: "You averaged the users' own ratios. The metric is the ratio of the sums."
import numpy as np


def ratio_error(x, y):
    return np.std(x / y, ddof=1) / np.sqrt(len(x))


# %% wrong: "The covariance of x and y is missing: their variances alone were used."
import numpy as np


def ratio_error(x, y):
    r = np.sum(x) / np.sum(y)
    variance = np.var(x, ddof=1) + r**2 * np.var(y, ddof=1)
    return np.sqrt(variance / len(x)) / np.mean(y)


# %% wrong: "y was taken as fixed. The views vary from user to user as well."
import numpy as np


def ratio_error(x, y):
    return np.std(x, ddof=1) / np.sqrt(len(x)) / np.mean(y)


# %% wrong: "The variance divides by n - 1: ddof=1."
import numpy as np


def ratio_error(x, y):
    surplus = x - np.sum(x) / np.sum(y) * y
    return np.std(surplus) / np.sqrt(len(x)) / np.mean(y)


# %% wrong: "Nothing was divided by the number of users: that is the spread of one user."
import numpy as np


def ratio_error(x, y):
    surplus = x - np.sum(x) / np.sum(y) * y
    return np.std(surplus, ddof=1) / np.mean(y)


# %% wrong: "The division by the mean of y is missing: that is the error of the numerator."
import numpy as np


def ratio_error(x, y):
    surplus = x - np.sum(x) / np.sum(y) * y
    return np.std(surplus, ddof=1) / np.sqrt(len(x))


# %% wrong: "You divided by the sum of y. With 1/n before the variance it is the mean."
import numpy as np


def ratio_error(x, y):
    surplus = x - np.sum(x) / np.sum(y) * y
    return np.std(surplus, ddof=1) / np.sqrt(len(x)) / np.sum(y)


# %% wrong: "The covariance has the wrong sign: users with more views have more clicks, which makes the ratio steadier."
import numpy as np


def ratio_error(x, y):
    surplus = x + np.sum(x) / np.sum(y) * y
    return np.std(surplus, ddof=1) / np.sqrt(len(x)) / np.mean(y)


# %% wrong: "The mean of the users' ratios stands in the bracket. It is the ratio of the sums."
import numpy as np


def ratio_error(x, y):
    surplus = x - np.mean(x / y) * y
    return np.std(surplus, ddof=1) / np.sqrt(len(x)) / np.mean(y)


# %% wrong: "The covariance was counted once. It enters twice: 2 R Cov(x, y)."
import numpy as np


def ratio_error(x, y):
    r = np.sum(x) / np.sum(y)
    c = np.cov(x, y)
    variance = c[0, 0] - r * c[0, 1] + r**2 * c[1, 1]
    return np.sqrt(variance / len(x)) / np.mean(y)


# %% wrong: "Divide by the mean of y, not by that of x."
import numpy as np


def ratio_error(x, y):
    surplus = x - np.sum(x) / np.sum(y) * y
    return np.std(surplus, ddof=1) / np.sqrt(len(x)) / np.mean(x)


# %% check
import numpy as np


def _reference(x, y):
    c, n = np.cov(x, y) / len(x), np.array([1 / y.mean(), -x.mean() / y.mean() ** 2])
    return float(np.sqrt(n @ c @ n))


_USERS = {
    "five users": (
        np.array([1.0, 0.0, 4.0, 2.0, 9.0]),
        np.array([3.0, 2.0, 9.0, 4.0, 12.0]),
    ),
    "many views, few clicks": (
        np.array([1.0, 2.0, 0.0, 1.0]),
        np.array([30.0, 10.0, 20.0, 55.0]),
    ),
    "two users": (np.array([1.0, 3.0]), np.array([4.0, 4.0])),
}
CASES = [
    Case(name, args=users, want=_reference(*users)) for name, users in _USERS.items()
]
CASES += [
    Case(
        "one ratio for all",
        args=(np.array([1.0, 2.0]), np.array([10.0, 20.0])),
        want=0.0,
    )
]
