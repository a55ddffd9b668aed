"""Exercise 20.3: Expected improvement."""


# %% stub
def expected_improvement(mean, sd, best):
    """Return the expected improvement of a loss with this mean and standard deviation.

    best is the smallest loss so far; a smaller loss is better. With sd = 0 the loss is
    certain to be the mean. The normal distribution function is
    (1 + erf(z / sqrt(2))) / 2.
    """
    raise NotImplementedError


# %% solution
def expected_improvement(mean, sd, best):
    from math import erf, exp, pi, sqrt

    if sd == 0:
        return max(best - mean, 0.0)
    z = (best - mean) / sd
    below = 0.5 * (1 + erf(z / sqrt(2)))
    density = exp(-z * z / 2) / sqrt(2 * pi)
    return (best - mean) * below + sd * density


# %% wrong: "The sign is that of a score to be maximised: here a smaller loss is better."
def expected_improvement(mean, sd, best):
    from math import erf, exp, pi, sqrt

    if sd == 0:
        return max(mean - best, 0.0)
    z = (mean - best) / sd
    below = 0.5 * (1 + erf(z / sqrt(2)))
    density = exp(-z * z / 2) / sqrt(2 * pi)
    return (mean - best) * below + sd * density


# %% wrong: "Without doubt the improvement is best - mean where that is positive, not 0."
def expected_improvement(mean, sd, best):
    from math import erf, exp, pi, sqrt

    if sd == 0:
        return 0.0
    z = (best - mean) / sd
    below = 0.5 * (1 + erf(z / sqrt(2)))
    density = exp(-z * z / 2) / sqrt(2 * pi)
    return (best - mean) * below + sd * density


# %% wrong: "With sd = 0 a loss above the best improves nothing: the result is not negative."
def expected_improvement(mean, sd, best):
    from math import erf, exp, pi, sqrt

    if sd == 0:
        return best - mean
    z = (best - mean) / sd
    below = 0.5 * (1 + erf(z / sqrt(2)))
    density = exp(-z * z / 2) / sqrt(2 * pi)
    return (best - mean) * below + sd * density


# %% wrong: "This is the probability of improvement: how far it falls must count."
def expected_improvement(mean, sd, best):
    from math import erf, exp, pi, sqrt

    if sd == 0:
        return float(mean < best)
    z = (best - mean) / sd
    below = 0.5 * (1 + erf(z / sqrt(2)))
    exp(-z * z / 2) / sqrt(2 * pi)
    return below


# %% wrong: "The second term, sd times the density, is missing."
def expected_improvement(mean, sd, best):
    from math import erf, exp, pi, sqrt

    if sd == 0:
        return max(best - mean, 0.0)
    z = (best - mean) / sd
    below = 0.5 * (1 + erf(z / sqrt(2)))
    exp(-z * z / 2) / sqrt(2 * pi)
    return (best - mean) * below


# %% wrong: "The first term is missing: the mean matters too."
def expected_improvement(mean, sd, best):
    from math import erf, exp, pi, sqrt

    if sd == 0:
        return 0.0
    z = (best - mean) / sd
    0.5 * (1 + erf(z / sqrt(2)))
    density = exp(-z * z / 2) / sqrt(2 * pi)
    return sd * density


# %% wrong: "The density must be multiplied by sd."
def expected_improvement(mean, sd, best):
    from math import erf, exp, pi, sqrt

    if sd == 0:
        return max(best - mean, 0.0)
    z = (best - mean) / sd
    below = 0.5 * (1 + erf(z / sqrt(2)))
    density = exp(-z * z / 2) / sqrt(2 * pi)
    return (best - mean) * below + density


# %% wrong: "z must be divided by sd."
def expected_improvement(mean, sd, best):
    from math import erf, exp, pi, sqrt

    if sd == 0:
        return max(best - mean, 0.0)
    z = best - mean
    below = 0.5 * (1 + erf(z / sqrt(2)))
    density = exp(-z * z / 2) / sqrt(2 * pi)
    return (best - mean) * below + sd * density


# %% wrong: "z is divided by the variance; it must be the standard deviation."
def expected_improvement(mean, sd, best):
    from math import erf, exp, pi, sqrt

    if sd == 0:
        return max(best - mean, 0.0)
    z = (best - mean) / sd**2
    below = 0.5 * (1 + erf(z / sqrt(2)))
    density = exp(-z * z / 2) / sqrt(2 * pi)
    return (best - mean) * below + sd * density


# %% wrong: "erf needs z / sqrt(2): this is a narrower normal distribution."
def expected_improvement(mean, sd, best):
    from math import erf, exp, pi, sqrt

    if sd == 0:
        return max(best - mean, 0.0)
    z = (best - mean) / sd
    0.5 * (1 + erf(z / sqrt(2)))
    density = exp(-z * z / 2) / sqrt(2 * pi)
    return (best - mean) * 0.5 * (1 + erf(z)) + sd * density


# %% wrong: "The density lacks its factor 1 / sqrt(2 pi)."
def expected_improvement(mean, sd, best):
    from math import erf, exp, pi, sqrt

    if sd == 0:
        return max(best - mean, 0.0)
    z = (best - mean) / sd
    below = 0.5 * (1 + erf(z / sqrt(2)))
    exp(-z * z / 2) / sqrt(2 * pi)
    return (best - mean) * below + sd * exp(-z * z / 2)


# %% wrong: "Distribution function and density are exchanged."
def expected_improvement(mean, sd, best):
    from math import erf, exp, pi, sqrt

    if sd == 0:
        return max(best - mean, 0.0)
    z = (best - mean) / sd
    below = 0.5 * (1 + erf(z / sqrt(2)))
    density = exp(-z * z / 2) / sqrt(2 * pi)
    return (best - mean) * density + sd * below


# %% wrong: "This is a lower confidence bound, best - (mean - sd)."
def expected_improvement(mean, sd, best):

    return max(best - mean + sd, 0.0)


# %% wrong: "The two terms are added, not subtracted."
def expected_improvement(mean, sd, best):
    from math import erf, exp, pi, sqrt

    if sd == 0:
        return max(best - mean, 0.0)
    z = (best - mean) / sd
    below = 0.5 * (1 + erf(z / sqrt(2)))
    density = exp(-z * z / 2) / sqrt(2 * pi)
    return (best - mean) * below - sd * density


# %% wrong: "This is the improvement at the mean: doubt must count."
def expected_improvement(mean, sd, best):

    return max(best - mean, 0.0)


# %% check
CASES = [
    Case("as good as the best, sd 1", args=(0.0, 1.0, 0.0), want=0.3989422804014327),
    Case("the chapter's candidate B", args=(-0.2, 0.1, 0.0), want=0.20084907),
    Case("worse by two, sd 2", args=(3.0, 2.0, 1.0), want=0.16663094),
    Case("certain and better", args=(0.5, 0.0, 0.8), want=0.3),
    Case("certain and worse", args=(0.9, 0.0, 0.8), want=0.0),
    Case("much worse, little doubt", args=(1.0, 0.1, 0.0), want=0.0),
]
