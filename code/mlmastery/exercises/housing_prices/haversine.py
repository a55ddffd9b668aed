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


# %% wrong: "The term with the longitudes lacks the two cosines of the latitudes, so far from the equator your distances are too long."
def haversine(lon, lat, lon_0, lat_0):
    lon, lat, lon_0, lat_0 = (np.radians(v) for v in (lon, lat, lon_0, lat_0))
    inside = np.sin((lat - lat_0) / 2) ** 2 + np.sin((lon - lon_0) / 2) ** 2
    return 2 * 6371.0088 * np.arcsin(np.sqrt(inside))


# %% wrong: "Longitude and latitude have changed places. The cosines belong to the latitudes."
def haversine(lon, lat, lon_0, lat_0):
    lon, lat, lon_0, lat_0 = (np.radians(v) for v in (lat, lon, lat_0, lon_0))
    inside = (
        np.sin((lat - lat_0) / 2) ** 2
        + np.cos(lat) * np.cos(lat_0) * np.sin((lon - lon_0) / 2) ** 2
    )
    return 2 * 6371.0088 * np.arcsin(np.sqrt(inside))


# %% wrong: "The sines are of half the differences: divide both angles by 2."
def haversine(lon, lat, lon_0, lat_0):
    lon, lat, lon_0, lat_0 = (np.radians(v) for v in (lon, lat, lon_0, lat_0))
    inside = (
        np.sin(lat - lat_0) ** 2
        + np.cos(lat) * np.cos(lat_0) * np.sin(lon - lon_0) ** 2
    )
    return 2 * 6371.0088 * np.arcsin(np.sqrt(np.minimum(inside, 1)))


# %% wrong: "The square root inside the arcsine is missing."
def haversine(lon, lat, lon_0, lat_0):
    lon, lat, lon_0, lat_0 = (np.radians(v) for v in (lon, lat, lon_0, lat_0))
    inside = (
        np.sin((lat - lat_0) / 2) ** 2
        + np.cos(lat) * np.cos(lat_0) * np.sin((lon - lon_0) / 2) ** 2
    )
    return 2 * 6371.0088 * np.arcsin(inside)


# %% wrong: "The sines are not squared."
def haversine(lon, lat, lon_0, lat_0):
    lon, lat, lon_0, lat_0 = (np.radians(v) for v in (lon, lat, lon_0, lat_0))
    inside = np.sin((lat - lat_0) / 2)
    inside = inside + np.cos(lat) * np.cos(lat_0) * np.sin((lon - lon_0) / 2)
    return 2 * 6371.0088 * np.arcsin(np.sqrt(np.clip(inside, 0, 1)))


# %% wrong: "One of the two cosines is missing: each of the two places has its own latitude."
def haversine(lon, lat, lon_0, lat_0):
    lon, lat, lon_0, lat_0 = (np.radians(v) for v in (lon, lat, lon_0, lat_0))
    inside = (
        np.sin((lat - lat_0) / 2) ** 2 + np.cos(lat) * np.sin((lon - lon_0) / 2) ** 2
    )
    return 2 * 6371.0088 * np.arcsin(np.sqrt(inside))


# %% wrong: "Both cosines are of the same latitude. One belongs to each of the two places."
def haversine(lon, lat, lon_0, lat_0):
    lon, lat, lon_0, lat_0 = (np.radians(v) for v in (lon, lat, lon_0, lat_0))
    inside = (
        np.sin((lat - lat_0) / 2) ** 2
        + np.cos(lat_0) ** 2 * np.sin((lon - lon_0) / 2) ** 2
    )
    return 2 * 6371.0088 * np.arcsin(np.sqrt(inside))


# %% wrong: "This is Pythagoras on a flat map. It is good in a town only; follow the equation."
def haversine(lon, lat, lon_0, lat_0):
    lon, lat, lon_0, lat_0 = (np.radians(v) for v in (lon, lat, lon_0, lat_0))
    east = (lon - lon_0) * np.cos((lat + lat_0) / 2)
    return 6371.0088 * np.hypot(east, lat - lat_0)


# %% wrong: "The radius is rounded to 6371 km. Take the one that the task names."
def haversine(lon, lat, lon_0, lat_0):
    lon, lat, lon_0, lat_0 = (np.radians(v) for v in (lon, lat, lon_0, lat_0))
    inside = (
        np.sin((lat - lat_0) / 2) ** 2
        + np.cos(lat) * np.cos(lat_0) * np.sin((lon - lon_0) / 2) ** 2
    )
    return 2 * 6371.0 * np.arcsin(np.sqrt(inside))


# %% wrong: "Only one of the two places was turned into radians."
def haversine(lon, lat, lon_0, lat_0):
    lon, lat = np.radians(lon), np.radians(lat)
    inside = (
        np.sin((lat - lat_0) / 2) ** 2
        + np.cos(lat) * np.cos(lat_0) * np.sin((lon - lon_0) / 2) ** 2
    )
    return 2 * 6371.0088 * np.arcsin(np.sqrt(np.clip(inside, 0, 1)))


# %% wrong
def haversine(lon, lat, lon_0, lat_0):
    lon, lat, lon_0, lat_0 = (np.radians(v) for v in (lon, lat, lon_0, lat_0))
    inside = (
        np.sin((lat - lat_0) / 2) ** 2
        + np.cos(lat) * np.cos(lat_0) * np.sin((lon - lon_0) / 2) ** 2
    )
    return 2 * 3958.8 * np.arcsin(np.sqrt(inside))


# %% check
import numpy as np
from sklearn.metrics.pairwise import haversine_distances

_rng = np.random.default_rng(52)
_lon, _lat = _rng.uniform(-94, -93, 5), _rng.uniform(41, 43, 5)
_far_lon, _far_lat = np.array([0.0, 90.0, -60.0]), np.array([51.5, -30.0, 80.0])


def _theirs(lon, lat):
    places = np.radians(np.column_stack([lat, lon]))
    return 6371.0088 * haversine_distances(places, np.radians([[42.0, -93.5]]))[:, 0]


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
        want=_theirs(_lon, _lat),
    ),
    Case(
        "from Ames to far away, against scikit-learn",
        args=(_far_lon, _far_lat, -93.5, 42.0),
        want=_theirs(_far_lon, _far_lat),
    ),
    Case(
        "a degree across the date line",
        args=(np.array([179.5]), np.array([0.0]), -179.5, 0.0),
        want=np.array([np.pi / 180 * 6371.0088]),
    ),
]
