"""Exercise 3.10: The largest stable step."""

# %% stub
import numpy as np


def largest_stable_step(X):
    """Return 2 / L, above which gradient descent on (w, b) diverges.

    L is the largest eigenvalue of the Hessian of half the mean squared error with
    respect to all parameters, the intercept included. X has shape (m, n).
    """
    raise NotImplementedError


# %% solution
def largest_stable_step(X):
    A = np.column_stack([X, np.ones(len(X))])
    hessian = A.T @ A / len(A)
    return 2 / np.linalg.eigvalsh(hessian)[-1]


# %% wrong: "The intercept is a parameter too: give X a column of ones before you build the Hessian."
def largest_stable_step(X):
    hessian = X.T @ X / len(X)
    return 2 / np.linalg.eigvalsh(hessian)[-1]


# %% wrong: "Divide A.T @ A by the number of rows, as the cost is."
def largest_stable_step(X):
    A = np.column_stack([X, np.ones(len(X))])
    return 2 / np.linalg.eigvalsh(A.T @ A)[-1]


# %% wrong: "1 / L is the safe step; the largest stable one is twice as long."
def largest_stable_step(X):
    A = np.column_stack([X, np.ones(len(X))])
    return 1 / np.linalg.eigvalsh(A.T @ A / len(A))[-1]


# %% wrong: "You took the smallest curvature. The steepest direction is the one that overshoots first."
def largest_stable_step(X):
    A = np.column_stack([X, np.ones(len(X))])
    return 2 / np.linalg.eigvalsh(A.T @ A / len(A))[0]


# %% check
import numpy as np

CASES = [
    # Hessian [[9, 0], [0, 1]]
    Case("one centred feature", args=(np.array([[3.0], [-3.0]]),), want=2 / 9),
    # Hessian [[14/3, 2], [2, 1]]
    Case(
        "one feature off centre",
        args=(np.array([[1.0], [2.0], [3.0]]),),
        want=12 / (17 + 265**0.5),
    ),
    Case(
        "a feature so small that the intercept decides",
        args=(np.array([[0.1], [-0.1]]),),
        want=2.0,
    ),
]
