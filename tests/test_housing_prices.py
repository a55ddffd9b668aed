"""Features, places, models, reasons and intervals of the chapter on house prices."""

import math
import warnings
from itertools import permutations
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.base import clone
from sklearn.ensemble import RandomForestRegressor, VotingRegressor
from sklearn.inspection import partial_dependence
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import root_mean_squared_log_error
from sklearn.metrics.pairwise import haversine_distances
from sklearn.model_selection import KFold
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor
from sklearn.utils.estimator_checks import parametrize_with_checks

from mlmastery import housing_prices
from mlmastery.datasets import load_ames
from mlmastery.housing_prices import (
    AmesFeatures,
    CaliforniaFeatures,
    LocalProjection,
    NeighbourPrice,
    SpatialKFold,
    booster,
    by_source,
    check_houses,
    check_prices,
    conformal_quantile,
    covered,
    cross_validate_rmsle,
    distance_km,
    draw_settings,
    figures,
    group_widths,
    house_pipeline,
    ice_curves,
    location_features,
    log_errors,
    log_target,
    logs_then_scale,
    morans_i,
    preprocessor,
    price_interval,
    rmsle,
    shapley_values,
    tree_shap,
    tune,
)
from mlmastery.housing_prices import record as california
from mlmastery.housing_prices.features import ORDERED

PLACE = ["longitude", "latitude"]


def small_model(place=None):
    trees = booster("lightgbm", n_estimators=60, num_leaves=8, learning_rate=0.15)
    return house_pipeline(trees, AmesFeatures(), place=place)


@pytest.fixture(scope="session")
def ames():
    return load_ames()


@pytest.fixture(scope="session")
def sample(ames):
    return ames.sample(600, random_state=0).reset_index(drop=True)


@pytest.fixture(scope="session")
def houses(sample):
    return sample.drop(columns="price")


@pytest.fixture(scope="session")
def prices(sample):
    return sample["price"].to_numpy(float)


# --- prices and errors --------------------------------------------------------------


def test_rmsle_is_scikit_learns_but_for_the_dollar(prices):
    guess = np.full(len(prices), 150_000.0)
    assert rmsle(prices, guess) == pytest.approx(
        root_mean_squared_log_error(prices, guess), abs=1e-5
    )


def test_rmsle_of_a_common_factor_is_its_logarithm(prices):
    assert rmsle(prices, 1.25 * prices) == pytest.approx(math.log(1.25))
    assert rmsle(prices, prices / 1.25) == pytest.approx(math.log(1.25))


@pytest.mark.parametrize("price", [0, -1, np.nan, np.inf])
def test_impossible_price_is_refused_with_its_row(price):
    prices = np.array([100_000.0, price, 0.0])
    for refuse in (
        check_prices,
        lambda p: rmsle(p, [1, 1, 1]),
        lambda p: rmsle([1, 1, 1], p),
    ):
        with pytest.raises(ValueError, match=f"got {price:g} in row 1"):
            refuse(prices)


def test_price_of_zero_is_refused_in_training(houses, prices):
    spoilt = prices.copy()
    spoilt[7] = 0
    with pytest.raises(ValueError, match="got 0 in row 7"):
        small_model().fit(houses, spoilt)


def test_log_target_gives_back_prices():
    x = np.arange(5.0)[:, None]
    model = log_target(LinearRegression()).fit(x, np.exp(2 + 0.5 * x.ravel()))
    assert model.predict([[10.0]])[0] == pytest.approx(math.exp(7))


# --- features -----------------------------------------------------------------------


def test_features_of_one_house_by_hand(ames):
    house = ames.iloc[[0]].drop(columns="price")
    made = AmesFeatures().fit_transform(house).iloc[0]
    assert made["total_area"] == 1656 + 1080
    assert made["baths"] == 1 + 1  # one upstairs, one in the basement
    halves = AmesFeatures().fit_transform(house.assign(half_bath=1)).iloc[0]
    assert halves["baths"] == made["baths"] + 0.5
    empty = AmesFeatures().fit_transform(house.assign(totrms_abvgrd=0)).iloc[0]
    assert np.isnan(empty["area_per_room"])
    assert made["area_per_room"] == pytest.approx(1656 / 7)
    assert made["finished_share"] == pytest.approx(639 / 1080)
    assert (made["age"], made["since_remodelled"], made["garage_age"]) == (50, 50, 50)
    assert made["quality_area"] == pytest.approx(6 * math.log(2736))
    assert made["outdoor_area"] == 210 + 62


def test_every_word_of_an_ordered_column_has_a_number(ames):
    made = AmesFeatures().fit_transform(ames.drop(columns="price"))
    for column in ORDERED:
        assert made[column].isna().equals(ames[column].isna()), column
    assert made.loc[ames["exter_qual"] == "Ex", "exter_qual"].eq(5).all()
    assert made.loc[ames["lot_shape"] == "Reg", "lot_shape"].eq(3).all()


def test_no_feature_is_infinite_or_new_in_type(ames):
    made = AmesFeatures().fit_transform(ames.drop(columns="price"))
    assert np.isfinite(made.select_dtypes("number").fillna(0)).all().all()
    assert not {"order", "pid", "price"} & set(made)


def test_each_switch_takes_its_columns_away(houses):
    full = set(AmesFeatures().fit_transform(houses))
    gone = {
        s: full - set(AmesFeatures(**{s: False}).fit_transform(houses))
        for s in ("ratios", "ages", "interactions", "distance")
    }
    assert gone["distance"] == {"campus_km"}
    assert all(gone.values())
    raw = AmesFeatures(ordered=False).fit_transform(houses)
    assert raw["exter_qual"].equals(houses["exter_qual"])


def test_names_are_those_of_the_columns(houses):
    features = AmesFeatures().fit(houses)
    assert list(features.get_feature_names_out()) == list(features.transform(houses))
    assert clone(AmesFeatures(ages=False)).get_params()["ages"] is False


def test_columns_in_another_order_give_the_same(houses):
    features = AmesFeatures().fit(houses)
    pd.testing.assert_frame_equal(
        features.transform(houses), features.transform(houses[houses.columns[::-1]])
    )


def test_features_do_not_change_the_table(houses):
    before = houses.copy()
    AmesFeatures().fit_transform(houses)
    pd.testing.assert_frame_equal(houses, before)


def test_missing_coordinates_become_the_middle_of_the_neighbourhood(houses):
    features, house = AmesFeatures().fit(houses), houses.iloc[[3]].copy()
    house[PLACE] = np.nan
    same = houses[houses["neighborhood"] == house["neighborhood"].iloc[0]]
    found = features.transform(house)
    np.testing.assert_allclose(found[PLACE].iloc[0], same[PLACE].mean())
    nowhere = features.transform(house.assign(neighborhood="Atlantis"))
    np.testing.assert_allclose(nowhere[PLACE].iloc[0], houses[PLACE].mean())


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (
            lambda t: t.assign(living_area=[-5, *t["living_area"][1:]]),
            "living_area .* got -5 in row 0",
        ),
        (lambda t: t.assign(lot_area=np.inf), "lot_area .* got inf in row 0"),
        (lambda t: t.assign(price=1), "must not hold the column price"),
        (lambda t: t.drop(columns="year_built"), "lacks the columns year_built"),
        (
            lambda t: t.assign(year_built="old"),
            "year_built must hold numbers, got 'old' in row 0",
        ),
        (
            lambda t: t.assign(living_area=""),
            "living_area must hold numbers, got '' in row 0",
        ),
        (
            lambda t: pd.concat([t, t[["fireplaces"]]], axis=1),
            "more than one column fireplaces",
        ),
    ],
)
def test_spoilt_table_is_refused_at_prediction(spoil, complaint, houses):
    model = AmesFeatures().fit(houses)
    with pytest.raises(ValueError, match=complaint):
        model.transform(spoil(houses))


def test_a_row_taken_out_of_a_table_gets_the_same_price(houses, prices):
    model, row = (
        small_model(location_features()).fit(houses, prices),
        houses.iloc[5].to_frame().T,
    )
    assert set(row.dtypes) == {np.dtype(object)}
    assert model.predict(row) == model.predict(houses.iloc[[5]])


def test_array_is_refused():
    with pytest.raises(TypeError, match="must be a DataFrame, got ndarray"):
        check_houses(np.zeros((2, 2)))


def test_unseen_words_and_missing_places_get_a_price(houses, prices):
    model = small_model(location_features()).fit(houses, prices)
    odd = houses.iloc[:3].assign(
        neighborhood="Atlantis", roof_matl="Straw", longitude=np.nan
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        predicted = model.predict(odd)
    assert (predicted > 10_000).all()
    assert (predicted < 1e6).all()


def test_california_gets_ratios_and_no_infinity():
    block = pd.DataFrame(
        {
            "total_rooms": [100.0, 0.0],
            "total_bedrooms": [20.0, np.nan],
            "population": [50.0, 10.0],
            "households": [25.0, 0.0],
            "median_income": [3.0, 3.0],
        }
    )
    made = CaliforniaFeatures().fit_transform(block)
    assert made.loc[0, ["rooms_per_household", "people_per_household"]].tolist() == [
        4,
        2,
    ]
    assert made.loc[0, "bedroom_share"] == 0.2
    assert made.loc[1].isna().sum() == 4


# --- places -------------------------------------------------------------------------


def test_distance_is_scikit_learns():
    rng = np.random.default_rng(0)
    lon, lat = rng.uniform(-180, 180, 50), rng.uniform(-90, 90, 50)
    theirs = haversine_distances(
        np.radians(np.column_stack([lat, lon])), np.radians([[42.0, -93.6]])
    )
    np.testing.assert_allclose(
        distance_km(lon, lat, (-93.6, 42.0)), 6371.0088 * theirs[:, 0]
    )


def test_the_flat_map_agrees_with_the_sphere_within_a_thousandth(houses):
    km = LocalProjection().fit_transform(houses[PLACE])
    flat = np.linalg.norm(km - km[0], axis=1)
    round_ = distance_km(
        houses["longitude"], houses["latitude"], tuple(houses[PLACE].iloc[0])
    )
    np.testing.assert_allclose(flat, round_, rtol=1e-3)


def test_the_map_of_new_rows_is_that_of_training(houses):
    projection = LocalProjection().fit(houses[PLACE])
    np.testing.assert_allclose(
        projection.transform(houses[PLACE])[:5],
        projection.transform(houses[PLACE].iloc[:5]),
    )


@pytest.mark.parametrize("place", [[[1.0, 2.0, 3.0]], [[np.nan, 42.0]]])
def test_what_is_no_coordinate_is_refused(place):
    with pytest.raises(ValueError, match=r"longitude and latitude|NaN"):
        LocalProjection().fit(place)


@parametrize_with_checks([NeighbourPrice(n_neighbors=3)])
def test_neighbour_price_follows_the_estimator_api(estimator, check):
    check(estimator)


def test_neighbour_price_of_new_rows_is_a_weighted_neighbour_regression():
    rng = np.random.default_rng(1)
    known, y, new = (
        rng.normal(size=(60, 2)),
        rng.normal(size=60),
        rng.normal(size=(9, 2)),
    )
    theirs = KNeighborsRegressor(7, weights=lambda d: 1 / (d + 0.05)).fit(known, y)
    ours = NeighbourPrice(7).fit(known, y).transform(new)
    np.testing.assert_allclose(ours.ravel(), theirs.predict(new))


def test_out_of_fold_feature_does_not_depend_on_the_rows_own_target():
    rng = np.random.default_rng(2)
    place, y = rng.normal(size=(50, 2)), rng.normal(size=50)
    before = NeighbourPrice(5).fit_transform(place, y)
    leaking = NeighbourPrice(5, cv=None).fit_transform(place, y)
    for i in (0, 17, 49):
        changed = y.copy()
        changed[i] += 1000
        assert NeighbourPrice(5).fit_transform(place, changed)[i] == before[i]
        assert (
            NeighbourPrice(5, cv=None).fit_transform(place, changed)[i]
            > leaking[i] + 100
        )


def test_leak_before_the_split_is_too_good_and_leak_in_training_too_bad(houses, prices):
    km = LocalProjection().fit_transform(houses[PLACE])
    near = NeighbourPrice(5, cv=None, distance_offset=0.002)
    leaked = near.fit_transform(km, np.log(prices)).ravel()
    folds = KFold(3, shuffle=True, random_state=0)
    honest = cross_validate_rmsle(
        {"inside": small_model(_near(None)), "out of fold": small_model(_near(5))},
        houses,
        prices,
        folds,
    ).scores.mean()
    before = cross_validate_rmsle(
        {"before": small_model()}, houses.assign(near=leaked), prices, folds
    ).scores.mean()
    assert before["before"] < 0.6 * honest["out of fold"]
    assert honest["inside"] > 1.4 * honest["out of fold"]


def _near(cv):
    return make_pipeline(
        LocalProjection(), NeighbourPrice(5, cv=cv, distance_offset=0.002)
    )


def test_in_a_pipeline_training_gets_the_out_of_fold_feature(houses, prices):
    place = location_features(5, n_clusters=3)
    in_training = place.fit_transform(houses[PLACE], np.log(prices))
    afterwards = place.transform(houses[PLACE])
    assert not np.allclose(in_training[:, 0], afterwards[:, 0])
    np.testing.assert_allclose(in_training[:, 1:], afterwards[:, 1:])


@pytest.mark.parametrize("settings", [{"n_neighbors": 0}, {"cv": 1}])
def test_impossible_neighbourhoods_are_refused(settings):
    with pytest.raises(ValueError, match="must be a whole number of at least"):
        NeighbourPrice(**settings).fit([[0.0], [1.0]], [1.0, 2.0])


def test_the_offset_s_old_name_gives_the_same_and_warns():
    place, price = [[0.0], [1.0], [3.0]], [1.0, 2.0, 5.0]
    new = NeighbourPrice(2, distance_offset=0.7).fit(place, price)
    with pytest.warns(FutureWarning, match="soften is now distance_offset"):
        old = NeighbourPrice(2, soften=0.7).fit(place, price)
    np.testing.assert_array_equal(old.transform([[0.2]]), new.transform([[0.2]]))
    assert new.transform([[0.2]]) != NeighbourPrice(2).fit(place, price).transform(
        [[0.2]]
    )


def test_spatial_folds_are_a_partition_of_whole_places(houses):
    splitter = SpatialKFold(5, n_places=20)
    tests = [test for _, test in splitter.split(houses)]
    assert sorted(np.concatenate(tests)) == list(range(len(houses)))
    assert max(map(len, tests)) < 1.5 * min(map(len, tests))
    for train, test in splitter.split(houses):
        assert not set(train) & set(test)


def test_spatial_folds_keep_neighbours_together(houses):
    def share_with_neighbour(folds):
        far = np.linalg.norm(km[:, None] - km[None], axis=2)
        np.fill_diagonal(far, np.inf)
        return (folds == folds[far.argmin(axis=1)]).mean()

    km = LocalProjection().fit_transform(houses[PLACE])
    by_place = share_with_neighbour(SpatialKFold(5).folds(houses))
    at_random = share_with_neighbour(
        np.random.default_rng(0).integers(0, 5, len(houses))
    )
    assert by_place > 0.85 > 0.4 > at_random


def test_more_folds_than_places_are_refused(houses):
    with pytest.raises(
        ValueError, match="n_splits must be a whole number from 2 to 3, got 5"
    ):
        SpatialKFold(5, n_places=3).folds(houses)


def test_morans_i_is_its_formula():
    rng = np.random.default_rng(3)
    where, v = (
        np.column_stack([rng.uniform(-94, -93, 40), rng.uniform(41, 42, 40)]),
        rng.normal(size=40),
    )
    km, k = LocalProjection().fit_transform(where), 4
    far = np.linalg.norm(km[:, None] - km[None], axis=2)
    np.fill_diagonal(far, np.inf)
    W = np.zeros((40, 40))
    W[np.arange(40)[:, None], np.argsort(far, axis=1)[:, :k]] = 1
    z = v - v.mean()
    formula = 40 / W.sum() * (z @ W @ z) / (z @ z)
    assert morans_i(v, where, k) == pytest.approx(formula)


def test_morans_i_of_shuffled_prices_is_near_zero(houses, prices):
    rng = np.random.default_rng(0)
    found = [
        morans_i(rng.permutation(np.log(prices)), houses[PLACE]) for _ in range(50)
    ]
    # Under the null the mean is -1 / (n - 1).
    assert abs(np.mean(found) + 1 / 599) < 4 * np.std(found) / math.sqrt(50)
    assert morans_i(np.log(prices), houses[PLACE]) > 10 * np.std(found)


# --- pipelines and races ------------------------------------------------------------


def test_rare_and_unseen_words_share_a_column():
    zone = ["a"] * 40 + ["b"] * 30 + ["c"]
    table = pd.DataFrame({"zone": zone, "area": np.arange(71.0)})
    step = preprocessor().fit(table)
    new = step.transform(pd.DataFrame({"zone": ["c", "never"], "area": [0.0, np.nan]}))
    np.testing.assert_array_equal(new, [[0, 0, 0, 1], [35, 0, 0, 1]])


def test_pipeline_is_its_parts_by_hand(houses, prices):
    table = houses[["living_area", "lot_area"]]
    model = house_pipeline(Ridge(1.0), scaler=logs_then_scale()).fit(table, prices)
    Z = StandardScaler().fit_transform(np.log1p(table))
    by_hand = np.exp(Ridge(1.0).fit(Z, np.log(prices)).predict(Z))
    np.testing.assert_allclose(model.predict(table), by_hand)


def test_blend_beats_default_lightgbm_on_the_same_folds(houses, prices):
    trees = booster("lightgbm", n_estimators=150, num_leaves=8, colsample_bytree=0.3)
    blend = VotingRegressor([("trees", trees), ("line", Ridge(20))])
    models = {
        "default": house_pipeline(booster("lightgbm")),
        "ours": house_pipeline(blend, AmesFeatures(), logs_then_scale()),
    }
    scores = cross_validate_rmsle(
        models, houses, prices, KFold(4, shuffle=True, random_state=0)
    ).scores
    assert (scores["ours"] < scores["default"]).all()


# --- tuning -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["lightgbm", "xgboost"])
def test_early_stopping_finds_the_bottom(kind):
    rng = np.random.default_rng(0)
    Z = rng.normal(size=(400, 4))
    t = Z[:, 0] + rng.normal(size=400)
    train, valid = (Z[:300], t[:300]), (Z[300:], t[300:])
    found = tune(kind, [{"learning_rate": 0.2}], train, valid, patience=30, most=300)
    trees, error = int(found["trees"][0]), found["error"][0]
    assert 1 <= trees < 270

    def rmse(n):
        model = booster(kind, n_estimators=n, learning_rate=0.2).fit(*train)
        return np.sqrt(np.mean((model.predict(valid[0]) - valid[1]) ** 2))

    assert rmse(trees) == pytest.approx(error, rel=1e-4)
    assert rmse(trees) <= min(
        rmse(trees + 5), rmse(trees + 25), rmse(max(1, trees - 3))
    )


def test_tuning_sorts_by_error_and_names_the_settings():
    rng = np.random.default_rng(0)
    Z = rng.normal(size=(200, 3))
    split = (Z[:150], Z[:150, 0]), (Z[150:], Z[150:, 0])
    trials = draw_settings({"num_leaves": [3, 8], "learning_rate": [0.05, 0.3]}, 4, rng)
    found = tune("lightgbm", trials, *split, most=30)
    assert found["error"].is_monotonic_increasing
    assert set(found) == {"num_leaves", "learning_rate", "trees", "error"}


def test_unknown_booster_is_refused():
    with pytest.raises(ValueError, match="lightgbm, xgboost, got 'catboost'"):
        booster("catboost")


# --- reasons ------------------------------------------------------------------------


def test_shapley_values_are_the_mean_over_all_orders():
    rng = np.random.default_rng(4)
    background, x = rng.normal(size=(20, 3)), rng.normal(size=3)

    def predict(Z):
        return Z[:, 0] * Z[:, 1] + np.sin(Z[:, 2]) * Z[:, 0]

    slow = np.zeros(3)
    for order in permutations(range(3)):
        rows, before = background.copy(), predict(background).mean()
        for i in order:
            rows[:, i] = x[i]
            slow[i] += (predict(rows).mean() - before) / 6
            before = predict(rows).mean()
    np.testing.assert_allclose(shapley_values(predict, x, background), slow)


def test_shapley_values_are_the_package_s_for_trees():
    rng = np.random.default_rng(5)
    Z = rng.normal(size=(200, 5))
    forest = RandomForestRegressor(8, max_depth=4, random_state=0).fit(
        Z, Z[:, 0] * Z[:, 1] + Z[:, 2]
    )
    ours = shapley_values(forest.predict, Z[0], Z[:30])
    np.testing.assert_allclose(tree_shap(forest, Z[:1], Z[:30])[0], ours, atol=1e-6)
    assert ours.sum() == pytest.approx(
        forest.predict(Z[:1])[0] - forest.predict(Z[:30]).mean()
    )


def test_too_many_features_for_all_coalitions():
    with pytest.raises(ValueError, match="at most 15 features, got 16"):
        shapley_values(lambda Z: Z.sum(axis=1), np.zeros(16), np.zeros((1, 16)))


def test_ice_and_partial_dependence_are_scikit_learns(houses, prices):
    table = houses[["living_area", "overall_qual", "year_built"]].astype(float)
    model = DecisionTreeRegressor(max_depth=5, random_state=0).fit(table, prices)
    grid, before = np.array([900.0, 1500.0, 2400.0]), table.copy()
    ours = ice_curves(model, table, "living_area", grid)
    theirs = partial_dependence(
        model, table, ["living_area"], custom_values={"living_area": grid}, kind="both"
    )
    np.testing.assert_allclose(ours, theirs["individual"][0])
    np.testing.assert_allclose(ours.mean(axis=0), theirs["average"][0])
    pd.testing.assert_frame_equal(table, before)
    with pytest.raises(ValueError, match="column must be a column of X, got 'pool'"):
        ice_curves(model, table, "pool", grid)


def test_values_of_one_source_are_added():
    names = [
        "num__lot_area",
        "cat__house_style_1Story",
        "cat__house_style_infrequent_sklearn",
    ]
    added = by_source(np.array([[1.0, 2.0, 4.0]]), names)
    assert added.sum(axis=1).tolist() == [7.0]
    assert added["lot_area"].tolist() == [1.0]


# --- intervals ----------------------------------------------------------------------


@pytest.mark.parametrize("alpha", [0.05, 0.1, 0.25, 0.5])
def test_conformal_coverage_is_exact_on_average(alpha):
    rng, n, repeats = np.random.default_rng(6), 39, 4000
    scores = rng.exponential(size=(repeats, n + 1))
    hits = sum(s[-1] <= conformal_quantile(s[:-1], alpha) for s in scores)
    exact = math.ceil(round((n + 1) * (1 - alpha), 9)) / (n + 1)
    low, high = stats.binom.interval(1 - 1e-4, repeats, exact)
    assert low <= hits <= high


def test_conformal_quantile_without_rounding_errors():
    # (9 + 1) * (1 - 0.1) is 9.000000000000002 in some orders of evaluation
    assert conformal_quantile(np.arange(1.0, 10.0), 0.1) == 9.0
    assert conformal_quantile(np.arange(1.0, 20.0), 0.3) == 14.0


@pytest.mark.parametrize("alpha", [0, 1, -0.1])
def test_impossible_alpha_is_refused(alpha):
    with pytest.raises(ValueError, match="alpha must lie between 0 and 1"):
        conformal_quantile([1.0], alpha)


def test_missing_score_is_refused():
    with pytest.raises(ValueError, match="must have no missing values, got 1"):
        conformal_quantile([1.0, np.nan])


def test_interval_covers_what_its_errors_say(prices):
    guess = np.full(len(prices), 160_000.0)
    q = conformal_quantile(log_errors(prices, guess))
    hits = covered(prices, price_interval(guess, q))
    np.testing.assert_array_equal(hits, log_errors(prices, guess) <= q + 1e-12)
    assert hits.mean() == pytest.approx(0.9, abs=0.01)


def test_group_widths_repair_the_coverage_of_a_hard_group():
    rng = np.random.default_rng(7)
    group = rng.integers(0, 2, 4000)
    scores = rng.exponential(size=4000) * np.where(group == 1, 5, 1)
    old, new = slice(2000), slice(2000, None)
    one = scores[new] <= conformal_quantile(scores[old])
    own = scores[new] <= group_widths(scores[old], group[old], group[new])
    hard = group[new] == 1
    assert one[hard].mean() < 0.85
    for part in (hard, ~hard):
        # sd of the coverage: of the count and of the calibration
        sd = math.sqrt(
            0.09 / part.sum() + 0.09 / (group[old] == group[new][part][0]).sum()
        )
        assert abs(own[part].mean() - 0.9) < 4 * sd


def test_group_without_errors_gets_no_promise():
    assert group_widths([1.0, 2.0], [0, 0], [1])[0] == math.inf


# --- old names and figures ----------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        (housing_prices, "Kilometres", "LocalProjection"),
        (housing_prices, "surroundings", "location_features"),
        (figures, "bars", "plot_bars"),
        (figures, "curves_plot", "plot_curves"),
        (figures, "house_map", "plot_house_map"),
        (figures, "scores_plot", "plot_fold_scores"),
    ],
)
def test_old_names_still_work(module, old, new):
    with pytest.warns(FutureWarning, match=f"{old} is now .*{new}"):
        assert getattr(module, old) is getattr(module, new)


@pytest.mark.parametrize(
    ("plot", "data"),
    [
        (figures.plot_bars, [pd.Series({"age": 1.0})]),
        (figures.plot_curves, [[0, 1], np.ones((2, 2))]),
        (figures.plot_fold_scores, [pd.DataFrame({"ridge": [0.1, 0.2]})]),
        (figures.plot_house_map, [pd.DataFrame({p: [40.0] for p in PLACE}), [1]]),
    ],
)
def test_plots_draw_on_the_axes_given_and_return_them(plot, data):
    fig, (first, _) = plt.subplots(1, 2)  # the second is the current one
    assert plot(*data, ax=first) is first
    assert first.has_data()
    plt.close(fig)


def test_error_bars_belong_to_their_bars():
    values = pd.Series({"b": 2.0, "a": 1.0})
    ax = figures.plot_bars(values, spread=pd.Series({"a": 0.1, "b": 0.5}))
    arms = [s[:, 0].tolist() for s in ax.collections[0].get_segments()]
    assert arms == [[0.9, 1.1], [1.5, 2.5]]  # the first entry is drawn last, on top
    plt.close("all")


# --- California ---------------------------------------------------------------------


@pytest.fixture
def small_california(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """A made-up table of California's columns; its price falls with the distance."""
    rng, n = np.random.default_rng(8), 400
    table = pd.DataFrame(
        {
            "longitude": rng.uniform(-124, -115, n),
            "latitude": rng.uniform(33, 41, n),
            "housing_median_age": rng.integers(1, 52, n).astype(float),
            "total_rooms": rng.integers(500, 5000, n).astype(float),
            "total_bedrooms": rng.integers(100, 900, n).astype(float),
            "population": rng.integers(300, 3000, n).astype(float),
            "households": rng.integers(100, 800, n).astype(float),
            "median_income": rng.uniform(0.6, 12, n),
            "ocean_proximity": rng.choice(["INLAND", "NEAR BAY"], n),
        }
    )
    value = (
        60_000 + 30_000 * table["median_income"] + 20_000 * (-115 - table["longitude"])
    )
    table["median_house_value"] = value * np.exp(0.1 * rng.normal(size=n))
    table.loc[5, "total_bedrooms"] = np.nan
    monkeypatch.setattr(california, "load_california_housing", lambda: table)
    monkeypatch.setattr(california, "fingerprint", lambda name: "a" * 64)
    monkeypatch.setattr(california, "our_model", lambda: _ours_small())
    return table


def _ours_small():
    return house_pipeline(
        booster("lightgbm", n_estimators=60),
        CaliforniaFeatures(),
        logs_then_scale(),
        location_features(n_clusters=4),
    )


def test_the_same_functions_run_on_california(small_california, tmp_path):
    figures = {f.name: f for f in california.record(tmp_path, n_splits=3)}
    assert len(figures) == 5
    mean = small_california["median_house_value"].std()
    assert all(0 < f.value < mean for f in figures.values())
    assert {f.metric for f in figures.values()} == {"RMSE (US$)"}


def test_income_split_is_stratified_and_whole(small_california):
    X_train, X_test, y_train, y_test = california.income_split(small_california)
    assert len(X_train), len(X_test) == (320, 80)
    assert "median_house_value" not in X_train
    rich = [(part["median_income"] > 6).mean() for part in (X_train, X_test)]
    assert abs(rich[0] - rich[1]) < 0.02
    assert set(X_train.index).isdisjoint(X_test.index)
    assert len(y_train) + len(y_test) == 400


def test_our_recorded_model_is_two_boosters_on_california_features():
    model = california.our_model(n_trees=3)
    assert isinstance(model.regressor.named_steps["features"], CaliforniaFeatures)
