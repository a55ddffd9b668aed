"""Exercise 15.3: Is the split as planned?"""


# %% stub
def split_statistic(counts, weights):
    """Return the chi-square statistic of the arms' sizes against the plan.

    counts holds the users of each arm, weights the planned shares in any unit: [95, 5]
    and [0.95, 0.05] are the same plan.
    """
    raise NotImplementedError


# %% solution
def split_statistic(counts, weights):
    expected = [sum(counts) * w / sum(weights) for w in weights]
    return sum((c - e) ** 2 / e for c, e in zip(counts, expected))


# %% wrong: "You compared with equal arms. The plan may be 95 to 5."
def split_statistic(counts, weights):
    e = sum(counts) / len(counts)
    return sum((c - e) ** 2 / e for c in counts)


# %% wrong: "Weights need not add up to 1. Divide them by their sum."
def split_statistic(counts, weights):
    expected = [sum(counts) * w for w in weights]
    return sum((c - e) ** 2 / e for c, e in zip(counts, expected))


# %% wrong: "Divide by the expected count, not by the one that was seen."
def split_statistic(counts, weights):
    expected = [sum(counts) * w / sum(weights) for w in weights]
    return sum((c - e) ** 2 / c for c, e in zip(counts, expected))


# %% wrong: "The differences must be squared before they are divided and added."
def split_statistic(counts, weights):
    expected = [sum(counts) * w / sum(weights) for w in weights]
    return sum(abs(c - e) / e for c, e in zip(counts, expected))


# %% wrong: "Nothing was divided by the expected counts."
def split_statistic(counts, weights):
    expected = [sum(counts) * w / sum(weights) for w in weights]
    return sum((c - e) ** 2 for c, e in zip(counts, expected))


# %% wrong: "The whole fraction was squared. Only the difference is."
def split_statistic(counts, weights):
    expected = [sum(counts) * w / sum(weights) for w in weights]
    return sum(((c - e) / e) ** 2 for c, e in zip(counts, expected))


# %% wrong: "Only the first arm entered. Add up all of them."
def split_statistic(counts, weights):
    e = sum(counts) * weights[0] / sum(weights)
    return (counts[0] - e) ** 2 / e


# %% wrong: "These are shares. Chi-square compares counts, so the number of users matters."
def split_statistic(counts, weights):
    seen = [c / sum(counts) for c in counts]
    planned = [w / sum(weights) for w in weights]
    return sum((s - p) ** 2 / p for s, p in zip(seen, planned))


# %% wrong: "Yates's correction was applied. The check goes without it."
def split_statistic(counts, weights):
    expected = [sum(counts) * w / sum(weights) for w in weights]
    return sum(max(0, abs(c - e) - 0.5) ** 2 / e for c, e in zip(counts, expected))


# %% wrong: "That is the root of the statistic."
def split_statistic(counts, weights):
    expected = [sum(counts) * w / sum(weights) for w in weights]
    return sum((c - e) ** 2 / e for c, e in zip(counts, expected)) ** 0.5


# %% wrong: "The last arm is missing: a loop ended one step early."
def split_statistic(counts, weights):
    expected = [sum(counts) * w / sum(weights) for w in weights]
    return sum(
        (counts[i] - expected[i]) ** 2 / expected[i] for i in range(len(counts) - 1)
    )


# %% wrong: "The mean over the arms is not the statistic. Add, and do not divide by their number."
def split_statistic(counts, weights):
    expected = [sum(counts) * w / sum(weights) for w in weights]
    return sum((c - e) ** 2 / e for c, e in zip(counts, expected)) / len(counts)


# %% wrong: "Expected counts were rounded to whole users. They are averages; keep the fraction."
def split_statistic(counts, weights):
    expected = [round(sum(counts) * w / sum(weights)) for w in weights]
    return sum((c - e) ** 2 / e for c, e in zip(counts, expected))


# %% wrong: "That is the p-value. The statistic itself is asked for."
def split_statistic(counts, weights):
    from scipy.stats import chisquare

    expected = [sum(counts) * w / sum(weights) for w in weights]
    return float(chisquare(counts, expected).pvalue)


# %% check
from scipy.stats import chisquare


def _reference(counts, weights):
    total = sum(weights)
    return float(
        chisquare(counts, [sum(counts) * w / total for w in weights]).statistic
    )


CASES = [
    Case(name, args=pair, want=_reference(*pair))
    for name, pair in {
        "95 to 5": ([19_020, 980], [0.95, 0.05]),
        "the same plan in per cent": ([19_020, 980], [95, 5]),
        "two equal arms": ([44_700, 45_489], [1, 1]),
        "three arms": ([10, 20, 35], [1, 2, 3]),
    }.items()
]
