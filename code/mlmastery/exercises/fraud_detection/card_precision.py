"""Exercise 19.4: What the analysts find."""


# %% stub
def card_precision(days, k):
    """Return the mean over the days of the share of fraudulent cards in the first k.

    days is a list of days; a day is a list of (card, score, fraud), one for each payment.
    A card has its highest score of the day, and is fraudulent if one of its payments is.
    A fraudulent card among the first k is blocked: it is left out on all later days. The
    share is over k, also where fewer cards are left. No two cards of a day tie.
    """
    raise NotImplementedError


# %% solution
def card_precision(days, k):
    blocked, shares = set(), []
    for day in days:
        best, bad = {}, set()
        for card, score, fraud in day:
            if card not in blocked:
                best[card] = max(score, best.get(card, score))
                bad |= {card} if fraud else set()
        found = set(sorted(best, key=best.get)[::-1][:k]) & bad
        shares.append(len(found) / k)
        blocked |= found
    return sum(shares) / len(shares)


# %% wrong: "A card that was found is blocked on later days."
def card_precision(days, k):
    shares = []
    for day in days:
        best, bad = {}, set()
        for card, score, fraud in day:
            best[card] = max(score, best.get(card, score))
            bad |= {card} if fraud else set()
        found = set(sorted(best, key=best.get)[::-1][:k]) & bad
        shares.append(len(found) / k)
    return sum(shares) / len(shares)


# %% wrong: "Only fraudulent cards are blocked; the others go on paying."
def card_precision(days, k):
    blocked, shares = set(), []
    for day in days:
        best, bad = {}, set()
        for card, score, fraud in day:
            if card not in blocked:
                best[card] = max(score, best.get(card, score))
                bad |= {card} if fraud else set()
        top = set(sorted(best, key=best.get)[::-1][:k])
        shares.append(len(top & bad) / k)
        blocked |= top
    return sum(shares) / len(shares)


# %% wrong: "Rank cards, not payments: a card is checked once."
def card_precision(days, k):
    blocked, shares = set(), []
    for day in days:
        rows = sorted((r for r in day if r[0] not in blocked), key=lambda r: -r[1])[:k]
        shares.append(sum(fraud for _, _, fraud in rows) / k)
        blocked |= {card for card, _, fraud in rows if fraud}
    return sum(shares) / len(shares)


# %% wrong: "The share is over k, also where fewer cards are left."
def card_precision(days, k):
    blocked, shares = set(), []
    for day in days:
        best, bad = {}, set()
        for card, score, fraud in day:
            if card not in blocked:
                best[card] = max(score, best.get(card, score))
                bad |= {card} if fraud else set()
        top = sorted(best, key=best.get)[::-1][:k]
        found = set(top) & bad
        shares.append(len(found) / max(len(top), 1))
        blocked |= found
    return sum(shares) / len(shares)


# %% wrong: "A card has its highest score, not its last."
def card_precision(days, k):
    blocked, shares = set(), []
    for day in days:
        best, bad = {}, set()
        for card, score, fraud in day:
            if card not in blocked:
                best[card] = score
                bad |= {card} if fraud else set()
        found = set(sorted(best, key=best.get)[::-1][:k]) & bad
        shares.append(len(found) / k)
        blocked |= found
    return sum(shares) / len(shares)


# %% wrong: "One fraudulent payment makes the card fraudulent, whichever scored highest."
def card_precision(days, k):
    blocked, shares = set(), []
    for day in days:
        best, bad = {}, {}
        for card, score, fraud in day:
            if card not in blocked and score > best.get(card, float("-inf")):
                best[card], bad[card] = score, fraud
        found = {c for c in sorted(best, key=best.get)[::-1][:k] if bad[c]}
        shares.append(len(found) / k)
        blocked |= found
    return sum(shares) / len(shares)


# %% wrong: "The highest scores come first."
def card_precision(days, k):
    blocked, shares = set(), []
    for day in days:
        best, bad = {}, set()
        for card, score, fraud in day:
            if card not in blocked:
                best[card] = max(score, best.get(card, score))
                bad |= {card} if fraud else set()
        found = set(sorted(best, key=best.get)[:k]) & bad
        shares.append(len(found) / k)
        blocked |= found
    return sum(shares) / len(shares)


# %% wrong: "A card that was not found stays, and may be found later."
def card_precision(days, k):
    blocked, shares = set(), []
    for day in days:
        best, bad = {}, set()
        for card, score, fraud in day:
            if card not in blocked:
                best[card] = max(score, best.get(card, score))
                bad |= {card} if fraud else set()
        found = set(sorted(best, key=best.get)[::-1][:k]) & bad
        shares.append(len(found) / k)
        blocked |= bad
    return sum(shares) / len(shares)


# %% wrong: "The mean over the days is asked, and not the sum."
def card_precision(days, k):
    blocked, shares = set(), []
    for day in days:
        best, bad = {}, set()
        for card, score, fraud in day:
            if card not in blocked:
                best[card] = max(score, best.get(card, score))
                bad |= {card} if fraud else set()
        found = set(sorted(best, key=best.get)[::-1][:k]) & bad
        shares.append(len(found) / k)
        blocked |= found
    return sum(shares)


# %% wrong: "A card's score is its highest, not the sum of its scores."
def card_precision(days, k):
    blocked, shares = set(), []
    for day in days:
        best, bad = {}, set()
        for card, score, fraud in day:
            if card not in blocked:
                best[card] = score + best.get(card, 0)
                bad |= {card} if fraud else set()
        found = set(sorted(best, key=best.get)[::-1][:k]) & bad
        shares.append(len(found) / k)
        blocked |= found
    return sum(shares) / len(shares)


# %% check
DAY = [("a", 0.9, 1), ("b", 0.8, 0), ("c", 0.7, 1), ("d", 0.1, 0)]
CASES = [
    Case("one day", args=([DAY], 2), want=0.5),
    Case("blocked, so another moves up", args=([DAY, DAY], 2), want=0.5),
    Case("blocked for ever", args=([DAY, DAY, DAY], 1), want=1 / 3),
    Case("one place", args=([DAY, DAY], 1), want=0.5),
    Case("fewer cards than places", args=([DAY], 8), want=0.25),
    Case(
        "several payments",
        args=([[("a", 0.9, 1), ("a", 0.8, 1), ("b", 0.7, 0)]], 2),
        want=0.5,
    ),
    Case(
        "the highest score",
        args=([[("a", 0.9, 1), ("b", 0.5, 0), ("a", 0.1, 1)]], 1),
        want=1,
    ),
    Case(
        "fraud in another payment",
        args=([[("a", 0.9, 0), ("a", 0.1, 1), ("b", 0.5, 0)]], 1),
        want=1,
    ),
    Case(
        "not the sum", args=([[("b", 0.5, 0), ("b", 0.6, 0), ("a", 0.9, 1)]], 1), want=1
    ),
    Case(
        "missed, then found",
        args=([[("a", 0.2, 1), ("b", 0.9, 0)], [("a", 0.9, 1), ("b", 0.1, 0)]], 1),
        want=0.5,
    ),
    Case(
        "genuine cards come again",
        args=([[("b", 0.9, 0)], [("b", 0.9, 1)]], 1),
        want=0.5,
    ),
    Case("a day without cards", args=([[], DAY], 1), want=0.5),
    Case("negative scores", args=([[("a", -0.5, 1), ("b", -0.9, 0)]], 1), want=1),
]
