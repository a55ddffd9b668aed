"""Exercise 17.5: A temperature."""


# %% stub
def soften(logits, n, tau, gamma):
    """Return the softmax of logits / (tau * n ** gamma), a list.

    logits holds a text's log-likelihood in each language, n is the number of its
    known n-grams. For n = 0 the temperature is that of n = 1. Logits may be as low
    as -5000.
    """
    raise NotImplementedError


# %% solution
def soften(logits, n, tau, gamma):
    import math

    temperature = tau * max(n, 1) ** gamma
    scaled = [logit / temperature for logit in logits]
    top = max(scaled)
    weights = [math.exp(value - top) for value in scaled]
    return [weight / sum(weights) for weight in weights]


# %% wrong: "Divide by the temperature and do not multiply."
def soften(logits, n, tau, gamma):
    import math

    temperature = tau * max(n, 1) ** gamma
    scaled = [logit * temperature for logit in logits]
    top = max(scaled)
    weights = [math.exp(value - top) for value in scaled]
    return [weight / sum(weights) for weight in weights]


# %% wrong: "The temperature grows with n."
def soften(logits, n, tau, gamma):
    import math

    temperature = tau
    scaled = [logit / temperature for logit in logits]
    top = max(scaled)
    weights = [math.exp(value - top) for value in scaled]
    return [weight / sum(weights) for weight in weights]


# %% wrong: "tau is missing."
def soften(logits, n, tau, gamma):
    import math

    temperature = max(n, 1) ** gamma
    scaled = [logit / temperature for logit in logits]
    top = max(scaled)
    weights = [math.exp(value - top) for value in scaled]
    return [weight / sum(weights) for weight in weights]


# %% wrong: "gamma is an exponent of n, and not a factor."
def soften(logits, n, tau, gamma):
    import math

    temperature = tau * max(n, 1) * gamma
    scaled = [logit / temperature for logit in logits]
    top = max(scaled)
    weights = [math.exp(value - top) for value in scaled]
    return [weight / sum(weights) for weight in weights]


# %% wrong: "With n = 0 the temperature would be 0: use 1 instead."
def soften(logits, n, tau, gamma):
    import math

    temperature = tau * n**gamma
    scaled = [logit / temperature for logit in logits]
    top = max(scaled)
    weights = [math.exp(value - top) for value in scaled]
    return [weight / sum(weights) for weight in weights]


# %% wrong: "gamma is the exponent of n alone: tau stays outside."
def soften(logits, n, tau, gamma):
    import math

    temperature = (tau * max(n, 1)) ** gamma
    scaled = [logit / temperature for logit in logits]
    top = max(scaled)
    weights = [math.exp(value - top) for value in scaled]
    return [weight / sum(weights) for weight in weights]


# %% wrong: "Logits of -5000 underflow: subtract the largest."
def soften(logits, n, tau, gamma):
    import math

    temperature = tau * max(n, 1) ** gamma
    scaled = [logit / temperature for logit in logits]
    top = 0.0
    weights = [math.exp(value - top) for value in scaled]
    return [weight / sum(weights) for weight in weights]


# %% wrong: "The probabilities must sum to 1."
def soften(logits, n, tau, gamma):
    import math

    temperature = tau * max(n, 1) ** gamma
    scaled = [logit / temperature for logit in logits]
    top = max(scaled)
    weights = [math.exp(value - top) for value in scaled]
    return [weight for weight in weights]


# %% wrong: "This divides by the largest weight. Divide by the sum."
def soften(logits, n, tau, gamma):
    import math

    temperature = tau * max(n, 1) ** gamma
    scaled = [logit / temperature for logit in logits]
    top = max(scaled)
    weights = [math.exp(value - top) for value in scaled]
    return [weight / max(weights) * len(weights) for weight in weights]


# %% wrong: "These are logarithms."
def soften(logits, n, tau, gamma):
    import math

    temperature = tau * max(n, 1) ** gamma
    scaled = [logit / temperature for logit in logits]
    top = max(scaled)
    weights = [math.exp(value - top) for value in scaled]
    return [math.log(weight / sum(weights)) for weight in weights]


# %% wrong: "Only n = 0 becomes 1: for every other n the temperature takes n itself."
def soften(logits, n, tau, gamma):
    import math

    temperature = tau * (n + 1) ** gamma
    scaled = [logit / temperature for logit in logits]
    top = max(scaled)
    weights = [math.exp(value - top) for value in scaled]
    return [weight / sum(weights) for weight in weights]


# %% wrong: "The sign: a larger logit is more probable."
def soften(logits, n, tau, gamma):
    import math

    temperature = tau * max(n, 1) ** gamma
    scaled = [-logit / temperature for logit in logits]
    top = max(scaled)
    weights = [math.exp(value - top) for value in scaled]
    return [weight / sum(weights) for weight in weights]


# %% wrong: "The softmax has base e."
def soften(logits, n, tau, gamma):
    temperature = tau * max(n, 1) ** gamma
    scaled = [logit / temperature for logit in logits]
    top = max(scaled)
    weights = [2 ** (value - top) for value in scaled]
    return [weight / sum(weights) for weight in weights]


# %% check
import math

E = math.e
CASES = [
    Case("on paper", args=([-10, -12], 1, 2.0, 0.0), want=[E / (E + 1), 1 / (E + 1)]),
    # temperature 1 * 4 ** 0.5 = 2
    Case("n = 4", args=([-10, -12], 4, 1.0, 0.5), want=[E / (E + 1), 1 / (E + 1)]),
    # temperature 2 * 9 ** 0.5 = 6
    Case("both", args=([-3, -9], 9, 2.0, 0.5), want=[E / (E + 1), 1 / (E + 1)]),
    Case("no n-gram", args=([0.0, 0.0], 0, 1.0, 0.5), want=[0.5, 0.5]),
    Case(
        "n = 0, unequal", args=([-2, -3], 0, 1.0, 0.5), want=[E / (E + 1), 1 / (E + 1)]
    ),
    Case("long", args=([-5000, -5001], 1, 1.0, 1.0), want=[E / (E + 1), 1 / (E + 1)]),
    Case("far apart", args=([0, -5000], 1, 1.0, 1.0), want=[1.0, 0.0]),
    Case("three", args=([1, 1, 1], 2, 1.0, 1.0), want=[1 / 3, 1 / 3, 1 / 3]),
]
