"""Exercise 20.1: A logarithmic scale."""


# %% stub
def log_uniform(u, low, high):
    """Return the value at the share u, from 0 to 1, of the logarithmic way from low to high.

    u = 0 gives low, u = 1 gives high, and u = 0.5 their geometric mean.
    """
    raise NotImplementedError


# %% solution
def log_uniform(u, low, high):
    import math

    return math.exp(math.log(low) + u * (math.log(high) - math.log(low)))


# %% wrong: "This is the plain scale: take logarithms first."
def log_uniform(u, low, high):
    return low + u * (high - low)


# %% wrong: "The exponential is missing: this is the logarithm of the value."
def log_uniform(u, low, high):
    import math

    return math.log(low) + u * (math.log(high) - math.log(low))


# %% wrong: "u runs the wrong way: u = 0 must give low."
def log_uniform(u, low, high):
    import math

    return math.exp(math.log(high) + u * (math.log(low) - math.log(high)))


# %% wrong: "u multiplies log(high) alone; it must multiply the difference of the logarithms."
def log_uniform(u, low, high):
    import math

    return math.exp(math.log(low) + u * math.log(high))


# %% wrong: "Logarithms to base 10 need 10 ** at the end, not exp."
def log_uniform(u, low, high):
    import math

    return math.exp(math.log10(low) + u * (math.log10(high) - math.log10(low)))


# %% wrong: "Natural logarithms need exp at the end, not 10 **."
def log_uniform(u, low, high):
    import math

    return 10 ** (math.log(low) + u * (math.log(high) - math.log(low)))


# %% wrong: "This takes the logarithm of the difference, not the difference of the logarithms."
def log_uniform(u, low, high):
    import math

    return low + math.exp(u * math.log(high - low))


# %% wrong: "The start is missing: this goes from 1 to high / low."
def log_uniform(u, low, high):
    import math

    return math.exp(u * (math.log(high) - math.log(low)))


# %% wrong: "The ratio is upside down: high / low is larger than 1."
def log_uniform(u, low, high):
    return low * (low / high) ** u


# %% wrong: "This is the harmonic way: at u = 0.5 the geometric mean is asked."
def log_uniform(u, low, high):
    return 1 / ((1 - u) / low + u / high)


# %% wrong: "This returns the arithmetic mean of plain and logarithmic value."
def log_uniform(u, low, high):
    import math

    a = math.exp(math.log(low) + u * (math.log(high) - math.log(low)))
    return (a + low + u * (high - low)) / 2


# %% check
CASES = [
    Case("the middle of 0.001 and 10", args=(0.5, 0.001, 10), want=0.1),
    Case("the start", args=(0.0, 0.02, 5), want=0.02),
    Case("the end", args=(1.0, 0.02, 5), want=5.0),
    Case("a quarter of the way", args=(0.25, 1, 16), want=2.0),
    Case("three quarters", args=(0.75, 0.0001, 1), want=0.1),
]
