"""Exercise 9.1: An exponential average with its start."""


# %% stub
def moving_average(values, period):
    """Return the exponential moving average as a list, one entry per value.

    The first period - 1 entries are None. The next one is the mean of the first period
    values. From then on each entry is alpha times the new value plus 1 - alpha times the
    entry before, with alpha = 2 / (period + 1). values is a list at least as long as
    period.
    """
    raise NotImplementedError


# %% solution
def moving_average(values, period):
    alpha = 2 / (period + 1)
    level = sum(values[:period]) / period
    out = [None] * (period - 1) + [level]
    for value in values[period:]:
        level = alpha * value + (1 - alpha) * level
        out.append(level)
    return out


# %% wrong: "The start is the first value here. TA-Lib starts with the mean of the first period values."
def moving_average(values, period):
    alpha = 2 / (period + 1)
    level = values[0]
    out = [None] * (period - 1) + [level]
    for value in values[period:]:
        level = alpha * value + (1 - alpha) * level
        out.append(level)
    return out


# %% wrong: "Wilder's weight is one over the period; the exponential average has 2 / (period + 1)."
def moving_average(values, period):
    alpha = 1 / period
    level = sum(values[:period]) / period
    out = [None] * (period - 1) + [level]
    for value in values[period:]:
        level = alpha * value + (1 - alpha) * level
        out.append(level)
    return out


# %% wrong: "The weights are swapped: alpha belongs to the new value."
def moving_average(values, period):
    alpha = 2 / (period + 1)
    level = sum(values[:period]) / period
    out = [None] * (period - 1) + [level]
    for value in values[period:]:
        level = (1 - alpha) * value + alpha * level
        out.append(level)
    return out


# %% wrong: "The first entries are missing: there is one entry for each value."
def moving_average(values, period):
    alpha = 2 / (period + 1)
    level = sum(values[:period]) / period
    out = [level]
    for value in values[period:]:
        level = alpha * value + (1 - alpha) * level
        out.append(level)
    return out


# %% wrong: "There are period - 1 entries without a value, not period."
def moving_average(values, period):
    alpha = 2 / (period + 1)
    level = sum(values[:period]) / period
    out = [None] * period + [level]
    for value in values[period:]:
        level = alpha * value + (1 - alpha) * level
        out.append(level)
    return out


# %% wrong: "The entries before the start are None, not 0."
def moving_average(values, period):
    alpha = 2 / (period + 1)
    level = sum(values[:period]) / period
    out = [0.0] * (period - 1) + [level]
    for value in values[period:]:
        level = alpha * value + (1 - alpha) * level
        out.append(level)
    return out


# %% wrong: "The value that ends the first mean is counted twice: go on behind it."
def moving_average(values, period):
    alpha = 2 / (period + 1)
    level = sum(values[:period]) / period
    out = [None] * (period - 1) + [level]
    for value in values[period - 1 :]:
        level = alpha * value + (1 - alpha) * level
        out.append(level)
    return out


# %% wrong: "The level never moves: each entry starts from the entry before it."
def moving_average(values, period):
    alpha = 2 / (period + 1)
    level = sum(values[:period]) / period
    out = [None] * (period - 1) + [level]
    for value in values[period:]:
        out.append(alpha * value + (1 - alpha) * level)
    return out


# %% wrong: "This is the simple moving average. The exponential one keeps a level and mixes new values into it."
def moving_average(values, period):
    out = [None] * (period - 1)
    for k in range(period, len(values) + 1):
        out.append(sum(values[k - period : k]) / period)
    return out


# %% wrong: "The weights of new and old sum to 1: something is lost at each step."
def moving_average(values, period):
    alpha = 2 / (period + 1)
    level = sum(values[:period]) / period
    out = [None] * (period - 1) + [level]
    for value in values[period:]:
        level = alpha * value + (1 - alpha) * level * 0.99
        out.append(level)
    return out


# %% wrong: "The sum of the first values is not divided by their number."
def moving_average(values, period):
    alpha = 2 / (period + 1)
    level = sum(values[:period])
    out = [None] * (period - 1) + [level]
    for value in values[period:]:
        level = alpha * value + (1 - alpha) * level
        out.append(level)
    return out


# %% wrong: "The weight is 2 / (period - 1). The plus is part of the definition."
def moving_average(values, period):
    alpha = 2 / (period - 1) if period > 1 else 1
    level = sum(values[:period]) / period
    out = [None] * (period - 1) + [level]
    for value in values[period:]:
        level = alpha * value + (1 - alpha) * level
        out.append(level)
    return out


# %% wrong: "Do not round."
def moving_average(values, period):
    alpha = 2 / (period + 1)
    level = sum(values[:period]) / period
    out = [None] * (period - 1) + [level]
    for value in values[period:]:
        level = alpha * value + (1 - alpha) * level
        out.append(round(level))
    return out


# %% wrong: "This is pandas' ewm without adjustment: it starts with the first value. Here the first period - 1 entries are None, and the mean of the first values follows."
def moving_average(values, period):
    alpha = 2 / (period + 1)
    out = [values[0]]
    for value in values[1:]:
        out.append(alpha * value + (1 - alpha) * out[-1])
    return out


# %% wrong: "The entries without a value are NaN. Write None there."
def moving_average(values, period):
    alpha = 2 / (period + 1)
    level = sum(values[:period]) / period
    out = [float("nan")] * (period - 1) + [level]
    for value in values[period:]:
        level = alpha * value + (1 - alpha) * level
        out.append(level)
    return out


# %% check
CASES = [
    # mean of 1, 2, 2, 1; then 0.4 * 3 + 0.6 * 1.5
    Case(
        "one step after the start",
        args=([1, 2, 2, 1, 3], 4),
        want=[None, None, None, 1.5, 2.1],
    ),
    Case("only the start", args=([2.0, 4.0], 2), want=[None, 3.0]),
    # alpha 2/3: 3 + 2/3 * 6 = 7, then 7 - 2/3 * 6 = 3
    Case("two steps", args=([2.0, 4.0, 9.0, 1.0], 2), want=[None, 3.0, 7.0, 3.0]),
    Case("a period of one follows", args=([5.0, 7.0, 6.0], 1), want=[5.0, 7.0, 6.0]),
    Case(
        "three", args=([1.0, 2.0, 6.0, 3.0, 4.0], 3), want=[None, None, 3.0, 3.0, 3.5]
    ),
]
