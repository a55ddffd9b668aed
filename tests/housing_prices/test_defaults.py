"""Defaults are part of the contract: a page's numbers rest on them."""

import numpy as np
import pytest

from mlmastery.datasets import load_ames
from mlmastery.housing_prices import (
    AmesFeatures,
    BoostedTrees,
    NeighbourPrice,
    SpatialKFold,
    check_prices,
    location_features,
)


def test_a_location_has_ten_neighbours_and_twelve_centres():
    union = location_features().named_steps["featureunion"]
    parts = dict(union.transformer_list)
    assert parts["near"].n_neighbors == 10
    assert parts["far"].n_clusters == 12
    assert (parts["far"].n_init, parts["far"].random_state) == (3, 0)


def test_seeds_are_zero_unless_told():
    assert NeighbourPrice().random_state == 0
    assert BoostedTrees().random_state == 0
    assert SpatialKFold().random_state == 0


def test_a_single_price_is_in_row_0():
    with pytest.raises(ValueError, match="got 0 in row 0"):
        check_prices(0)


def test_two_folds_are_enough_for_neighbours_out_of_fold():
    X, y = np.arange(6.0)[:, None], np.arange(6.0)
    two = NeighbourPrice(n_neighbors=1, cv=2).fit_transform(X, y)
    assert (two[:, 0] != y).all()
    with pytest.raises(ValueError, match="cv must be a whole number of at least 2"):
        NeighbourPrice(cv=1).fit(X, y)


def test_baths_are_shared_by_bedrooms_and_one_more():
    house = load_ames().drop(columns="price").loc[[1100]]
    house = house.assign(bedroom_abvgr=4, full_bath=2, half_bath=1)
    house = house.assign(bsmt_full_bath=1, bsmt_half_bath=0)
    made = AmesFeatures().fit_transform(house).iloc[0]
    assert made["baths_per_bedroom"] == 3.5 / 5
    assert (
        made["lot_share"] == house["first_flr_sf"].iloc[0] / house["lot_area"].iloc[0]
    )
