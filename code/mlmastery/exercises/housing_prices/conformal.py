"""Exercise 5.7: A promise kept."""

# %% stub
import numpy as np


def half_width(errors, alpha):
    """Return the half-width q of the equation: the k-th smallest error.

    errors has shape (n,), in any order; alpha is the share of misses that is allowed.
    If k is larger than n, as it is when there are no errors at all, return infinity.
    """
    raise NotImplementedError


# %% solution
def half_width(errors, alpha):
    n = len(errors)
    k = int(np.ceil(round((n + 1) * (1 - alpha), 9)))
    return np.sort(errors)[k - 1] if k <= n else np.inf


# %% wrong: "You took n for n + 1: the new house counts too. Without any error its k is 1, which is more than n."
def half_width(errors, alpha):
    k = int(np.ceil(round(len(errors) * (1 - alpha), 9)))
    return np.sort(errors)[k - 1]


# %% wrong: "That is the quantile of the n errors. The new house counts too: k uses n + 1."
def half_width(errors, alpha):
    k = int(np.ceil(round(len(errors) * (1 - alpha), 9)))
    return np.sort(errors)[k - 1] if len(errors) else np.inf


# %% wrong: "Python counts from 0: the k-th smallest is at place k - 1."
def half_width(errors, alpha):
    n = len(errors)
    k = int(np.ceil(round((n + 1) * (1 - alpha), 9)))
    return np.sort(errors)[k] if k < n else np.inf


# %% wrong: "With too few errors nothing can be promised, and you promised the largest. Return infinity."
def half_width(errors, alpha):
    n = len(errors)
    k = int(np.ceil(round((n + 1) * (1 - alpha), 9)))
    return np.sort(errors)[min(k, n) - 1]


# %% wrong: "You rounded k down. A promise needs at least that many, so round up."
def half_width(errors, alpha):
    k = int(np.floor(round((len(errors) + 1) * (1 - alpha), 9)))
    return np.sort(errors)[k - 1] if 0 < k <= len(errors) else np.inf


# %% wrong: "You rounded k to the nearest whole number. Round up, or the promise may be broken."
def half_width(errors, alpha):
    k = round((len(errors) + 1) * (1 - alpha))
    return np.sort(errors)[k - 1] if k <= len(errors) else np.inf


# %% wrong: "alpha is the share of misses that is allowed. You used it as the share that must be inside."
def half_width(errors, alpha):
    n = len(errors)
    k = int(np.ceil(round((n + 1) * alpha, 9)))
    return np.sort(errors)[k - 1] if k <= n else np.inf


# %% wrong: "The errors were taken in the order in which they came. Sort them first."
def half_width(errors, alpha):
    n = len(errors)
    k = int(np.ceil(round((n + 1) * (1 - alpha), 9)))
    return errors[k - 1] if k <= n else np.inf


# %% wrong: "You counted from the largest error down. The k-th smallest is asked for."
def half_width(errors, alpha):
    n = len(errors)
    k = int(np.ceil(round((n + 1) * (1 - alpha), 9)))
    return np.sort(errors)[::-1][k - 1] if k <= n else np.inf


# %% wrong: "np.quantile interpolates between two of the n errors, which promises a little too much. Take the k-th of the sorted errors."
def half_width(errors, alpha):
    return np.quantile(errors, 1 - alpha) if len(errors) else np.inf


# %% wrong: "Where k is larger than n the answer is infinity. NaN would say that it is not known."
def half_width(errors, alpha):
    n = len(errors)
    k = int(np.ceil(round((n + 1) * (1 - alpha), 9)))
    return np.sort(errors)[k - 1] if k <= n else np.nan


# %% wrong: "With k equal to n the largest error keeps the promise. Only a larger k has no answer."
def half_width(errors, alpha):
    n = len(errors)
    k = int(np.ceil(round((n + 1) * (1 - alpha), 9)))
    return np.sort(errors)[k - 1] if k < n else np.inf


# %% wrong: "You split alpha between two sides. The errors are distances, which have only one side."
def half_width(errors, alpha):
    n = len(errors)
    k = int(np.ceil(round((n + 1) * (1 - alpha / 2), 9)))
    return np.sort(errors)[k - 1] if k <= n else np.inf


# %% wrong: "The errors that you were given are sorted now. Leave them in their order."
def half_width(errors, alpha):
    n = len(errors)
    k = int(np.ceil(round((n + 1) * (1 - alpha), 9)))
    errors.sort()
    return errors[k - 1] if k <= n else np.inf


# %% wrong: "Too few errors must not stop the program: return infinity before you look for the k-th."
def half_width(errors, alpha):
    k = int(np.ceil(round((len(errors) + 1) * (1 - alpha), 9)))
    return np.sort(errors)[k - 1]


# %% wrong
def half_width(errors, alpha):
    return np.mean(errors) + 2 * np.std(errors) if len(errors) else np.inf


# %% wrong: "np.quantile with method 'higher' lands one place too far, since it divides the way from the smallest to the largest into n - 1 steps."
def half_width(errors, alpha):
    n = len(errors)
    k = int(np.ceil(round((n + 1) * (1 - alpha), 9)))
    return np.quantile(errors, k / n, method="higher") if k <= n else np.inf


# %% check
import numpy as np

_nine = np.array([3.0, 1.0, 2.0, 9.0, 8.0, 4.0, 7.0, 5.0, 6.0])
CASES = [
    # (9 + 1) * 0.8 = 8
    Case("nine errors, four in five", args=(_nine, 0.2), want=8.0),
    # 10 * 0.75 = 7.5, rounded up to 8
    Case("nine errors, three in four", args=(_nine, 0.25), want=8.0),
    # 10 * 0.72 = 7.2, rounded up to 8
    Case("a little more than seven", args=(_nine, 0.28), want=8.0),
    # 10 * 0.9 = 9
    Case("k equal to n", args=(_nine, 0.1), want=9.0),
    Case("too few for nineteen in twenty", args=(_nine, 0.05), want=np.inf),
    Case("no errors yet", args=(np.array([]), 0.1), want=np.inf),
    # 6 * 0.3 = 1.8, rounded up to 2, as 5 * 0.3 = 1.5 is
    Case("five errors, three in ten", args=(_nine[:5], 0.7), want=2.0),
    # 20 * 0.5 = 10
    Case("nineteen errors, the median", args=(np.arange(19.0), 0.5), want=9.0),
]
