"""Exercise 5.6: Neighbours out of fold."""

# %% stub
import numpy as np


def neighbour_mean(km, target, fold, k):
    """Return for each row the mean target of its k nearest rows of other folds.

    km has shape (m, 2); target and fold have shape (m,); fold holds the number
    of each row's fold, any whole number. Distances are straight lines.
    """
    raise NotImplementedError


# %% solution
def neighbour_mean(km, target, fold, k):
    found = np.empty(len(target))
    for i in range(len(target)):
        others = np.flatnonzero(fold != fold[i])
        far = np.linalg.norm(km[others] - km[i], axis=1)
        found[i] = target[others[np.argsort(far)[:k]]].mean()
    return found


# %% wrong: "Each row was its own nearest neighbour, so its own price is in the feature. Look only at rows of other folds."
def neighbour_mean(km, target, fold, k):
    far = np.linalg.norm(km[:, None] - km[None], axis=2)
    return target[np.argsort(far, axis=1, kind="stable")[:, :k]].mean(axis=1)


# %% wrong: "You left out only the row itself. Rows of its own fold must be left out too, or the folds leak into each other."
def neighbour_mean(km, target, fold, k):
    far = np.linalg.norm(km[:, None] - km[None], axis=2)
    np.fill_diagonal(far, np.inf)
    return target[np.argsort(far, axis=1, kind="stable")[:, :k]].mean(axis=1)


# %% wrong: "You looked inside the row's own fold. It is the other folds that may be looked at."
def neighbour_mean(km, target, fold, k):
    found = np.empty(len(target))
    for i in range(len(target)):
        same = np.flatnonzero((fold == fold[i]) & (np.arange(len(target)) != i))
        far = np.linalg.norm(km[same] - km[i], axis=1)
        found[i] = target[same[np.argsort(far)[:k]]].mean()
    return found


# %% wrong: "These are the farthest rows. Sort from near to far."
def neighbour_mean(km, target, fold, k):
    found = np.empty(len(target))
    for i in range(len(target)):
        others = np.flatnonzero(fold != fold[i])
        far = np.linalg.norm(km[others] - km[i], axis=1)
        found[i] = target[others[np.argsort(-far)[:k]]].mean()
    return found


# %% wrong: "You skipped the nearest row, as if it were the row itself. The row itself is not among the other folds."
def neighbour_mean(km, target, fold, k):
    found = np.empty(len(target))
    for i in range(len(target)):
        others = np.flatnonzero(fold != fold[i])
        far = np.linalg.norm(km[others] - km[i], axis=1)
        chosen = others[np.argsort(far)[1 : k + 1]]
        found[i] = target[chosen].sum() / max(len(chosen), 1)
    return found


# %% wrong: "You averaged all rows of the other folds. Take only the k nearest of them."
def neighbour_mean(km, target, fold, k):
    return np.array([target[fold != f].mean() for f in fold])


# %% wrong: "Near neighbours weigh more in your mean. Here all k count alike."
def neighbour_mean(km, target, fold, k):
    found = np.empty(len(target))
    for i in range(len(target)):
        others = np.flatnonzero(fold != fold[i])
        far = np.linalg.norm(km[others] - km[i], axis=1)
        near = np.argsort(far)[:k]
        found[i] = np.average(target[others[near]], weights=1 / far[near])
    return found


# %% wrong: "This is the median of the neighbours. The task asks for their mean."
def neighbour_mean(km, target, fold, k):
    found = np.empty(len(target))
    for i in range(len(target)):
        others = np.flatnonzero(fold != fold[i])
        far = np.linalg.norm(km[others] - km[i], axis=1)
        found[i] = np.median(target[others[np.argsort(far)[:k]]])
    return found


# %% wrong: "argsort counts within the rows of the other folds, and you used its numbers as rows of the whole table."
def neighbour_mean(km, target, fold, k):
    found = np.empty(len(target))
    for i in range(len(target)):
        far = np.linalg.norm(km[fold != fold[i]] - km[i], axis=1)
        found[i] = target[np.argsort(far)[:k]].mean()
    return found


# %% wrong: "You added the two differences up, as one walks along streets. The distance is a straight line."
def neighbour_mean(km, target, fold, k):
    found = np.empty(len(target))
    for i in range(len(target)):
        others = np.flatnonzero(fold != fold[i])
        far = np.abs(km[others] - km[i]).sum(axis=1)
        found[i] = target[others[np.argsort(far)[:k]]].mean()
    return found


# %% wrong: "Only the first coordinate was compared. Near in one direction may be far in the other."
def neighbour_mean(km, target, fold, k):
    found = np.empty(len(target))
    for i in range(len(target)):
        others = np.flatnonzero(fold != fold[i])
        far = np.abs(km[others, 0] - km[i, 0])
        found[i] = target[others[np.argsort(far)[:k]]].mean()
    return found


# %% wrong: "You chose the k nearest of all rows and then dropped those of the own fold, so fewer than k are left. Drop first, then choose."
def neighbour_mean(km, target, fold, k):
    found = np.full(len(target), np.nan)
    for i in range(len(target)):
        far = np.linalg.norm(km - km[i], axis=1)
        far[i] = np.inf
        near = [j for j in np.argsort(far)[:k] if fold[j] != fold[i]]
        if near:
            found[i] = target[near].mean()
    return found


# %% wrong: "This is the sum of the neighbours' targets. Divide it by k."
def neighbour_mean(km, target, fold, k):
    found = np.empty(len(target))
    for i in range(len(target)):
        others = np.flatnonzero(fold != fold[i])
        far = np.linalg.norm(km[others] - km[i], axis=1)
        found[i] = target[others[np.argsort(far)[:k]]].sum()
    return found


# %% wrong
def neighbour_mean(km, target, fold, k):
    found = np.empty(len(target))
    for i in range(len(target)):
        others = np.flatnonzero(fold != fold[i])
        far = np.abs(km[others] - km[i]).max(axis=1)
        found[i] = target[others[np.argsort(far)[:k]]].mean()
    return found


# %% wrong: "Some folds were never reached. Their numbers need not begin with 0; loop over those that occur."
def neighbour_mean(km, target, fold, k):
    found = np.zeros(len(target))
    for f in range(len(np.unique(fold))):
        others = np.flatnonzero(fold != f)
        for i in np.flatnonzero(fold == f):
            far = np.linalg.norm(km[others] - km[i], axis=1)
            found[i] = target[others[np.argsort(far)[:k]]].mean()
    return found


# %% check
import numpy as np
from sklearn.neighbors import KNeighborsRegressor

_km = np.array([[0.0, 0.0], [1.0, 0.0], [2.5, 0.0], [4.5, 0.0]])
_target, _fold = np.array([10.0, 20.0, 30.0, 40.0]), np.array([0, 0, 1, 1])
_rng = np.random.default_rng(56)
_X, _y, _f = _rng.normal(size=(30, 2)), _rng.normal(size=30), 1 + np.arange(30) % 3
_want = np.empty(30)
for _j in (1, 2, 3):
    _model = KNeighborsRegressor(4).fit(_X[_f != _j], _y[_f != _j])
    _want[_f == _j] = _model.predict(_X[_f == _j])
CASES = [
    # rows 0 and 1 see only 2 and 3, and the reverse
    Case(
        "four houses in a street, one neighbour",
        args=(_km, _target, _fold, 1),
        want=np.array([30.0, 30.0, 20.0, 20.0]),
    ),
    Case(
        "two neighbours are all the others",
        args=(_km, _target, _fold, 2),
        want=np.array([35.0, 35.0, 15.0, 15.0]),
    ),
    Case(
        "three folds from 1 on, against scikit-learn", args=(_X, _y, _f, 4), want=_want
    ),
]
