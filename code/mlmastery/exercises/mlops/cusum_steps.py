"""Exercise 21.9: A chart step by step."""


# %% stub
def cusum_steps(values, k, h):
    """Return the steps, from 0, at which a two-sided chart rings.

    A sum above h rings. Both sums go on from 0 at the next value.
    """
    raise NotImplementedError


# %% solution
def cusum_steps(values, k, h):
    high, low, rang = 0.0, 0.0, []
    for t, x in enumerate(values):
        high = max(0.0, high + x - k)
        low = max(0.0, low - x - k)
        if high > h or low > h:
            rang.append(t)
            high, low = 0.0, 0.0
    return rang


# %% wrong: "A sum never goes below 0: quiet days are no credit."
def cusum_steps(values, k, h):
    high, low, rang = 0.0, 0.0, []
    for t, x in enumerate(values):
        high = high + x - k
        low = low - x - k
        if high > h or low > h:
            rang.append(t)
            high, low = 0.0, 0.0
    return rang


# %% wrong: "A fall rings too: the lower sum adds −x − k."
def cusum_steps(values, k, h):
    high, low, rang = 0.0, 0.0, []
    for t, x in enumerate(values):
        high = max(0.0, high + x - k)
        low = max(0.0, low - x - k)
        if high > h:
            rang.append(t)
            high, low = 0.0, 0.0
    return rang


# %% wrong: "A rise rings too."
def cusum_steps(values, k, h):
    high, low, rang = 0.0, 0.0, []
    for t, x in enumerate(values):
        high = max(0.0, high + x - k)
        low = max(0.0, low - x - k)
        if low > h:
            rang.append(t)
            high, low = 0.0, 0.0
    return rang


# %% wrong: "After an alarm both sums start again from 0."
def cusum_steps(values, k, h):
    high, low, rang = 0.0, 0.0, []
    for t, x in enumerate(values):
        high = max(0.0, high + x - k)
        low = max(0.0, low - x - k)
        if high > h or low > h:
            rang.append(t)
    return rang


# %% wrong: "A sum equal to h does not ring."
def cusum_steps(values, k, h):
    high, low, rang = 0.0, 0.0, []
    for t, x in enumerate(values):
        high = max(0.0, high + x - k)
        low = max(0.0, low - x - k)
        if high >= h or low >= h:
            rang.append(t)
            high, low = 0.0, 0.0
    return rang


# %% wrong: "Steps count from 0."
def cusum_steps(values, k, h):
    high, low, rang = 0.0, 0.0, []
    for t, x in enumerate(values):
        high = max(0.0, high + x - k)
        low = max(0.0, low - x - k)
        if high > h or low > h:
            rang.append(t + 1)
            high, low = 0.0, 0.0
    return rang


# %% wrong: "The allowance k is taken off each value."
def cusum_steps(values, k, h):
    high, low, rang = 0.0, 0.0, []
    for t, x in enumerate(values):
        high = max(0.0, high + x)
        low = max(0.0, low - x)
        if high > h or low > h:
            rang.append(t)
            high, low = 0.0, 0.0
    return rang


# %% wrong: "The lower sum subtracts the allowance too."
def cusum_steps(values, k, h):
    high, low, rang = 0.0, 0.0, []
    for t, x in enumerate(values):
        high = max(0.0, high + x - k)
        low = max(0.0, low - x + k)
        if high > h or low > h:
            rang.append(t)
            high, low = 0.0, 0.0
    return rang


# %% wrong: "A single value is not the chart: add up."
def cusum_steps(values, k, h):
    high, low, rang = 0.0, 0.0, []
    for t, x in enumerate(values):
        high = max(0.0, x - k)
        low = max(0.0, -x - k)
        if high > h or low > h:
            rang.append(t)
            high, low = 0.0, 0.0
    return rang


# %% wrong: "The first alarm is not the last: go on."
def cusum_steps(values, k, h):
    high, low, rang = 0.0, 0.0, []
    for t, x in enumerate(values):
        high = max(0.0, high + x - k)
        low = max(0.0, low - x - k)
        if high > h or low > h:
            rang.append(t)
            break
    return rang


# %% wrong: "The two sums are separate: one that adds absolute values rings on noise."
def cusum_steps(values, k, h):
    high, low, rang = 0.0, 0.0, []
    for t, x in enumerate(values):
        high = max(0.0, high + abs(x) - k)
        low = max(0.0, low - x - k)
        if high > h or low > h:
            rang.append(t)
            high, low = 0.0, 0.0
    return rang


# %% check
CASES = [
    Case("the chapter's four days", args=([0, 3, 0.2, 2.5], 0.5, 4), want=[3]),
    Case("nothing happens", args=([0.5, -0.5, 0.5, -0.5], 0.5, 1), want=[]),
    Case("a fall", args=([-1.5, -1.75], 0.5, 2), want=[1]),
    Case("equal to the limit", args=([2.5, 0.5, 0.75], 0.5, 2), want=[2]),
    Case("equal to the limit, falling", args=([-2.5, -0.5, -0.75], 0.5, 2), want=[2]),
    Case("again from nothing", args=([3, 2.75, -3, -2.75], 0.5, 2.25), want=[0, 2]),
    Case("a rise goes on", args=([-3, 1.5, 1.25, 3, -1.5, -1.25], 0.5, 2), want=[0, 3]),
    Case("starts again", args=([3, 3, 3, 3], 0.5, 4), want=[1, 3]),
    Case("quiet days are no credit", args=([-3, -1, 3, 2], 1, 2.5), want=[3]),
    Case("a rise and a fall", args=([3, 0, -3, -3], 0.5, 2), want=[0, 2, 3]),
    Case("noise", args=([1, -1, 1, -1, 1, -1], 0.5, 1), want=[]),
]
