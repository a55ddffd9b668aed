"""Exercise 16.4: Fréchet without a matrix."""


# %% stub
def frechet_diagonal(mean_a, variance_a, mean_b, variance_b):
    """Return the squared Fréchet distance of two normal distributions.

    All arguments are lists of one length; the covariances are diagonal, with the
    variances on the diagonal.
    """
    raise NotImplementedError


# %% solution
def frechet_diagonal(mean_a, variance_a, mean_b, variance_b):
    total = 0.0
    for m, v, n, w in zip(mean_a, variance_a, mean_b, variance_b):
        total += (m - n) ** 2 + v + w - 2 * (v * w) ** 0.5
    return total


# %% wrong: "The arguments are variances: take their roots."
def frechet_diagonal(mean_a, variance_a, mean_b, variance_b):
    total = 0.0
    for m, v, n, w in zip(mean_a, variance_a, mean_b, variance_b):
        total += (m - n) ** 2 + v + w - 2 * v * w
    return total


# %% wrong: "Square the difference of the means."
def frechet_diagonal(mean_a, variance_a, mean_b, variance_b):
    total = 0.0
    for m, v, n, w in zip(mean_a, variance_a, mean_b, variance_b):
        total += abs(m - n) + v + w - 2 * (v * w) ** 0.5
    return total


# %% wrong: "These are the standard deviations squared once more."
def frechet_diagonal(mean_a, variance_a, mean_b, variance_b):
    total = 0.0
    for m, v, n, w in zip(mean_a, variance_a, mean_b, variance_b):
        total += (m - n) ** 2 + (v - w) ** 2
    return total


# %% wrong: "The distance is squared: take no root at the end."
def frechet_diagonal(mean_a, variance_a, mean_b, variance_b):
    total = 0.0
    for m, v, n, w in zip(mean_a, variance_a, mean_b, variance_b):
        total += (m - n) ** 2 + v + w - 2 * (v * w) ** 0.5
    return total**0.5


# %% wrong: "Add over the dimensions."
def frechet_diagonal(mean_a, variance_a, mean_b, variance_b):
    total = 0.0
    for m, v, n, w in zip(mean_a, variance_a, mean_b, variance_b):
        total += (m - n) ** 2 + v + w - 2 * (v * w) ** 0.5
    return total / len(mean_a)


# %% wrong: "The cross term is subtracted twice."
def frechet_diagonal(mean_a, variance_a, mean_b, variance_b):
    total = 0.0
    for m, v, n, w in zip(mean_a, variance_a, mean_b, variance_b):
        total += (m - n) ** 2 + v + w - (v * w) ** 0.5
    return total


# %% wrong: "The means are missing."
def frechet_diagonal(mean_a, variance_a, mean_b, variance_b):
    total = 0.0
    for m, v, n, w in zip(mean_a, variance_a, mean_b, variance_b):
        total += v + w - 2 * (v * w) ** 0.5
    return total


# %% wrong: "The spread is missing."
def frechet_diagonal(mean_a, variance_a, mean_b, variance_b):
    total = 0.0
    for m, v, n, w in zip(mean_a, variance_a, mean_b, variance_b):
        total += (m - n) ** 2
    return total


# %% wrong: "The cross term is subtracted."
def frechet_diagonal(mean_a, variance_a, mean_b, variance_b):
    total = 0.0
    for m, v, n, w in zip(mean_a, variance_a, mean_b, variance_b):
        total += (m - n) ** 2 + v + w + 2 * (v * w) ** 0.5
    return total


# %% wrong: "The square of the sum of differences is not the sum of squares."
def frechet_diagonal(mean_a, variance_a, mean_b, variance_b):
    total = 0.0
    for m, v, n, w in zip(mean_a, variance_a, mean_b, variance_b):
        total += (m - n) * abs(m - n) + v + w - 2 * (v * w) ** 0.5
    return total


# %% wrong: "This is the difference of the variances."
def frechet_diagonal(mean_a, variance_a, mean_b, variance_b):
    total = 0.0
    for m, v, n, w in zip(mean_a, variance_a, mean_b, variance_b):
        total += (m - n) ** 2 + abs(v - w)
    return total


# %% check
CASES = [
    Case("on paper", args=([0], [1], [3], [4]), want=10.0),
    Case("equal", args=([1, 2], [3, 4], [1, 2], [3, 4]), want=0.0),
    Case("means alone", args=([0, 0], [1, 1], [3, 4], [1, 1]), want=25.0),
    Case("variances alone", args=([5], [9], [5], [1]), want=4.0),
    Case("no spread", args=([0], [0], [2], [9]), want=13.0),
    # 1 + (2 - 3)² + 4 + (1 - 5)²
    Case("two", args=([1, 0], [4, 1], [0, 2], [9, 25]), want=22.0),
]
