"""A made-up linear table."""

import numpy as np


def made_up(m=200, n=4, seed=0, offset=0.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, n))
    y = X @ np.arange(1.0, n + 1) + offset + rng.normal(size=m)
    return X, y
