"""Exercise 13.1: Learn limits, then clip."""


# %% stub
def clip_limits(train, new, low, high):
    """Return the values of new, clipped at the quantiles low and high of train.

    train and new are lists of numbers, low and high shares with low < high. Quantiles are
    those of numpy.quantile. A value of new that is NaN stays NaN; train has none.
    """
    raise NotImplementedError


# %% solution
def clip_limits(train, new, low, high):
    import numpy as np

    a, b = np.quantile(train, [low, high])
    return np.clip(new, a, b)


# %% wrong: "The limits come from new: they must come from the training values."
def clip_limits(train, new, low, high):
    import numpy as np

    a, b = np.quantile(new, [low, high])
    return np.clip(new, a, b)


# %% wrong: "The limits come from both lists together: the new values must not enter."
def clip_limits(train, new, low, high):
    import numpy as np

    a, b = np.quantile(list(train) + list(new), [low, high])
    return np.clip(new, a, b)


# %% wrong: "The training values are returned: clip new."
def clip_limits(train, new, low, high):
    import numpy as np

    a, b = np.quantile(train, [low, high])
    return np.clip(train, a, b)


# %% wrong: "Only the upper limit is used."
def clip_limits(train, new, low, high):
    import numpy as np

    return np.minimum(new, np.quantile(train, high))


# %% wrong: "Only the lower limit is used."
def clip_limits(train, new, low, high):
    import numpy as np

    return np.maximum(new, np.quantile(train, low))


# %% wrong: "numpy.percentile wants per cent: a share of 0.25 is 25."
def clip_limits(train, new, low, high):
    import numpy as np

    a, b = np.percentile(train, [low, high])
    return np.clip(new, a, b)


# %% wrong: "Values outside are dropped: they must be moved to the limit."
def clip_limits(train, new, low, high):
    import numpy as np

    a, b = np.quantile(train, [low, high])
    new = np.asarray(new, dtype=float)
    return new[(new >= a) & (new <= b)]


# %% wrong: "Values outside become NaN: they must be moved to the limit."
def clip_limits(train, new, low, high):
    import numpy as np

    a, b = np.quantile(train, [low, high])
    new = np.asarray(new, dtype=float)
    return np.where((new >= a) & (new <= b), new, np.nan)


# %% wrong: "These are the limits: return the clipped values."
def clip_limits(train, new, low, high):
    import numpy as np

    return np.quantile(train, [low, high])


# %% wrong: "The smallest and largest training values are no quantiles: use low and high."
def clip_limits(train, new, low, high):
    import numpy as np

    return np.clip(new, min(train), max(train))


# %% wrong: "low and high are shares, not limits: take the quantiles of train."
def clip_limits(train, new, low, high):
    import numpy as np

    return np.clip(new, low, high)


# %% check
NAN = float("nan")
CASES = [
    Case(
        "the page's example",
        args=([1, 2, 3, 4, 100], [50, 0, 3], 0.25, 0.75),
        want=[4.0, 2.0, 3.0],
    ),
    Case(
        "other new values",
        args=([0, 10], [-5, 2, 20, 3, 4], 0.1, 0.8),
        want=[1.0, 2.0, 8.0, 3.0, 4.0],
    ),
    Case("a gap", args=([0, 10], [NAN, 11], 0.0, 1.0), want=[NAN, 10.0]),
    Case("one training value", args=([7], [1, 9], 0.01, 0.99), want=[7.0, 7.0]),
]
