"""Geography: distances, a local projection, neighbours' prices, spatial folds."""

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.cluster import KMeans
from sklearn.model_selection import BaseCrossValidator, KFold
from sklearn.neighbors import NearestNeighbors
from sklearn.utils.validation import check_is_fitted, validate_data

from mlmastery.housing_prices.checks import DEGREES, check_limits, check_target
from mlmastery.validation import check_count, check_number

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
    # Equation 5.2; exact also for near points, where an arc cosine loses digits.
    hav = (
        np.sin((lat - lat_0) / 2) ** 2
        + np.cos(lat) * np.cos(lat_0) * np.sin((lon - lon_0) / 2) ** 2
    )
    return 2 * EARTH_KM * np.arcsin(np.sqrt(hav))


class LocalProjection(TransformerMixin, BaseEstimator):
    """Project longitude and latitude to km east and north of an origin.

    An equirectangular projection, good for a town or a state: a degree of longitude is
    shorter than one of latitude by the cosine of the latitude. The origin is learned,
    so that training and new rows share one map.

    Attributes
    ----------
    origin_ : ndarray of shape (2,)
        Mean longitude and latitude of the training rows.

    Raises
    ------
    ValueError
        If ``X`` does not have two columns, or a value is missing or no degree, or
        the longitudes span half the world.

    Examples
    --------
    >>> LocalProjection().fit_transform([[-93.0, 42.0], [-93.0, 42.1]]).round(2)
    array([[ 0.  , -5.56],
           [ 0.  ,  5.56]])
    """

    def fit(self, X: Any, y: Any = None) -> "LocalProjection":
        """Learn the origin."""
        X = validate_data(self, X, dtype=float)
        if X.shape[1] != 2:
            raise ValueError(f"X must hold longitude and latitude, got shape {X.shape}")
        _check_degrees(X)
        self.origin_ = X.mean(axis=0)
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Return km east and north, shape (n, 2)."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=float)
        _check_degrees(X)
        scale = np.array([np.cos(np.radians(self.origin_[1])), 1.0])
        return (X - self.origin_) * np.radians(1) * EARTH_KM * scale

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Return the two names."""
        return np.array(["km_east", "km_north"], dtype=object)


def _check_degrees(X: np.ndarray) -> None:
    check_limits(pd.DataFrame(X, columns=list(DEGREES)), DEGREES)
    # Two sides of the 180th meridian are neighbours, and would be a world apart.
    if np.ptp(X[:, 0]) > 180:
        raise ValueError(
            "longitudes must span less than 180 degrees for a local map, "
            f"got {X[:, 0].min():g} to {X[:, 0].max():g}"
        )


class NeighbourPrice(TransformerMixin, BaseEstimator):
    """Weighted mean target of the nearest training rows, computed out of fold.

    ``fit(X, y).transform(X)`` is not ``fit_transform(X, y)``. The first looks up rows
    among themselves, which suits new rows. The second is what training needs: each row
    is looked up among the rows of the *other* folds, so that its own target is never
    part of its feature.

    Parameters
    ----------
    n_neighbors : int, default=10
        How many rows to average.
    cv : int or None, default=5
        Folds of ``fit_transform``; of fewer rows each is a fold of its own. None looks
        rows up among themselves, which leaks, and is here so that the leak can be shown.
    distance_offset : float, default=0.05
        Added to each distance before it is inverted to a weight, in units of X.
    random_state : int, default=0
        Seed of the folds.
    soften : float, optional
        Old name of ``distance_offset``, for one version.

    Attributes
    ----------
    X_, y_ : ndarray
        The training rows and their targets.

    Raises
    ------
    ValueError
        If ``n_neighbors`` is below 1 or ``cv`` below 2; from ``fit_transform``, if
        there is a single row, which has no other to look at.

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

    def __init__(
        self, n_neighbors=10, cv=5, distance_offset=0.05, random_state=0, soften=None
    ):
        self.n_neighbors = n_neighbors
        self.cv = cv
        self.distance_offset = distance_offset
        self.random_state = random_state
        self.soften = soften

    def fit(self, X: Any, y: Any) -> "NeighbourPrice":
        """Store the rows and their targets."""
        check_target(y)
        X, y = validate_data(self, X, y, y_numeric=True, dtype=float)
        check_count(self.n_neighbors, "n_neighbors")
        if self.cv is not None:
            check_count(self.cv, "cv", minimum=2)
        self.X_, self.y_ = X, y
        offset = self._distance_offset()
        self._offset = check_number(offset, "distance_offset", open=True)
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Return the neighbours' mean target, shape (n, 1)."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=float)
        return self._mean(self.X_, self.y_, X)[:, None]

    def fit_transform(self, X: Any, y: Any = None, **params: Any) -> np.ndarray:
        """Fit, and look each row up among the rows of the other folds."""
        self.fit(X, y)
        n = len(self.y_)
        if self.cv is None:
            return self._mean(self.X_, self.y_, self.X_)[:, None]
        if n < 2:
            raise ValueError(
                f"X must have at least 2 samples for folds, got {n} sample"
            )
        feature = np.empty(n)
        folds = KFold(min(self.cv, n), shuffle=True, random_state=self.random_state)
        for others, fold in folds.split(self.X_):
            feature[fold] = self._mean(self.X_[others], self.y_[others], self.X_[fold])
        return feature[:, None]

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Return the one name."""
        return np.array(["neighbour_price"], dtype=object)

    def _mean(self, known: np.ndarray, y: np.ndarray, X: np.ndarray) -> np.ndarray:
        k = min(self.n_neighbors, len(known))
        distances, indices = NearestNeighbors(n_neighbors=k).fit(known).kneighbors(X)
        # Equation 5.3: without the offset a house at the same place has all the weight.
        return np.average(y[indices], axis=1, weights=1 / (distances + self._offset))

    def _distance_offset(self) -> float:
        if self.soften is None:
            return self.distance_offset
        warnings.warn(
            "soften is now distance_offset; the old name goes with the next version",
            FutureWarning,
            stacklevel=3,
        )
        return self.soften

    def __sklearn_tags__(self):
        """Tell scikit-learn that ``y`` is needed."""
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags


class SpatialKFold(BaseCrossValidator):
    """Spatial cross-validation: the rows of one fold lie together on the map.

    Rows are clustered by place, and each cluster goes into the fold that is smallest so
    far, largest clusters first.

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
        From ``split``, if there are fewer than two folds, fewer places than folds, or
        fewer rows than places.

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
        check_count(self.n_splits, "n_splits", minimum=2, maximum=self.n_places)
        points = LocalProjection().fit_transform(_coordinates(X))
        check_count(self.n_places, "n_places", maximum=len(points))
        if len(np.unique(points, axis=0)) < self.n_splits:
            raise ValueError(f"X must hold at least {self.n_splits} different places")
        cluster = KMeans(self.n_places, n_init=3, random_state=self.random_state)
        labels = cluster.fit_predict(points)
        sizes, fold_of = np.zeros(self.n_splits, dtype=int), {}
        counts = np.bincount(labels, minlength=self.n_places)
        for label in np.argsort(-counts, kind="stable"):
            fold_of[label] = int(sizes.argmin())
            sizes[fold_of[label]] += counts[label]
        # Numbered by their first row, so that the order does not depend on the seed.
        folds = np.array([fold_of[label] for label in labels])
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
    """Measure spatial autocorrelation by Moran's I.

    Parameters
    ----------
    values : array of shape (n,)
        Such as residuals.
    coordinates : array of shape (n, 2)
        Longitude and latitude in degrees.
    n_neighbors : int
        Neighbours of a row, all of the same weight.

    Returns
    -------
    float
        About 0 without spatial autocorrelation, towards 1 if neighbours are alike.

    References
    ----------
    .. [1] Moran (1950), "Notes on Continuous Stochastic Phenomena", Biometrika 37.

    Examples
    --------
    >>> along = np.column_stack([np.linspace(0, 1, 50), np.zeros(50)])
    >>> morans_i(np.arange(50.0), along, 2) > 0.9
    True
    """
    values = np.asarray(values, dtype=float)
    points = LocalProjection().fit_transform(coordinates)
    if values.shape != (len(points),) or not np.isfinite(values).all():
        raise ValueError(
            f"values must be {len(points)} finite numbers, one per place, "
            f"got shape {values.shape}"
        )
    check_count(n_neighbors, "n_neighbors", maximum=len(points) - 1)
    if values.min() == values.max():
        raise ValueError("values must not all be equal")
    z = values - values.mean()
    z = z / np.abs(z).max()  # the index has no unit, and squares of tiny ones vanish
    search = NearestNeighbors(n_neighbors=n_neighbors).fit(points)
    return float(
        np.mean(z * z[search.kneighbors(return_distance=False)].mean(axis=1)) / z.var()
    )
