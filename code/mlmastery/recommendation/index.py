"""Find the items with the largest inner product among very many, nearly always.

>>> import numpy as np
>>> items = np.random.default_rng(0).normal(size=(500, 8))
>>> index = InvertedFileIndex(n_cells=10, n_probe=10).fit(items)
>>> best, _ = index.search(items[:3], k=1)
>>> (best == exact_search(items, items[:3], k=1)[0]).all().item()
True
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.cluster import MiniBatchKMeans

from mlmastery.ledger import cpu_timed
from mlmastery.validation import check_count

__all__ = [
    "InvertedFileIndex",
    "exact_search",
    "index_recall",
    "race_indexes",
    "simulate_factors",
]

CHUNK = 256  # queries whose scores for all items fit into memory at once


def exact_search(items: Any, queries: Any, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return for each query the k items with the largest inner product, best first.

    Parameters
    ----------
    items : array of shape (n_items, n_factors)
    queries : array of shape (n_queries, n_factors)
    k : int
        At most n_items.

    Returns
    -------
    positions : ndarray of int, shape (n_queries, k)
    scores : ndarray of shape (n_queries, k)

    Raises
    ------
    ValueError
        If the numbers of factors differ, or k is out of its range.

    Examples
    --------
    >>> exact_search([[1.0, 0.0], [0.0, 2.0]], [[1.0, 1.0]], k=1)
    (array([[1]]), array([[2.]]))
    """
    items, queries = _checked(items, queries, k)
    parts = [
        _largest(queries[n : n + CHUNK] @ items.T, k)
        for n in range(0, len(queries), CHUNK)
    ]
    positions, scores = (np.concatenate(both) for both in zip(*parts, strict=True))
    return positions, scores


def _largest(scores: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return positions and values of the k largest of each row, in order."""
    # A partition costs n; only the k that it finds are sorted.
    best = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    found = np.take_along_axis(scores, best, axis=1)
    order = np.argsort(-found, axis=1, kind="stable")
    return (
        np.take_along_axis(best, order, axis=1),
        np.take_along_axis(found, order, axis=1),
    )


def _checked(items: Any, queries: Any, k: int) -> tuple[np.ndarray, np.ndarray]:
    items, queries = np.asarray(items, dtype=float), np.asarray(queries, dtype=float)
    if items.ndim != 2 or queries.ndim != 2 or items.shape[1] != queries.shape[1]:
        raise ValueError(
            "items and queries must be tables with the same number of factors, "
            f"got shapes {items.shape} and {queries.shape}"
        )
    check_count(k, "k", maximum=len(items))
    return items, queries


class InvertedFileIndex:
    """Sort items into cells by k-means; search only the cells nearest to a query.

    The largest inner product is not the nearest neighbour: a long vector may lie far
    off and still win. One more coordinate, √(M² − |x|²) with M the greatest length,
    gives all items the same length; the order by distance from (q, 0) is then the order
    by inner product, and cells of near items serve.

    Parameters
    ----------
    n_cells : int, default=256
    n_probe : int, default=8
        Cells searched for a query: with ``n_cells`` the search is exact.
    random_state : int or None, default=0
        Seed of k-means.

    Attributes
    ----------
    centres_ : ndarray of shape (n_cells, n_factors + 1)
    cells_ : list of ndarray of int
        The positions of the items in each cell.

    References
    ----------
    .. [1] Jégou, Douze and Schmid (2011), "Product Quantization for Nearest Neighbor
       Search", IEEE Transactions on Pattern Analysis and Machine Intelligence 33(1).
    .. [2] Bachrach et al. (2014), "Speeding Up the Xbox Recommender System Using a
       Euclidean Transformation for Inner-Product Spaces", RecSys.

    Examples
    --------
    >>> InvertedFileIndex(n_cells=4).fit(np.ones((3, 2)))
    Traceback (most recent call last):
        ...
    ValueError: n_cells must be a whole number from 1 to 3, got 4
    """

    def __init__(
        self, n_cells: int = 256, n_probe: int = 8, random_state: int | None = 0
    ) -> None:
        self.n_cells = n_cells
        self.n_probe = n_probe
        self.random_state = random_state

    def fit(self, items: Any) -> Self:
        """Sort the items into cells.

        Parameters
        ----------
        items : array of shape (n_items, n_factors)

        Raises
        ------
        ValueError
            If ``n_cells`` is more than the items.
        """
        vectors = np.asarray(items, dtype=float)
        check_count(self.n_cells, "n_cells", maximum=len(vectors))
        squares = (vectors**2).sum(axis=1)
        extra = np.sqrt(np.maximum(squares.max() - squares, 0))
        equally_long = np.column_stack([vectors, extra])
        kmeans = MiniBatchKMeans(
            self.n_cells, batch_size=4096, n_init=1, random_state=self.random_state
        ).fit(equally_long)
        self.centres_ = kmeans.cluster_centers_
        order = np.argsort(kmeans.labels_, kind="stable")
        ends = np.bincount(kmeans.labels_, minlength=self.n_cells).cumsum()
        self.cells_ = np.split(order, ends[:-1])
        # Each cell's vectors lie side by side: a product reads one block of memory.
        self._blocks = [np.ascontiguousarray(vectors[cell]) for cell in self.cells_]
        self._items = vectors
        return self

    def search(self, queries: Any, k: int = 10) -> tuple[np.ndarray, np.ndarray]:
        """Return for each query the k best items of the cells searched, best first.

        Parameters
        ----------
        queries : array of shape (n_queries, n_factors)
        k : int, default=10

        Returns
        -------
        positions : ndarray of int, shape (n_queries, k)
        scores : ndarray of shape (n_queries, k)
            Inner products, exact.

        Raises
        ------
        ValueError
            If the numbers of factors differ, k is out of its range, or ``n_probe`` is.
        """
        _, queries = _checked(self._items, queries, k)
        check_count(self.n_probe, "n_probe", maximum=self.n_cells)
        # |(q, 0) − c|² = |q|² − 2 q·c + |c|², and |q|² is the same for all cells.
        near = (self.centres_**2).sum(axis=1) - 2 * queries @ self.centres_[:, :-1].T
        order = np.argsort(near, axis=1)
        found = [self._search_one(q, o, k) for q, o in zip(queries, order, strict=True)]
        positions, scores = (np.array(both) for both in zip(*found, strict=True))
        return positions, scores

    def _search_one(
        self, query: np.ndarray, cells: np.ndarray, k: int
    ) -> tuple[np.ndarray, np.ndarray]:
        n_probe = self.n_probe
        # Where the nearest cells hold fewer than k items, further ones are searched.
        while sum(len(self.cells_[c]) for c in cells[:n_probe]) < k:
            n_probe += 1
        scores = np.concatenate([self._blocks[c] @ query for c in cells[:n_probe]])
        best, values = _largest(scores[None], k)
        positions = np.concatenate([self.cells_[c] for c in cells[:n_probe]])
        return positions[best[0]], values[0]


def index_recall(found: Any, exact: Any) -> float:
    """Return the share of the exact neighbours that were found.

    Parameters
    ----------
    found, exact : array of int, shape (n_queries, k)
        Positions, in any order.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> index_recall([[1, 2], [3, 4]], [[2, 1], [3, 9]])
    0.75
    """
    a, b = np.asarray(found), np.asarray(exact)
    if a.shape != b.shape or a.ndim != 2:
        raise ValueError(
            "found and exact must have k positions for each query, "
            f"got shapes {a.shape} and {b.shape}"
        )
    hits = sum(
        len(set(x) & set(y)) for x, y in zip(a.tolist(), b.tolist(), strict=True)
    )
    return hits / a.size


def simulate_factors(
    n_items: int,
    n_queries: int,
    n_factors: int = 32,
    n_tastes: int = 200,
    random_state: int | None = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Simulate factors of items and users: tastes, and scatter around each.

    Parameters
    ----------
    n_items, n_queries : int
    n_factors : int, default=32
    n_tastes : int, default=200
        Items and users scatter around this many centres; the scatter is as wide as the
        centres are. Without centres, in 32 dimensions, no cells could help.
    random_state : int or None, default=0

    Returns
    -------
    items : ndarray of float32, shape (n_items, n_factors)
        Lengths vary, as those of loved and of unknown films do.
    users : ndarray of float32, shape (n_queries, n_factors)

    Examples
    --------
    >>> items, users = simulate_factors(100, 5, n_factors=4)
    >>> items.shape, users.shape
    ((100, 4), (5, 4))
    """
    rng = np.random.default_rng(random_state)
    tastes = rng.normal(size=(check_count(n_tastes, "n_tastes"), n_factors))

    def scatter(n: int) -> np.ndarray:
        centres = tastes[rng.integers(n_tastes, size=n)]
        return centres + rng.normal(size=(n, n_factors))

    length = rng.lognormal(sigma=0.2, size=(n_items, 1))
    items = scatter(check_count(n_items, "n_items")) * length
    users = scatter(check_count(n_queries, "n_queries"))
    return items.astype(np.float32), users.astype(np.float32)


def race_indexes(
    items: np.ndarray,
    queries: np.ndarray,
    k: int = 10,
    n_cells: int = 256,
    probes: tuple[int, ...] = (1, 4, 16, 64),
    breadths: tuple[int, ...] = (16, 64, 256),
    effort: int = 32,
) -> pd.DataFrame:
    """Measure recall and time of exact search, our index and usearch's graph.

    Queries come one by one, as those of users do, on one thread.

    Parameters
    ----------
    items : ndarray of shape (n_items, n_factors)
    queries : ndarray of shape (n_queries, n_factors)
    k : int, default=10
    n_cells : int, default=256
    probes : tuple of int, default=(1, 4, 16, 64)
        Cells searched, one row of the table each.
    breadths : tuple of int, default=(16, 64, 256)
        usearch's ``expansion_search``, one row each.
    effort : int, default=32
        Its ``expansion_add``. With its own default, 128, the graph takes some three
        times as long to build and is the better one.

    Returns
    -------
    DataFrame
        Index: the search. ``recall`` of the exact k, CPU ``ms`` a query, and CPU
        seconds to ``build`` the index.
    """
    exact: list[np.ndarray] = []
    rows = {}

    def measure(name: str, search: Callable[[np.ndarray], Any], build: float) -> None:
        found, seconds = cpu_timed(
            lambda: np.vstack([search(q[None]) for q in queries])
        )
        exact.append(found)
        share = index_recall(found, exact[0])
        milliseconds = 1000 * seconds / len(queries)
        rows[name] = {"recall": share, "ms": milliseconds, "build": build}

    wide = np.asarray(items, float)
    measure("exact", lambda q: exact_search(wide, q, k)[0], 0.0)
    index, build = cpu_timed(lambda: InvertedFileIndex(n_cells).fit(wide))
    for index.n_probe in probes:
        measure(
            f"cells, {index.n_probe} searched", lambda q: index.search(q, k)[0], build
        )
    graph, build = cpu_timed(lambda: _graph(items, effort))
    for graph.expansion_search in breadths:
        name = f"graph, breadth {graph.expansion_search}"
        measure(name, lambda q: graph.search(q[0], k, threads=1).keys[None], build)
    return pd.DataFrame(rows).T


def _graph(items: np.ndarray, effort: int) -> Any:
    """Build usearch's hierarchical graph of neighbours (HNSW) on one thread."""
    from usearch.index import Index

    graph = Index(ndim=items.shape[1], metric="ip", dtype="f32", expansion_add=effort)
    # More threads would add the items in an order that changes from run to run.
    graph.add(np.arange(len(items)), items.astype(np.float32), threads=1)
    return graph
