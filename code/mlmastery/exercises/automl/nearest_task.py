"""Exercise 20.7: The nearest data set."""


# %% stub
def nearest_task(known, new):
    """Return the name of the known data set with the smallest distance from a new one.

    known is a dict of lists of features, new such a list. Each feature is divided by
    its standard deviation over the known data sets (pstdev, dividing by their number);
    a feature that is equal for all of them is left out. The distance is Euclidean. Of
    equally near ones the first in the dict is taken.
    """
    raise NotImplementedError


# %% solution
def nearest_task(known, new):
    from statistics import pstdev

    columns = list(zip(*known.values()))
    spreads = [pstdev(column) for column in columns]

    def distance(row):
        return sum(((a - b) / s) ** 2 for a, b, s in zip(new, row, spreads) if s)

    return min(known, key=lambda name: distance(known[name]))


# %% wrong: "Without the division by the standard deviation, the feature with the largest unit decides."
def nearest_task(known, new):

    columns = list(zip(*known.values()))
    spreads = [1.0 for column in columns]

    def distance(row):
        return sum(((a - b) / s) ** 2 for a, b, s in zip(new, row, spreads) if s)

    return min(known, key=lambda name: distance(known[name]))


# %% wrong: "A feature that all known data sets share has no spread, and dividing by it fails: leave it out."
def nearest_task(known, new):
    from statistics import pstdev

    columns = list(zip(*known.values()))
    spreads = [pstdev(column) for column in columns]

    def distance(row):
        return sum(((a - b) / s) ** 2 for a, b, s in zip(new, row, spreads))

    return min(known, key=lambda name: distance(known[name]))


# %% wrong: "The new data set must not change the standard deviations."
def nearest_task(known, new):
    from statistics import pstdev

    columns = list(zip(*known.values(), new))
    spreads = [pstdev(column) for column in columns]

    def distance(row):
        return sum(((a - b) / s) ** 2 for a, b, s in zip(new, row, spreads) if s)

    return min(known, key=lambda name: distance(known[name]))


# %% wrong: "This is the farthest."
def nearest_task(known, new):
    from statistics import pstdev

    columns = list(zip(*known.values()))
    spreads = [pstdev(column) for column in columns]

    def distance(row):
        return sum(((a - b) / s) ** 2 for a, b, s in zip(new, row, spreads) if s)

    return max(known, key=lambda name: distance(known[name]))


# %% wrong: "Return the name, not the distance."
def nearest_task(known, new):
    from statistics import pstdev

    columns = list(zip(*known.values()))
    spreads = [pstdev(column) for column in columns]

    def distance(row):
        return sum(((a - b) / s) ** 2 for a, b, s in zip(new, row, spreads) if s)

    return min(distance(row) for row in known.values())


# %% wrong: "Return one name, not all in order."
def nearest_task(known, new):
    from statistics import pstdev

    columns = list(zip(*known.values()))
    spreads = [pstdev(column) for column in columns]

    def distance(row):
        return sum(((a - b) / s) ** 2 for a, b, s in zip(new, row, spreads) if s)

    return sorted(known, key=lambda name: distance(known[name]))


# %% wrong: "This is the sum of absolute differences; the distance is Euclidean."
def nearest_task(known, new):
    from statistics import pstdev

    columns = list(zip(*known.values()))
    spreads = [pstdev(column) for column in columns]

    def distance(row):
        return sum(abs(a - b) / s for a, b, s in zip(new, row, spreads) if s)

    return min(known, key=lambda name: distance(known[name]))


# %% wrong: "This is the largest difference; the distance is Euclidean."
def nearest_task(known, new):
    from statistics import pstdev

    columns = list(zip(*known.values()))
    spreads = [pstdev(column) for column in columns]

    def distance(row):
        return max([abs(a - b) / s for a, b, s in zip(new, row, spreads) if s] or [0])

    return min(known, key=lambda name: distance(known[name]))


# %% wrong: "Divide by the standard deviation, not by the variance."
def nearest_task(known, new):
    from statistics import pstdev

    columns = list(zip(*known.values()))
    spreads = [pstdev(column) ** 2 for column in columns]

    def distance(row):
        return sum(((a - b) / s) ** 2 for a, b, s in zip(new, row, spreads) if s)

    return min(known, key=lambda name: distance(known[name]))


# %% wrong: "Divide, do not multiply: a feature with a large spread must count less."
def nearest_task(known, new):
    from statistics import pstdev

    columns = list(zip(*known.values()))
    spreads = [pstdev(column) for column in columns]

    def distance(row):
        return sum(((a - b) * s) ** 2 for a, b, s in zip(new, row, spreads) if s)

    return min(known, key=lambda name: distance(known[name]))


# %% wrong: "Divide by the standard deviation, not by the mean."
def nearest_task(known, new):
    from statistics import mean

    columns = list(zip(*known.values()))
    spreads = [abs(mean(column)) for column in columns]

    def distance(row):
        return sum(((a - b) / s) ** 2 for a, b, s in zip(new, row, spreads) if s)

    return min(known, key=lambda name: distance(known[name]))


# %% wrong: "This is the direction and not the distance: cosine similarity."
def nearest_task(known, new):
    from statistics import pstdev

    columns = list(zip(*known.values()))
    spreads = [pstdev(column) for column in columns]

    def distance(row):
        return sum(((a - b) / s) ** 2 for a, b, s in zip(new, row, spreads) if s)

    return max(
        known,
        key=lambda name: (
            sum(a * b for a, b in zip(new, known[name]))
            / (sum(b * b for b in known[name]) or 1) ** 0.5
        ),
    )


# %% wrong: "Signs cancel: square the differences."
def nearest_task(known, new):
    from statistics import pstdev

    columns = list(zip(*known.values()))
    spreads = [pstdev(column) for column in columns]

    def distance(row):
        return abs(sum((a - b) / s for a, b, s in zip(new, row, spreads) if s))

    return min(known, key=lambda name: distance(known[name]))


# %% wrong: "Of equally near ones the first is taken."
def nearest_task(known, new):
    from statistics import pstdev

    columns = list(zip(*known.values()))
    spreads = [pstdev(column) for column in columns]

    def distance(row):
        return sum(((a - b) / s) ** 2 for a, b, s in zip(new, row, spreads) if s)

    return min(reversed(list(known)), key=lambda name: distance(known[name]))


# %% check
CASES = [
    Case(
        "units differ",
        args=({"a": [1000, 1], "b": [1300, 0], "c": [3000, 9]}, [1200, 1]),
        want="a",
    ),
    Case(
        "units differ, more",
        args=({"a": [0, 0], "b": [100, 8], "c": [300, 1]}, [200, 1]),
        want="c",
    ),
    Case(
        "a shared feature",
        args=({"a": [1, 0, 5], "b": [3, 0, 9]}, [1.5, 50, 6]),
        want="a",
    ),
    Case(
        "an extreme new data set",
        args=({"a": [0, 10], "b": [1, 0], "c": [2, 5]}, [2, 100]),
        want="a",
    ),
    Case(
        "Euclidean, not absolute",
        args=(
            {
                "a": [0, 0],
                "b": [3, 3],
                "c": [4.4, 0],
                "d": [-4.4, 0],
                "e": [0, -5],
                "f": [0, 5],
            },
            [0, 0.1],
        ),
        want="a",
    ),
    Case(
        "two middling or one large",
        args=(
            {
                "p": [2, 2],
                "q": [3.5, 0],
                "r": [-3.5, -2],
                "s": [-2, 3.5],
                "t": [0, -3.5],
            },
            [0, 0],
        ),
        want="p",
    ),
    Case(
        "one large or two middling",
        args=(
            {
                "p": [3, 3],
                "q": [3.6, 0],
                "r": [-3.6, -3],
                "s": [-3, 3.8],
                "t": [0, -3.8],
            },
            [0, 0],
        ),
        want="q",
    ),
    Case("equally near", args=({"z": [0.0], "m": [2.0]}, [1.0]), want="z"),
    Case(
        "small values, small spread",
        args=({"a": [10, 0.1], "b": [11, 0.5], "c": [12, 0.9]}, [10.4, 0.8]),
        want="b",
    ),
]
