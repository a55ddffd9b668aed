"""What fails on the pages fails here, and what is computed there on paper is right."""

import math

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, Ridge
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from mlmastery.datasets import load_ames
from mlmastery.housing_prices import (
    AmesFeatures,
    LocalProjection,
    NeighbourPrice,
    ames_pipeline,
    conformal_quantile,
    cross_validate_rmsle,
    house_pipeline,
    logs_then_scale,
    shapley_values,
)

PLACE = ["longitude", "latitude"]
CLOSE = {"n_neighbors": 5, "distance_offset": 0.002}


@pytest.fixture(scope="module")
def sample():
    houses = load_ames().sample(900, random_state=1).reset_index(drop=True)
    return houses.drop(columns="price"), houses["price"].to_numpy(float)


def test_an_encoder_of_seen_words_alone_refuses_a_new_one():
    strict = make_column_transformer((OneHotEncoder(drop="first"), ["condition"]))
    strict.fit(pd.DataFrame({"condition": ["Norm", "Feedr"]}))
    with pytest.raises(ValueError, match="unknown categories"):
        strict.transform(pd.DataFrame({"condition": ["RRAe"]}))


def line(place=None):
    return house_pipeline(Ridge(10), AmesFeatures(), logs_then_scale(), place)


def with_place(cv):
    return line(make_pipeline(LocalProjection(), NeighbourPrice(cv=cv, **CLOSE)))


def test_both_leaks_of_a_price_mislead_a_line(sample):
    X, y = sample
    halves = KFold(2, shuffle=True, random_state=0)
    km = LocalProjection().fit_transform(X[PLACE])
    own = NeighbourPrice(cv=None, **CLOSE).fit_transform(km, np.log(y)).ravel()
    before = cross_validate_rmsle({"": line()}, X.assign(near=own), y, halves)
    ways = {"own": with_place(None), "out of fold": with_place(5)}
    honest = cross_validate_rmsle(ways, X, y, halves).scores.mean()
    assert before.scores[""].mean() < 2 / 3 * honest["out of fold"]
    assert honest["own"] > 1.05 * honest["out of fold"]


def test_the_whole_pipeline_is_the_house_pipeline_with_all_columns(sample):
    X, y = sample
    model = ames_pipeline(Ridge(10)).fit(X, y)
    names = model.regressor_[:-1].get_feature_names_out()
    assert "num__quality_area" in names
    assert "place__near__neighbour_price" in names
    assert sum(name.startswith("place__far__") for name in names) == 12
    scaled = model.regressor_[:-1].transform(X)[:, list(names).index("num__lot_area")]
    assert abs(scaled.mean()) < 1e-9
    assert scaled.std() == pytest.approx(1)
    assert np.isfinite(model.predict(X)).all()


def test_twins_share_under_squares_and_not_under_absolute_values():
    X, y = np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([2.0, -2.0])
    np.testing.assert_allclose(Ridge(2).fit(X, y).coef_, 2 / 3)
    np.testing.assert_allclose(Lasso(1).fit(X, y).coef_, [1, 0], atol=1e-9)
    np.testing.assert_allclose(ElasticNet(1).fit(X, y).coef_, 0.6, atol=1e-3)


def test_the_sum_of_two_effects_misses_an_interaction_by_a_tenth():
    X = np.array([[0, 0], [1, 0], [0, 1], [1, 1]])
    y = np.array([11.6, 11.8, 12.0, 12.6])
    left = y - LinearRegression().fit(X, y).predict(X)
    np.testing.assert_allclose(left, [0.1, -0.1, -0.1, 0.1])
    product = np.column_stack([X, X.prod(axis=1)])
    fit = LinearRegression().fit(product, y)
    np.testing.assert_allclose(fit.coef_, [0.2, 0.4, 0.4])


def test_two_neighbours_as_on_paper():
    near = NeighbourPrice(2).fit([[0.1], [-0.4]], [12.0, 12.3])
    assert near.transform([[0.0]])[0, 0] == pytest.approx(12.075)


def test_two_reasons_as_on_paper():
    worth = {(0, 0): 12.0, (1, 0): 12.3, (0, 1): 12.2, (1, 1): 12.7}

    def predict(rows):
        return np.array([worth[tuple(int(v) for v in row)] for row in rows])

    phi = shapley_values(predict, [1, 1], [[0, 0]])
    np.testing.assert_allclose(phi, [0.4, 0.3])


@pytest.mark.parametrize(("n", "k"), [(19, 18), (9, 9), (8, None), (200, 181)])
def test_places_in_the_order_as_on_paper(n, k):
    q = conformal_quantile(np.arange(1.0, n + 1))
    assert q == (math.inf if k is None else k)


def test_the_seller_s_house_as_on_paper():
    houses = load_ames().drop(columns="price")
    made = AmesFeatures().fit(houses).transform(houses.loc[[1100]]).iloc[0]
    assert made["total_area"] == 2198 + 1145
    assert made["area_per_room"] == pytest.approx(244.22, abs=0.005)
    assert made["age"] == 8
    assert made["quality_area"] == pytest.approx(64.92, abs=0.005)
