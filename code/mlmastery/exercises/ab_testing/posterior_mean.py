"""Exercise 15.4: Nine of ten."""


# %% stub
def posterior_mean(hits, n, a=1.0, b=1.0):
    """Return the mean of the posterior of a rate, from the prior Beta(a, b).

    Of n users, hits converted.
    """
    raise NotImplementedError


# %% solution
def posterior_mean(hits, n, a=1.0, b=1.0):
    return (a + hits) / (a + b + n)


# %% wrong: "The users were added to b. Only those who did not convert belong there."
def posterior_mean(hits, n, a=1.0, b=1.0):
    return (a + hits) / (a + hits + b + n)


# %% wrong: "That is the observed rate. The prior is missing."
def posterior_mean(hits, n, a=1.0, b=1.0):
    return hits / n if n else 0.0


# %% wrong: "Without any user the posterior is the prior, whose mean is a / (a + b)."
def posterior_mean(hits, n, a=1.0, b=1.0):
    return (a + hits) / (a + b + n) if n else 0.0


# %% wrong: "The prior is fixed at Beta(1, 1) in your answer. Use the arguments."
def posterior_mean(hits, n, a=1.0, b=1.0):
    return (1 + hits) / (2 + n)


# %% wrong: "Hits and misses are exchanged: this is the expected share of misses."
def posterior_mean(hits, n, a=1.0, b=1.0):
    return (b + n - hits) / (a + b + n)


# %% wrong: "That is the mode, the most probable rate. The mean needs no minus one."
def posterior_mean(hits, n, a=1.0, b=1.0):
    return (a + hits - 1) / (a + b + n - 2) if a + b + n > 2 else 0.5


# %% wrong: "The mean of prior and data was taken with equal weights. The data weigh n, the prior a + b."
def posterior_mean(hits, n, a=1.0, b=1.0):
    return (a / (a + b) + hits / n) / 2 if n else a / (a + b)


# %% wrong: "b is missing below the line: the prior's misses count as well."
def posterior_mean(hits, n, a=1.0, b=1.0):
    return (a + hits) / (a + n)


# %% wrong: "a is missing above the line: the prior's hits count as well."
def posterior_mean(hits, n, a=1.0, b=1.0):
    return hits / (a + b + n)


# %% wrong: "These are the odds, hits to misses. The mean divides by both together."
def posterior_mean(hits, n, a=1.0, b=1.0):
    return (a + hits) / (b + n - hits)


# %% wrong: "The second parameter of the prior is exchanged with the first."
def posterior_mean(hits, n, a=1.0, b=1.0):
    return (b + hits) / (a + b + n)


# %% wrong: "The mean was rounded. Return it as it is."
def posterior_mean(hits, n, a=1.0, b=1.0):
    return round((a + hits) / (a + b + n), 2)


# %% wrong: "Adding half a hit and half a miss is another prior, Jeffreys's. Use the one that is given."
def posterior_mean(hits, n, a=1.0, b=1.0):
    return (0.5 + hits) / (1 + n)


# %% check
CASES = [
    Case("nine of ten", args=(9, 10), want=10 / 12),
    Case("none of seven", args=(0, 7), want=1 / 9),
    Case(
        "a strong prior",
        args=(30, 200),
        kwargs={"a": 80.0, "b": 920.0},
        want=110 / 1200,
    ),
    Case("no user yet", args=(0, 0), kwargs={"a": 2.0, "b": 6.0}, want=0.25),
]
