"""Exercise 19.5: The score of an isolation forest."""


# %% stub
def isolation_score(paths, sample_size):
    """Return the anomaly score of a row from its path length in each tree.

    c(2) is 1; for more rows use the formula with Euler's constant 0.5772156649.
    """
    raise NotImplementedError


# %% solution
import math


def isolation_score(paths, sample_size):
    n = sample_size
    if n == 2:
        usual = 1.0
    else:
        usual = 2 * (math.log(n - 1) + 0.5772156649015329) - 2 * (n - 1) / n
    return 2 ** (-sum(paths) / len(paths) / usual)


# %% wrong: "The exponent is negative: a short path gives a high score."
import math


def isolation_score(paths, sample_size):
    n = sample_size
    if n == 2:
        usual = 1.0
    else:
        usual = 2 * (math.log(n - 1) + 0.5772156649015329) - 2 * (n - 1) / n
    return 2 ** (sum(paths) / len(paths) / usual)


# %% wrong: "Average the paths first; the mean of the trees' scores is another number."
import math


def isolation_score(paths, sample_size):
    n = sample_size
    usual = 2 * (math.log(n - 1) + 0.5772156649015329) - 2 * (n - 1) / n
    if n == 2:
        usual = 1.0
    return sum(2 ** (-path / usual) for path in paths) / len(paths)


# %% wrong: "The logarithm is of n − 1."
import math


def isolation_score(paths, sample_size):
    n = sample_size
    if n == 2:
        usual = 1.0
    else:
        usual = 2 * (math.log(n) + 0.5772156649015329) - 2 * (n - 1) / n
    return 2 ** (-sum(paths) / len(paths) / usual)


# %% wrong: "The second term is 2 (n − 1) / n."
import math


def isolation_score(paths, sample_size):
    n = sample_size
    if n == 2:
        usual = 1.0
    else:
        usual = 2 * (math.log(n - 1) + 0.5772156649015329) - (n - 1) / n
    return 2 ** (-sum(paths) / len(paths) / usual)


# %% wrong: "The sum over trees is divided by their number."
import math


def isolation_score(paths, sample_size):
    n = sample_size
    if n == 2:
        usual = 1.0
    else:
        usual = 2 * (math.log(n - 1) + 0.5772156649015329) - 2 * (n - 1) / n
    return 2 ** (-sum(paths) / usual)


# %% wrong: "c(2) is 1: the formula is for three rows and more."
import math


def isolation_score(paths, sample_size):
    n = sample_size
    usual = 2 * (math.log(n - 1) + 0.5772156649015329) - 2 * (n - 1) / n
    return 2 ** (-sum(paths) / len(paths) / usual)


# %% wrong: "The base is 2, not e."
import math


def isolation_score(paths, sample_size):
    n = sample_size
    if n == 2:
        usual = 1.0
    else:
        usual = 2 * (math.log(n - 1) + 0.5772156649015329) - 2 * (n - 1) / n
    return math.exp(-sum(paths) / len(paths) / usual)


# %% wrong: "c depends on the size of a tree's sample, not on the number of trees."
import math


def isolation_score(paths, sample_size):
    n = max(len(paths), 2)
    if n == 2:
        usual = 1.0
    else:
        usual = 2 * (math.log(n - 1) + 0.5772156649015329) - 2 * (n - 1) / n
    return 2 ** (-sum(paths) / len(paths) / usual)


# %% wrong: "Euler's constant is missing in c."
import math


def isolation_score(paths, sample_size):
    n = sample_size
    if n == 2:
        usual = 1.0
    else:
        usual = 2 * (math.log(n - 1)) - 2 * (n - 1) / n
    return 2 ** (-sum(paths) / len(paths) / usual)


# %% wrong: "The logarithm is the natural one."
import math


def isolation_score(paths, sample_size):
    n = sample_size
    if n == 2:
        usual = 1.0
    else:
        usual = 2 * (math.log2(n - 1) + 0.5772156649015329) - 2 * (n - 1) / n
    return 2 ** (-sum(paths) / len(paths) / usual)


# %% wrong: "Both terms of the sum are doubled: 2 (ln(n − 1) + γ)."
import math


def isolation_score(paths, sample_size):
    n = sample_size
    if n == 2:
        usual = 1.0
    else:
        usual = 2 * math.log(n - 1) + 0.5772156649015329 - 2 * (n - 1) / n
    return 2 ** (-sum(paths) / len(paths) / usual)


# %% check
CASES = [
    Case("the usual path of 256 rows", args=([10.244770920119917], 256), want=0.5),
    Case("two trees", args=([10.244770920119917 * 2, 0], 256), want=0.5),
    Case("no cut at all", args=([0, 0, 0], 64), want=1.0),
    Case("a sample of two", args=([1, 1], 2), want=0.5),
    Case("a sample of two, no cut", args=([2, 0, 1, 1], 2), want=0.5),
    Case("a sample of three", args=([2, 1], 3), want=0.42268453),
    Case("seven points, the far one", args=([1, 2, 1], 7), want=0.73664119),
]
