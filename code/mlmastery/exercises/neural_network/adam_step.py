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


# %% wrong: "The running means start at zero and are too small at first: divide by 1 - beta**t."
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
        rtol=1e-6,
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
]
