"""Exercise 9.4: Wilder's RSI."""


# %% stub
def relative_strength(close, period):
    """Return Wilder's RSI of the last close, from 0 to 100.

    close is a list with more than period entries. The first averages of rises and of falls
    are plain means over the first period changes; each later change moves an average by
    1 / period of its distance. Falls count as positive numbers; a change is in only one of
    the two. Not all changes are 0.
    """
    raise NotImplementedError


# %% solution
def relative_strength(close, period):
    changes = [close[k] - close[k - 1] for k in range(1, len(close))]
    rises = [max(c, 0) for c in changes]
    falls = [max(-c, 0) for c in changes]
    up, down = sum(rises[:period]) / period, sum(falls[:period]) / period
    for rise, fall in zip(rises[period:], falls[period:]):
        up += (rise - up) / period
        down += (fall - down) / period
    return 100 * up / (up + down)


# %% wrong: "The averages stop after the first period: later changes move them."
def relative_strength(close, period):
    changes = [close[k] - close[k - 1] for k in range(1, len(close))][:period]
    up = sum(max(c, 0) for c in changes)
    down = sum(max(-c, 0) for c in changes)
    return 100 * up / (up + down)


# %% wrong: "These are plain means over the last changes. Wilder's averages are recursive."
def relative_strength(close, period):
    changes = [close[k] - close[k - 1] for k in range(1, len(close))][-period:]
    up = sum(max(c, 0) for c in changes)
    down = sum(max(-c, 0) for c in changes)
    return 100 * up / (up + down)


# %% wrong: "The weight of a new change is 2 / (period + 1) here: that is an EMA. Wilder's is 1 / period."
def relative_strength(close, period):
    changes = [close[k] - close[k - 1] for k in range(1, len(close))]
    rises = [max(c, 0) for c in changes]
    falls = [max(-c, 0) for c in changes]
    up, down = sum(rises[:period]) / period, sum(falls[:period]) / period
    for rise, fall in zip(rises[period:], falls[period:]):
        up += (rise - up) * 2 / (period + 1)
        down += (fall - down) * 2 / (period + 1)
    return 100 * up / (up + down)


# %% wrong: "The averages start with the first change. They start with the mean of the first period changes."
def relative_strength(close, period):
    changes = [close[k] - close[k - 1] for k in range(1, len(close))]
    rises = [max(c, 0) for c in changes]
    falls = [max(-c, 0) for c in changes]
    up, down = rises[0], falls[0]
    for rise, fall in zip(rises[1:], falls[1:]):
        up += (rise - up) / period
        down += (fall - down) / period
    return 100 * up / (up + down)


# %% wrong: "This is the share of the falls."
def relative_strength(close, period):
    changes = [close[k] - close[k - 1] for k in range(1, len(close))]
    rises = [max(c, 0) for c in changes]
    falls = [max(-c, 0) for c in changes]
    up, down = sum(rises[:period]) / period, sum(falls[:period]) / period
    for rise, fall in zip(rises[period:], falls[period:]):
        up += (rise - up) / period
        down += (fall - down) / period
    return 100 * down / (up + down)


# %% wrong: "The ratio of rises to falls is not yet between 0 and 100."
def relative_strength(close, period):
    changes = [close[k] - close[k - 1] for k in range(1, len(close))]
    rises = [max(c, 0) for c in changes]
    falls = [max(-c, 0) for c in changes]
    up, down = sum(rises[:period]) / period, sum(falls[:period]) / period
    for rise, fall in zip(rises[period:], falls[period:]):
        up += (rise - up) / period
        down += (fall - down) / period
    return 100 * up / down if down else 100.0


# %% wrong: "The result is a share; the RSI is in per cent."
def relative_strength(close, period):
    changes = [close[k] - close[k - 1] for k in range(1, len(close))]
    rises = [max(c, 0) for c in changes]
    falls = [max(-c, 0) for c in changes]
    up, down = sum(rises[:period]) / period, sum(falls[:period]) / period
    for rise, fall in zip(rises[period:], falls[period:]):
        up += (rise - up) / period
        down += (fall - down) / period
    return up / (up + down)


# %% wrong: "Falls keep their sign. Both averages are positive numbers."
def relative_strength(close, period):
    changes = [close[k] - close[k - 1] for k in range(1, len(close))]
    rises = [max(c, 0) for c in changes]
    falls = [min(c, 0) for c in changes]
    up, down = sum(rises[:period]) / period, sum(falls[:period]) / period
    for rise, fall in zip(rises[period:], falls[period:]):
        up += (rise - up) / period
        down += (fall - down) / period
    return 100 * up / ((up + down) or 1)


# %% wrong: "Days are counted here. The sizes of the changes count, too."
def relative_strength(close, period):
    changes = [close[k] - close[k - 1] for k in range(1, len(close))]
    rises = [float(c > 0) for c in changes]
    falls = [float(c < 0) for c in changes]
    up, down = sum(rises[:period]) / period, sum(falls[:period]) / period
    for rise, fall in zip(rises[period:], falls[period:]):
        up += (rise - up) / period
        down += (fall - down) / period
    return 100 * up / (up + down)


# %% wrong: "The change that ends the first mean is used twice: go on behind it."
def relative_strength(close, period):
    changes = [close[k] - close[k - 1] for k in range(1, len(close))]
    rises = [max(c, 0) for c in changes]
    falls = [max(-c, 0) for c in changes]
    up, down = sum(rises[:period]) / period, sum(falls[:period]) / period
    for rise, fall in zip(rises[period - 1 :], falls[period - 1 :]):
        up += (rise - up) / period
        down += (fall - down) / period
    return 100 * up / (up + down)


# %% wrong: "The rises are averaged and the falls are left at their first mean."
def relative_strength(close, period):
    changes = [close[k] - close[k - 1] for k in range(1, len(close))]
    rises = [max(c, 0) for c in changes]
    falls = [max(-c, 0) for c in changes]
    up, down = sum(rises[:period]) / period, sum(falls[:period]) / period
    for rise, fall in zip(rises[period:], falls[period:]):
        up += (rise - up) / period
    return 100 * up / (up + down)


# %% wrong: "Relative changes are used. Wilder's are differences of prices."
def relative_strength(close, period):
    changes = [close[k] / close[k - 1] - 1 for k in range(1, len(close))]
    rises = [max(c, 0) for c in changes]
    falls = [max(-c, 0) for c in changes]
    up, down = sum(rises[:period]) / period, sum(falls[:period]) / period
    for rise, fall in zip(rises[period:], falls[period:]):
        up += (rise - up) / period
        down += (fall - down) / period
    return 100 * up / (up + down)


# %% wrong: "Do not round."
def relative_strength(close, period):
    changes = [close[k] - close[k - 1] for k in range(1, len(close))]
    rises = [max(c, 0) for c in changes]
    falls = [max(-c, 0) for c in changes]
    up, down = sum(rises[:period]) / period, sum(falls[:period]) / period
    for rise, fall in zip(rises[period:], falls[period:]):
        up += (rise - up) / period
        down += (fall - down) / period
    return round(100 * up / (up + down))


# %% wrong: "All days are returned. Only the RSI of the last close is wanted."
def relative_strength(close, period):
    changes = [close[k] - close[k - 1] for k in range(1, len(close))]
    rises = [max(c, 0) for c in changes]
    falls = [max(-c, 0) for c in changes]
    up, down = sum(rises[:period]) / period, sum(falls[:period]) / period
    out = [float("nan")] * period + [100 * up / (up + down)]
    for rise, fall in zip(rises[period:], falls[period:]):
        up += (rise - up) / period
        down += (fall - down) / period
        out.append(100 * up / (up + down))
    return out


# %% check
CASES = [
    # means 1/2 and 1/2; then 1.25 and 0.25
    Case("one change after the start", args=([10, 11, 10, 12], 2), want=250 / 3),
    Case("only the start", args=([10, 13, 12], 2), want=75.0),
    Case("only rises", args=([1, 2, 4, 5], 2), want=100.0),
    # up 1, down 1/2; fall of 3: up 1/2, down 7/4; rise of 1: up 3/4, down 7/8
    Case("two changes after the start", args=([5, 7, 6, 3, 4], 2), want=75 / 1.625),
    # means 2/3, 1/3; rise of 3: up 13/9, down 2/9
    Case("a period of three", args=([4, 5, 4, 5, 8], 3), want=1300 / 15),
]
