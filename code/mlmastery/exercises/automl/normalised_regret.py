"""Exercise 20.4: Normalised regret."""


# %% stub
def normalised_regret(losses, best, worst):
    """Return the list of normalised regrets after each evaluation.

    losses is a list; NaN marks an evaluation that failed. Before the first success the
    incumbent has the loss worst. best and worst are those of the whole table.
    """
    raise NotImplementedError


# %% solution
def normalised_regret(losses, best, worst):
    import math

    incumbent, regrets = worst, []
    for loss in losses:
        if not math.isnan(loss):
            incumbent = min(incumbent, loss)
        regrets.append((incumbent - best) / (worst - best))
    return regrets


# %% wrong: "This is the regret of each evaluation; the incumbent is the best so far."
def normalised_regret(losses, best, worst):
    import math

    incumbent, regrets = worst, []
    for loss in losses:
        incumbent = loss if not math.isnan(loss) else incumbent
        regrets.append((incumbent - best) / (worst - best))
    return regrets


# %% wrong: "Divide by worst - best, not by worst."
def normalised_regret(losses, best, worst):
    import math

    incumbent, regrets = worst, []
    for loss in losses:
        if not math.isnan(loss):
            incumbent = min(incumbent, loss)
        regrets.append((incumbent - best) / worst)
    return regrets


# %% wrong: "This is not normalised: divide by worst - best."
def normalised_regret(losses, best, worst):
    import math

    incumbent, regrets = worst, []
    for loss in losses:
        if not math.isnan(loss):
            incumbent = min(incumbent, loss)
        regrets.append(incumbent - best)
    return regrets


# %% wrong: "Subtract the best first."
def normalised_regret(losses, best, worst):
    import math

    incumbent, regrets = worst, []
    for loss in losses:
        if not math.isnan(loss):
            incumbent = min(incumbent, loss)
        regrets.append(incumbent / (worst - best))
    return regrets


# %% wrong: "Best and worst are exchanged: 0 is the best."
def normalised_regret(losses, best, worst):
    import math

    incumbent, regrets = worst, []
    for loss in losses:
        if not math.isnan(loss):
            incumbent = min(incumbent, loss)
        regrets.append((worst - incumbent) / (worst - best))
    return regrets


# %% wrong: "The incumbent is the smallest loss, not the largest."
def normalised_regret(losses, best, worst):
    import math

    incumbent, regrets = best, []
    for loss in losses:
        if not math.isnan(loss):
            incumbent = max(incumbent, loss)
        regrets.append((incumbent - best) / (worst - best))
    return regrets


# %% wrong: "After a NaN the incumbent stays; here a failure counts as the best."
def normalised_regret(losses, best, worst):
    import math

    incumbent, regrets = worst, []
    for loss in losses:
        incumbent = min(incumbent, best if math.isnan(loss) else loss)
        regrets.append((incumbent - best) / (worst - best))
    return regrets


# %% wrong: "A failure needs an entry too: one regret for each evaluation."
def normalised_regret(losses, best, worst):
    import math

    incumbent, regrets = worst, []
    for loss in losses:
        if not math.isnan(loss):
            incumbent = min(incumbent, loss)
            regrets.append((incumbent - best) / (worst - best))
    return regrets


# %% wrong: "Best and worst are those of the table, not of the losses seen."
def normalised_regret(losses, best, worst):
    import math

    known = [x for x in losses if not math.isnan(x)]
    best, worst = min(known), max(known)
    incumbent, regrets = worst, []
    for loss in losses:
        if not math.isnan(loss):
            incumbent = min(incumbent, loss)
        regrets.append((incumbent - best) / (worst - best) if worst > best else 0.0)
    return regrets


# %% wrong: "This looks ahead: the regret after an evaluation knows nothing of later ones."
def normalised_regret(losses, best, worst):
    import math

    known = [x for x in losses if not math.isnan(x)]
    return [(min([*known, worst]) - best) / (worst - best)] * len(losses)


# %% wrong: "The regret is appended before the incumbent is updated."
def normalised_regret(losses, best, worst):
    import math

    incumbent, regrets = worst, []
    for loss in losses:
        regrets.append((incumbent - best) / (worst - best))
        if not math.isnan(loss):
            incumbent = min(incumbent, loss)
    return regrets


# %% wrong: "Return the whole list, not only the last regret."
def normalised_regret(losses, best, worst):
    import math

    incumbent, regrets = worst, []
    for loss in losses:
        if not math.isnan(loss):
            incumbent = min(incumbent, loss)
        regrets.append((incumbent - best) / (worst - best))
    return regrets[-1]


# %% wrong: "After a failure the regret is that of the incumbent, not 1."
def normalised_regret(losses, best, worst):
    import math

    incumbent, regrets = worst, []
    for loss in losses:
        if not math.isnan(loss):
            incumbent = min(incumbent, loss)
        regrets.append(1.0 if math.isnan(loss) else (incumbent - best) / (worst - best))
    return regrets


# %% check
nan = float("nan")
CASES = [
    Case(
        "the chapter's search", args=([0.5, 0.2, 0.4], 0.1, 0.6), want=[0.8, 0.2, 0.2]
    ),
    Case("a failure first", args=([nan, 3.0, 2.0], 1.0, 5.0), want=[1.0, 0.5, 0.25]),
    Case(
        "a failure later",
        args=([3.0, nan, 4.0, 1.0], 1.0, 5.0),
        want=[0.5, 0.5, 0.5, 0.0],
    ),
    Case("negative losses", args=([-1.0, -3.0], -4.0, 0.0), want=[0.75, 0.25]),
]
