"""Exercise 5.2: Over the curve of the earth."""

# %% stub
import numpy as np


def haversine(lon, lat, lon_0, lat_0):
    """Return the distance in km on a sphere of radius 6371.0088 km.

    All four are in degrees; lon and lat have shape (n,), lon_0 and lat_0 are numbers.
    """
    raise NotImplementedError


# %% solution
def haversine(lon, lat, lon_0, lat_0):
    lon, lat, lon_0, lat_0 = (np.radians(v) for v in (lon, lat, lon_0, lat_0))
    inside = (
        np.sin((lat - lat_0) / 2) ** 2
        + np.cos(lat) * np.cos(lat_0) * np.sin((lon - lon_0) / 2) ** 2
    )
    return 2 * 6371.0088 * np.arcsin(np.sqrt(inside))


# %% wrong: "NumPy's sine wants radians, and the coordinates are in degrees."
def haversine(lon, lat, lon_0, lat_0):
    inside = (
        np.sin((lat - lat_0) / 2) ** 2
        + np.cos(lat) * np.cos(lat_0) * np.sin((lon - lon_0) / 2) ** 2
    )
    return 2 * 6371.0088 * np.arcsin(np.sqrt(inside))


# %% wrong: "The factor 2 before R is missing: your distances are half as long."
def haversine(lon, lat, lon_0, lat_0):
    lon, lat, lon_0, lat_0 = (np.radians(v) for v in (lon, lat, lon_0, lat_0))
    inside = (
        np.sin((lat - lat_0) / 2) ** 2
        + np.cos(lat) * np.cos(lat_0) * np.sin((lon - lon_0) / 2) ** 2
    )
    return 6371.0088 * np.arcsin(np.sqrt(inside))


# %% wrong: "The term of the longitudes lacks the two cosines of the latitudes, so far north your distances are too long."
def haversine(lon, lat, lon_0, lat_0):
    lon, lat, lon_0, lat_0 = (np.radians(v) for v in (lon, lat, lon_0, lat_0))
    inside = np.sin((lat - lat_0) / 2) ** 2 + np.sin((lon - lon_0) / 2) ** 2
    return 2 * 6371.0088 * np.arcsin(np.sqrt(inside))


# %% check
import numpy as np
from sklearn.metrics.pairwise import haversine_distances

_rng = np.random.default_rng(52)
_lon, _lat = _rng.uniform(-94, -93, 5), _rng.uniform(41, 43, 5)
_theirs = 6371.0088 * haversine_distances(
    np.radians(np.column_stack([_lat, _lon])), np.radians([[42.0, -93.5]])
)
CASES = [
    Case(
        "a degree of latitude",
        args=(np.array([0.0]), np.array([1.0]), 0.0, 0.0),
        want=np.array([np.pi / 180 * 6371.0088]),
    ),
    Case(
        "a degree of longitude at 60 degrees north, about half as long",
        args=(np.array([1.0]), np.array([60.0]), 0.0, 60.0),
        want=np.array([np.pi / 360 * 6371.0088]),
        rtol=1e-4,
    ),
    Case(
        "around Ames, against scikit-learn",
        args=(_lon, _lat, -93.5, 42.0),
        want=_theirs[:, 0],
    ),
]
