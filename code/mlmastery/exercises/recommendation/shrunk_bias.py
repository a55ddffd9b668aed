"""Exercise 12.6: The bias of a new user."""


# %% stub
def shrunk_bias(ratings, expected, prior):
    """Return how generous a user is, in stars, shrunk towards zero.

    ratings are the user's stars, expected what the films get on average. The prior counts as so
    many ratings with a difference of zero; it is above 0.
    """
    raise NotImplementedError


# %% solution
def shrunk_bias(ratings, expected, prior):
    return sum(r - e for r, e in zip(ratings, expected)) / (len(ratings) + prior)


# %% wrong: "Without the prior one rating decides everything, and no rating is a division by zero."
def shrunk_bias(ratings, expected, prior):
    return sum(r - e for r, e in zip(ratings, expected)) / max(len(ratings), 1)


# %% wrong: "The sign: a generous user gives more than expected."
def shrunk_bias(ratings, expected, prior):
    return sum(e - r for r, e in zip(ratings, expected)) / (len(ratings) + prior)


# %% wrong: "The films' averages must be taken away first: a user who rates good films is not generous."
def shrunk_bias(ratings, expected, prior):
    return sum(ratings) / (len(ratings) + prior)


# %% wrong: "The prior stands below the fraction line, it adds no stars above it."
def shrunk_bias(ratings, expected, prior):
    return (sum(r - e for r, e in zip(ratings, expected)) + prior) / (
        len(ratings) + prior
    )


# %% wrong: "The prior is added to the number of ratings and not multiplied with it."
def shrunk_bias(ratings, expected, prior):
    return sum(r - e for r, e in zip(ratings, expected)) / max(len(ratings) * prior, 1)


# %% wrong: "Here the prior replaces the number of ratings."
def shrunk_bias(ratings, expected, prior):
    return sum(r - e for r, e in zip(ratings, expected)) / prior


# %% wrong: "The sum is not divided."
def shrunk_bias(ratings, expected, prior):
    return sum(r - e for r, e in zip(ratings, expected)) / 1


# %% wrong: "The differences are taken as absolute values: a strict user must get a negative bias."
def shrunk_bias(ratings, expected, prior):
    return sum(abs(r - e) for r, e in zip(ratings, expected)) / (len(ratings) + prior)


# %% wrong: "Only the last rating counts here."
def shrunk_bias(ratings, expected, prior):
    return ((ratings[-1] - expected[-1]) if ratings else 0) / (len(ratings) + prior)


# %% wrong: "Only the first rating counts here."
def shrunk_bias(ratings, expected, prior):
    return ((ratings[0] - expected[0]) if ratings else 0) / (len(ratings) + prior)


# %% wrong: "Squared differences have lost their sign."
def shrunk_bias(ratings, expected, prior):
    return sum((r - e) ** 2 for r, e in zip(ratings, expected)) / (len(ratings) + prior)


# %% wrong: "A single 1 is added, whatever the prior is."
def shrunk_bias(ratings, expected, prior):
    return sum(r - e for r, e in zip(ratings, expected)) / (len(ratings) + 1)


# %% wrong: "The bias is rounded to whole stars."
def shrunk_bias(ratings, expected, prior):
    return round(sum(r - e for r, e in zip(ratings, expected)) / (len(ratings) + prior))


# %% wrong: "The prior is squared."
def shrunk_bias(ratings, expected, prior):
    return sum(r - e for r, e in zip(ratings, expected)) / (len(ratings) + prior**2)


# %% wrong: "The mean of no ratings is not a number. Divide the sum, which is 0 then, by 0 plus the prior."
def shrunk_bias(ratings, expected, prior):
    n = len(ratings)
    mean = sum(r - e for r, e in zip(ratings, expected)) / n if n else float("nan")
    return mean * n / (n + prior)


# %% wrong: "The prior counts once, and not once per rating."
def shrunk_bias(ratings, expected, prior):
    n = len(ratings)
    return sum(r - e for r, e in zip(ratings, expected)) / (n + prior * n) if n else 0.0


# %% check
CASES = [
    # (5 - 3) / (1 + 3)
    Case("one rating", args=([5.0], [3.0], 3), want=0.5),
    Case("no rating", args=([], [], 3), want=0.0),
    # (1 + 0.5 + 0.5 + 0) / (4 + 6)
    Case("four ratings", args=([5, 4, 3, 2], [4, 3.5, 2.5, 2], 6), want=0.2),
    # (-2 - 1) / (2 + 1)
    Case("a strict user", args=([2, 3], [4, 4], 1), want=-1.0),
]
