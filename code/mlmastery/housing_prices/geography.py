"""Where a house is: distances, prices of its neighbours, folds that are places."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.cluster import KMeans
from sklearn.model_selection import BaseCrossValidator, KFold
from sklearn.neighbors import NearestNeighbors
from sklearn.utils.validation import check_is_fitted, validate_data

EARTH_KM = 6371.0088
"""Mean radius of the earth."""


def distance_km(longitude: Any, latitude: Any, place: tuple[float, float]) -> Any:
    """Return great-circle distances to a place, by the haversine formula.

    Parameters
    ----------
    longitude, latitude : float or array of shape (n,)
        In degrees.
    place : (float, float)
        Longitude and latitude in degrees.

    Returns
    -------
    float or array of shape (n,)
        In km, on a sphere.

    Examples
    --------
    >>> round(float(distance_km(-93.62, 42.05, (-93.6465, 42.0266))), 1)
    3.4
    """
    lon, lat = np.radians(longitude), np.radians(latitude)
    lon_0, lat_0 = np.radians(place)
    hav = (
        np.sin((lat - lat_0) / 2) ** 2
        + np.cos(lat) * np.cos(lat_0) * np.sin((lon - lon_0) / 2) ** 2
    )
    return 2 * EARTH_KM * np.arcsin(np.sqrt(hav))


class Kilometres(TransformerMixin, BaseEstimator):
    """Flatten longitude and latitude into km east and north of a middle.

    Good for a town or a state, where the earth may pass for flat: a degree of longitude
    is shorter than one of latitude by the cosine of the latitude. The middle is learned,
    so that training and new rows share one map.

    Attributes
    ----------
    middle_ : ndarray of shape (2,)
        Mean longitude and latitude of the training rows.

    Raises
    ------
    ValueError
        If there are not two columns, or a value is missing.

    Examples
    --------
    >>> Kilometres().fit_transform([[-93.0, 42.0], [-93.0, 42.1]]).round(2)
    array([[ 0.  , -5.56],
           [ 0.  ,  5.56]])
    """

    def fit(self, X: Any, y: Any = None) -> "Kilometres":
        """Learn the middle."""
        X = validate_data(self, X, dtype=float)
        if X.shape[1] != 2:
            raise ValueError(f"X must hold longitude and latitude, got shape {X.shape}")
        self.middle_ = X.mean(axis=0)
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Return km east and north, shape (n, 2)."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=float)
        shrink = np.array([np.cos(np.radians(self.middle_[1])), 1.0])
        return (X - self.middle_) * np.radians(1) * EARTH_KM * shrink

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Return the two names."""
        return np.array(["km_east", "km_north"], dtype=object)


class NeighbourPrice(TransformerMixin, BaseEstimator):
    """The mean target of the nearest training rows, computed out of fold.

    ``fit(X, y).transform(X)`` is not ``fit_transform(X, y)``. The first looks up rows
    among themselves, which suits new rows. The second is what training needs: each row
    is looked up among the rows of the *other* folds, so that its own target is never
    part of its feature.

    Parameters
    ----------
    n_neighbors : int, default=10
        How many rows to average.
    cv : int or None, default=5
        Folds of ``fit_transform``. None looks rows up among themselves, which leaks,
        and is here so that the leak can be shown.
    soften : float, default=0.05
        Added to each distance before it is inverted to a weight, in units of X.
    random_state : int, default=0
        Seed of the folds.

    Attributes
    ----------
    X_, y_ : ndarray
        The training rows and their targets.

    Raises
    ------
    ValueError
        If ``n_neighbors`` is below 1 or ``cv`` below 2.

    References
    ----------
    .. [1] Micci-Barreca (2001), "A Preprocessing Scheme for High-Cardinality
       Categorical Attributes", SIGKDD Explorations 3(1).

    Examples
    --------
    >>> place, price = [[0.0], [0.1], [5.0], [5.1]], [100.0, 120.0, 300.0, 320.0]
    >>> near = NeighbourPrice(n_neighbors=2).fit(place, price)
    >>> near.transform([[0.05]]).round()
    array([[110.]])
    """

    def __init__(self, n_neighbors=10, cv=5, soften=0.05, random_state=0):
        self.n_neighbors = n_neighbors
        self.cv = cv
        self.soften = soften
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> "NeighbourPrice":
        """Remember the rows and their targets."""
        X, y = validate_data(self, X, y, y_numeric=True, dtype=float)
        if self.n_neighbors < 1 or (self.cv is not None and self.cv < 2):
            raise ValueError(
                "n_neighbors must be at least 1 and cv at least 2 (or None), "
                f"got {self.n_neighbors} and {self.cv}"
            )
        self.X_, self.y_ = X, y
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Return the neighbours' mean target, shape (n, 1)."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=float)
        return self._mean(self.X_, self.y_, X)[:, None]

    def fit_transform(self, X: Any, y: Any = None, **params: Any) -> np.ndarray:
        """Fit, and look each row up among the rows of the other folds."""
        self.fit(X, y)
        if self.cv is None or len(self.y_) < self.cv:
            return self._mean(self.X_, self.y_, self.X_)[:, None]
        found = np.empty(len(self.y_))
        folds = KFold(self.cv, shuffle=True, random_state=self.random_state)
        for others, fold in folds.split(self.X_):
            found[fold] = self._mean(self.X_[others], self.y_[others], self.X_[fold])
        return found[:, None]

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Return the one name."""
        return np.array(["neighbour_price"], dtype=object)

    def _mean(self, known: np.ndarray, y: np.ndarray, X: np.ndarray) -> np.ndarray:
        k = min(self.n_neighbors, len(known))
        far, rows = NearestNeighbors(n_neighbors=k).fit(known).kneighbors(X)
        return np.average(y[rows], axis=1, weights=1 / (far + self.soften))

    def __sklearn_tags__(self):
        """Tell scikit-learn that ``y`` is needed."""
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags


class SpatialKFold(BaseCrossValidator):
    """Folds that are places: the rows of one fold lie together on the map.

    The places are clustered, and clusters go into the fold that is smallest so far,
    largest clusters first.

    Parameters
    ----------
    n_splits : int, default=5
        Number of folds.
    n_places : int, default=25
        Number of clusters, at least ``n_splits``.
    random_state : int, default=0
        Seed of the clustering.

    Raises
    ------
    ValueError
        From ``split``, if there are fewer places than folds.

    References
    ----------
    .. [1] Roberts et al. (2017), "Cross-Validation Strategies for Data with Temporal,
       Spatial, Hierarchical, or Phylogenetic Structure", Ecography 40(8).

    Examples
    --------
    >>> where = [[-93.60, 42.0], [-93.60, 42.001], [-93.70, 42.0], [-93.70, 42.001]]
    >>> [test.tolist() for _, test in SpatialKFold(2, n_places=2).split(where)]
    [[0, 1], [2, 3]]
    """

    def __init__(self, n_splits=5, n_places=25, random_state=0):
        self.n_splits = n_splits
        self.n_places = n_places
        self.random_state = random_state

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """Return the number of folds."""
        return self.n_splits

    def folds(self, X: Any) -> np.ndarray:
        """Return the fold of each row, shape (n,); X is (n, 2) or has the columns."""
        if not 2 <= self.n_splits <= self.n_places:
            raise ValueError(
                "n_splits must lie between 2 and n_places, "
                f"got {self.n_splits} and {self.n_places}"
            )
        cluster = KMeans(self.n_places, n_init=3, random_state=self.random_state)
        place = cluster.fit_predict(Kilometres().fit_transform(_coordinates(X)))
        sizes, fold_of = np.zeros(self.n_splits, dtype=int), {}
        counts = np.bincount(place, minlength=self.n_places)
        for name in np.argsort(-counts, kind="stable"):
            fold_of[name] = int(sizes.argmin())
            sizes[fold_of[name]] += counts[name]
        # Numbered by their first row, so that the order does not depend on the seed.
        folds = np.array([fold_of[name] for name in place])
        _, first = np.unique(folds, return_index=True)
        return np.argsort(np.argsort(first))[folds]

    def _iter_test_indices(
        self, X: Any = None, y: Any = None, groups: Any = None
    ) -> Iterator[np.ndarray]:
        folds = self.folds(X)
        for fold in range(self.n_splits):
            yield np.flatnonzero(folds == fold)


def _coordinates(X: Any) -> Any:
    columns = ["longitude", "latitude"]
    return X[columns].to_numpy() if hasattr(X, "columns") else X


def morans_i(values: Any, coordinates: Any, n_neighbors: int = 10) -> float:
    """Measure whether near rows have similar values: Moran's I.

    Parameters
    ----------
    values : array of shape (n,)
        Such as residuals.
    coordinates : array of shape (n, 2)
        Longitude and latitude in degrees.
    n_neighbors : int
        How many neighbours count, each alike.

    Returns
    -------
    float
        About 0 without any pattern, towards 1 if neighbours are alike.

    References
    ----------
    .. [1] Moran (1950), "Notes on Continuous Stochastic Phenomena", Biometrika 37.

    Examples
    --------
    >>> along = np.column_stack([np.linspace(0, 1, 50), np.zeros(50)])
    >>> morans_i(np.arange(50.0), along, 2) > 0.9
    True
    """
    z = np.asarray(values, dtype=float) - np.mean(values)
    points = Kilometres().fit_transform(coordinates)
    search = NearestNeighbors(n_neighbors=n_neighbors).fit(points)
    return float(
        np.mean(z * z[search.kneighbors(return_distance=False)].mean(axis=1)) / z.var()
    )
