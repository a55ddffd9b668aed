"""Exercise 9.2: Windows and what follows."""


# %% stub
def windows(data, seq_length, horizon):
    """Return a list of pairs (window, what follows), in the order of time.

    data is a list. A window is a list of seq_length values in a row, and what follows is
    the list of the next horizon values. Every window that is followed by enough values
    has a pair.
    """
    raise NotImplementedError


# %% solution
def windows(data, seq_length, horizon):
    pairs = []
    for start in range(len(data) - seq_length - horizon + 1):
        stop = start + seq_length
        pairs.append((data[start:stop], data[stop : stop + horizon]))
    return pairs


# %% wrong: "The last pair is missing: n values give n - seq_length - horizon + 1 pairs."
def windows(data, seq_length, horizon):
    pairs = []
    for start in range(len(data) - seq_length - horizon):
        stop = start + seq_length
        pairs.append((data[start:stop], data[stop : stop + horizon]))
    return pairs


# %% wrong: "The last pairs have too few values behind the window: the horizon counts too."
def windows(data, seq_length, horizon):
    pairs = []
    for start in range(len(data) - seq_length):
        stop = start + seq_length
        pairs.append((data[start:stop], data[stop : stop + horizon]))
    return pairs


# %% wrong: "Windows overlap: the next one begins one value later."
def windows(data, seq_length, horizon):
    pairs = []
    for start in range(len(data) - seq_length - horizon + 1)[::seq_length]:
        stop = start + seq_length
        pairs.append((data[start:stop], data[stop : stop + horizon]))
    return pairs


# %% wrong: "Between window and target one value is left out."
def windows(data, seq_length, horizon):
    pairs = []
    for start in range(len(data) - seq_length - horizon + 1):
        stop = start + seq_length
        pairs.append((data[start:stop], data[stop + 1 : stop + 1 + horizon]))
    return pairs


# %% wrong: "The last value of the window is also the first to forecast: that is a leak."
def windows(data, seq_length, horizon):
    pairs = []
    for start in range(len(data) - seq_length - horizon + 1):
        stop = start + seq_length
        pairs.append((data[start:stop], data[stop - 1 : stop - 1 + horizon]))
    return pairs


# %% wrong: "Only the last day of the horizon is returned. All of its values are wanted."
def windows(data, seq_length, horizon):
    pairs = []
    for start in range(len(data) - seq_length - horizon + 1):
        stop = start + seq_length
        pairs.append((data[start:stop], [data[stop + horizon - 1]]))
    return pairs


# %% wrong: "Only the first day of the horizon is returned. All of its values are wanted."
def windows(data, seq_length, horizon):
    pairs = []
    for start in range(len(data) - seq_length - horizon + 1):
        stop = start + seq_length
        pairs.append((data[start:stop], data[stop : stop + 1]))
    return pairs


# %% wrong: "What follows a window is a list, also for a horizon of one."
def windows(data, seq_length, horizon):
    pairs = []
    for start in range(len(data) - seq_length - horizon + 1):
        stop = start + seq_length
        pairs.append(
            (
                data[start:stop],
                data[stop : stop + horizon] if horizon > 1 else data[stop],
            )
        )
    return pairs


# %% wrong: "The windows run backwards in time."
def windows(data, seq_length, horizon):
    pairs = []
    for start in range(len(data) - seq_length - horizon + 1):
        stop = start + seq_length
        pairs.append((data[start:stop][::-1], data[stop : stop + horizon]))
    return pairs


# %% wrong: "The pairs come from the last to the first; the order is that of time."
def windows(data, seq_length, horizon):
    pairs = []
    for start in range(len(data) - seq_length - horizon + 1):
        stop = start + seq_length
        pairs.append((data[start:stop], data[stop : stop + horizon]))
    return pairs[::-1]


# %% wrong: "Two lists are returned. Each window belongs in a pair with what follows it."
def windows(data, seq_length, horizon):
    pairs = []
    for start in range(len(data) - seq_length - horizon + 1):
        stop = start + seq_length
        pairs.append((data[start:stop], data[stop : stop + horizon]))
    return [p[0] for p in pairs], [p[1] for p in pairs]


# %% wrong: "The windows grow: each has seq_length values."
def windows(data, seq_length, horizon):
    pairs = []
    for start in range(len(data) - seq_length - horizon + 1):
        stop = start + seq_length
        pairs.append((data[:stop], data[stop : stop + horizon]))
    return pairs


# %% wrong: "The two parts of a pair are swapped: window first."
def windows(data, seq_length, horizon):
    pairs = []
    for start in range(len(data) - seq_length - horizon + 1):
        stop = start + seq_length
        pairs.append((data[stop : stop + horizon], data[start:stop]))
    return pairs


# %% check
CASES = [
    Case(
        "five values",
        args=([1, 2, 3, 4, 5], 3, 1),
        want=[([1, 2, 3], [4]), ([2, 3, 4], [5])],
    ),
    Case(
        "two days ahead",
        args=([1, 2, 3, 4, 5], 2, 2),
        want=[([1, 2], [3, 4]), ([2, 3], [4, 5])],
    ),
    Case("room for one pair", args=([7, 8, 9, 6], 2, 2), want=[([7, 8], [9, 6])]),
    Case("too short", args=([1, 2, 3], 2, 2), want=[]),
    Case("windows of one", args=([4, 5, 6], 1, 1), want=[([4], [5]), ([5], [6])]),
]
