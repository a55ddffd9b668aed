"""Exercise 22.1: Federated averaging."""

# %% stub
import numpy as np


def fedavg(parameters, n_samples):
    """Average the parameters of the clients, weighted by their numbers of rows.

    parameters has shape (n_clients, n_parameters), n_samples shape (n_clients,). A
    client may have no rows. Return shape (n_parameters,).
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


# %% wrong: "This is a sum, not an average: divide by the number of all rows."
def fedavg(parameters, n_samples):
    return n_samples @ parameters


# %% wrong: "The weights line up with the parameters. Each belongs to a client, so to a whole row."
def fedavg(parameters, n_samples):
    return (parameters * n_samples).sum(axis=0) / n_samples.sum()


# %% wrong: "The table belongs to the caller, and `*=` changes it. Compute a new one."
def fedavg(parameters, n_samples):
    parameters *= n_samples[:, None] / n_samples.sum()
    return parameters.sum(axis=0)


# %% wrong: "`//` rounds the weights down to 0. Divide with `/`."
def fedavg(parameters, n_samples):
    return (n_samples // n_samples.sum()) @ parameters


# %% wrong: "Leaving out who has no rows is not enough: the others count by their rows, too."
def fedavg(parameters, n_samples):
    return parameters[n_samples > 0].mean(axis=0)


# %% wrong: "The clients are the rows of the table: the weights multiply it from the left."
def fedavg(parameters, n_samples):
    return parameters @ n_samples / n_samples.sum()


# %% wrong: "You divided twice: dividing by all rows makes an average already."
def fedavg(parameters, n_samples):
    return n_samples @ parameters / n_samples.sum() / len(n_samples)


# %% wrong: "One value per parameter is asked for, not a table of one row."
def fedavg(parameters, n_samples):
    return n_samples[None] @ parameters / n_samples.sum()


# %% wrong: "The median does not ask how many rows a client has. Take the weighted mean."
def fedavg(parameters, n_samples):
    return np.median(parameters, axis=0)


# %% wrong: "More rows must mean more weight. Yours is turned round."
def fedavg(parameters, n_samples):
    weights = 1 / np.maximum(n_samples, 1e-9)
    return weights @ parameters / weights.sum()


# %% wrong: "Weights in proportion to the largest client do not add up to 1. Divide by the sum."
def fedavg(parameters, n_samples):
    return n_samples @ parameters / n_samples.max()


# %% check
import numpy as np

CASES = [
    Case(
        "30 rows here, 10 there",
        args=(np.array([[0.0, 4.0], [8.0, 0.0]]), np.array([30, 10])),
        want=np.array([2.0, 3.0]),
    ),
    Case(
        "three clients, two parameters",
        args=(np.array([[4.0, 0.0], [2.0, 6.0], [0.0, -4.0]]), np.array([1, 2, 1])),
        want=np.array([2.0, 2.0]),
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
