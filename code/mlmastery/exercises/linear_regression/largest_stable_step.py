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


# %% wrong: "You are at 1 / L, the safe step: the largest stable one is twice as long. (Or your Hessian is that of the whole mean squared error, not of half.)"
def largest_stable_step(X):
    A = np.column_stack([X, np.ones(len(X))])
    return 1 / np.linalg.eigvalsh(A.T @ A / len(A))[-1]


# %% wrong: "You took the smallest curvature. The steepest direction is the one that overshoots first."
def largest_stable_step(X):
    A = np.column_stack([X, np.ones(len(X))])
    return 2 / np.linalg.eigvalsh(A.T @ A / len(A))[0]


# %% wrong: "This is L itself. The step is 2 divided by it."
def largest_stable_step(X):
    A = np.column_stack([X, np.ones(len(X))])
    hessian = A.T @ A / len(A)
    return np.linalg.eigvalsh(hessian)[-1]


# %% wrong: "2 over the trace is always stable, but shorter than need be. L is the largest eigenvalue, not the sum of all."
def largest_stable_step(X):
    A = np.column_stack([X, np.ones(len(X))])
    hessian = A.T @ A / len(A)
    return 2 / np.trace(hessian)


# %% wrong: "The largest entry on the diagonal is not the largest eigenvalue, unless the other entries are zero."
def largest_stable_step(X):
    A = np.column_stack([X, np.ones(len(X))])
    hessian = A.T @ A / len(A)
    return 2 / hessian.diagonal().max()


# %% wrong: "A singular value of the table is the root of what you need: square it."
def largest_stable_step(X):
    A = np.column_stack([X, np.ones(len(X))])
    return 2 / (np.linalg.norm(A, 2) / np.sqrt(len(A)))


# %% wrong: "You divided by the number of parameters. The mean runs over the rows."
def largest_stable_step(X):
    A = np.column_stack([X, np.ones(len(X))])
    return 2 / np.linalg.eigvalsh(A.T @ A / A.shape[1])[-1]


# %% wrong: "You centred the features first. The step is asked for the table as it is."
def largest_stable_step(X):
    A = np.column_stack([X - X.mean(axis=0), np.ones(len(X))])
    hessian = A.T @ A / len(A)
    return 2 / np.linalg.eigvalsh(hessian)[-1]


# %% wrong: "You scaled the features first. The step is asked for the table as it is."
def largest_stable_step(X):
    A = np.column_stack([(X - X.mean(axis=0)) / X.std(axis=0), np.ones(len(X))])
    hessian = A.T @ A / len(A)
    return 2 / np.linalg.eigvalsh(hessian)[-1]


# %% wrong: "The Frobenius norm takes all eigenvalues together. L is the largest alone."
def largest_stable_step(X):
    A = np.column_stack([X, np.ones(len(X))])
    hessian = A.T @ A / len(A)
    return 2 / np.linalg.norm(hessian)


# %% wrong: "You took the mean of the eigenvalues. The largest alone decides."
def largest_stable_step(X):
    A = np.column_stack([X, np.ones(len(X))])
    hessian = A.T @ A / len(A)
    return 2 / np.linalg.eigvalsh(hessian).mean()


# %% wrong: "The second eigenvalue from below is the largest only if there are two. Take the last."
def largest_stable_step(X):
    A = np.column_stack([X, np.ones(len(X))])
    hessian = A.T @ A / len(A)
    return 2 / np.linalg.eigvalsh(hessian)[1]


# %% wrong: "np.linalg.eigvals does not sort. Take the largest of the eigenvalues, wherever it stands."
def largest_stable_step(X):
    A = np.column_stack([X, np.ones(len(X))])
    hessian = A.T @ A / len(A)
    return 2 / np.linalg.eigvals(hessian)[0]


# %% wrong: "The largest sum of a row is a bound for L, not L itself."
def largest_stable_step(X):
    A = np.column_stack([X, np.ones(len(X))])
    hessian = A.T @ A / len(A)
    return 2 / np.abs(hessian).sum(axis=1).max()


# %% wrong
def largest_stable_step(X):
    A = np.column_stack([X, np.ones(len(X))])
    hessian = A.T @ A / len(A)
    return 2 / np.linalg.eigvalsh(hessian)


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
    # Hessian diag(1/4, 4, 1)
    Case(
        "two features at right angles",
        args=(np.array([[0.5, 2.0], [-0.5, 2.0], [0.5, -2.0], [-0.5, -2.0]]),),
        want=0.5,
    ),
]
