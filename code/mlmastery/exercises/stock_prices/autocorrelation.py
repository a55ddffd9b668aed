"""Exercise 9.3: Autocorrelation at one lag."""


# %% stub
def autocorrelation(values, lag):
    """Return the autocorrelation of a list at a lag of at least 1.

    Deviations are taken from the mean of all values. The sum of the products of each
    deviation with the one lag entries before is divided by the sum of all squared
    deviations.
    """
    raise NotImplementedError


# %% solution
def autocorrelation(values, lag):
    mean = sum(values) / len(values)
    deviations = [v - mean for v in values]
    products = [a * b for a, b in zip(deviations[lag:], deviations)]
    return sum(products) / sum(d * d for d in deviations)


# %% wrong: "The mean is not subtracted: a high level then looks like correlation."
def autocorrelation(values, lag):
    deviations = list(values)
    products = [a * b for a, b in zip(deviations[lag:], deviations)]
    return sum(products) / sum(d * d for d in deviations)


# %% wrong: "The lag is one too short."
def autocorrelation(values, lag):
    mean = sum(values) / len(values)
    deviations = [v - mean for v in values]
    products = [a * b for a, b in zip(deviations[lag - 1 :], deviations)]
    return sum(products) / sum(d * d for d in deviations)


# %% wrong: "The lag is one too long."
def autocorrelation(values, lag):
    mean = sum(values) / len(values)
    deviations = [v - mean for v in values]
    products = [a * b for a, b in zip(deviations[lag + 1 :], deviations)]
    return sum(products) / sum(d * d for d in deviations)


# %% wrong: "The sum of products is not divided by the squares: this is not a correlation."
def autocorrelation(values, lag):
    mean = sum(values) / len(values)
    deviations = [v - mean for v in values]
    products = [a * b for a, b in zip(deviations[lag:], deviations)]
    return sum(products)


# %% wrong: "The products are divided by the number of values, which gives an autocovariance."
def autocorrelation(values, lag):
    mean = sum(values) / len(values)
    deviations = [v - mean for v in values]
    products = [a * b for a, b in zip(deviations[lag:], deviations)]
    return sum(products) / len(values)


# %% wrong: "Numerator and denominator are averaged over different numbers. Here both are sums."
def autocorrelation(values, lag):
    mean = sum(values) / len(values)
    deviations = [v - mean for v in values]
    products = [a * b for a, b in zip(deviations[lag:], deviations)]
    return (sum(products) / len(products)) / (
        sum(d * d for d in deviations) / len(values)
    )


# %% wrong: "Each part has a mean of its own here (Pearson's correlation). Autocorrelation uses one mean and one sum of squares."
def autocorrelation(values, lag):
    a, b = values[lag:], values[:-lag]
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    cross = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b))
    squares_a = sum((x - mean_a) ** 2 for x in a)
    squares_b = sum((y - mean_b) ** 2 for y in b)
    return cross / (squares_a * squares_b) ** 0.5


# %% wrong: "The series wraps around: its end is multiplied with its beginning."
def autocorrelation(values, lag):
    mean = sum(values) / len(values)
    deviations = [v - mean for v in values]
    products = [a * b for a, b in zip(deviations[lag:] + deviations[:lag], deviations)]
    return sum(products) / sum(d * d for d in deviations)


# %% wrong: "The sign is lost: autocorrelations can be negative."
def autocorrelation(values, lag):
    mean = sum(values) / len(values)
    deviations = [v - mean for v in values]
    products = [a * b for a, b in zip(deviations[lag:], deviations)]
    return abs(sum(products)) / sum(d * d for d in deviations)


# %% wrong: "The denominator leaves out the last entries: all deviations count."
def autocorrelation(values, lag):
    mean = sum(values) / len(values)
    deviations = [v - mean for v in values]
    products = [a * b for a, b in zip(deviations[lag:], deviations)]
    return sum(products) / sum(d * d for d in deviations[:-lag])


# %% wrong: "This is the square root of the sum of squares."
def autocorrelation(values, lag):
    mean = sum(values) / len(values)
    deviations = [v - mean for v in values]
    products = [a * b for a, b in zip(deviations[lag:], deviations)]
    return sum(products) / sum(d * d for d in deviations) ** 0.5


# %% wrong: "The series is compared with itself reversed, not with itself earlier."
def autocorrelation(values, lag):
    mean = sum(values) / len(values)
    deviations = [v - mean for v in values]
    products = [a * b for a, b in zip(deviations[lag:], deviations[::-1])]
    return sum(products) / sum(d * d for d in deviations)


# %% wrong: "The median is not the mean."
def autocorrelation(values, lag):
    mean = sorted(values)[len(values) // 2]
    deviations = [v - mean for v in values]
    products = [a * b for a, b in zip(deviations[lag:], deviations)]
    return sum(products) / sum(d * d for d in deviations)


# %% wrong: "This is Pearson's correlation of two shorter series, as np.corrcoef gives it. Autocorrelation takes one mean and one sum of squares of all values."
def autocorrelation(values, lag):
    a, b = values[lag:], values[:-lag]
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    cross = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b))
    squares_a = sum((x - mean_a) ** 2 for x in a)
    squares_b = sum((y - mean_b) ** 2 for y in b)
    if not squares_a * squares_b:
        return float("nan")
    return cross / (squares_a * squares_b) ** 0.5


# %% check
CASES = [
    # deviations -1.5, -.5, .5, 1.5; products .75, -.25, .75 over 5
    Case("four values", args=([1, 2, 3, 4], 1), want=0.25),
    # products -.75, -.75 over 5
    Case("at lag two", args=([1, 2, 3, 4], 2), want=-0.3),
    Case("up and down", args=([1, -1, 1, -1], 1), want=-0.75),
    # mean 4; deviations -4, -4, -4, 12; squares 192; products 16, 16, -48
    Case("one large value", args=([0, 0, 0, 16], 1), want=-16 / 192),
    # mean 3; -2, 0, 3, -2, 1; squares 18; lag 1: 0, 0, -6, -2
    Case("another level", args=([1, 3, 6, 1, 4], 1), want=-8 / 18),
]
