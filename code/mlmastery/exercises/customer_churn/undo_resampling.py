"""Exercise 8.6: Undo the resampling."""


# %% stub
def undo_resampling(probability, true_share):
    """Return the probability of leaving at the true share of leavers.

    probability comes from a model whose training rows were resampled until half of them
    were leavers; true_share is the share of leavers before that. Resampling multiplied the
    odds of each customer by one factor. probability may be 0 and is below 1.
    """
    raise NotImplementedError


# %% solution
def undo_resampling(probability, true_share):
    odds = probability / (1 - probability)
    odds *= true_share / (1 - true_share)
    return odds / (1 + odds)


# %% wrong: "A probability times two shares is not a probability of the same scale: work with odds."
def undo_resampling(probability, true_share):
    return probability * true_share / 0.5


# %% wrong: "The result is still odds: turn it back into a probability."
def undo_resampling(probability, true_share):
    odds = probability / (1 - probability)
    odds *= true_share / (1 - true_share)
    return odds


# %% wrong: "The odds are divided where they should be multiplied: leavers were made more frequent, so probabilities must fall."
def undo_resampling(probability, true_share):
    odds = probability / (1 - probability)
    odds /= true_share / (1 - true_share)
    return odds / (1 + odds)


# %% wrong: "The factor is the odds of the true share, not the share."
def undo_resampling(probability, true_share):
    odds = probability / (1 - probability)
    odds *= true_share
    return odds / (1 + odds)


# %% wrong: "Probabilities are not shifted by a constant: the result can leave the range from 0 to 1."
def undo_resampling(probability, true_share):
    return probability - (0.5 - true_share)


# %% wrong: "One half must become the true share. Here nothing is undone."
def undo_resampling(probability, true_share):
    return probability


# %% wrong: "The shares of both classes enter: true odds are share over one minus share."
def undo_resampling(probability, true_share):
    odds = probability / (1 - probability)
    odds *= true_share / 0.5
    return odds / (1 + odds)


# %% wrong: "Odds are p over one minus p, not one minus p over p."
def undo_resampling(probability, true_share):
    odds = (1 - probability) / probability
    odds *= true_share / (1 - true_share)
    return odds / (1 + odds)


# %% wrong: "Odds to probability: divide by one plus the odds."
def undo_resampling(probability, true_share):
    odds = probability / (1 - probability)
    odds *= true_share / (1 - true_share)
    return odds / (1 - odds)


# %% wrong: "The factor is squared."
def undo_resampling(probability, true_share):
    odds = probability / (1 - probability)
    odds *= (true_share / (1 - true_share)) ** 2
    return odds / (1 + odds)


# %% wrong: "The true share is returned for all. One half becomes it, other probabilities do not."
def undo_resampling(probability, true_share):
    return true_share


# %% wrong: "This is the probability of staying."
def undo_resampling(probability, true_share):
    odds = probability / (1 - probability)
    odds *= true_share / (1 - true_share)
    return 1 / (1 + odds)


# %% wrong: "Do not round."
def undo_resampling(probability, true_share):
    odds = probability / (1 - probability)
    odds *= true_share / (1 - true_share)
    return round(odds / (1 + odds), 2)


# %% check
CASES = [
    Case("one half becomes the true share", args=(0.5, 0.2), want=0.2),
    # odds 3 times 1/4
    Case("three quarters", args=(0.75, 0.2), want=3 / 7),
    Case("a rare event", args=(0.9, 0.01), want=1 / 12),
    Case("nothing was resampled", args=(0.3, 0.5), want=0.3),
    Case("a probability of zero", args=(0.0, 0.3), want=0.0),
]
