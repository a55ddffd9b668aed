"""Features of a house: ordinal codes, sums, ratios, ages, interactions."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from mlmastery.datasets.ames import with_none
from mlmastery.housing_prices.checks import (
    DEGREES,
    as_numbers,
    check_houses,
    check_limits,
)
from mlmastery.housing_prices.geography import distance_km
from mlmastery.validation import LARGEST

CAMPUS = (-93.6465, 42.0266)
"""Longitude and latitude of the middle of Iowa State University's campus."""

QUALITY = ("None", "Po", "Fa", "TA", "Gd", "Ex")
FINISH = ("None", "Unf", "LwQ", "Rec", "BLQ", "ALQ", "GLQ")
ORDERED = {
    **dict.fromkeys(
        (
            "exter_qual",
            "exter_cond",
            "bsmt_qual",
            "bsmt_cond",
            "heating_qc",
            "kitchen_qual",
            "fireplace_qu",
            "garage_qual",
            "garage_cond",
            "pool_qc",
        ),
        QUALITY,
    ),
    "bsmtfin_type_1": FINISH,
    "bsmtfin_type_2": FINISH,
    "bsmt_exposure": ("None", "No", "Mn", "Av", "Gd"),
    "garage_finish": ("None", "Unf", "RFn", "Fin"),
    "functional": ("Sal", "Sev", "Maj2", "Maj1", "Mod", "Min2", "Min1", "Typ"),
    "lot_shape": ("IR3", "IR2", "IR1", "Reg"),
    "land_slope": ("Sev", "Mod", "Gtl"),
    "paved_drive": ("N", "P", "Y"),
    "central_air": ("N", "Y"),
}
"""The categories of each ordinal column, from worst to best."""

AREAS = (
    "living_area",
    "lot_area",
    "total_bsmt_sf",
    "first_flr_sf",
    "second_flr_sf",
    "garage_area",
)
UNUSED = ["order", "pid"]
CODES = ["ms_subclass"]
"""Names that are written as numbers, and that a file's reader takes for some."""


def ordered_codes(houses: pd.DataFrame) -> dict[str, pd.Series]:
    """Encode the ordinal columns as numbers from 0, unknown categories as missing."""
    return {
        column: houses[column].map({name: i for i, name in enumerate(categories)})
        for column, categories in ORDERED.items()
    }


def sums(houses: pd.DataFrame) -> dict[str, pd.Series]:
    """Add up areas, bathrooms and porches."""
    basement = houses[["bsmt_full_bath", "bsmt_half_bath"]].fillna(0)
    porches = ["open_porch_sf", "enclosed_porch", "three_season_porch", "screen_porch"]
    return {
        "total_area": houses["living_area"] + houses["total_bsmt_sf"].fillna(0),
        "baths": houses["full_bath"]
        + basement["bsmt_full_bath"]
        + 0.5 * (houses["half_bath"] + basement["bsmt_half_bath"]),
        "outdoor_area": houses[porches].sum(axis=1) + houses["wood_deck_sf"],
    }


def ratios(houses: pd.DataFrame) -> dict[str, pd.Series]:
    """Divide one size by another; a house without the divisor gets a missing value."""
    rooms = houses["totrms_abvgrd"].where(houses["totrms_abvgrd"] > 0)
    basement = houses["total_bsmt_sf"].where(houses["total_bsmt_sf"] > 0)
    finished = houses["bsmtfin_sf_1"] + houses["bsmtfin_sf_2"]
    return {
        "area_per_room": houses["living_area"] / rooms,
        "lot_share": houses["first_flr_sf"] / houses["lot_area"],
        "finished_share": (finished / basement).fillna(0),
        "baths_per_bedroom": sums(houses)["baths"] / (houses["bedroom_abvgr"] + 1),
    }


def ages(houses: pd.DataFrame) -> dict[str, pd.Series]:
    """Return years between construction and sale; a year in the future counts as 0."""
    sold = houses["yr_sold"]
    return {
        "age": (sold - houses["year_built"]).clip(lower=0),
        "since_remodelled": (sold - houses["year_remod_add"]).clip(lower=0),
        "garage_age": (sold - houses["garage_yr_blt"]).clip(lower=0),
    }


def interactions(houses: pd.DataFrame) -> dict[str, pd.Series]:
    """Multiply quality by area and by condition, and area by being unfinished."""
    area = np.log(sums(houses)["total_area"])
    return {
        "quality_area": houses["overall_qual"] * area,
        "quality_condition": houses["overall_qual"] * houses["overall_cond"],
        "unfinished_area": houses["sale_condition"].isin(["Partial"]) * area,
    }


class AmesFeatures(TransformerMixin, BaseEstimator):
    """Turn the raw columns of Ames into columns that a regressor can use.

    Nothing is learned from prices. ``fit`` learns the centres of the neighbourhoods,
    which are imputed for missing coordinates.

    Parameters
    ----------
    ordered : bool, default=True
        Whether to encode ordered categories (poor to excellent) as numbers.
    ratios, ages, interactions : bool, default=True
        Whether to add these columns. Sums are always added.
    distance : bool, default=True
        Whether to add the distance to the campus, in km.

    Attributes
    ----------
    centres_ : DataFrame
        Mean longitude and latitude of each neighbourhood.
    numbers_ : list of str
        The columns that held numbers.
    feature_names_in_ : ndarray of str
    n_features_in_ : int

    Raises
    ------
    TypeError
        If the table is not a DataFrame.
    ValueError
        If a column is missing, the price is among the columns, an area is negative, or
        a number infinite or no place on earth.

    References
    ----------
    .. [1] De Cock (2011), "Ames, Iowa: Alternative to the Boston Housing Data",
       Journal of Statistics Education 19(3).

    Examples
    --------
    >>> from mlmastery.datasets import load_ames
    >>> houses = load_ames().drop(columns="price")
    >>> features = AmesFeatures().fit_transform(houses)
    >>> features[["total_area", "baths", "age"]].head(2)
       total_area  baths   age
    0      2736.0    2.0  50.0
    1      1778.0    1.0  49.0
    """

    def __init__(
        self, ordered=True, ratios=True, ages=True, interactions=True, distance=True
    ):
        self.ordered = ordered
        self.ratios = ratios
        self.ages = ages
        self.interactions = interactions
        self.distance = distance

    def fit(self, X: pd.DataFrame, y: object = None) -> "AmesFeatures":
        """Learn where the neighbourhoods are."""
        check_houses(X, needed=self._required_columns(), areas=AREAS)
        self.feature_names_in_ = np.asarray(X.columns, dtype=object)
        self.n_features_in_ = X.shape[1]
        typed = with_none(X.infer_objects()).drop(columns=CODES, errors="ignore")
        self.numbers_ = list(typed.select_dtypes("number").columns)
        houses = self._typed(X)
        axes = ["longitude", "latitude"]
        self.centres_ = houses.groupby("neighborhood")[axes].mean()
        self.centre_ = houses[axes].mean()
        self.names_out_ = list(self._build(houses.head(2)).columns)
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return the columns, as numbers where there is an order and text elsewhere."""
        check_is_fitted(self)
        names = list(self.feature_names_in_)
        check_houses(X, needed=names, areas=AREAS)
        return self._build(self._typed(X[names]))

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        """Return the names of the columns that ``transform`` gives."""
        check_is_fitted(self)
        return np.asarray(self.names_out_, dtype=object)

    def _required_columns(self) -> list[str]:
        return [*AREAS, "neighborhood", "longitude", "latitude", "overall_qual"]

    def _typed(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return plain numbers, and as words what a file's reader takes for others."""
        houses = with_none(as_numbers(X, self.numbers_))
        check_limits(houses, {c: DEGREES.get(c, LARGEST) for c in self.numbers_})
        codes = [column for column in CODES if column in houses]
        return houses.astype(dict.fromkeys(codes, object))

    def _build(self, X: pd.DataFrame) -> pd.DataFrame:
        houses = self._impute_coordinates(X.drop(columns=UNUSED, errors="ignore"))
        added = sums(houses)
        for enabled, make in (
            (self.ordered, ordered_codes),
            (self.ratios, ratios),
            (self.ages, ages),
            (self.interactions, interactions),
            (self.distance, _campus_distance),
        ):
            added |= make(houses) if enabled else {}
        kept = houses.drop(columns=[name for name in added if name in houses])
        return pd.concat([kept, pd.DataFrame(added).astype(float)], axis=1)

    def _impute_coordinates(self, houses: pd.DataFrame) -> pd.DataFrame:
        """Fill missing coordinates with the centre of the neighbourhood, or of Ames."""
        if houses[["longitude", "latitude"]].notna().all(axis=None):
            return houses
        known = houses["neighborhood"].map(self.centres_.to_dict("index"))
        filled = {
            axis: houses[axis].fillna(
                known.map(lambda at, axis=axis: at[axis], na_action="ignore")
                .astype(float)
                .fillna(self.centre_[axis])
            )
            for axis in ("longitude", "latitude")
        }
        return houses.assign(**filled)


def _campus_distance(houses: pd.DataFrame) -> dict[str, pd.Series]:
    return {"campus_km": distance_km(houses["longitude"], houses["latitude"], CAMPUS)}


class CaliforniaFeatures(TransformerMixin, BaseEstimator):
    """Features of a block group: its columns and three ratios free of its size.

    Examples
    --------
    >>> block = pd.DataFrame({"total_rooms": [880.0], "total_bedrooms": [129.0],
    ...                       "population": [322.0], "households": [126.0],
    ...                       "median_income": [8.3], "housing_median_age": [41.0]})
    >>> CaliforniaFeatures().fit_transform(block)["people_per_household"].round(2)[0]
    np.float64(2.56)
    """

    def fit(self, X: pd.DataFrame, y: object = None) -> "CaliforniaFeatures":
        """Check the columns; nothing is learned."""
        _check_blocks(X)
        self.feature_names_in_ = np.asarray(X.columns, dtype=object)
        self.n_features_in_ = X.shape[1]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return the columns and three ratios."""
        check_is_fitted(self)
        _check_blocks(X)
        rooms = X["total_rooms"].where(X["total_rooms"] > 0)
        households = X["households"].where(X["households"] > 0)
        return X.assign(
            rooms_per_household=X["total_rooms"] / households,
            people_per_household=X["population"] / households,
            bedroom_share=X["total_bedrooms"] / rooms,
        )


def _check_blocks(X: Any) -> None:
    counts = ("total_rooms", "total_bedrooms", "population", "households")
    check_houses(X, needed=[*counts, "median_income"], areas=counts)
