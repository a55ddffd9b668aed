"""Exercise 11.3: Two error rates."""


# %% stub
def false_rates(genuine, impostor, threshold):
    """Return the false acceptance rate and the false rejection rate, in this order.

    genuine and impostor are lists of similarities. A similarity equal to the threshold is accepted.
    """
    raise NotImplementedError


# %% solution
def false_rates(genuine, impostor, threshold):
    far = sum(score >= threshold for score in impostor) / len(impostor)
    frr = sum(score < threshold for score in genuine) / len(genuine)
    return far, frr


# %% wrong: "The false acceptance rate comes first."
def false_rates(genuine, impostor, threshold):
    far = sum(score >= threshold for score in impostor) / len(impostor)
    frr = sum(score < threshold for score in genuine) / len(genuine)
    return frr, far


# %% wrong: "An impostor whose score equals the threshold is accepted."
def false_rates(genuine, impostor, threshold):
    far = sum(score > threshold for score in impostor) / len(impostor)
    frr = sum(score < threshold for score in genuine) / len(genuine)
    return far, frr


# %% wrong: "A genuine pair whose score equals the threshold is accepted."
def false_rates(genuine, impostor, threshold):
    far = sum(score >= threshold for score in impostor) / len(impostor)
    frr = sum(score <= threshold for score in genuine) / len(genuine)
    return far, frr


# %% wrong: "The second rate is of rejected pairs; this is the share of accepted ones."
def false_rates(genuine, impostor, threshold):
    far = sum(score >= threshold for score in impostor) / len(impostor)
    frr = sum(score >= threshold for score in genuine) / len(genuine)
    return far, frr


# %% wrong: "The first rate is of accepted impostors; this is the share of rejected ones."
def false_rates(genuine, impostor, threshold):
    far = sum(score < threshold for score in impostor) / len(impostor)
    frr = sum(score < threshold for score in genuine) / len(genuine)
    return far, frr


# %% wrong: "Each rate is a share of its own kind of pair, not of all pairs."
def false_rates(genuine, impostor, threshold):
    far = sum(score >= threshold for score in impostor) / (len(impostor) + len(genuine))
    frr = sum(score < threshold for score in genuine) / (len(impostor) + len(genuine))
    return far, frr


# %% wrong: "These are numbers of pairs; rates are asked."
def false_rates(genuine, impostor, threshold):
    far = sum(score >= threshold for score in impostor)
    frr = sum(score < threshold for score in genuine)
    return far, frr


# %% wrong: "Impostors are the pairs of two people: the two lists are exchanged."
def false_rates(genuine, impostor, threshold):
    genuine, impostor = impostor, genuine
    far = sum(score >= threshold for score in impostor) / len(impostor)
    frr = sum(score < threshold for score in genuine) / len(genuine)
    return far, frr


# %% wrong: "The denominators are exchanged: each rate is a share of its own list."
def false_rates(genuine, impostor, threshold):
    far = sum(score >= threshold for score in impostor) / len(genuine)
    frr = sum(score < threshold for score in genuine) / len(impostor)
    return far, frr


# %% wrong: "Rates are from 0 to 1, not per cent."
def false_rates(genuine, impostor, threshold):
    far = sum(score >= threshold for score in impostor) / len(impostor)
    frr = sum(score < threshold for score in genuine) / len(genuine)
    return 100 * far, 100 * frr


# %% check
CASES = [
    Case(
        "the chapter's five pairs",
        args=([0.9, 0.8, 0.4], [0.5, 0.1], 0.5),
        want=(0.5, 1 / 3),
    ),
    Case(
        "a tie of each kind",
        args=([0.7, 0.6], [0.6, 0.2, 0.1, 0.0], 0.6),
        want=(0.25, 0.0),
    ),
    Case("all accepted", args=([0.3], [0.2, 0.1], -1), want=(1.0, 0.0)),
    Case("none accepted", args=([0.3, 0.1, 0.2], [0.2], 0.9), want=(0.0, 1.0)),
    Case(
        "seven pairs",
        args=([0.9, 0.5, 0.3, 0.2], [0.8, 0.4, 0.1], 0.4),
        want=(2 / 3, 0.5),
    ),
]
