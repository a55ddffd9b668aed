"""Exercise 21.3: The bound of the gate."""


# %% stub
def upper_bound(differences, t):
    """Return the upper bound of the mean difference: mean plus t standard errors.

    differences are daily losses, challenger minus champion; t is a quantile of
    Student's t. The standard deviation divides by n - 1.
    """
    raise NotImplementedError


# %% solution
def upper_bound(differences, t):
    import numpy as np

    d = np.asarray(differences, dtype=float)
    return d.mean() + t * d.std(ddof=1) / len(d) ** 0.5


# %% wrong: "The standard deviation must divide by n - 1."
def upper_bound(differences, t):
    import numpy as np

    d = np.asarray(differences, dtype=float)
    return d.mean() + t * d.std() / len(d) ** 0.5


# %% wrong: "The standard error is missing: divide by the square root of n."
def upper_bound(differences, t):
    import numpy as np

    d = np.asarray(differences, dtype=float)
    return d.mean() + t * d.std(ddof=1)


# %% wrong: "This is the lower bound: it would pass a challenger that may be worse."
def upper_bound(differences, t):
    import numpy as np

    d = np.asarray(differences, dtype=float)
    return d.mean() - t * d.std(ddof=1) / len(d) ** 0.5


# %% wrong: "Divide by the square root of n, not by n."
def upper_bound(differences, t):
    import numpy as np

    d = np.asarray(differences, dtype=float)
    return d.mean() + t * d.std(ddof=1) / len(d)


# %% wrong: "This is the half width; the mean is missing."
def upper_bound(differences, t):
    import numpy as np

    d = np.asarray(differences, dtype=float)
    return t * d.std(ddof=1) / len(d) ** 0.5


# %% wrong: "This is the mean alone, without its uncertainty."
def upper_bound(differences, t):
    import numpy as np

    return float(np.mean(differences))


# %% wrong: "The mean is asked, not the median."
def upper_bound(differences, t):
    import numpy as np

    d = np.asarray(differences, dtype=float)
    return np.median(d) + t * d.std(ddof=1) / len(d) ** 0.5


# %% wrong: "The sign counts: a negative difference speaks for the challenger."
def upper_bound(differences, t):
    import numpy as np

    d = np.abs(np.asarray(differences, dtype=float))
    return d.mean() + t * d.std(ddof=1) / len(d) ** 0.5


# %% wrong: "This uses the variance; the standard error needs its square root."
def upper_bound(differences, t):
    import numpy as np

    d = np.asarray(differences, dtype=float)
    return d.mean() + t * d.var(ddof=1) / len(d) ** 0.5


# %% wrong: "Use the t that is given, not 1.96."
def upper_bound(differences, t):
    import numpy as np

    d = np.asarray(differences, dtype=float)
    return d.mean() + 1.96 * d.std(ddof=1) / len(d) ** 0.5


# %% wrong: "The differences are challenger minus champion already: their sign must stay."
def upper_bound(differences, t):
    import numpy as np

    d = -np.asarray(differences, dtype=float)
    return d.mean() + t * d.std(ddof=1) / len(d) ** 0.5


# %% check
CASES = [
    Case(
        "on paper",
        args=([0.03, 0.01, -0.01, 0.01], 3.0),
        want=0.01 + 3 * (0.0008 / 3) ** 0.5 / 2,
    ),
    Case("days that are all alike", args=([0.02, 0.02, 0.02], 2.92), want=0.02),
    Case("a better challenger", args=([-0.04, -0.02, -0.03], 3**0.5), want=-0.02),
    Case("skewed days", args=([0.0, 0.0, 0.3, 0.1], 2.0), want=0.1 + 0.02**0.5),
]
