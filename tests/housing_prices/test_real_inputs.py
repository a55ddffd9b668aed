"""What people pass to the tools of chapter 5."""

import io

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler

from mlmastery.datasets import load_ames
from mlmastery.housing_prices import (
    AmesFeatures,
    CaliforniaFeatures,
    NeighbourPrice,
    ames_pipeline,
    by_source,
    house_pipeline,
    preprocessor,
)
from mlmastery.housing_prices.checks import check_houses


@pytest.fixture(scope="module")
def houses():
    return load_ames()


@pytest.fixture(scope="module")
def model(houses):
    X, y = houses.drop(columns="price"), houses["price"]
    return house_pipeline(Ridge(), AmesFeatures()).fit(X, y)


def test_a_house_is_priced_alone_as_among_others(model, houses):
    X = houses.drop(columns="price")
    together = model.predict(X.iloc[:6])
    for i in range(6):
        one = X.iloc[[i]]
        as_dict = pd.DataFrame([X.iloc[i].to_dict()])
        np.testing.assert_allclose(model.predict(one), together[i], rtol=1e-9)
        np.testing.assert_allclose(model.predict(as_dict), together[i], rtol=1e-9)


@pytest.mark.parametrize("column", ["neighborhood", "alley", "garage_type", "fence"])
@pytest.mark.parametrize("gap", [np.nan, None, pd.NA])
def test_a_house_whose_word_is_missing_is_priced(model, houses, column, gap):
    X = houses.drop(columns="price")
    one, three = X.iloc[[4]].copy(), X.iloc[3:6].copy()
    one[column] = gap
    three.loc[three.index[1], column] = gap
    np.testing.assert_allclose(
        model.predict(one)[0], model.predict(three)[1], rtol=1e-9
    )


def test_five_houses_read_back_from_a_file_are_priced(model, houses):
    X = houses.drop(columns="price").iloc[:5]
    read = pd.read_csv(io.StringIO(X.to_csv(index=False)))
    assert read["alley"].isna().all()  # pandas takes the word None for a gap
    prices = model.predict(read)
    assert np.isfinite(prices).all()
    kept = pd.read_csv(
        io.StringIO(X.to_csv(index=False)), keep_default_na=False, na_values=[""]
    )
    np.testing.assert_allclose(model.predict(kept), model.predict(X), rtol=1e-9)


def test_rare_words_count_for_their_own_column(houses):
    X = houses.drop(columns="price")
    matrix = preprocessor(StandardScaler()).fit(X)
    names = matrix.get_feature_names_out()
    words = X.select_dtypes(exclude="number").columns
    assert any("infrequent_sklearn" in name for name in names)
    for columns in ((), list(X.columns)):
        sources = by_source(np.zeros((1, len(names))), names, columns).columns
        assert set(sources) <= set(X.columns)
    assert set(words) <= set(sources)


def test_a_word_with_an_underscore_stays_with_its_column():
    names = ["cat__zone_A_1", "cat__zone_B", "cat__zone_type_A", "num__area"]
    columns = ["zone", "zone_type", "area"]
    added = by_source(np.array([[1.0, 2.0, 4.0, 8.0]]), names, columns)
    assert added.iloc[0].to_dict() == {"zone": 3.0, "zone_type": 4.0, "area": 8.0}


@pytest.mark.parametrize("n", [2, 3, 4])
def test_with_fewer_rows_than_folds_no_row_sees_its_own_target(n):
    X, y = np.arange(n, dtype=float)[:, None], 10.0 ** np.arange(n)
    seen = NeighbourPrice(n_neighbors=1, cv=5).fit_transform(X, y)[:, 0]
    assert (seen != y).all()
    raised = y.copy()
    raised[0] += 1e6
    again = NeighbourPrice(n_neighbors=1, cv=5).fit_transform(X, raised)[:, 0]
    assert again[0] == seen[0]


def test_a_single_house_has_no_neighbour_to_look_at():
    with pytest.raises(ValueError, match="at least 2 samples"):
        NeighbourPrice().fit_transform([[0.0]], [1.0])


@pytest.fixture(scope="module")
def place_model(houses):
    X, y = houses.drop(columns="price"), houses["price"]
    return ames_pipeline(Ridge()).fit(X.iloc[:800], y.iloc[:800])


def _through_a_file(table):
    return pd.read_csv(io.StringIO(table.to_csv(index=False)))


@pytest.mark.parametrize("rows", [slice(800, 801), slice(800, 805), slice(800, 900)])
def test_a_file_in_which_none_became_missing_gets_the_same_prices(
    houses, place_model, rows
):
    X = houses.drop(columns="price").iloc[rows]
    read = _through_a_file(X)
    assert read["pool_qc"].isna().sum() > 0.9 * len(X)
    np.testing.assert_allclose(
        place_model.predict(read), place_model.predict(X), rtol=1e-9
    )


@pytest.mark.parametrize(
    "change",
    [
        _through_a_file,
        lambda table: table.convert_dtypes(dtype_backend="pyarrow"),
        lambda table: table.convert_dtypes(),
        lambda table: table.astype(object),
    ],
)
def test_a_table_of_any_types_is_the_same_table(houses, place_model, change):
    X, y = houses.drop(columns="price"), houses["price"]
    want = place_model.predict(X.iloc[800:820])
    np.testing.assert_allclose(
        place_model.predict(change(X.iloc[800:820])), want, rtol=1e-9
    )
    trained = ames_pipeline(Ridge()).fit(change(X.iloc[:800]), y.iloc[:800].to_numpy())
    np.testing.assert_allclose(trained.predict(X.iloc[800:820]), want, rtol=1e-6)


def test_what_is_not_known_stays_unknown(houses):
    unknown = houses[houses["bsmt_exposure"].isna() & (houses["total_bsmt_sf"] > 0)]
    X = houses.drop(columns="price")
    features = AmesFeatures().fit(X)
    made = features.transform(X.loc[unknown.index])
    assert len(unknown)
    assert made["bsmt_exposure"].isna().all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"longitude": 500.0}, "longitude must be from -180 to 180, got 500"),
        ({"latitude": -91.0}, "latitude must be from -90 to 90, got -91"),
        ({"year_built": np.inf}, "year_built must be from .*, got inf in row 800"),
    ],
)
def test_impossible_numbers_name_their_column(houses, place_model, change, message):
    X = houses.drop(columns="price").iloc[[800]].assign(**change)
    with pytest.raises(ValueError, match=message):
        place_model.predict(X)


def test_a_row_is_named_though_its_label_repeats():
    for area, message in (
        (["1", "x", "3"], "got 'x' in row 0"),
        ([1, -2, 3], "got -2"),
    ):
        with pytest.raises(ValueError, match=message):
            check_houses(pd.DataFrame({"a": area}, index=[0, 0, 0]), areas=["a"])


@pytest.mark.parametrize("area", [pd.date_range("2020", periods=2), [1j, 2j]])
def test_dates_and_complex_numbers_are_no_areas(area):
    with pytest.raises(ValueError, match="a must hold numbers"):
        check_houses(pd.DataFrame({"a": area}), areas=["a"])


BLOCK = {
    "total_rooms": [880.0, 0.0],
    "total_bedrooms": [129.0, 0.0],
    "population": [322.0, 3.0],
    "households": [126.0, 0.0],
    "median_income": [8.3, 1.0],
}


def test_a_block_group_without_rooms_has_no_share_of_bedrooms():
    block = pd.DataFrame(BLOCK)
    made = CaliforniaFeatures().fit_transform(block)
    assert made["bedroom_share"].isna().tolist() == [False, True]
    with pytest.raises(ValueError, match="total_rooms must be at least 0, got -5"):
        CaliforniaFeatures().fit(block).transform(block.assign(total_rooms=-5.0))
    with pytest.raises(ValueError, match="houses lacks the columns population"):
        CaliforniaFeatures().fit(block).transform(block.drop(columns="population"))
