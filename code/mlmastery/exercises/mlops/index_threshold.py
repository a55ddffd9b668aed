"""Exercise 21.8: A threshold from n."""


# %% stub
def index_threshold(n, m, n_bins, quantile):
    """Return mean and threshold of the index without drift, as a pair.

    n and m are the numbers of rows; quantile is a function that takes the degrees of freedom
    and returns the quantile of the chi-square distribution.
    """
    raise NotImplementedError


# %% solution
def index_threshold(n, m, n_bins, quantile):
    scale = 1 / n + 1 / m
    return (n_bins - 1) * scale, quantile(n_bins - 1) * scale


# %% wrong: "Ten bins have nine degrees of freedom: the shares sum to 1."
def index_threshold(n, m, n_bins, quantile):
    scale = 1 / n + 1 / m
    return n_bins * scale, quantile(n_bins) * scale


# %% wrong: "The quantile has n_bins − 1 degrees of freedom."
def index_threshold(n, m, n_bins, quantile):
    scale = 1 / n + 1 / m
    return (n_bins - 1) * scale, quantile(n_bins) * scale


# %% wrong: "The current sample is random too: add 1/m."
def index_threshold(n, m, n_bins, quantile):
    scale = 1 / n
    return (n_bins - 1) * scale, quantile(n_bins - 1) * scale


# %% wrong: "The reference is random too: add 1/n."
def index_threshold(n, m, n_bins, quantile):
    scale = 1 / m
    return (n_bins - 1) * scale, quantile(n_bins - 1) * scale


# %% wrong: "The scale is 1/n + 1/m, and not one over the sum."
def index_threshold(n, m, n_bins, quantile):
    scale = 1 / (n + m)
    return (n_bins - 1) * scale, quantile(n_bins - 1) * scale


# %% wrong: "The scale is 1/n + 1/m, and not twice one over the larger."
def index_threshold(n, m, n_bins, quantile):
    scale = 2 / max(n, m)
    return (n_bins - 1) * scale, quantile(n_bins - 1) * scale


# %% wrong: "The scale is 1/n + 1/m: no square root."
def index_threshold(n, m, n_bins, quantile):
    scale = (1 / n + 1 / m) ** 0.5
    return (n_bins - 1) * scale, quantile(n_bins - 1) * scale


# %% wrong: "The mean comes first."
def index_threshold(n, m, n_bins, quantile):
    scale = 1 / n + 1 / m
    return quantile(n_bins - 1) * scale, (n_bins - 1) * scale


# %% wrong: "The quantile is scaled too."
def index_threshold(n, m, n_bins, quantile):
    scale = 1 / n + 1 / m
    return (n_bins - 1) * scale, quantile(n_bins - 1)


# %% wrong: "The threshold is a quantile, and not the mean plus it."
def index_threshold(n, m, n_bins, quantile):
    scale = 1 / n + 1 / m
    return (n_bins - 1) * scale, (n_bins - 1) * scale + quantile(n_bins - 1) * scale


# %% check
def tabulated(df):
    # 95 % quantiles of the chi-square distribution, as printed in tables
    return {1: 3.841, 2: 5.991, 3: 7.815, 4: 9.488, 9: 16.919, 10: 18.307}[df]


CASES = [
    Case(
        "a small sample today", args=(1000, 50, 10, tabulated), want=(0.189, 0.355299)
    ),
    Case(
        "the chapter's hundred rows",
        args=(100, 100, 10, tabulated),
        want=(0.18, 0.33838),
    ),
    Case("four bins", args=(200, 400, 4, tabulated), want=(0.0225, 0.0586125)),
    Case("two bins", args=(10, 40, 2, tabulated), want=(0.125, 0.480125)),
]
