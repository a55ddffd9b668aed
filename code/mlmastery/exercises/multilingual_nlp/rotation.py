"""Exercise 17.6: Procrustes."""


# %% stub
def rotation(X, Y):
    """Return the orthogonal W for which X @ W is nearest to Y.

    X and Y have one row per pair; the sum of squared distances is minimised.
    """
    raise NotImplementedError


# %% solution
def rotation(X, Y):
    import numpy as np

    U, _, Vt = np.linalg.svd(np.transpose(X) @ np.asarray(Y, float))
    return U @ Vt


# %% wrong: "This maps Y to X: exchange the two."
def rotation(X, Y):
    import numpy as np

    U, _, Vt = np.linalg.svd(np.transpose(Y) @ np.asarray(X, float))
    return U @ Vt


# %% wrong: "NumPy returns V transposed already."
def rotation(X, Y):
    import numpy as np

    U, _, Vt = np.linalg.svd(np.transpose(X) @ np.asarray(Y, float))
    return U @ Vt.T


# %% wrong: "The order is U times V transposed."
def rotation(X, Y):
    import numpy as np

    U, _, Vt = np.linalg.svd(np.transpose(X) @ np.asarray(Y, float))
    return Vt @ U


# %% wrong: "The singular values stay out."
def rotation(X, Y):
    import numpy as np

    U, S, Vt = np.linalg.svd(np.transpose(X) @ np.asarray(Y, float))
    return U @ np.diag(S) @ Vt


# %% wrong: "Least squares finds any matrix, and not an orthogonal one."
def rotation(X, Y):
    import numpy as np

    return np.linalg.lstsq(np.asarray(X, float), np.asarray(Y, float), rcond=None)[0]


# %% wrong: "Multiply X transposed with Y: the result has a row for each dimension."
def rotation(X, Y):
    import numpy as np

    U, _, Vt = np.linalg.svd(np.asarray(X, float) @ np.transpose(Y))
    return U @ Vt


# %% wrong: "Do not centre the points: the map has no shift."
def rotation(X, Y):
    import numpy as np

    X, Y = X - np.mean(X, axis=0), Y - np.mean(Y, axis=0)
    U, _, Vt = np.linalg.svd(np.transpose(X) @ np.asarray(Y, float))
    return U @ Vt


# %% wrong: "A reflection is allowed: do not force the determinant to be 1."
def rotation(X, Y):
    import numpy as np

    U, _, Vt = np.linalg.svd(np.transpose(X) @ np.asarray(Y, float))
    if np.linalg.det(U @ Vt) < 0:
        U[:, -1] *= -1
    return U @ Vt


# %% wrong: "The sign is wrong."
def rotation(X, Y):
    import numpy as np

    U, _, Vt = np.linalg.svd(np.transpose(X) @ np.asarray(Y, float))
    return -U @ Vt


# %% wrong: "This is U alone."
def rotation(X, Y):
    import numpy as np

    U, _, _ = np.linalg.svd(np.transpose(X) @ np.asarray(Y, float))
    return U


# %% wrong: "This is V transposed alone."
def rotation(X, Y):
    import numpy as np

    _, _, Vt = np.linalg.svd(np.transpose(X) @ np.asarray(Y, float))
    return Vt


# %% wrong: "The identity leaves X as it is."
def rotation(X, Y):
    import numpy as np

    return np.eye(len(X[0]))


# %% wrong: "Return the matrix, and not the rotated points."
def rotation(X, Y):
    import numpy as np

    U, _, Vt = np.linalg.svd(np.transpose(X) @ np.asarray(Y, float))
    return np.asarray(X, float) @ U @ Vt


# %% check
CASES = [
    Case(
        "a quarter turn",
        args=([[1, 0], [0, 1]], [[0, 1], [-1, 0]]),
        want=[[0, 1], [-1, 0]],
    ),
    # turned by the matrix of 3/5 and 4/5, then stretched, which must not matter
    Case(
        "turned and stretched",
        args=([[1, 0], [0, 2], [3, 1]], [[1.2, 1.6], [-3.2, 2.4], [2, 6]]),
        want=[[0.6, 0.8], [-0.8, 0.6]],
    ),
    Case(
        "a reflection, off centre",
        args=([[1, 2], [2, 3], [5, 1]], [[2, 1], [3, 2], [1, 5]]),
        want=[[0, 1], [1, 0]],
    ),
    # scipy.linalg.orthogonal_procrustes
    Case(
        "with noise",
        args=([[1, 0], [0, 1], [1, 1]], [[0, 1.5], [-1, 0], [-1, 1]]),
        want=[[-0.000000000000, 1.000000000000], [-1.000000000000, -0.000000000000]],
    ),
]
