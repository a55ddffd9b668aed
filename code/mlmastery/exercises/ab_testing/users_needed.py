"""Exercise 15.2: How many users?"""

# %% stub
import math
from statistics import NormalDist


def users_needed(effect, sd, power=0.8, alpha=0.05):
    """Return how many users each arm needs, rounded up, for a two-sided test.

    effect is the difference of the means and not 0; sd the standard deviation of one
    user's metric. NormalDist().inv_cdf(p) gives the quantile z_p.
    """
    raise NotImplementedError


# %% solution
import math
from statistics import NormalDist


def users_needed(effect, sd, power=0.8, alpha=0.05):
    z = NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(power)
    return math.ceil(2 * (z * sd / effect) ** 2)


# %% wrong: "The test is two-sided: half of alpha lies in each tail."
import math
from statistics import NormalDist


def users_needed(effect, sd, power=0.8, alpha=0.05):
    z = NormalDist().inv_cdf(1 - alpha) + NormalDist().inv_cdf(power)
    return math.ceil(2 * (z * sd / effect) ** 2)


# %% wrong: "These are the users of both arms together."
import math
from statistics import NormalDist


def users_needed(effect, sd, power=0.8, alpha=0.05):
    z = NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(power)
    return 2 * math.ceil(2 * (z * sd / effect) ** 2)


# %% wrong: "The factor 2 is missing: the difference has the variance of two arms."
import math
from statistics import NormalDist


def users_needed(effect, sd, power=0.8, alpha=0.05):
    z = NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(power)
    return math.ceil((z * sd / effect) ** 2)


# %% wrong: "The effect was divided by the variance. Divide it by the standard deviation."
import math
from statistics import NormalDist


def users_needed(effect, sd, power=0.8, alpha=0.05):
    z = NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(power)
    return math.ceil(2 * (z * sd**2 / effect) ** 2)


# %% wrong: "Nothing was squared. Half the effect needs four times the users."
import math
from statistics import NormalDist


def users_needed(effect, sd, power=0.8, alpha=0.05):
    z = NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(power)
    return math.ceil(2 * abs(z * sd / effect))


# %% wrong: "The power is missing. Without its quantile every second experiment misses the effect."
import math
from statistics import NormalDist


def users_needed(effect, sd, power=0.8, alpha=0.05):
    z = NormalDist().inv_cdf(1 - alpha / 2)
    return math.ceil(2 * (z * sd / effect) ** 2)


# %% wrong: "You took the quantile of 1 - power, which is negative for a power above one half."
import math
from statistics import NormalDist


def users_needed(effect, sd, power=0.8, alpha=0.05):
    z = NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(1 - power)
    return math.ceil(2 * (z * sd / effect) ** 2)


# %% wrong: "16 times the variance over the effect squared is a rule of thumb, for one power and one alpha."
import math


def users_needed(effect, sd, power=0.8, alpha=0.05):
    return math.ceil(16 * (sd / effect) ** 2)


# %% wrong: "Round up: with the whole part only, the power is a little too small."
import math
from statistics import NormalDist


def users_needed(effect, sd, power=0.8, alpha=0.05):
    z = NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(power)
    return math.floor(2 * (z * sd / effect) ** 2)


# %% wrong: "There is no half user. Round the number up."
from statistics import NormalDist


def users_needed(effect, sd, power=0.8, alpha=0.05):
    z = NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(power)
    return 2 * (z * sd / effect) ** 2


# %% wrong: "The quantiles were squared one by one. Add them first."
import math
from statistics import NormalDist


def users_needed(effect, sd, power=0.8, alpha=0.05):
    a, b = NormalDist().inv_cdf(1 - alpha / 2), NormalDist().inv_cdf(power)
    return math.ceil(2 * (a**2 + b**2) * (sd / effect) ** 2)


# %% wrong: "The fraction is upside down: a larger effect needs fewer users."
import math
from statistics import NormalDist


def users_needed(effect, sd, power=0.8, alpha=0.05):
    z = NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(power)
    return math.ceil(2 * (z * effect / sd) ** 2)


# %% wrong: "alpha is fixed at 0.05 in your answer. Use the argument."
import math
from statistics import NormalDist


def users_needed(effect, sd, power=0.8, alpha=0.05):
    z = NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(power)
    return math.ceil(2 * (z * sd / effect) ** 2)


# %% check
# 2 (1.959964 + 0.841621)² = 15.6978; with 0.9 and 0.01 it is 2 (2.575829 + 1.281552)² = 29.7588.
CASES = [
    Case("the paper example", args=(2, 10), want=393),
    Case("a fall of half a unit", args=(-0.5, 1), want=63),
    Case("a small deviation", args=(0.2, 0.5), want=99),
    Case(
        "power 0.9 at one per cent",
        args=(1, 3),
        kwargs={"power": 0.9, "alpha": 0.01},
        want=268,
    ),
    Case("one per cent", args=(1, 2), kwargs={"alpha": 0.01}, want=94),
]
