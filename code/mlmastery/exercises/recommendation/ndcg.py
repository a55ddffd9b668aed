"""Exercise 12.3: NDCG of a list."""


# %% stub
def ndcg(shown, relevant, k):
    """Return the NDCG of the first k films shown.

    shown is a list, best first; relevant is a set of at least one film, each with gain 1. The
    discount of rank r, from 1, is log2(r + 1).
    """
    raise NotImplementedError


# %% solution
def ndcg(shown, relevant, k):
    import math

    got = sum(
        1.0 / math.log2(rank + 1)
        for rank, film in enumerate(shown[:k], 1)
        if film in relevant
    )
    best = sum(
        1.0 / math.log2(rank + 1) for rank in range(1, 1 + min(len(relevant), k))
    )
    return got / best


# %% wrong: "Ranks start at 1: with 0 the first place is divided by log2(1) or counted wrongly."
def ndcg(shown, relevant, k):
    import math

    got = sum(
        1.0 / math.log2(rank + 2)
        for rank, film in enumerate(shown[:k], 1)
        if film in relevant
    )
    best = sum(
        1.0 / math.log2(rank + 2) for rank in range(1, 1 + min(len(relevant), k))
    )
    return got / best


# %% wrong: "The discount is log2(rank + 1), and ranks 1 and 2 differ."
def ndcg(shown, relevant, k):
    import math

    got = sum(
        1.0 / max(1.0, math.log2(rank))
        for rank, film in enumerate(shown[:k], 1)
        if film in relevant
    )
    best = sum(
        1.0 / max(1.0, math.log2(rank)) for rank in range(1, 1 + min(len(relevant), k))
    )
    return got / best


# %% wrong: "This is the natural logarithm's discount without the base: log2 is asked."
def ndcg(shown, relevant, k):
    import math

    got = sum(
        1.0 / math.sqrt(rank)
        for rank, film in enumerate(shown[:k], 1)
        if film in relevant
    )
    best = sum(1.0 / math.sqrt(rank) for rank in range(1, 1 + min(len(relevant), k)))
    return got / best


# %% wrong: "Only the first k films count."
def ndcg(shown, relevant, k):
    import math

    got = sum(
        1.0 / math.log2(rank + 1)
        for rank, film in enumerate(shown, 1)
        if film in relevant
    )
    best = sum(
        1.0 / math.log2(rank + 1) for rank in range(1, 1 + min(len(relevant), k))
    )
    return got / best


# %% wrong: "The best list has at most k places: with more relevant films than k, a perfect list must have 1."
def ndcg(shown, relevant, k):
    import math

    got = sum(
        1.0 / math.log2(rank + 1)
        for rank, film in enumerate(shown[:k], 1)
        if film in relevant
    )
    best = sum(1.0 / math.log2(rank + 1) for rank in range(1, 1 + len(relevant)))
    return got / best


# %% wrong: "The best list has as many hits as there are relevant films, and not k of them."
def ndcg(shown, relevant, k):
    import math

    got = sum(
        1.0 / math.log2(rank + 1)
        for rank, film in enumerate(shown[:k], 1)
        if film in relevant
    )
    best = sum(1.0 / math.log2(rank + 1) for rank in range(1, 1 + k))
    return got / best


# %% wrong: "This is DCG. Divide by the DCG of the best list."
def ndcg(shown, relevant, k):
    import math

    got = sum(
        1.0 / math.log2(rank + 1)
        for rank, film in enumerate(shown[:k], 1)
        if film in relevant
    )
    sum(1.0 / math.log2(rank + 1) for rank in range(1, 1 + min(len(relevant), k)))
    return got


# %% wrong: "The best list holds all relevant films, not only those that were found."
def ndcg(shown, relevant, k):
    import math

    got = sum(
        1.0 / math.log2(rank + 1)
        for rank, film in enumerate(shown[:k], 1)
        if film in relevant
    )
    best = sum(
        1.0 / math.log2(rank + 1)
        for rank in range(1, 1 + sum(film in relevant for film in shown[:k]))
    )
    return got / best if got else 0.0


# %% wrong: "Hits are films in relevant; here the others are counted."
def ndcg(shown, relevant, k):
    import math

    got = sum(
        1.0 / math.log2(rank + 1)
        for rank, film in enumerate(shown[:k], 1)
        if film not in relevant
    )
    best = sum(
        1.0 / math.log2(rank + 1) for rank in range(1, 1 + min(len(relevant), k))
    )
    return got / best


# %% wrong: "This is precision: it does not see the order."
def ndcg(shown, relevant, k):
    return sum(film in relevant for film in shown[:k]) / k


# %% wrong: "This is recall: it does not see the order."
def ndcg(shown, relevant, k):
    return sum(film in relevant for film in shown[:k]) / len(relevant)


# %% wrong: "This is the reciprocal rank of the first hit. NDCG sums over all hits."
def ndcg(shown, relevant, k):
    return next(
        (1 / rank for rank, film in enumerate(shown[:k], 1) if film in relevant), 0.0
    )


# %% wrong: "The quotient is upside down."
def ndcg(shown, relevant, k):
    import math

    got = sum(
        1.0 / math.log2(rank + 1)
        for rank, film in enumerate(shown[:k], 1)
        if film in relevant
    )
    best = sum(
        1.0 / math.log2(rank + 1) for rank in range(1, 1 + min(len(relevant), k))
    )
    return best / got if got else 0.0


# %% wrong: "Gains are divided by the rank; the discount is its logarithm."
def ndcg(shown, relevant, k):

    got = sum(1.0 / rank for rank, film in enumerate(shown[:k], 1) if film in relevant)
    best = sum(1.0 / rank for rank in range(1, 1 + min(len(relevant), k)))
    return got / best


# %% wrong: "The discount is missing below the fraction line: the best list is discounted too."
def ndcg(shown, relevant, k):
    import math

    got = sum(
        1.0 / math.log2(rank + 1)
        for rank, film in enumerate(shown[:k], 1)
        if film in relevant
    )
    best = sum(1.0 / 1.0 for rank in range(1, 1 + min(len(relevant), k)))
    return got / best


# %% wrong: "The best list may be longer than the list shown: it has min(k, number of relevant films) hits."
def ndcg(shown, relevant, k):
    import math

    got = sum(
        1.0 / math.log2(rank + 1)
        for rank, film in enumerate(shown[:k], 1)
        if film in relevant
    )
    n = min(len(relevant), len(shown))
    best = sum(1.0 / math.log2(rank + 1) for rank in range(1, n + 1))
    return got / best


# %% check
CASES = [
    Case(
        "one hit at rank 2", args=(["a", "b", "c"], {"b"}, 3), want=0.6309297535714575
    ),
    Case("one hit at rank 3", args=(["a", "b", "c"], {"c"}, 3), want=0.5),
    # (1/log2(3) + 1/log2(5)) / (1 + 1/log2(3) + 1/2)
    Case(
        "the chapter's list",
        args=(["a", "b", "c", "d"], {"b", "d", "e"}, 4),
        want=0.49818925746641285,
    ),
    Case(
        "more relevant films than places", args=([1, 2, 3], {1, 2, 3, 4}, 2), want=1.0
    ),
    Case("no hit", args=([1, 2], {3}, 2), want=0.0),
    Case(
        "a hit after place k", args=([1, 2, 3, 4], {1, 4}, 3), want=0.6131471927654584
    ),
]
