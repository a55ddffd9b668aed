"""Exercise 12.7: Novelty of a list."""


# %% stub
def novelty(shown, n_raters, n_users):
    """Return the mean novelty of a list, in bits.

    shown is a list of films, n_raters a dict that says how many of the n_users users rated a film.
    A film has -log2 of the share of users who rated it.
    """
    raise NotImplementedError


# %% solution
def novelty(shown, n_raters, n_users):
    import math

    bits = [-math.log2(n_raters[film] / n_users) for film in shown]
    return sum(bits) / len(bits)


# %% wrong: "The sign: a share is below 1 and has a negative logarithm."
def novelty(shown, n_raters, n_users):
    import math

    bits = [math.log2(n_raters[film] / n_users) for film in shown]
    return sum(bits) / len(bits)


# %% wrong: "Bits are logarithms to the base 2."
def novelty(shown, n_raters, n_users):
    import math

    bits = [-math.log(n_raters[film] / n_users) for film in shown]
    return sum(bits) / len(bits)


# %% wrong: "This is the logarithm to the base 10. Bits have the base 2."
def novelty(shown, n_raters, n_users):
    import math

    bits = [-math.log10(n_raters[film] / n_users) for film in shown]
    return sum(bits) / len(bits)


# %% wrong: "The number of raters is no share: divide by the number of users."
def novelty(shown, n_raters, n_users):
    import math

    bits = [-math.log2(n_raters[film]) for film in shown]
    return sum(bits) / len(bits)


# %% wrong: "Return the mean over the list and not the sum."
def novelty(shown, n_raters, n_users):
    import math

    bits = [-math.log2(n_raters[film] / n_users) for film in shown]
    return sum(bits)


# %% wrong: "This is the most novel film. Return the mean."
def novelty(shown, n_raters, n_users):
    import math

    bits = [-math.log2(n_raters[film] / n_users) for film in shown]
    return max(bits)


# %% wrong: "This is the least novel film. Return the mean."
def novelty(shown, n_raters, n_users):
    import math

    bits = [-math.log2(n_raters[film] / n_users) for film in shown]
    return min(bits)


# %% wrong: "The mean of the shares is taken before the logarithm. Take the logarithm of each film first."
def novelty(shown, n_raters, n_users):
    import math

    return -math.log2(sum(n_raters[film] / n_users for film in shown) / len(shown))


# %% wrong: "This is the mean share of users who did not rate. Take the logarithm."
def novelty(shown, n_raters, n_users):

    bits = [1 - n_raters[film] / n_users for film in shown]
    return sum(bits) / len(bits)


# %% wrong: "The share is of all ratings here; it is of users."
def novelty(shown, n_raters, n_users):
    import math

    bits = [-math.log2(n_raters[film] / sum(n_raters.values())) for film in shown]
    return sum(bits) / len(bits)


# %% wrong: "All films of the dict count here. Take those of the list."
def novelty(shown, n_raters, n_users):
    import math

    bits = [-math.log2(n / n_users) for n in n_raters.values()]
    return sum(bits) / len(bits)


# %% wrong: "This is the inverse share, without its logarithm."
def novelty(shown, n_raters, n_users):

    bits = [n_users / n_raters[film] for film in shown]
    return sum(bits) / len(bits)


# %% wrong: "This divides by the number of films in the dict. Divide by the length of the list."
def novelty(shown, n_raters, n_users):
    import math

    bits = [-math.log2(n_raters[film] / n_users) for film in shown]
    return sum(bits) / len(n_raters)


# %% wrong: "The shares are multiplied with the bits: that is an entropy. Here each film of the list counts the same."
def novelty(shown, n_raters, n_users):
    import math

    bits = [
        -n_raters[film] / n_users * math.log2(n_raters[film] / n_users)
        for film in shown
    ]
    return sum(bits) / len(bits)


# %% wrong: "This is the median of the list. Return the mean."
def novelty(shown, n_raters, n_users):
    import math
    import statistics

    return statistics.median(-math.log2(n_raters[film] / n_users) for film in shown)


# %% check
COUNTS = {"known": 8, "some": 4, "rare": 1, "all": 16}
CASES = [
    # 1 bit and 4 bits
    Case("two films", args=(["known", "rare"], COUNTS, 16), want=2.5),
    Case("a film that all know", args=(["all"], COUNTS, 16), want=0.0),
    # 1, 2 and 4 bits
    Case("three films", args=(["known", "some", "rare"], COUNTS, 16), want=7 / 3),
    Case("another number of users", args=(["some"], COUNTS, 64), want=4.0),
]
