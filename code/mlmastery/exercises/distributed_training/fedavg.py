"""Exercise 22.1: Federated averaging."""

# %% stub
import numpy as np


def fedavg(parameters, n_samples):
    """Average the parameters of the clients, weighted by their rows.

    parameters has shape (n_clients, n_parameters), n_samples shape (n_clients,);
    return shape (n_parameters,).
    """
    raise NotImplementedError


# %% solution
def fedavg(parameters, n_samples):
    return n_samples @ parameters / n_samples.sum()


# %% wrong: "All clients count alike here. One with ten times the rows should count ten times."
def fedavg(parameters, n_samples):
    return parameters.mean(axis=0)


# %% wrong: "The weights must add up to 1: divide by the number of all rows."
def fedavg(parameters, n_samples):
    return n_samples @ parameters / len(n_samples)


# %% wrong: "You averaged over the parameters of each client. The clients, axis 0, have to go."
def fedavg(parameters, n_samples):
    return parameters.mean(axis=1)


# %% check
import numpy as np

CASES = [
    Case(
        "30 rows here, 10 there",
        args=(np.array([[0.0, 4.0], [8.0, 0.0]]), np.array([30, 10])),
        want=np.array([2.0, 3.0]),
    ),
    Case(
        "one client alone",
        args=(np.array([[1.0, -1.0, 5.0]]), np.array([7])),
        want=np.array([1.0, -1.0, 5.0]),
    ),
    Case(
        "a client without rows has no say",
        args=(np.array([[1.0], [3.0], [99.0]]), np.array([5, 5, 0])),
        want=np.array([2.0]),
    ),
]
