"""Isolation forest by hand: rows that random cuts separate early are anomalous.

>>> import numpy as np
>>> X = np.array([[0.0], [1], [2], [3], [4], [5], [15]])
>>> forest = IsolationTrees(n_trees=200, sample_size=7, random_state=0).fit(X)
>>> int(forest.score(X).argmax())
6
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from mlmastery.validation import as_sample, check_count

from .matrix import as_matrix

__all__ = [
    "IsolationTree",
    "IsolationTrees",
    "anomaly_score",
    "average_path",
    "cut_segments",
    "expected_paths",
    "from_sklearn",
    "grow_tree",
]


def average_path(n: Any) -> np.ndarray:
    """Return c(n), the mean path length of an unsuccessful search among n points.

    Parameters
    ----------
    n : int or array of int
        Numbers of points, at least 0.

    Returns
    -------
    ndarray of float
        0 for up to one point, 1 for two.

    References
    ----------
    .. [1] Liu, Ting and Zhou (2008), "Isolation Forest", ICDM, equation 1.

    Examples
    --------
    >>> average_path([1, 2, 256]).round(3).tolist()
    [0.0, 1.0, 10.245]
    """
    n = np.asarray(n, float)
    if n.size and not n.min() >= 0:
        raise ValueError(f"n must be at least 0, got {n.min()}")
    big = np.maximum(n, 3)
    path = 2 * (np.log(big - 1) + np.euler_gamma) - 2 * (big - 1) / big
    return np.select([n < 2, n == 2], [0.0, 1.0], path)


def anomaly_score(path: Any, sample_size: int) -> np.ndarray:
    """Return two to the power of minus path length over c(sample_size).

    Parameters
    ----------
    path : array of float
        Mean path lengths.
    sample_size : int
        Rows from which each tree was grown, at least 2.

    Examples
    --------
    >>> anomaly_score([0, average_path(256)], 256).tolist()
    [1.0, 0.5]
    """
    check_count(sample_size, "sample_size", 2)
    path = np.asarray(path, float)
    if not (path >= 0).all():
        raise ValueError("path must hold lengths of at least 0")
    return np.exp2(-path / average_path(sample_size))


@dataclass(frozen=True, eq=False)
class IsolationTree:
    """A tree as arrays, one entry a node; node 0 is the root.

    Parameters
    ----------
    feature : ndarray of int
        Column that the node cuts, -1 in a leaf.
    threshold : ndarray of float
        Rows with at most this value go left.
    left, right : ndarray of int
        Nodes below; a leaf points to itself.
    path : ndarray of float
        Depth of the node plus c(its rows): the path length of a row that ends here.

    Examples
    --------
    >>> tree = grow_tree([[0.0], [1.0]], np.random.default_rng(0), max_depth=8)
    >>> tree.path_lengths([[-3.0], [2.0]]).tolist()
    [1.0, 1.0]
    """

    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    path: np.ndarray

    def path_lengths(self, X: Any) -> np.ndarray:
        """Return the path length of each row, shape (n_rows,)."""
        X = as_matrix(X)
        if X.shape[1] <= self.feature.max():
            raise ValueError(
                f"X must have the columns of the tree, more than {self.feature.max()}, "
                f"got {X.shape[1]}"
            )
        return self._walk(X)

    def _walk(self, X: np.ndarray) -> np.ndarray:
        node, rows = np.zeros(len(X), np.intp), np.arange(len(X))
        while (self.feature[node] >= 0).any():
            right = X[rows, self.feature[node]] > self.threshold[node]
            node = np.where(right, self.right[node], self.left[node])
        return self.path[node]


def grow_tree(X: Any, rng: np.random.Generator, max_depth: int) -> IsolationTree:
    """Cut random columns at random places until each row is alone.

    Parameters
    ----------
    X : array of shape (n_rows, n_columns)
    rng : numpy.random.Generator
    max_depth : int
        A node at this depth is not cut.

    Examples
    --------
    >>> tree = grow_tree([[0.0], [1], [9]], np.random.default_rng(1), max_depth=8)
    >>> len(tree.feature)
    5
    """
    X = as_matrix(X)
    nodes: list[list[float]] = []
    waiting = [(np.arange(len(X)), 0, -1, 0)]
    while waiting:
        rows, depth, parent, side = waiting.pop()
        here = len(nodes)
        if parent >= 0:
            nodes[parent][side] = here
        column, cut = _random_cut(X[rows], rng) if depth < max_depth else (-1, 0.0)
        path = depth + float(average_path(len(rows)))
        nodes.append([column, cut, here, here, path])
        if column >= 0:
            right = X[rows, column] > cut
            waiting.append((rows[right], depth + 1, here, 3))
            waiting.append((rows[~right], depth + 1, here, 2))
    feature, threshold, left, right, path = np.array(nodes).T
    whole = (column.astype(np.intp) for column in (feature, left, right))
    feature, left, right = whole
    return IsolationTree(feature, threshold, left, right, path)


def _random_cut(X: np.ndarray, rng: np.random.Generator) -> tuple[int, float]:
    """Return a column that is not constant and a place in its range, or (-1, 0)."""
    if len(X) < 2:
        return -1, 0.0
    low, high = X.min(axis=0), X.max(axis=0)
    columns = np.flatnonzero(high > low)
    if not len(columns):
        return -1, 0.0
    column = int(columns[rng.integers(len(columns))])
    # A cut at the maximum would send every row to the left.
    cut = rng.uniform(low[column], high[column])
    return column, min(cut, np.nextafter(high[column], -math.inf))


class IsolationTrees:
    """A forest of isolation trees, each grown from a small sample of the rows.

    Parameters
    ----------
    n_trees : int, default=100
    sample_size : int, default=256
        Rows for a tree, drawn without replacement; all rows where there are fewer.
    random_state : int, default=0

    Attributes
    ----------
    trees_ : list of IsolationTree
    sample_size_ : int

    References
    ----------
    .. [1] Liu, Ting and Zhou (2008), "Isolation Forest", ICDM.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(300, 2))
    >>> scores = IsolationTrees(n_trees=20).fit(X).score([[0, 0], [6, 6]])
    >>> bool(scores[0] < 0.5 < scores[1])
    True
    """

    def __init__(
        self, n_trees: int = 100, sample_size: int = 256, random_state: int = 0
    ) -> None:
        self.n_trees = check_count(n_trees, "n_trees")
        self.sample_size = check_count(sample_size, "sample_size", 2)
        self.random_state = random_state

    def fit(self, X: Any) -> Self:
        """Grow the trees from rows of shape (n_rows, n_columns); no label is used."""
        X = as_matrix(X)
        if len(X) < 2:
            raise ValueError(f"X must have at least 2 rows, got {len(X)}")
        rng = np.random.default_rng(self.random_state)
        self.sample_size_ = min(self.sample_size, len(X))
        depth = math.ceil(math.log2(self.sample_size_))
        draws = (
            rng.choice(len(X), self.sample_size_, replace=False)
            for _ in range(self.n_trees)
        )
        self.trees_ = [grow_tree(X[rows], rng, depth) for rows in draws]
        self._n_columns = X.shape[1]
        return self

    def mean_path(self, X: Any) -> np.ndarray:
        """Return the mean path length of each row over the trees."""
        if not hasattr(self, "trees_"):
            raise ValueError("fit the forest before it scores rows")
        X = as_matrix(X, n_columns=self._n_columns)
        total = np.zeros(len(X))
        for start in range(0, len(X), 4096):  # a block of rows stays in the cache
            block = slice(start, start + 4096)
            for tree in self.trees_:
                total[block] += tree._walk(X[block])
        return total / len(self.trees_)

    def score(self, X: Any) -> np.ndarray:
        """Return the anomaly score of each row, between 0 and 1, high if anomalous."""
        return anomaly_score(self.mean_path(X), self.sample_size_)


def from_sklearn(forest: Any) -> IsolationTrees:
    """Return our forest with the trees that scikit-learn has grown.

    Parameters
    ----------
    forest : sklearn.ensemble.IsolationForest
        Fitted on all columns. It rounds rows to float32 before a cut is compared:
        round them too where scores must agree to the last digits.

    Examples
    --------
    >>> from sklearn.ensemble import IsolationForest
    >>> X = np.random.default_rng(0).normal(size=(99, 2)).astype("float32")
    >>> theirs = IsolationForest(n_estimators=5, random_state=0).fit(X)
    >>> bool(np.allclose(from_sklearn(theirs).score(X), -theirs.score_samples(X)))
    True
    """
    if not hasattr(forest, "estimators_"):
        raise ValueError("forest must be fitted")
    if any(len(c) < forest.n_features_in_ for c in forest.estimators_features_):
        raise ValueError("forest must be fitted on all columns: set max_features=1.0")
    ours = IsolationTrees(len(forest.estimators_), max(2, forest.max_samples_))
    ours.sample_size_, ours._n_columns = ours.sample_size, forest.n_features_in_
    ours.trees_ = [_convert(model.tree_) for model in forest.estimators_]
    return ours


def _convert(tree: Any) -> IsolationTree:
    leaf, nodes = tree.children_left < 0, np.arange(tree.node_count)
    left = np.where(leaf, nodes, tree.children_left)
    right = np.where(leaf, nodes, tree.children_right)
    depth = np.zeros(tree.node_count)
    for node in nodes[~leaf]:  # a node comes before those below it
        depth[[left[node], right[node]]] = depth[node] + 1
    path = depth + average_path(tree.n_node_samples)
    feature = np.where(leaf, -1, tree.feature)
    return IsolationTree(feature, tree.threshold, left, right, path)


def cut_segments(
    tree: IsolationTree, low: Any, high: Any
) -> list[tuple[int, np.ndarray, np.ndarray]]:
    """Return the cuts of a tree of two columns as lines, nearest to the root first.

    Parameters
    ----------
    tree : IsolationTree
    low, high : array of shape (2,)
        Corners of the rectangle that is cut.

    Returns
    -------
    list of (depth, start, end)
        Depth of the node, and both ends of its line.

    Examples
    --------
    >>> tree = grow_tree([[0.0, 0], [1, 0]], np.random.default_rng(0), max_depth=8)
    >>> depth, start, end = cut_segments(tree, [0, 0], [1, 1])[0]
    >>> depth, start[1], end[1]
    (0, np.float64(0.0), np.float64(1.0))
    """
    boxes = [(0, 0, np.array(low, float), np.array(high, float))]
    segments = []
    for node, depth, bottom, top in boxes:  # grows while it is read
        column = tree.feature[node]
        if column < 0:
            continue
        start, end, lower, upper = bottom.copy(), top.copy(), top.copy(), bottom.copy()
        for place in (start, end, lower, upper):
            place[column] = tree.threshold[node]
        segments.append((depth, start, end))
        boxes.append((int(tree.left[node]), depth + 1, bottom, lower))
        boxes.append((int(tree.right[node]), depth + 1, upper, top))
    return segments


def expected_paths(points: Any) -> np.ndarray:
    """Return the exact mean path length of points on a line, over all random trees.

    A cut falls into a gap with the probability of the gap's share of the range.

    Parameters
    ----------
    points : array of shape (n_points,)
        Different numbers in rising order.

    Examples
    --------
    >>> expected_paths([0, 1, 3]).round(3).tolist()
    [1.667, 2.0, 1.333]
    """
    x = as_sample(points, "points")
    gaps = np.diff(x)
    if not (gaps > 0).all():
        raise ValueError("points must be different and in rising order")
    if len(x) == 2:
        return np.ones(2)
    paths = np.ones(len(x))
    for i, share in enumerate(gaps / gaps.sum(), start=1):
        for part in (slice(0, i), slice(i, len(x))):
            if len(x[part]) > 1:
                paths[part] += share * expected_paths(x[part])
    return paths
