"""Exercise 16.3: Balls on a line."""


# %% stub
def covered_share(points, centres, k):
    """Return the share of points that lie in the ball of at least one centre.

    Points and centres are lists of numbers. A centre's ball reaches to its k-th nearest
    other centre; its rim belongs to it. There are more than k centres.
    """
    raise NotImplementedError


# %% solution
def covered_share(points, centres, k):
    radii = []
    for i, centre in enumerate(centres):
        others = centres[:i] + centres[i + 1 :]
        radii.append(sorted(abs(centre - other) for other in others)[k - 1])
    hits = 0
    for point in points:
        balls = zip(centres, radii)
        hits += any(abs(point - centre) <= radius for centre, radius in balls)
    return hits / len(points)


# %% wrong: "A centre is not its own neighbour."
def covered_share(points, centres, k):
    radii = []
    for i, centre in enumerate(centres):
        others = centres
        radii.append(sorted(abs(centre - other) for other in others)[k - 1])
    hits = 0
    for point in points:
        balls = zip(centres, radii)
        hits += any(abs(point - centre) <= radius for centre, radius in balls)
    return hits / len(points)


# %% wrong: "The k-th nearest has the index k - 1."
def covered_share(points, centres, k):
    radii = []
    for i, centre in enumerate(centres):
        others = centres[:i] + centres[i + 1 :]
        radii.append(
            sorted(abs(centre - other) for other in others)[min(k, len(others) - 1)]
        )
    hits = 0
    for point in points:
        balls = zip(centres, radii)
        hits += any(abs(point - centre) <= radius for centre, radius in balls)
    return hits / len(points)


# %% wrong: "The rim belongs to the ball."
def covered_share(points, centres, k):
    radii = []
    for i, centre in enumerate(centres):
        others = centres[:i] + centres[i + 1 :]
        radii.append(sorted(abs(centre - other) for other in others)[k - 1])
    hits = 0
    for point in points:
        balls = zip(centres, radii)
        hits += any(abs(point - centre) < radius for centre, radius in balls)
    return hits / len(points)


# %% wrong: "The radius is that of the k-th nearest, not of the nearest."
def covered_share(points, centres, k):
    radii = []
    for i, centre in enumerate(centres):
        others = centres[:i] + centres[i + 1 :]
        radii.append(sorted(abs(centre - other) for other in others)[0])
    hits = 0
    for point in points:
        balls = zip(centres, radii)
        hits += any(abs(point - centre) <= radius for centre, radius in balls)
    return hits / len(points)


# %% wrong: "Sort the distances first."
def covered_share(points, centres, k):
    radii = []
    for i, centre in enumerate(centres):
        others = centres[:i] + centres[i + 1 :]
        radii.append([abs(centre - other) for other in others][k - 1])
    hits = 0
    for point in points:
        balls = zip(centres, radii)
        hits += any(abs(point - centre) <= radius for centre, radius in balls)
    return hits / len(points)


# %% wrong: "One ball is enough."
def covered_share(points, centres, k):
    radii = []
    for i, centre in enumerate(centres):
        others = centres[:i] + centres[i + 1 :]
        radii.append(sorted(abs(centre - other) for other in others)[k - 1])
    hits = 0
    for point in points:
        balls = zip(centres, radii)
        hits += all(abs(point - centre) <= radius for centre, radius in balls)
    return hits / len(points)


# %% wrong: "A distance has no sign."
def covered_share(points, centres, k):
    radii = []
    for i, centre in enumerate(centres):
        others = centres[:i] + centres[i + 1 :]
        radii.append(sorted(abs(centre - other) for other in others)[k - 1])
    hits = 0
    for point in points:
        balls = zip(centres, radii)
        hits += any((point - centre) <= radius for centre, radius in balls)
    return hits / len(points)


# %% wrong: "Each centre has a radius of its own."
def covered_share(points, centres, k):
    radii = []
    for i, centre in enumerate(centres):
        others = centres[:i] + centres[i + 1 :]
        radii.append(sorted(abs(centre - other) for other in others)[k - 1])
    hits = 0
    for point in points:
        balls = zip(centres, radii)
        hits += any(abs(point - centre) <= max(radii) for centre, radius in balls)
    return hits / len(points)


# %% wrong: "Return a share, not a count."
def covered_share(points, centres, k):
    radii = []
    for i, centre in enumerate(centres):
        others = centres[:i] + centres[i + 1 :]
        radii.append(sorted(abs(centre - other) for other in others)[k - 1])
    hits = 0
    for point in points:
        balls = zip(centres, radii)
        hits += any(abs(point - centre) <= radius for centre, radius in balls)
    return hits


# %% wrong: "Divide by the number of points, not of centres."
def covered_share(points, centres, k):
    radii = []
    for i, centre in enumerate(centres):
        others = centres[:i] + centres[i + 1 :]
        radii.append(sorted(abs(centre - other) for other in others)[k - 1])
    hits = 0
    for point in points:
        balls = zip(centres, radii)
        hits += any(abs(point - centre) <= radius for centre, radius in balls)
    return hits / len(centres)


# %% wrong: "Count each point once, however many balls hold it."
def covered_share(points, centres, k):
    radii = []
    for i, centre in enumerate(centres):
        others = centres[:i] + centres[i + 1 :]
        radii.append(sorted(abs(centre - other) for other in others)[k - 1])
    hits = 0
    for point in points:
        balls = zip(centres, radii)
        hits += sum(abs(point - centre) <= radius for centre, radius in balls)
    return hits / len(points)


# %% wrong: "The k-th nearest counts from the near end."
def covered_share(points, centres, k):
    radii = []
    for i, centre in enumerate(centres):
        others = centres[:i] + centres[i + 1 :]
        radii.append(sorted(abs(centre - other) for other in others)[-k])
    hits = 0
    for point in points:
        balls = zip(centres, radii)
        hits += any(abs(point - centre) <= radius for centre, radius in balls)
    return hits / len(points)


# %% check
CASES = [
    Case("precision on paper", args=([0.5, 0.6], [0, 1, 4], 1), want=1.0),
    Case("recall on paper", args=([0, 1, 4], [0.5, 0.6], 1), want=0.0),
    # balls of radius 1, 1, 1, 8
    Case("outside", args=([-1, -1.5, 4.2, 17, 19], [0, 1, 2, 10], 1), want=0.6),
    # radii of the second nearest: 2, 1, 2, 9
    Case("k = 2", args=([-2, -2.5, 3.5, 20], [0, 1, 2, 10], 2), want=0.5),
    Case("unsorted", args=([2.5, -0.5, 19.5], [10, 0, 1, 2], 1), want=2 / 3),
    Case("gap", args=([3.5, 0.0], [0, 1, 6, 7], 1), want=0.5),
]
