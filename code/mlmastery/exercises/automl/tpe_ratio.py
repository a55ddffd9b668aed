"""Exercise 20.5: The ratio of TPE for a choice."""


# %% stub
def tpe_ratio(options, good, bad):
    """Return a dict: for each option, its density among the good divided by that among the bad.

    options lists what there is; good and bad list the option of each configuration.
    Each option counts once more than it was seen, in both lists, and the densities of
    a list sum to 1.
    """
    raise NotImplementedError


# %% solution
def tpe_ratio(options, good, bad):
    ratios = {}
    for option in options:
        g = (good.count(option) + 1) / (len(good) + len(options))
        b = (bad.count(option) + 1) / (len(bad) + len(options))
        ratios[option] = g / b
    return ratios


# %% wrong: "The ratio is upside down: good over bad."
def tpe_ratio(options, good, bad):
    ratios = {}
    for option in options:
        g = (good.count(option) + 1) / (len(good) + len(options))
        b = (bad.count(option) + 1) / (len(bad) + len(options))
        ratios[option] = b / g
    return ratios


# %% wrong: "Each option counts once more than it was seen, also among the good."
def tpe_ratio(options, good, bad):
    ratios = {}
    for option in options:
        g = good.count(option) / max(len(good), 1)
        b = (bad.count(option) + 1) / (len(bad) + len(options))
        ratios[option] = g / b
    return ratios


# %% wrong: "Each option counts once more than it was seen, also among the bad."
def tpe_ratio(options, good, bad):
    ratios = {}
    for option in options:
        g = (good.count(option) + 1) / (len(good) + len(options))
        b = bad.count(option) / len(bad) if option in bad else 1e-9
        ratios[option] = g / b
    return ratios


# %% wrong: "These are counts: divide by the sum, so that densities sum to 1."
def tpe_ratio(options, good, bad):
    ratios = {}
    for option in options:
        g = good.count(option) + 1
        b = bad.count(option) + 1
        ratios[option] = g / b
    return ratios


# %% wrong: "With one added to each option, the sum grows by the number of options."
def tpe_ratio(options, good, bad):
    ratios = {}
    for option in options:
        g = (good.count(option) + 1) / (len(good) + 1)
        b = (bad.count(option) + 1) / (len(bad) + 1)
        ratios[option] = g / b
    return ratios


# %% wrong: "The sum lacks what was added to the counts."
def tpe_ratio(options, good, bad):
    ratios = {}
    for option in options:
        g = (good.count(option) + 1) / max(len(good), 1)
        b = (bad.count(option) + 1) / max(len(bad), 1)
        ratios[option] = g / b
    return ratios


# %% wrong: "This is the density of the good alone."
def tpe_ratio(options, good, bad):
    ratios = {}
    for option in options:
        g = (good.count(option) + 1) / (len(good) + len(options))
        (bad.count(option) + 1) / (len(bad) + len(options))
        ratios[option] = g
    return ratios


# %% wrong: "This is the difference of the densities; the ratio is asked."
def tpe_ratio(options, good, bad):
    ratios = {}
    for option in options:
        g = (good.count(option) + 1) / (len(good) + len(options))
        b = (bad.count(option) + 1) / (len(bad) + len(options))
        ratios[option] = g - b
    return ratios


# %% wrong: "This compares the good with all configurations; TPE compares with the bad."
def tpe_ratio(options, good, bad):
    ratios = {}
    for option in options:
        g = (good.count(option) + 1) / (len(good) + len(options))
        b = (bad.count(option) + good.count(option) + 1) / (
            len(bad) + len(good) + len(options)
        )
        ratios[option] = g / b
    return ratios


# %% wrong: "Return a dict of all ratios, not the best option."
def tpe_ratio(options, good, bad):
    ratios = {}
    for option in options:
        g = (good.count(option) + 1) / (len(good) + len(options))
        b = (bad.count(option) + 1) / (len(bad) + len(options))
        ratios[option] = g / b
    return max(ratios, key=ratios.get)


# %% wrong: "Options that were never seen have a ratio too."
def tpe_ratio(options, good, bad):
    ratios = {}
    for option in [o for o in options if o in good or o in bad]:
        g = (good.count(option) + 1) / (len(good) + len(options))
        b = (bad.count(option) + 1) / (len(bad) + len(options))
        ratios[option] = g / b
    return ratios


# %% wrong: "This is the logarithm of the ratio."
def tpe_ratio(options, good, bad):
    import math

    ratios = {}
    for option in options:
        g = (good.count(option) + 1) / (len(good) + len(options))
        b = (bad.count(option) + 1) / (len(bad) + len(options))
        ratios[option] = math.log(g / b)
    return ratios


# %% wrong: "The share of the good among those with this option is another quantity."
def tpe_ratio(options, good, bad):
    ratios = {}
    for option in options:
        g = (good.count(option) + 1) / (len(good) + len(options))
        b = (bad.count(option) + 1) / (len(bad) + len(options))
        ratios[option] = g / (g + b)
    return ratios


# %% check
CASES = [
    Case(
        "the chapter's kernels",
        args=(["G", "L"], ["G", "G", "G", "L"], ["G", "L", "L", "L", "L", "L"]),
        want={"G": 8 / 3, "L": 4 / 9},
    ),
    Case(
        "an option never seen",
        args=(["a", "b", "c"], ["a"], ["b", "b", "a"]),
        want={"a": 1.5, "b": 0.5, "c": 1.5},
    ),
    Case("nothing good yet", args=([1, 2], [], [1, 1]), want={1: 2 / 3, 2: 2.0}),
]
