"""Exercise 13.5: One standard error."""


# %% stub
def simplest_model(scores):
    """Return the place of the first model within one standard error of the best mean.

    scores is a list with one list of fold scores per model, from the simplest model to the
    most complex one; larger is better, and each model has the same folds, at least two. The
    standard error is that of the best model's mean, with n - 1 in the standard deviation.
    If several models share the best mean, the first of them is the best. A mean exactly at
    the limit is within it.
    """
    raise NotImplementedError


# %% solution
def simplest_model(scores):
    from statistics import mean, stdev

    means = [mean(row) for row in scores]
    best = means.index(max(means))
    limit = means[best] - stdev(scores[best]) / len(scores[best]) ** 0.5
    return next(i for i, value in enumerate(means) if value >= limit)


# %% wrong: "The best model is returned: a simpler one may be within a standard error."
def simplest_model(scores):
    from statistics import mean

    means = [mean(row) for row in scores]
    return means.index(max(means))


# %% wrong: "This is the standard deviation of the folds: divide by the root of their number."
def simplest_model(scores):
    from statistics import mean, stdev

    means = [mean(row) for row in scores]
    best = means.index(max(means))
    limit = means[best] - stdev(scores[best])
    return next(i for i, value in enumerate(means) if value >= limit)


# %% wrong: "Divide by the root of the number of folds, not by the number."
def simplest_model(scores):
    from statistics import mean, stdev

    means = [mean(row) for row in scores]
    best = means.index(max(means))
    limit = means[best] - stdev(scores[best]) / len(scores[best])
    return next(i for i, value in enumerate(means) if value >= limit)


# %% wrong: "The standard deviation needs n - 1 in its denominator: statistics.stdev."
def simplest_model(scores):
    from statistics import mean, pstdev

    means = [mean(row) for row in scores]
    best = means.index(max(means))
    limit = means[best] - pstdev(scores[best]) / len(scores[best]) ** 0.5
    return next(i for i, value in enumerate(means) if value >= limit)


# %% wrong: "The standard error of the simplest model is used: take that of the best."
def simplest_model(scores):
    from statistics import mean, stdev

    means = [mean(row) for row in scores]
    limit = max(means) - stdev(scores[0]) / len(scores[0]) ** 0.5
    return next(i for i, value in enumerate(means) if value >= limit)


# %% wrong: "Each model's own standard error is used: take that of the best."
def simplest_model(scores):
    from statistics import mean, stdev

    means = [mean(row) for row in scores]
    errors = [stdev(row) / len(row) ** 0.5 for row in scores]
    return next(i for i, value in enumerate(means) if value + errors[i] >= max(means))


# %% wrong: "The last model within the limit is returned: the first is the simplest."
def simplest_model(scores):
    from statistics import mean, stdev

    means = [mean(row) for row in scores]
    best = means.index(max(means))
    limit = means[best] - stdev(scores[best]) / len(scores[best]) ** 0.5
    return max(i for i, value in enumerate(means) if value >= limit)


# %% wrong: "A mean exactly at the limit is within it."
def simplest_model(scores):
    from statistics import mean, stdev

    means = [mean(row) for row in scores]
    best = means.index(max(means))
    limit = means[best] - stdev(scores[best]) / len(scores[best]) ** 0.5
    return next(i for i, value in enumerate(means) if value > limit or i == best)


# %% wrong: "Larger scores are better here."
def simplest_model(scores):
    from statistics import mean, stdev

    means = [mean(row) for row in scores]
    best = means.index(min(means))
    limit = means[best] + stdev(scores[best]) / len(scores[best]) ** 0.5
    return next(i for i, value in enumerate(means) if value <= limit)


# %% wrong: "This takes two standard errors; the rule takes one."
def simplest_model(scores):
    from statistics import mean, stdev

    means = [mean(row) for row in scores]
    best = means.index(max(means))
    limit = means[best] - 2 * stdev(scores[best]) / len(scores[best]) ** 0.5
    return next(i for i, value in enumerate(means) if value >= limit)


# %% wrong: "Of models with the same best mean, the first is the best: its error counts."
def simplest_model(scores):
    from statistics import mean, stdev

    means = [mean(row) for row in scores]
    best = max(i for i, value in enumerate(means) if value == max(means))
    limit = means[best] - stdev(scores[best]) / len(scores[best]) ** 0.5
    return next(i for i, value in enumerate(means) if value >= limit)


# %% check
CASES = [
    # The best, 7 and 9, has the mean 8, the deviation 1.41 and the standard error 1.
    Case("one is within", args=([[5, 6], [7.5, 7.5], [7, 9]],), want=1),
    Case("none is within", args=([[0, 1], [6.5, 6.5], [7, 9], [7, 8]],), want=2),
    Case(
        "exactly at the limit",
        args=([[1, 1, 1, 1], [7, 7, 7, 7], [7, 7, 7, 11]],),
        want=1,
    ),
    # Four folds: the standard error is 2 / 2 = 1, the deviation with n gives 0.87.
    Case(
        "between n and n - 1",
        args=([[5, 5, 5, 5], [7.05, 7.05, 7.05, 7.05], [7, 7, 7, 11]],),
        want=1,
    ),
    Case("between error and deviation", args=([[6.8, 6.8], [7, 9]],), want=1),
    Case(
        "four folds",
        args=([[5, 5, 5, 5], [7.3, 7.3, 7.3, 7.3], [7, 7, 7, 11]],),
        want=1,
    ),
    Case("a wide simplest model", args=([[0, 12], [6.5, 6.5], [7, 9]],), want=2),
    # Two errors reach from 8 to 6.
    Case("within two errors only", args=([[6.2, 6.2], [7, 9]],), want=1),
    Case("shared best mean", args=([[5.5, 5.5], [8, 8], [5, 11]],), want=1),
    Case("one model", args=([[3, 4]],), want=0),
]
