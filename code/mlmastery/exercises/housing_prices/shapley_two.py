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


# %% check
CASES = [
    Case("they add", args=(10.0, 13.0, 14.0, 17.0), want=(3.0, 4.0)),
    # only together are they worth anything: they share it
    Case("only together", args=(0.0, 0.0, 0.0, 8.0), want=(4.0, 4.0)),
    # orders: 1 then 2 gives 6 and 1; 2 then 1 gives 2 and 5
    Case(
        "each makes the other superfluous", args=(0.0, 6.0, 5.0, 7.0), want=(4.0, 3.0)
    ),
]
