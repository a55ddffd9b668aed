"""Exercise 10.7: One step of Adam."""

# %% stub
import numpy as np


def adam_step(theta, grad, m, s, t, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    """Return (theta, m, s) after step number t, which counts from 1.

    m and s are the running means of the gradient and of its square.
    """
    raise NotImplementedError


# %% solution
def adam_step(theta, grad, m, s, t, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad**2
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    return theta - rate * m_hat / (np.sqrt(s_hat) + eps), m, s


# %% wrong: "The running means start at zero and are too small at first: the correction for that is missing."
def adam_step(theta, grad, m, s, t, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad**2
    return theta - rate * m / (np.sqrt(s) + eps), m, s


# %% wrong: "Return the running means themselves: the corrected ones are for this step only."
def adam_step(theta, grad, m, s, t, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad**2
    m, s = m / (1 - beta1**t), s / (1 - beta2**t)
    return theta - rate * m / (np.sqrt(s) + eps), m, s


# %% wrong: "Take the square root of the mean square: the step must not depend on the gradient's unit."
def adam_step(theta, grad, m, s, t, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad**2
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    return theta - rate * m_hat / (s_hat + eps), m, s


# %% wrong: "eps stands beside the square root, not under it."
def adam_step(theta, grad, m, s, t, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad**2
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    return theta - rate * m_hat / np.sqrt(s_hat + eps), m, s


# %% wrong: "The means come back in the wrong order: first that of the gradient, then that of its square."
def adam_step(theta, grad, m, s, t, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad**2
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    return theta - rate * m_hat / (np.sqrt(s_hat) + eps), s, m


# %% wrong: "t counts from 1 already: do not add one to it."
def adam_step(theta, grad, m, s, t, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad**2
    m_hat, s_hat = m / (1 - beta1 ** (t + 1)), s / (1 - beta2 ** (t + 1))
    return theta - rate * m_hat / (np.sqrt(s_hat) + eps), m, s


# %% wrong: "s is the mean of the squared gradient: you averaged the gradient itself."
def adam_step(theta, grad, m, s, t, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    with np.errstate(invalid="ignore"):
        return theta - rate * m_hat / (np.sqrt(s_hat) + eps), m, s


# %% wrong: "The two betas are exchanged: beta1 belongs to the gradient, beta2 to its square."
def adam_step(theta, grad, m, s, t, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta2 * m + (1 - beta2) * grad
    s = beta1 * s + (1 - beta1) * grad**2
    m_hat, s_hat = m / (1 - beta2**t), s / (1 - beta1**t)
    return theta - rate * m_hat / (np.sqrt(s_hat) + eps), m, s


# %% wrong: "Step against the gradient: yours climbs."
def adam_step(theta, grad, m, s, t, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad**2
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    return theta + rate * m_hat / (np.sqrt(s_hat) + eps), m, s


# %% wrong: "The arrays belong to the caller, and `-=` and `*=` change them. Compute new ones."
def adam_step(theta, grad, m, s, t, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m *= beta1
    m += (1 - beta1) * grad
    s *= beta2
    s += (1 - beta2) * grad**2
    theta -= rate * m / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + eps)
    return theta, m, s


# %% wrong: "The weights of the past and of the new gradient must add up to one: the new one counts 1 - beta."
def adam_step(theta, grad, m, s, t, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + grad
    s = beta2 * s + grad**2
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    return theta - rate * m_hat / (np.sqrt(s_hat) + eps), m, s


# %% wrong: "The mean square is too small at first as well: correct s like m."
def adam_step(theta, grad, m, s, t, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad**2
    return theta - rate * m / (1 - beta1**t) / (np.sqrt(s) + eps), m, s


# %% wrong: "After t steps the start still has the weight beta to the power of t. You multiplied by t."
def adam_step(theta, grad, m, s, t, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad**2
    m_hat, s_hat = m / (1 - beta1 * t), s / (1 - beta2 * t)
    with np.errstate(all="ignore"):
        return theta - rate * m_hat / (np.sqrt(s_hat) + eps), m, s


# %% wrong: "beta is the weight of the past, 1 - beta that of the new gradient. You exchanged them."
def adam_step(theta, grad, m, s, t, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = (1 - beta1) * m + beta1 * grad
    s = (1 - beta2) * s + beta2 * grad**2
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    return theta - rate * m_hat / (np.sqrt(s_hat) + eps), m, s


# %% wrong: "The step uses the means from before. Bring m and s up to date first."
def adam_step(theta, grad, m, s, t, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    theta = theta - rate * m_hat / (np.sqrt(s_hat) + eps)
    m = beta1 * m + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad**2
    return theta, m, s


# %% check
import numpy as np

_g1, _g2 = np.array([2.0, -200.0]), np.array([1.0, 50.0])
_m1, _s1 = 0.1 * _g1, 0.001 * _g1**2
_m2, _s2 = 0.9 * _m1 + 0.1 * _g2, 0.999 * _s1 + 0.001 * _g2**2
CASES = [
    Case(
        "the first step: of length rate, whatever the gradient",
        args=(np.zeros(2), _g1, np.zeros(2), np.zeros(2), 1),
        want=(np.array([-0.001, 0.001]), _m1, _s1),
    ),
    Case(
        "the second step",
        args=(np.zeros(2), _g2, _m1, _s1, 2),
        want=(
            -0.001 * (_m2 / 0.19) / (np.sqrt(_s2 / (1 - 0.999**2)) + 1e-8),
            _m2,
            _s2,
        ),
    ),
    # m is 3 and 4 when corrected, s is 7 and 16: a step of 0.5 * 4 / (4 + 1)
    Case(
        "round numbers, by hand",
        args=(np.array([1.0]), np.array([4.0]), np.array([2.0]), np.array([4.0]), 2),
        kwargs={"rate": 0.5, "beta1": 0.5, "beta2": 0.75, "eps": 1.0},
        want=(np.array([0.6]), np.array([3.0]), np.array([7.0])),
    ),
]
