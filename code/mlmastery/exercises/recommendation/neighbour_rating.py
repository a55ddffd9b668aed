"""Exercise 12.1: A rating from neighbours that have one."""


# %% stub
def neighbour_rating(user, item, stars, alike, k):
    """Return the weighted mean rating of the k most similar users who rated the film, or None.

    stars[v][item] is a rating, 0 where there is none; alike[user][v] is the similarity of two
    users and the weight. Only other users with a similarity above 0 count. All are lists.
    """
    raise NotImplementedError


# %% solution
def neighbour_rating(user, item, stars, alike, k):
    raters = [
        v
        for v in range(len(stars))
        if v != user and stars[v][item] > 0 and alike[user][v] > 0
    ]
    near = sorted(raters, key=lambda v: -alike[user][v])[:k]
    if not near:
        return None
    return sum(alike[user][v] * stars[v][item] for v in near) / sum(
        alike[user][v] for v in near
    )


# %% wrong: "The neighbours are chosen before asking who rated the film, so most of them have no rating."
def neighbour_rating(user, item, stars, alike, k):
    raters = [
        v
        for v in range(len(stars))
        if v != user and stars[v][item] > 0 and alike[user][v] > 0
    ]
    near = [
        v
        for v in sorted(
            (v for v in range(len(stars)) if v != user), key=lambda v: -alike[user][v]
        )[:k]
        if v in raters
    ]
    if not near:
        return None
    return sum(alike[user][v] * stars[v][item] for v in near) / sum(
        alike[user][v] for v in near
    )


# %% wrong: "The user is their own best neighbour here."
def neighbour_rating(user, item, stars, alike, k):
    raters = [v for v in range(len(stars)) if stars[v][item] > 0 and alike[user][v] > 0]
    near = sorted(raters, key=lambda v: -alike[user][v])[:k]
    if not near:
        return None
    return sum(alike[user][v] * stars[v][item] for v in near) / sum(
        alike[user][v] for v in near
    )


# %% wrong: "Zeros are no ratings: leave those users out."
def neighbour_rating(user, item, stars, alike, k):
    raters = [v for v in range(len(stars)) if v != user and alike[user][v] > 0]
    near = sorted(raters, key=lambda v: -alike[user][v])[:k]
    if not near:
        return None
    return sum(alike[user][v] * stars[v][item] for v in near) / sum(
        alike[user][v] for v in near
    )


# %% wrong: "These are the least similar users."
def neighbour_rating(user, item, stars, alike, k):
    raters = [
        v
        for v in range(len(stars))
        if v != user and stars[v][item] > 0 and alike[user][v] > 0
    ]
    near = sorted(raters, key=lambda v: alike[user][v])[:k]
    if not near:
        return None
    return sum(alike[user][v] * stars[v][item] for v in near) / sum(
        alike[user][v] for v in near
    )


# %% wrong: "All raters count here, and not the k nearest."
def neighbour_rating(user, item, stars, alike, k):
    raters = [
        v
        for v in range(len(stars))
        if v != user and stars[v][item] > 0 and alike[user][v] > 0
    ]
    near = raters
    if not near:
        return None
    return sum(alike[user][v] * stars[v][item] for v in near) / sum(
        alike[user][v] for v in near
    )


# %% wrong: "The mean is not weighted by similarity."
def neighbour_rating(user, item, stars, alike, k):
    raters = [
        v
        for v in range(len(stars))
        if v != user and stars[v][item] > 0 and alike[user][v] > 0
    ]
    near = sorted(raters, key=lambda v: -alike[user][v])[:k]
    if not near:
        return None
    return sum(stars[v][item] for v in near) / len(near)


# %% wrong: "Divide by the sum of the weights and not by their number."
def neighbour_rating(user, item, stars, alike, k):
    raters = [
        v
        for v in range(len(stars))
        if v != user and stars[v][item] > 0 and alike[user][v] > 0
    ]
    near = sorted(raters, key=lambda v: -alike[user][v])[:k]
    if not near:
        return None
    return sum(alike[user][v] * stars[v][item] for v in near) / len(near)


# %% wrong: "The weighted sum is not divided."
def neighbour_rating(user, item, stars, alike, k):
    raters = [
        v
        for v in range(len(stars))
        if v != user and stars[v][item] > 0 and alike[user][v] > 0
    ]
    near = sorted(raters, key=lambda v: -alike[user][v])[:k]
    if not near:
        return None
    return sum(alike[user][v] * stars[v][item] for v in near) / 1


# %% wrong: "Without a neighbour there is no answer: return None, since 0 is not a rating."
def neighbour_rating(user, item, stars, alike, k):
    raters = [
        v
        for v in range(len(stars))
        if v != user and stars[v][item] > 0 and alike[user][v] > 0
    ]
    near = sorted(raters, key=lambda v: -alike[user][v])[:k]
    if not near:
        return 0
    return sum(alike[user][v] * stars[v][item] for v in near) / sum(
        alike[user][v] for v in near
    )


# %% wrong: "Without a neighbour, return None and not a middle rating."
def neighbour_rating(user, item, stars, alike, k):
    raters = [
        v
        for v in range(len(stars))
        if v != user and stars[v][item] > 0 and alike[user][v] > 0
    ]
    near = sorted(raters, key=lambda v: -alike[user][v])[:k]
    if not near:
        return 3.0
    return sum(alike[user][v] * stars[v][item] for v in near) / sum(
        alike[user][v] for v in near
    )


# %% wrong: "Users with a similarity of 0 or below tell nothing: leave them out."
def neighbour_rating(user, item, stars, alike, k):
    raters = [v for v in range(len(stars)) if v != user and stars[v][item] > 0]
    near = sorted(raters, key=lambda v: -alike[user][v])[:k]
    if not near:
        return None
    return sum(alike[user][v] * stars[v][item] for v in near) / (
        sum(abs(alike[user][v]) for v in near) or 1
    )


# %% wrong: "The similarity is that of the film's number, and not of the user."
def neighbour_rating(user, item, stars, alike, k):
    raters = [
        v
        for v in range(len(stars))
        if v != user and stars[v][item] > 0 and alike[user][v] > 0
    ]
    near = sorted(raters, key=lambda v: -alike[item % len(alike)][v])[:k]
    if not near:
        return None
    return sum(alike[item % len(alike)][v] * stars[v][item] for v in near) / (
        sum(alike[item % len(alike)][v] for v in near) or 1
    )


# %% wrong: "The single nearest user decides here. Take k of them."
def neighbour_rating(user, item, stars, alike, k):
    raters = [
        v
        for v in range(len(stars))
        if v != user and stars[v][item] > 0 and alike[user][v] > 0
    ]
    near = sorted(raters, key=lambda v: -alike[user][v])[:1]
    if not near:
        return None
    return sum(alike[user][v] * stars[v][item] for v in near) / sum(
        alike[user][v] for v in near
    )


# %% wrong: "One neighbour too many or too few: exactly k."
def neighbour_rating(user, item, stars, alike, k):
    raters = [
        v
        for v in range(len(stars))
        if v != user and stars[v][item] > 0 and alike[user][v] > 0
    ]
    near = sorted(raters, key=lambda v: -alike[user][v])[: k + 1]
    if not near:
        return None
    return sum(alike[user][v] * stars[v][item] for v in near) / sum(
        alike[user][v] for v in near
    )


# %% wrong: "The weights are squared."
def neighbour_rating(user, item, stars, alike, k):
    raters = [
        v
        for v in range(len(stars))
        if v != user and stars[v][item] > 0 and alike[user][v] > 0
    ]
    near = sorted(raters, key=lambda v: -alike[user][v])[:k]
    if not near:
        return None
    return sum(alike[user][v] ** 2 * stars[v][item] for v in near) / sum(
        alike[user][v] ** 2 for v in near
    )


# %% wrong: "A negative similarity counts here. Only users with a similarity above 0 do."
def neighbour_rating(user, item, stars, alike, k):
    raters = [v for v in range(len(stars)) if v != user and stars[v][item] > 0]
    near = sorted(raters, key=lambda v: -alike[user][v])[:k]
    if not near:
        return None
    return sum(alike[user][v] * stars[v][item] for v in near) / sum(
        abs(alike[user][v]) for v in near
    )


# %% check
STARS = [[4, 0, 5, 0], [5, 3, 0, 4], [1, 1, 0, 0], [2, 5, 0, 0], [3, 2, 0, 0]]
ALIKE = [
    [1.0, 0.5, 0.25, 0.9, -0.5],
    [0.5, 1.0, 0.2, 0.0, 0.1],
    [0.25, 0.2, 1.0, 0.3, 0.8],
    [0.9, 0.0, 0.3, 1.0, 0.4],
    [-0.5, 0.1, 0.8, 0.4, 1.0],
]
CASES = [
    # (0.9 * 5 + 0.5 * 3) / 1.4
    Case("two neighbours", args=(0, 1, STARS, ALIKE, 2), want=6.0 / 1.4),
    # 0.9, 0.5 and 0.25; the fourth has a negative similarity
    Case("fewer than k", args=(0, 1, STARS, ALIKE, 9), want=6.25 / 1.65),
    Case("the nearest alone", args=(0, 1, STARS, ALIKE, 1), want=5.0),
    Case("a similarity of zero", args=(3, 3, STARS, ALIKE, 2), want=None),
    Case("only the user rated it", args=(0, 2, STARS, ALIKE, 3), want=None),
    # the nearest, user 3, did not rate; then user 0 with 0.25 * 5
    Case("the nearest did not rate", args=(2, 2, STARS, ALIKE, 1), want=5.0),
    # user 1: 0.5 * 4 of user 0, then 0.2 * 1 of user 2
    Case(
        "the user's own rating is left out",
        args=(1, 0, STARS, ALIKE, 2),
        want=2.2 / 0.7,
    ),
]
