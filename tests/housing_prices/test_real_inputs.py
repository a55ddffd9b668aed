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
    NeighbourPrice,
    by_source,
    house_pipeline,
    preprocessor,
)


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
