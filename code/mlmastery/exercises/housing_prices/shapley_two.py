"""Exercise 5.9: Shapley for two."""

# %% stub


def shapley_two(v_none, v_first, v_second, v_both):
    """Return (phi_1, phi_2) from the worths of the four coalitions.

    Average each feature's gain over the two orders in which they can come.
    """
    raise NotImplementedError


# %% solution
def shapley_two(v_none, v_first, v_second, v_both):
    phi_1 = ((v_first - v_none) + (v_both - v_second)) / 2
    phi_2 = ((v_second - v_none) + (v_both - v_first)) / 2
    return phi_1, phi_2


# %% wrong: "You let each come first. If they interact, the gains do not add up to the whole; average over both orders."
def shapley_two(v_none, v_first, v_second, v_both):
    return v_first - v_none, v_second - v_none


# %% wrong: "You took one order only, the first feature first. The other order counts as much."
def shapley_two(v_none, v_first, v_second, v_both):
    return v_first - v_none, v_both - v_first


# %% wrong: "The gains are summed over both orders but not averaged: divide by 2."
def shapley_two(v_none, v_first, v_second, v_both):
    phi_1 = (v_first - v_none) + (v_both - v_second)
    phi_2 = (v_second - v_none) + (v_both - v_first)
    return phi_1, phi_2


# %% wrong: "The two shares have changed places."
def shapley_two(v_none, v_first, v_second, v_both):
    phi_1 = ((v_first - v_none) + (v_both - v_second)) / 2
    phi_2 = ((v_second - v_none) + (v_both - v_first)) / 2
    return phi_2, phi_1


# %% wrong: "You took one order only, the second feature first. The other order counts as much."
def shapley_two(v_none, v_first, v_second, v_both):
    return v_both - v_second, v_second - v_none


# %% wrong: "You let each come last. Average over both orders, in which each comes once first and once last."
def shapley_two(v_none, v_first, v_second, v_both):
    return v_both - v_second, v_both - v_first


# %% wrong: "The worth of nobody is taken for zero. A feature that comes first gains over v_none."
def shapley_two(v_none, v_first, v_second, v_both):
    return (v_first + v_both - v_second) / 2, (v_second + v_both - v_first) / 2


# %% wrong: "You gave each half of the whole. What each brings depends on its own gains."
def shapley_two(v_none, v_first, v_second, v_both):
    half = (v_both - v_none) / 2
    return half, half


# %% wrong: "You shared the whole in proportion to what each is worth alone. Average the gains over the two orders instead."
def shapley_two(v_none, v_first, v_second, v_both):
    one, two = v_first - v_none, v_second - v_none
    total = one + two
    whole = v_both - v_none
    return (whole * one / total, whole * two / total) if total else (0.0, 0.0)


# %% wrong: "You rounded halves: // divides whole numbers."
def shapley_two(v_none, v_first, v_second, v_both):
    phi_1 = ((v_first - v_none) + (v_both - v_second)) // 2
    phi_2 = ((v_second - v_none) + (v_both - v_first)) // 2
    return phi_1, phi_2


# %% wrong: "A feature that does harm has a negative share. Do not cut it off at zero."
def shapley_two(v_none, v_first, v_second, v_both):
    phi_1 = ((v_first - v_none) + (v_both - v_second)) / 2
    phi_2 = ((v_second - v_none) + (v_both - v_first)) / 2
    return max(phi_1, 0), max(phi_2, 0)


# %% wrong: "You averaged worths. Average gains: what is there with the feature less what is there without it."
def shapley_two(v_none, v_first, v_second, v_both):
    return (v_first + v_both) / 2, (v_second + v_both) / 2


# %% wrong: "The signs are the wrong way round. A gain is the worth with the feature minus the worth without it."
def shapley_two(v_none, v_first, v_second, v_both):
    phi_1 = ((v_none - v_first) + (v_second - v_both)) / 2
    phi_2 = ((v_none - v_second) + (v_first - v_both)) / 2
    return phi_1, phi_2


# %% wrong
def shapley_two(v_none, v_first, v_second, v_both):
    return v_first - v_none, v_second - v_none, v_both - v_first - v_second + v_none


# %% check
CASES = [
    Case("they add", args=(10.0, 13.0, 14.0, 17.0), want=(3.0, 4.0)),
    # only together are they worth anything: they share it
    Case("only together", args=(0.0, 0.0, 0.0, 8.0), want=(4.0, 4.0)),
    # orders: 1 then 2 gives 6 and 1; 2 then 1 gives 2 and 5
    Case(
        "each makes the other superfluous", args=(0.0, 6.0, 5.0, 7.0), want=(4.0, 3.0)
    ),
    # orders: 1 then 2 gives 1 and -1; 2 then 1 gives 0 and 0
    Case("the second spoils the first", args=(0, 1, 0, 0), want=(0.5, -0.5)),
]
