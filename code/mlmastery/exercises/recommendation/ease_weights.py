"""Exercise 12.5: EASE."""


# %% stub
def ease_weights(likes, penalty):
    """Return the weights of EASE, shape (n_films, n_films).

    likes is an array of users by films with 0 and 1; column j of the result predicts film j.
    """
    raise NotImplementedError


# %% solution
def ease_weights(likes, penalty):
    import numpy as np

    X = np.asarray(likes, float)
    P = np.linalg.inv(X.T @ X + penalty * np.eye(X.shape[1]))
    weights = -P / np.diag(P)
    np.fill_diagonal(weights, 0)
    return weights


# %% wrong: "The diagonal must be zero, or each film predicts itself."
def ease_weights(likes, penalty):
    import numpy as np

    X = np.asarray(likes, float)
    P = np.linalg.inv(X.T @ X + penalty * np.eye(X.shape[1]))
    weights = -P / np.diag(P)
    pass
    return weights


# %% wrong: "The sign: weights are minus P over its diagonal."
def ease_weights(likes, penalty):
    import numpy as np

    X = np.asarray(likes, float)
    P = np.linalg.inv(X.T @ X + penalty * np.eye(X.shape[1]))
    weights = P / np.diag(P)
    np.fill_diagonal(weights, 0)
    return weights


# %% wrong: "Divide each column by its own diagonal element, and not each row."
def ease_weights(likes, penalty):
    import numpy as np

    X = np.asarray(likes, float)
    P = np.linalg.inv(X.T @ X + penalty * np.eye(X.shape[1]))
    weights = -P / np.diag(P)[:, None]
    np.fill_diagonal(weights, 0)
    return weights


# %% wrong: "The penalty is missing."
def ease_weights(likes, penalty):
    import numpy as np

    X = np.asarray(likes, float)
    P = np.linalg.inv(X.T @ X + 1e-9 * np.eye(X.shape[1]))
    weights = -P / np.diag(P)
    np.fill_diagonal(weights, 0)
    return weights


# %% wrong: "The penalty stands on the diagonal only; here it is added everywhere."
def ease_weights(likes, penalty):
    import numpy as np

    X = np.asarray(likes, float)
    P = np.linalg.inv(X.T @ X + penalty + 1e-9 * np.eye(X.shape[1]))
    weights = -P / np.diag(P)
    np.fill_diagonal(weights, 0)
    return weights


# %% wrong: "Films are compared: X' X, and not X X'."
def ease_weights(likes, penalty):
    import numpy as np

    X = np.asarray(likes, float)
    P = np.linalg.inv(X @ X.T + penalty * np.eye(X.shape[0]))
    weights = -P / np.diag(P)
    np.fill_diagonal(weights, 0)
    return weights


# %% wrong: "The inverse is needed, of the matrix with the penalty."
def ease_weights(likes, penalty):
    import numpy as np

    X = np.asarray(likes, float)
    np.linalg.inv(X.T @ X + penalty * np.eye(X.shape[1]))
    weights = -(X.T @ X + penalty * np.eye(X.shape[1])) / np.diag(
        X.T @ X + penalty * np.eye(X.shape[1])
    )
    np.fill_diagonal(weights, 0)
    return weights


# %% wrong: "This is ordinary ridge regression of X on X, whose diagonal is not zero: solve with the constraint."
def ease_weights(likes, penalty):
    import numpy as np

    X = np.asarray(likes, float)
    G = X.T @ X
    return np.linalg.solve(G + penalty * np.eye(len(G)), G)


# %% wrong: "Ridge regression with the diagonal set to zero afterwards is not the constrained solution."
def ease_weights(likes, penalty):
    import numpy as np

    X = np.asarray(likes, float)
    G = X.T @ X
    weights = np.linalg.solve(G + penalty * np.eye(len(G)), G)
    np.fill_diagonal(weights, 0)
    return weights


# %% wrong: "The columns are not centred in EASE."
def ease_weights(likes, penalty):
    import numpy as np

    X = np.asarray(likes, float) - np.mean(likes, axis=0)
    P = np.linalg.inv(X.T @ X + penalty * np.eye(X.shape[1]))
    weights = -P / np.diag(P)
    np.fill_diagonal(weights, 0)
    return weights


# %% wrong: "The penalty is squared here."
def ease_weights(likes, penalty):
    import numpy as np

    X = np.asarray(likes, float)
    P = np.linalg.inv(X.T @ X + penalty**2 * np.eye(X.shape[1]))
    weights = -P / np.diag(P)
    np.fill_diagonal(weights, 0)
    return weights


# %% wrong: "These are scores of the users. Return the weights."
def ease_weights(likes, penalty):
    import numpy as np

    X = np.asarray(likes, float)
    P = np.linalg.inv(X.T @ X + penalty * np.eye(X.shape[1]))
    weights = -P / np.diag(P)
    np.fill_diagonal(weights, 0)
    return X @ weights


# %% wrong: "These are cosines between films. EASE takes the other films into account: invert."
def ease_weights(likes, penalty):
    import numpy as np

    X = np.asarray(likes, float)
    length = np.sqrt((X**2).sum(axis=0))
    weights = X.T @ X / np.outer(length, length)
    np.fill_diagonal(weights, 0)
    return weights


# %% check
CASES = [
    # X'X = [[4, 3], [3, 3]]: ridge of column 2 on column 1 is 3 / (4 + 1)
    Case(
        "two films",
        args=([[1, 1], [1, 1], [1, 1], [1, 0]], 1.0),
        want=[[0, 0.6], [0.75, 0]],
    ),
    Case(
        "a larger penalty",
        args=([[1, 1], [1, 1], [1, 1], [1, 0]], 2.0),
        want=[[0, 0.5], [0.6, 0]],
    ),
    # film 3 is liked alone: nothing predicts it, and it predicts nothing
    Case(
        "three films",
        args=([[1, 1, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1]], 1.0),
        want=[[0, 2 / 3, 0], [0.5, 0, 0], [0, 0, 0]],
    ),
]
