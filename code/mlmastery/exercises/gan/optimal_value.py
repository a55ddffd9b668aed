"""Exercise 16.1: The value of the game."""


# %% stub
def optimal_value(p, q):
    """Return the value of the game against the best discriminator, in nats.

    p and q are lists of probabilities at the same points. A point where a probability
    is 0 adds nothing to that player's sum.
    """
    raise NotImplementedError


# %% solution
def optimal_value(p, q):
    import math

    value = 0.0
    for real, fake in zip(p, q):
        if real > 0:
            value += real * math.log(real / (real + fake))
        if fake > 0:
            value += fake * math.log(fake / (real + fake))
    return value


# %% wrong: "log 0 is not defined: a probability of 0 adds nothing."
def optimal_value(p, q):
    import math

    value = 0.0
    for real, fake in zip(p, q):
        if True:
            value += real * math.log(real / (real + fake))
        if True:
            value += fake * math.log(fake / (real + fake))
    return value


# %% wrong: "log D needs the probability of real data in the numerator."
def optimal_value(p, q):
    import math

    value = 0.0
    for real, fake in zip(p, q):
        if real > 0:
            value += real * math.log(fake / (real + fake) if fake else 1)
        if fake > 0:
            value += fake * math.log(fake / (real + fake))
    return value


# %% wrong: "D is p / (p + q): the denominator holds both."
def optimal_value(p, q):
    import math

    value = 0.0
    for real, fake in zip(p, q):
        if real > 0:
            value += real * math.log(real / (1 + fake))
        if fake > 0:
            value += fake * math.log(fake / (real + fake))
    return value


# %% wrong: "For generated points the discriminator earns log(1 - D)."
def optimal_value(p, q):
    import math

    value = 0.0
    for real, fake in zip(p, q):
        if real > 0:
            value += real * math.log(real / (real + fake))
        if fake > 0:
            value += fake * math.log(real / (real + fake) if real else 1)
    return value


# %% wrong: "This is the Jensen-Shannon divergence: the value is twice that, less log 4."
def optimal_value(p, q):
    import math

    value = 0.0
    for real, fake in zip(p, q):
        if real > 0:
            value += real * math.log(real / (real + fake))
        if fake > 0:
            value += fake * math.log(fake / (real + fake))
    return (value + math.log(4)) / 2


# %% wrong: "Weight each logarithm by its own probability."
def optimal_value(p, q):
    import math

    value = 0.0
    for real, fake in zip(p, q):
        if real > 0:
            value += real * math.log(real / (real + fake))
        if fake > 0:
            value += real * math.log(fake / (real + fake))
    return value


# %% wrong: "The logarithm is natural: nats."
def optimal_value(p, q):
    import math

    value = 0.0
    for real, fake in zip(p, q):
        if real > 0:
            value += real * math.log2(real / (real + fake))
        if fake > 0:
            value += fake * math.log2(fake / (real + fake))
    return value


# %% wrong: "Add over the points; the probabilities are the weights already."
def optimal_value(p, q):
    import math

    value = 0.0
    for real, fake in zip(p, q):
        if real > 0:
            value += real * math.log(real / (real + fake))
        if fake > 0:
            value += fake * math.log(fake / (real + fake))
    return value / len(p)


# %% wrong: "The discriminator maximises: the value is negative or 0."
def optimal_value(p, q):
    import math

    value = 0.0
    for real, fake in zip(p, q):
        if real > 0:
            value += real * math.log(real / (real + fake))
        if fake > 0:
            value += fake * math.log(fake / (real + fake))
    return -value


# %% wrong: "The generated points are missing from the sum."
def optimal_value(p, q):
    import math

    value = 0.0
    for real, fake in zip(p, q):
        if real > 0:
            value += real * math.log(real / (real + fake))
        if fake > 0:
            value += 0 * math.log(fake / (real + fake))
    return value


# %% check
import math

THIRD = math.log(2 / 3) + math.log(1 / 3) / 2  # by hand, see the section
CASES = [
    Case("three points", args=([0.5, 0.5, 0.0], [0.25, 0.25, 0.5]), want=THIRD),
    Case("equal", args=([0.5, 0.5], [0.5, 0.5]), want=-2 * math.log(2)),
    Case("disjoint", args=([1, 0], [0, 1]), want=0.0),
    Case("turned round", args=([0.25, 0.25, 0.5], [0.5, 0.5, 0.0]), want=THIRD),
    # 1.5 log 0.75 + 0.5 log 0.25
    Case("swapped", args=([0.75, 0.25], [0.25, 0.75]), want=-1.1246702892),
    Case("no one there", args=([1.0, 0.0], [1.0, 0.0]), want=-2 * math.log(2)),
]
