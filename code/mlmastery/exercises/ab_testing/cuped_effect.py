"""Exercise 15.6: CUPED by hand."""

# %% stub
import numpy as np


def cuped_effect(y_a, y_b, x_a, x_b):
    """Return the adjusted effect, treatment B minus control A.

    Arrays: the metric y and the covariate x, from before the experiment, of each arm.
    The slope is covariance / variance over all users of both arms, about their common
    means; the covariate is not constant.
    """
    raise NotImplementedError


# %% solution
import numpy as np


def cuped_effect(y_a, y_b, x_a, x_b):
    x, y = np.concatenate([x_a, x_b]), np.concatenate([y_a, y_b])
    theta = np.cov(x, y)[0, 1] / np.var(x, ddof=1)
    return np.mean(y_b) - np.mean(y_a) - theta * (np.mean(x_b) - np.mean(x_a))


# %% wrong: "That is the raw difference. Subtract what the covariate explains."
import numpy as np


def cuped_effect(y_a, y_b, x_a, x_b):
    return np.mean(y_b) - np.mean(y_a)


# %% wrong: "The sign of the adjustment is turned: a head start in x is taken away, not added."
import numpy as np


def cuped_effect(y_a, y_b, x_a, x_b):
    x, y = np.concatenate([x_a, x_b]), np.concatenate([y_a, y_b])
    theta = np.cov(x, y)[0, 1] / np.var(x, ddof=1)
    return np.mean(y_b) - np.mean(y_a) + theta * (np.mean(x_b) - np.mean(x_a))


# %% wrong: "The slope is fixed at 1: you subtracted x from y. Estimate it."
import numpy as np


def cuped_effect(y_a, y_b, x_a, x_b):
    return np.mean(y_b - x_b) - np.mean(y_a - x_a)


# %% wrong: "The covariance was used as it is. Divide it by the variance of x."
import numpy as np


def cuped_effect(y_a, y_b, x_a, x_b):
    x, y = np.concatenate([x_a, x_b]), np.concatenate([y_a, y_b])
    theta = np.cov(x, y)[0, 1]
    return np.mean(y_b) - np.mean(y_a) - theta * (np.mean(x_b) - np.mean(x_a))


# %% wrong: "The slope is upside down: covariance over the variance of x, not of y."
import numpy as np


def cuped_effect(y_a, y_b, x_a, x_b):
    x, y = np.concatenate([x_a, x_b]), np.concatenate([y_a, y_b])
    theta = np.cov(x, y)[0, 1] / np.var(y, ddof=1)
    return np.mean(y_b) - np.mean(y_a) - theta * (np.mean(x_b) - np.mean(x_a))


# %% wrong: "Only the control's users entered the slope. Use both arms."
import numpy as np


def cuped_effect(y_a, y_b, x_a, x_b):
    theta = np.cov(x_a, y_a)[0, 1] / np.var(x_a, ddof=1)
    return np.mean(y_b) - np.mean(y_a) - theta * (np.mean(x_b) - np.mean(x_a))


# %% wrong: "Each arm has a slope of its own. One slope for both is asked for."
import numpy as np


def cuped_effect(y_a, y_b, x_a, x_b):
    centre = np.mean(np.concatenate([x_a, x_b]))
    slopes = [
        np.cov(x, y)[0, 1] / np.var(x, ddof=1) for x, y in ((x_a, y_a), (x_b, y_b))
    ]
    a = y_a - slopes[0] * (x_a - centre)
    b = y_b - slopes[1] * (x_b - centre)
    return np.mean(b) - np.mean(a)


# %% wrong: "Only the treated users were adjusted, and about no centre: the level is gone."
import numpy as np


def cuped_effect(y_a, y_b, x_a, x_b):
    x, y = np.concatenate([x_a, x_b]), np.concatenate([y_a, y_b])
    theta = np.cov(x, y)[0, 1] / np.var(x, ddof=1)
    return np.mean(y_b - theta * x_b) - np.mean(y_a)


# %% wrong: "That is control minus treatment."
import numpy as np


def cuped_effect(y_a, y_b, x_a, x_b):
    x, y = np.concatenate([x_a, x_b]), np.concatenate([y_a, y_b])
    theta = np.cov(x, y)[0, 1] / np.var(x, ddof=1)
    return np.mean(y_a) - np.mean(y_b) - theta * (np.mean(x_a) - np.mean(x_b))


# %% wrong: "np.cov divides by n - 1 and np.var by n. Give both the same divisor."
import numpy as np


def cuped_effect(y_a, y_b, x_a, x_b):
    x, y = np.concatenate([x_a, x_b]), np.concatenate([y_a, y_b])
    theta = np.cov(x, y)[0, 1] / np.var(x)
    return np.mean(y_b) - np.mean(y_a) - theta * (np.mean(x_b) - np.mean(x_a))


# %% wrong: "That is the correlation and not the slope."
import numpy as np


def cuped_effect(y_a, y_b, x_a, x_b):
    x, y = np.concatenate([x_a, x_b]), np.concatenate([y_a, y_b])
    theta = np.corrcoef(x, y)[0, 1]
    return np.mean(y_b) - np.mean(y_a) - theta * (np.mean(x_b) - np.mean(x_a))


# %% wrong: "The means were not subtracted in the slope: this is a line through the origin."
import numpy as np


def cuped_effect(y_a, y_b, x_a, x_b):
    x, y = np.concatenate([x_a, x_b]), np.concatenate([y_a, y_b])
    theta = np.sum(x * y) / np.sum(x * x)
    return np.mean(y_b) - np.mean(y_a) - theta * (np.mean(x_b) - np.mean(x_a))


# %% wrong: "Sums were compared. Arms of different sizes need means."
import numpy as np


def cuped_effect(y_a, y_b, x_a, x_b):
    x, y = np.concatenate([x_a, x_b]), np.concatenate([y_a, y_b])
    theta = np.cov(x, y)[0, 1] / np.var(x, ddof=1)
    return np.sum(y_b) - np.sum(y_a) - theta * (np.sum(x_b) - np.sum(x_a))


# %% wrong: "The slope was taken about each arm's own mean. Here it is about the common means."
import numpy as np


def cuped_effect(y_a, y_b, x_a, x_b):
    x = np.concatenate([x_a - np.mean(x_a), x_b - np.mean(x_b)])
    y = np.concatenate([y_a - np.mean(y_a), y_b - np.mean(y_b)])
    theta = np.sum(x * y) / np.sum(x**2)
    return np.mean(y_b) - np.mean(y_a) - theta * (np.mean(x_b) - np.mean(x_a))


# %% check
import numpy as np


def _reference(y_a, y_b, x_a, x_b):
    slope = np.polyfit(np.r_[x_a, x_b], np.r_[y_a, y_b], 1)[0]
    return (y_b - slope * x_b).mean() - (y_a - slope * x_a).mean()


_ARMS = {
    "unequal arms, a head start": (
        np.array([3.0, 5.0, 4.0, 8.0]),
        np.array([9.0, 12.0]),
        np.array([1.0, 2.5, 2.0, 4.0]),
        np.array([4.0, 5.0]),
    ),
    "a falling slope": (
        np.array([9.0, 7.0, 5.5]),
        np.array([8.0, 6.0, 3.0]),
        np.array([10.0, 20.0, 31.0]),
        np.array([15.0, 25.0, 42.0]),
    ),
}
CASES = [
    Case(
        "the paper example, no effect",
        args=(
            np.array([2.0, 4.0]),
            np.array([6.0, 8.0]),
            np.array([1.0, 2.0]),
            np.array([3.0, 4.0]),
        ),
        want=0.0,
    ),
] + [Case(name, args=arms, want=_reference(*arms)) for name, arms in _ARMS.items()]
