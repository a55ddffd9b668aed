"""Costs, resampling, survival, lifetime value, campaigns and uplift of chapter 8."""

import math

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from imblearn.over_sampling import SMOTE as ReferenceSMOTE
from imblearn.pipeline import Pipeline
from scipy import stats
from scipy.optimize import check_grad
from scipy.special import logit
from sklearn.base import BaseEstimator, clone
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold
from sklearn.utils.class_weight import compute_class_weight
from statsmodels.duration.survfunc import SurvfuncRight

from mlmastery.customer_churn import (
    ACTIONS,
    SMOTE,
    BetaGeometric,
    Campaign,
    ChurnFeatures,
    CostMatrix,
    CustomerLifetimeValue,
    TransformedOutcome,
    TwoModels,
    call_list,
    check_original_rows,
    choose_customers,
    churn_report,
    cox_log_likelihood,
    cox_table,
    customer_reasons,
    figures,
    kaplan_meier,
    leaking_columns,
    make_model,
    monthly_rate,
    profit_curve,
    published_model,
    qini_area,
    qini_curve,
    race,
    repeated_customers,
    resampled_before,
    resampled_inside,
    run_campaign,
    scores_by_fold,
    undo_resampling,
)
from mlmastery.customer_churn.campaign import expected_gain
from mlmastery.customer_churn.purchases import log_likelihood
from mlmastery.customer_churn.reasons import contributions
from mlmastery.customer_churn.smote import interpolate
from mlmastery.datasets import load_cdnow, load_lung, load_telco_churn
from mlmastery.inference import Interval
from mlmastery.ledger import read_ledger, recorded_table

COSTS = CostMatrix.campaign(contact_cost=50, save_rate=0.4, customer_value=500)


@pytest.fixture(scope="module")
def telco():
    return load_telco_churn()


@pytest.fixture(scope="module")
def customers(telco):
    return telco.drop(columns="churn")


@pytest.fixture(scope="module")
def left(telco):
    return (telco["churn"] == "Yes").astype(int)


@pytest.fixture(scope="module")
def lung():
    return load_lung()


# --- costs -------------------------------------------------------------------------


def test_the_threshold_is_where_calling_breaks_even():
    assert COSTS.threshold == 0.25
    full = CostMatrix(10.0, -4.0, -20.0, 1.0)  # all four gains matter
    p = full.threshold
    calling = p * 10 + (1 - p) * -4
    not_calling = p * -20 + (1 - p) * 1
    assert math.isclose(calling, not_calling)
    assert math.isclose(p, 5 / 35)


def test_gains_of_the_four_outcomes():
    full = CostMatrix(10.0, -4.0, -20.0, 1.0)
    gains = full.gains([1, 0, 1, 0], [1, 1, 0, 0])
    assert gains.tolist() == [10, -4, -20, 1]
    assert full.profit([1, 0, 1, 0], [1, 1, 0, 0]) == -13


def test_mean_profit_calls_at_the_threshold_itself():
    assert COSTS.mean_profit([1, 0], [0.25, 0.2]) == 75.0
    assert COSTS.mean_profit([1, 0], [0.25, 0.25]) == 50.0


@pytest.mark.parametrize(
    ("gains", "message"),
    [
        ((-10, -50), "called_leaver must be above missed_leaver"),
        ((0, -50), "called_leaver must be above missed_leaver"),
        ((150, 0), "called_stayer must be below left_alone"),
        ((math.nan, -50), "gains must be finite"),
    ],
)
def test_matrices_without_a_right_threshold_are_refused(gains, message):
    with pytest.raises(ValueError, match=message):
        CostMatrix(*gains)


@pytest.mark.parametrize(
    ("name", "value"), [("contact_cost", 0), ("save_rate", 1.2), ("customer_value", -1)]
)
def test_campaigns_check_their_numbers(name, value):
    numbers = {"contact_cost": 50, "save_rate": 0.4, "customer_value": 500, name: value}
    with pytest.raises(ValueError, match=f"{name} must be"):
        CostMatrix.campaign(**numbers)


def test_lengths_and_probabilities_are_checked():
    with pytest.raises(ValueError, match=r"one entry per customer, got shapes \(2,\)"):
        COSTS.gains([1, 0], [1])
    for p in ([-0.1], [1.1], [math.nan]):
        with pytest.raises(ValueError, match="must lie between 0 and 1"):
            COSTS.mean_profit([1], p)
    with pytest.raises(ValueError, match="must be one number per customer"):
        COSTS.mean_profit([], [])


def test_the_profit_curve_has_its_ends():
    curve = profit_curve([1, 0, 0, 0], [0.9, 0.6, 0.2, 0.1], COSTS)
    assert len(curve) == 101
    assert curve.iloc[0].tolist() == [0.0, 1.0, 0.0]  # all called: breaks even
    assert curve.iloc[-1].tolist() == [1.0, 0.0, 0.0]
    assert curve.loc[70, "profit"] == 37.5


# --- resampling ---------------------------------------------------------------------


def test_smote_keeps_the_rows_and_evens_the_classes():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 3)), np.array(["stay"] * 30 + ["go"] * 10)
    X_new, y_new = SMOTE(random_state=1).fit_resample(X, y)
    np.testing.assert_array_equal(X_new[:40], X)
    assert (y_new[:40] == y).all()
    assert set(y_new[40:]) == {"go"}
    assert (y_new == "go").sum() == (y_new == "stay").sum() == 30
    again, _ = SMOTE(random_state=1).fit_resample(X, y)
    np.testing.assert_array_equal(X_new, again)


def test_invented_rows_lie_between_a_row_and_one_of_its_nearest():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(12, 2))
    new = interpolate(rows, 200, 3, rng)
    distance = np.linalg.norm(rows[:, None] - rows, axis=2)
    nearest = np.argsort(distance, axis=1)[:, 1:4]
    for point in new:
        way = np.linalg.norm(point - rows, axis=1)
        detours = [
            abs(way[i] + way[j] - distance[i, j]) for i in range(12) for j in nearest[i]
        ]
        assert min(detours) < 1e-9


def test_smote_is_the_reference_in_distribution():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(400, 3)) * [1, 5, 0.2]
    y = (np.arange(400) < 80).astype(int)
    X[y == 1] += [2, 0, 1]
    X[:40, 0] += 9  # two groups of leavers: near neighbours do not mix them
    ours = np.vstack(
        [SMOTE(random_state=s).fit_resample(X, y)[0][400:] for s in range(5)]
    )
    theirs = np.vstack(
        [ReferenceSMOTE(random_state=s).fit_resample(X, y)[0][400:] for s in range(5)]
    )
    views = np.vstack([np.eye(3), rng.normal(size=(9, 3))]).T  # sums of columns too
    p = [
        stats.ks_2samp(a, b).pvalue
        for a, b in zip((ours @ views).T, (theirs @ views).T, strict=True)
    ]
    assert min(p) * len(p) > 0.01
    # and the test has the power to see another number of neighbours
    far = SMOTE(k_neighbors=70, random_state=0).fit_resample(X, y)[0][400:]
    assert stats.ks_2samp((far @ views)[:, 0], (theirs @ views)[:, 0]).pvalue < 0.01


def test_smote_names_the_class_and_what_would_work():
    X = np.arange(12.0)[:, None]
    with pytest.raises(
        ValueError,
        match="below the 5 rows of class 1, got 5; the largest that works is 4",
    ):
        SMOTE().fit_resample(X, [1] * 5 + [0] * 7)
    with pytest.raises(ValueError, match="one row has no neighbour"):
        SMOTE(1).fit_resample(X, [1] + [0] * 11)
    with pytest.raises(ValueError, match=r"two classes, got \[0, 1, 2\]"):
        SMOTE(1).fit_resample(X, [0, 1, 2] * 4)
    with pytest.raises(ValueError, match="k_neighbors must be a whole number"):
        SMOTE(0).fit_resample(X, [1] * 5 + [0] * 7)
    SMOTE(4, random_state=0).fit_resample(X, [1] * 5 + [0] * 7)


class Counting(BaseEstimator):
    calls = 0

    def fit_resample(self, X, y):
        Counting.calls += 1
        return SMOTE(1, random_state=0).fit_resample(X, y)


def test_a_sampler_is_called_when_fitting_and_never_when_predicting():
    X, y = np.arange(20.0)[:, None], np.array([1] * 6 + [0] * 14)
    model = Pipeline([("resample", Counting()), ("model", LogisticRegression())])
    Counting.calls = 0
    model.fit(X, y)
    assert Counting.calls == 1
    assert len(model.predict_proba(X)) == 20
    assert Counting.calls == 1


def test_smote_in_the_pipeline_moves_the_intercept_by_the_odds(customers, left):
    with_smote = make_model("logistic", "smote", groups=()).fit(customers, left)
    without = make_model("logistic", groups=()).fit(customers, left)
    moved = with_smote["model"].intercept_[0] - without["model"].intercept_[0]
    assert abs(moved - (logit(0.5) - logit(left.mean()))) < 0.35


def test_models_are_the_same_each_time_and_as_stated():
    model = make_model("boosting", "smote")
    assert model["resample"].random_state == model["model"].random_state == 0
    assert make_model("boosting", random_state=3)["model"].random_state == 3
    settings = model["model"].get_params()
    expected = {
        "n_estimators": 120,
        "num_leaves": 8,
        "learning_rate": 0.05,
        "n_jobs": 1,
    }
    assert expected.items() <= settings.items()


def test_weights_are_the_balanced_ones(customers, left):
    model = make_model("logistic", "weights")
    assert model["model"].class_weight == "balanced"
    assert make_model()["model"].class_weight is None
    weights = compute_class_weight("balanced", classes=np.array([0, 1]), y=left)
    np.testing.assert_allclose(weights, len(left) / (2 * np.bincount(left)))
    with pytest.raises(
        ValueError, match="imbalance must be one of none, weights, smote"
    ):
        make_model("logistic", "adasyn")
    with pytest.raises(ValueError, match="kind must be one of"):
        make_model("forest")


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_undoing_and_doing_a_resampling_cancel(p, true, seen):
    undone = undo_resampling([p], true, seen)
    assert math.isclose(undo_resampling(undone, seen, true)[0], p, rel_tol=1e-9)


def test_undoing_multiplies_the_odds():
    np.testing.assert_allclose(
        undo_resampling([0.75, 0.0, 1.0], 0.2), [3 / 7, 0, 1], rtol=1e-12
    )
    np.testing.assert_allclose(undo_resampling([0.4], 0.1, 0.4), [0.1])
    for arguments in (([0.5], 0), ([0.5], 0.2, 1)):
        with pytest.raises(ValueError, match="share must lie between 0 and 1"):
            undo_resampling(*arguments)


# --- the leak -----------------------------------------------------------------------


def test_resampling_before_the_split_is_too_good_to_be_true():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(300, 6)), (np.arange(300) < 60).astype(int)  # pure noise
    cv = KFold(5, shuffle=True, random_state=0)
    from sklearn.neighbors import KNeighborsClassifier

    area = {}
    for way in (resampled_before, resampled_inside):
        pairs = way(KNeighborsClassifier(1), SMOTE(random_state=0), X, y, cv)
        area[way.__name__] = np.mean([roc_auc_score(*pair) for pair in pairs])
    assert area["resampled_before"] > 0.8
    assert 0.4 < area["resampled_inside"] < 0.6
    assert sum(len(t) for t, _ in pairs) == 300  # the test rows are the original ones


def test_a_resampled_table_is_refused_and_the_original_passes():
    X = np.array([[1.0, 2.0], [1.0, 2.0], [3.0, 4.0]])
    check_original_rows(X, X)
    check_original_rows(X[[2, 0]], X)
    with pytest.raises(ValueError, match="got 1 of 4 that are not in it"):
        check_original_rows(np.vstack([X, [[2.0, 3.0]]]), X)
    with pytest.raises(ValueError, match="got 1 of 4"):  # copies count as well
        check_original_rows(np.vstack([X, X[:1]]), X)


# --- features -----------------------------------------------------------------------


def test_the_loader_keeps_all_customers_and_zero_totals_are_new_ones(telco, customers):
    assert len(customers) == 7043
    made = ChurnFeatures().fit_transform(customers)
    assert not made.isna().any().any()
    assert ((made["total_charges"] == 0) == (customers["tenure"] == 0)).all()
    assert repeated_customers(telco) == 22


def test_feature_values_on_paper(customers):
    row = customers.iloc[[0]].assign(
        tenure=12,
        monthly_charges=60.0,
        total_charges=600.0,
        contract="Month-to-month",
        internet_service="Fiber optic",
        phone_service=1,
        multiple_lines="Yes",
        streaming_tv="Yes",
        streaming_movies="No",
        online_security="No",
        online_backup="No",
        device_protection="No",
        tech_support="No",
        payment_method="Credit card (automatic)",
    )
    features = ChurnFeatures().fit(customers)
    made = features.transform(row).iloc[0]
    assert list(features.get_feature_names_out()) == list(made.index)
    expected = {
        "log_tenure": math.log(13),
        "first_half_year": 0,
        "new_and_unbound": 0,
        "year_ends": 1,
        "services": 4,  # telephone, second line, internet, television
        "protections": 0,
        "fibre_unprotected": 1,
        "charge_rise": 10,
        "charge_per_service": 15,
        "pays_automatically": 1,
        "contract=One year": 0,
    }
    assert {name: made[name] for name in expected} == pytest.approx(expected)
    early = features.transform(row.assign(tenure=6)).iloc[0]
    assert (early["first_half_year"], early["new_and_unbound"]) == (1, 1)
    assert early["year_ends"] == 0
    bound = features.transform(row.assign(tenure=7, contract="One year")).iloc[0]
    assert (bound["first_half_year"], bound["new_and_unbound"]) == (0, 0)
    assert bound["contract=One year"] == 1
    protected = features.transform(row.assign(tech_support="Yes")).iloc[0]
    assert (protected["protections"], protected["fibre_unprotected"]) == (1, 0)
    assert protected["services"] == 5


def test_a_customer_without_a_month_or_a_charge_is_taken(customers):
    features = ChurnFeatures().fit(customers)
    new = customers.iloc[[0]].assign(tenure=0, total_charges=np.nan)
    made = features.transform(new).iloc[0]
    assert (made["total_charges"], made["charge_rise"], made["year_ends"]) == (0, 0, 0)
    free = customers.iloc[[0]].assign(monthly_charges=0.0, total_charges=0.0)
    assert features.transform(free).iloc[0]["charge_per_service"] == 0


def test_a_new_category_gets_zeros(customers):
    features = ChurnFeatures().fit(customers)
    made = features.transform(customers.iloc[[1]].assign(contract="Weekly"))
    assert made.filter(like="contract=").to_numpy().sum() == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.assign(tenure=-1), "tenure must be at least 0 .* got -1"),
        (
            lambda c: c.assign(monthly_charges=-0.5),
            "monthly_charges must be at least 0",
        ),
        (lambda c: c.assign(tenure=5, total_charges=np.nan), "total_charges must be"),
        (lambda c: c.assign(churn="No"), "X must not hold the label 'churn'"),
        (lambda c: c.drop(columns="contract"), "must have the column 'contract'"),
        (lambda c: c.to_numpy(), "X must be a DataFrame, got ndarray"),
    ],
)
def test_impossible_customers_are_refused(customers, change, message):
    features = ChurnFeatures().fit(customers)
    with pytest.raises(ValueError, match=message):
        features.transform(change(customers.head(3)))


def test_leaking_columns_are_named_in_both_directions():
    y = [1, 1, 1, 0, 0, 0]
    X = pd.DataFrame(
        {
            "refund": [9.0, 9, 9, 0, 0, 0],
            "last_bill": ["no", "no", "no", "yes", "yes", "yes"],
            "tenure": [1, 5, 2, 4, 3, 6],
            "gap": [np.nan, np.nan, np.nan, 1, 2, 3],
        }
    )
    assert leaking_columns(X, y) == ["refund", "last_bill", "gap"]
    # tenure: of nine pairs two are in the wrong order
    assert leaking_columns(X[["tenure"]], y, limit=7 / 9) == ["tenure"]
    assert leaking_columns(X[["tenure"]], y, limit=0.8) == []


def test_no_column_of_telco_leaks(customers, left):
    assert leaking_columns(customers, left) == []


# --- models -------------------------------------------------------------------------


def test_a_race_scores_the_same_folds_by_each_metric(customers, left):
    few, y = customers.head(400), left.head(400)
    models = {"share": DummyClassifier(), "same": DummyClassifier()}
    found = race(models, few, y, {"AUC": roc_auc_score, "profit": COSTS.mean_profit})
    assert set(found.scores) == {"AUC", "profit"}
    assert found.scores["AUC"].shape == (10, 2)
    assert (found.scores["AUC"] == 0.5).all().all()
    assert found.predictions.index.equals(few.index)
    assert list(found.seconds.index) == ["share", "same"]
    assert len(found.rounds) == 2
    predictions, folds = found.rounds[1]
    again = scores_by_fold(predictions, y, folds, COSTS.mean_profit)
    pd.testing.assert_frame_equal(
        again, found.scores["profit"][5:].reset_index(drop=True)
    )


def test_the_published_protocol_gives_the_published_score(customers, left):
    from sklearn.model_selection import train_test_split

    X, _, y, _ = train_test_split(customers, left, test_size=0.2, random_state=1)
    found = race({"published": published_model()}, X, y, {"AUC": roc_auc_score}, [1])
    scores = found.scores["AUC"]["published"]
    assert abs(scores.mean() - 0.841) < 0.003
    assert abs(scores.std(ddof=0) - 0.008) < 0.002


# --- survival -----------------------------------------------------------------------


@pytest.mark.parametrize("interval", ["log", "log-log"])
def test_kaplan_meier_is_the_reference(lung, interval):
    time, died = lung["time"], lung["status"] == 2
    curve = kaplan_meier(time, died, interval=interval)
    reference = SurvfuncRight(time, died.astype(int))
    np.testing.assert_allclose(curve.table["survival"], reference.surv_prob)
    assert curve.table["at_risk"].tolist() == list(reference.n_risk)
    error = reference.surv_prob_se / reference.surv_prob  # of log S
    if interval == "log":
        low = reference.surv_prob * np.exp(-1.959964 * error)
        high = np.minimum(1, reference.surv_prob * np.exp(1.959964 * error))
    else:
        stretch = 1.959964 * error / np.log(reference.surv_prob)
        high = reference.surv_prob ** np.exp(stretch)
        low = reference.surv_prob ** np.exp(-stretch)
    np.testing.assert_allclose(curve.table["low"], low, rtol=1e-5)
    np.testing.assert_allclose(curve.table["high"], high, rtol=1e-5)


def test_r_prints_these_numbers_for_lung(lung):
    curve = kaplan_meier(lung["time"], lung["status"] == 2, interval="log")
    assert curve.median == 310
    table = curve.table
    assert table.index[table["low"] <= 0.5][0] == 285
    assert table.index[table["high"] <= 0.5][0] == 363
    mean, error = curve.restricted_mean()
    assert (round(mean, 1), round(error, 1)) == (376.3, 19.7)


def test_kaplan_meier_on_paper():
    curve = kaplan_meier([1, 2, 2, 3], [1, 0, 1, 0])
    assert curve.table["at_risk"].tolist() == [4, 3]
    assert curve.at([0, 0.9, 1, 2, 3]).tolist() == [1, 1, 0.75, 0.5, 0.5]
    assert curve.median == 2
    mean, error = curve.restricted_mean()
    assert mean == 1 + 0.75 + 0.5
    # areas to come 1.25 and 0.5, Greenwood 1/12 and 1/6
    assert math.isclose(error, math.sqrt(1.25**2 / 12 + 0.5**2 / 6))
    short, _ = curve.restricted_mean(1.5)
    assert short == 1 + 0.75 / 2
    assert curve.restricted_mean(1)[0] == 1.0


def test_without_censoring_the_restricted_mean_is_the_mean():
    durations = np.array([2.0, 5, 5, 9])
    mean, error = kaplan_meier(durations, np.ones(4)).restricted_mean()
    assert math.isclose(mean, durations.mean())
    assert math.isclose(error, durations.std() / 2)
    last = kaplan_meier(durations, np.ones(4)).table.iloc[-1]
    assert last["survival"] == 0
    assert last[["low", "high"]].isna().all()


def test_a_segment_without_leavers_stays_at_one():
    curve = kaplan_meier([3, 4], [0, 0])
    assert curve.at([0, 4]).tolist() == [1, 1]
    assert curve.median == math.inf
    assert curve.restricted_mean() == (4.0, 0.0)


def test_censored_customers_of_no_month_change_nothing(customers, left):
    billed = customers["tenure"] > 0
    everyone = kaplan_meier(customers["tenure"], left)
    some = kaplan_meier(customers["tenure"][billed], left[billed])
    pd.testing.assert_frame_equal(everyone.table, some.table)
    shares = everyone.at([1, 12, 24, 48, 72])
    np.testing.assert_allclose(shares, [0.946, 0.843, 0.789, 0.709, 0.593], atol=6e-4)
    naive = customers["tenure"][left == 1].mean()
    assert round(naive, 1) == 18.0
    assert everyone.restricted_mean(72)[0] > 2 * naive


@pytest.mark.parametrize(
    ("durations", "events", "message"),
    [
        ([], [], "at least one"),
        ([1, 2], [1], "one entry per row"),
        ([-1, 2], [1, 0], "durations must be at least 0"),
        ([math.nan, 2], [1, 0], "durations must be at least 0"),
        ([1, 2], [1, 2], r"events must be 0 or 1, got \[1, 2\]"),
    ],
)
def test_impossible_durations_are_refused(durations, events, message):
    with pytest.raises(ValueError, match=message):
        kaplan_meier(durations, events)


def test_the_curve_does_not_reach_beyond_the_data():
    curve = kaplan_meier([1, 2], [1, 0])
    for times in ([-1], [3]):
        with pytest.raises(ValueError, match="times must lie between 0 and 2"):
            curve.at(times)
    with pytest.raises(ValueError, match="until must be a number"):
        curve.restricted_mean(3)
    with pytest.raises(ValueError, match="interval must be one of"):
        kaplan_meier([1], [1], interval="plain")


def test_cox_has_the_coefficients_that_r_documents(lung):
    known = lung.dropna(subset=["ph_ecog"])
    X, died = known[["age", "sex", "ph_ecog"]], known["status"] == 2
    efron = cox_table(known["time"], died, X)
    np.testing.assert_allclose(
        efron["coef"], [0.01106676, -0.5526124, 0.46372848], atol=1e-6
    )
    np.testing.assert_allclose(
        efron["se"], [0.00926741, 0.16773905, 0.11357727], atol=1e-6
    )
    assert round(efron.attrs["log_likelihood"], 4) == -729.2301
    np.testing.assert_allclose(efron["hazard_ratio"], np.exp(efron["coef"]))
    np.testing.assert_allclose(
        efron["high"], np.exp(efron["coef"] + 1.959964 * efron["se"]), rtol=1e-6
    )
    np.testing.assert_allclose(
        efron["low"], np.exp(efron["coef"] - 1.959964 * efron["se"]), rtol=1e-6
    )
    breslow = cox_table(known["time"], died, X, ties="breslow")
    np.testing.assert_allclose(
        breslow["coef"], [0.01104114, -0.55188957, 0.46294704], atol=1e-6
    )
    ours = cox_log_likelihood(breslow["coef"], known["time"], died, X)
    assert math.isclose(ours, breslow.attrs["log_likelihood"], rel_tol=1e-10)
    with pytest.raises(ValueError, match="ties must be one of efron, breslow"):
        cox_table(known["time"], died, X, ties="exact")


def test_coxs_likelihood_is_its_formula_written_slowly():
    rng = np.random.default_rng(0)
    time, event = rng.integers(1, 6, 20), rng.integers(0, 2, 20)
    X, beta = rng.normal(size=(20, 2)), np.array([0.3, -0.7])
    slow = 0.0
    for i in np.flatnonzero(event):
        risk = sum(math.exp(X[j] @ beta) for j in range(20) if time[j] >= time[i])
        slow += X[i] @ beta - math.log(risk)
    assert math.isclose(cox_log_likelihood(beta, time, event, X), slow)


# --- lifetime value -----------------------------------------------------------------


def test_a_years_interest_in_months():
    assert round(100 * monthly_rate(0.06), 4) == 0.4868
    assert math.isclose((1 + monthly_rate(0.5)) ** 12, 1.5)
    with pytest.raises(ValueError, match="annual must be a number of at least 0"):
        monthly_rate(-0.1)


def test_without_interest_the_value_is_margin_times_months(customers, left):
    tenure = customers["tenure"]
    clv = CustomerLifetimeValue(margin=7.0, annual_discount=0.0).fit(tenure, left)
    for horizon in (1, 12, 36):
        months, _ = kaplan_meier(tenure, left).restricted_mean(horizon)
        assert math.isclose(clv.value(horizon), 7 * months)


def test_interest_and_tenure_on_paper():
    clv = CustomerLifetimeValue(margin=16.0, annual_discount=2.0**12 - 1)
    clv.fit([1, 2, 3, 4], [1, 1, 0, 0])  # S is 1, 3/4, 1/2, 1/2
    assert math.isclose(clv.value(3), 16 * (1 + 0.75 / 2 + 0.5 / 4))
    assert math.isclose(clv.value(2, tenure=1), 16 * (1 + (0.5 / 0.75) / 2))
    assert clv.value(1, tenure=3) == 16


def test_a_longer_horizon_is_worth_more_and_not_twice_as_much(customers, left):
    clv = CustomerLifetimeValue(10.0).fit(customers["tenure"], left)
    assert clv.value(12) < clv.value(24) < 2 * clv.value(12)


def test_values_beyond_the_data_are_refused():
    clv = CustomerLifetimeValue().fit([1, 2, 3], [1, 1, 1])
    with pytest.raises(ValueError, match=r"at most 3 months.* got 1 \+ 3"):
        clv.value(3, tenure=1)
    assert clv.value(2, tenure=1) > 0
    with pytest.raises(ValueError, match="at most 3 months"):
        clv.value(1, tenure=3)
    gone = CustomerLifetimeValue().fit([1, 1, 3], [1, 1, 0])
    assert gone.value(1, tenure=2) == 1
    with pytest.raises(ValueError, match="margin must be"):
        CustomerLifetimeValue(margin=-1).fit([1], [1])
    with pytest.raises(ValueError, match="horizon must be a whole number"):
        clv.value(0)


def test_all_gone_before_the_end_has_no_value():
    clv = CustomerLifetimeValue().fit([1, 1, 3], [1, 1, 1])
    clv.curve_.table.loc[1, "survival"] = 0.0  # as if all had left at 1
    with pytest.raises(ValueError, match="tenure must be one that some outlast, got 1"):
        clv.value(1, tenure=1)


# --- purchases ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def shop():
    table = load_cdnow()
    return table["frequency"], table["recency"], table["T"]


def test_bg_nbd_has_the_published_maximum(shop):
    model = BetaGeometric().fit(*shop)
    found = [model.r_, model.alpha_, model.a_, model.b_]
    np.testing.assert_allclose(found, [0.243, 4.414, 0.793, 2.426], atol=6e-4)
    assert round(model.log_likelihood_, 1) == -9582.4


def test_the_likelihood_is_its_integral():
    # average the individual likelihood over draws of rate and chance of leaving
    rng = np.random.default_rng(0)
    r, alpha, a, b = 0.7, 3.0, 1.2, 2.5
    rate, quit = rng.gamma(r, 1 / alpha, 400_000), rng.beta(a, b, 400_000)
    for x, t_x, T in ((0, 0.0, 5.0), (1, 2.0, 5.0), (3, 4.0, 5.0)):
        stays = (1 - quit) ** x * rate**x * np.exp(-rate * T)
        leaves = quit * (1 - quit) ** max(x - 1, 0) * rate**x * np.exp(-rate * t_x)
        slow = (stays + (x > 0) * leaves).mean()
        fast = math.exp(log_likelihood(r, alpha, a, b, [x], [t_x], [T])[0])
        assert math.isclose(slow, fast, rel_tol=0.02)


def test_the_published_example_of_expected_purchases():
    model = BetaGeometric.of(r=0.243, alpha=4.414, a=0.793, b=2.426)
    expected = model.expected_purchases(39, [2], [30.43], [38.86])
    assert round(float(expected[0]), 3) == 1.226
    assert model.alive([0], [0.0], [39.0]).tolist() == [1.0]


def test_expected_purchases_equal_a_simulation():
    rng = np.random.default_rng(1)
    model = BetaGeometric.of(r=0.9, alpha=2.0, a=1.5, b=3.0)
    rate, quit = rng.gamma(0.9, 1 / 2.0, 40_000), rng.beta(1.5, 3.0, 40_000)
    bought = np.zeros(40_000)
    for i in range(40_000):
        # the first purchase has been made; each repeat may be the last
        most = rng.geometric(quit[i])
        bought[i] = min(rng.poisson(rate[i] * 6.0), most)
    expected = float(model.expected_purchases(6.0, 0, 0.0, 0.0))
    assert abs(bought.mean() - expected) < 4 * bought.std() / 200


def test_the_chance_of_being_a_customer_on_paper():
    model = BetaGeometric.of(r=1, alpha=1, a=2, b=1)
    # one purchase, at 1 of 3: odds of having left 2/1 times (4/2)²
    alive = model.alive([1, 2], [1.0, 1.0], [3.0, 3.0])
    np.testing.assert_allclose(alive, [1 / 9, 1 / 9])
    assert model.alive([2], [3.0], [3.0]).tolist() == [0.5]


def test_silence_is_alarming_for_a_frequent_buyer():
    model = BetaGeometric.of(r=0.243, alpha=4.414, a=0.793, b=2.426)
    many, few = model.alive([20, 2], [25.0, 25.0], [39.0, 39.0])
    assert many < 0.1 < 0.5 < few


@pytest.mark.parametrize(
    ("history", "message"),
    [
        (([1], [2.0, 3.0], [4.0]), "one entry per customer"),
        (([1], [5.0], [4.0]), "0 <= t_x <= T"),
        (([-1], [0.0], [4.0]), "x >= 0"),
        (([1], [-1.0], [4.0]), "0 <= t_x"),
        (([0], [1.0], [4.0]), "t_x must be 0 where x is 0"),
    ],
)
def test_impossible_histories_are_refused(history, message):
    with pytest.raises(ValueError, match=message):
        BetaGeometric().fit(*history)


def test_parameters_are_positive():
    with pytest.raises(ValueError, match="alpha must be a number above 0"):
        BetaGeometric.of(r=1, alpha=0, a=1, b=1)
    model = BetaGeometric.of(r=1, alpha=1, a=2, b=1)
    with pytest.raises(ValueError, match="t must be a number above 0"):
        model.expected_purchases(0, [1], [1.0], [2.0])


# --- the campaign -------------------------------------------------------------------


def test_the_best_calls_come_first_and_bad_ones_are_not_made():
    p = [0.9, 0.1, 0.3, 0.5, 0.25]
    assert choose_customers(p, COSTS).tolist() == [True, False, True, True, True]
    assert choose_customers(p, COSTS, 2).tolist() == [True, False, False, True, False]
    assert choose_customers(p, COSTS, 0).sum() == 0
    assert choose_customers(p, COSTS, 9).sum() == 4


def test_a_customers_own_worth_changes_the_order():
    called = choose_customers([0.5, 0.4], COSTS, 1, worth=[1.0, 3.0])
    assert called.tolist() == [False, True]
    gain = expected_gain(np.array([0.5, 0.4]), COSTS, [1.0, 3.0])
    np.testing.assert_allclose(gain, [50, 190])
    for worth in ([1.0], [1.0, -1.0]):
        with pytest.raises(ValueError, match="worth must be one number of at least 0"):
            choose_customers([0.5, 0.4], COSTS, worth=worth)


def test_expected_gains_are_those_over_leaving_alone():
    full = CostMatrix(10.0, -4.0, -20.0, 1.0)
    p = np.array([full.threshold, 0.5])
    calling, leaving = p * 10 + (1 - p) * -4, p * -20 + (1 - p) * 1
    np.testing.assert_allclose(expected_gain(p, full), calling - leaving, atol=1e-12)


def test_a_campaigns_money_and_its_intervals():
    left = np.array([1, 0] * 100)
    called = np.arange(200) < 100
    campaign = run_campaign(left, called, COSTS)
    assert (campaign.calls, campaign.spent) == (100, 5000)
    assert campaign.profit == 50 * 150 - 50 * 50
    assert campaign.roi == 1.0
    low, high = campaign.roi_interval
    assert 0.5 < low < 1 < high < 1.5
    low, high = campaign.profit_interval
    # the sum of 200 gains: its standard deviation is that of one times the root
    gains = COSTS.gains(left, called)
    assert math.isclose((high - low) / 3.92, gains.std() * 200**0.5, rel_tol=0.1)


def test_an_empty_campaign_earns_nothing():
    campaign = run_campaign([1, 0], [0, 0], COSTS, n_resamples=5)
    assert (campaign.calls, campaign.spent, campaign.profit, campaign.roi) == (
        0,
        0,
        0,
        0,
    )


def test_profit_is_measured_over_not_calling():
    full = CostMatrix(10.0, -4.0, -20.0, 1.0)
    campaign = run_campaign([1, 0], [1, 1], full, n_resamples=5)
    assert campaign.profit == (10 + 20) + (-4 - 1)
    assert campaign.spent == 10


# --- reasons and report -------------------------------------------------------------


@pytest.fixture(scope="module")
def boosting(customers, left):
    return make_model("boosting").fit(customers, left)


@pytest.mark.filterwarnings("ignore:The set_:PendingDeprecationWarning")
@pytest.mark.filterwarnings("ignore:LightGBM binary:UserWarning")
def test_reasons_add_up_to_the_score_and_equal_shap(boosting, customers):
    import shap

    few = customers.head(5)
    parts = contributions(boosting, few)
    score = logit(boosting.predict_proba(few)[:, 1])
    np.testing.assert_allclose(parts.sum(axis=1), score, atol=1e-6)
    table = boosting["scale"].transform(boosting["features"].transform(few))
    values = shap.TreeExplainer(boosting["model"]).shap_values(table)
    values = values[1] if isinstance(values, list) else values
    names = boosting["features"].get_feature_names_out()
    contract = [i for i, n in enumerate(names) if n.startswith("contract=")]
    np.testing.assert_allclose(
        parts["contract"], values[:, contract].sum(axis=1), atol=1e-6
    )


def test_reasons_raise_the_score_largest_first(boosting, customers):
    one = customers.iloc[[0]]
    reasons = customer_reasons(boosting, one, 4)
    effects = [r.effect for r in reasons]
    assert len(reasons) == 4
    assert effects == sorted(effects, reverse=True)
    assert min(effects) > 0
    assert all(r.action == ACTIONS.get(r.feature, "") for r in reasons)
    with pytest.raises(ValueError, match="customer must be one row, got 2"):
        customer_reasons(boosting, customers.head(2))


def test_every_action_belongs_to_a_column(boosting):
    names = {n.split("=")[0] for n in boosting["features"].get_feature_names_out()}
    assert set(ACTIONS) <= names


def test_the_call_list_holds_the_likeliest_above_the_threshold(boosting, customers):
    calls = call_list(boosting, customers.head(200), COSTS, n_rows=5)
    p = boosting.predict_proba(customers.head(200))[:, 1]
    assert calls["probability"].tolist() == sorted(p, reverse=True)[:5]
    np.testing.assert_allclose(
        calls["expected gain"], 200 * calls["probability"] - 50, rtol=1e-9
    )
    assert (calls["offer"] != "").all()
    assert len(call_list(boosting, customers.head(200), COSTS)) == 10
    safe = customers[p_below(boosting, customers)].head(3)
    assert call_list(boosting, safe, COSTS).empty


def p_below(model, customers):
    return model.predict_proba(customers)[:, 1] < 0.05


def test_the_report_says_what_the_interval_says():
    calls = pd.DataFrame({"customer": ["<b>"], "probability": [0.5]})
    cases = (
        ([1] * 30, "The campaign pays."),
        ([0] * 30, "The campaign loses money."),
        ([1] * 2 + [0] * 6, "cannot be told"),
    )
    for left, verdict in cases:
        campaign = run_campaign(left, np.ones(len(left)), COSTS, n_resamples=200)
        page = churn_report(calls, campaign, COSTS, ["a < b"])
        assert verdict in page
        assert all(text in page for text in ("&lt;b&gt;", "a &lt; b", "25%"))
        assert not any(text in page for text in ("http", "<script"))


def test_an_interval_that_touches_zero_decides_nothing():
    calls = pd.DataFrame({"customer": [1]})
    for low, high in ((0.0, 10.0), (-10.0, 0.0)):
        interval = Interval(low, high)
        campaign = Campaign(1, 50.0, 5.0, interval, interval)
        assert "cannot be told" in churn_report(calls, campaign, COSTS)
    page = churn_report(calls, Campaign(1, 50.0, 5.0, Interval(-1, 1), interval), COSTS)
    assert "(95 %: -1 to 1)" in page
    assert "0.10 for each unit spent" in page


# --- uplift -------------------------------------------------------------------------


def experiment(n=4000, random_state=0):
    """Return customers of whom half respond to treatment, by a known column."""
    rng = np.random.default_rng(random_state)
    X = rng.normal(size=(n, 2))
    treated = rng.random(n) < 0.5
    y = 1.0 * X[:, 1] + 2.0 * (X[:, 0] > 0) * treated + rng.normal(size=n)
    return X, y, treated


@pytest.mark.parametrize(
    "learner", [TwoModels(LinearRegression()), TransformedOutcome(LinearRegression())]
)
def test_learners_find_the_effect_and_its_direction(learner):
    X, y, treated = experiment()
    effect = clone(learner).fit(X, y, treated).predict(X)
    assert abs(effect.mean() - 1.0) < 0.15
    assert np.corrcoef(effect, X[:, 0])[0, 1] > 0.9
    X_new, y_new, w_new = experiment(random_state=1)
    score = clone(learner).fit(X, y, treated).predict(X_new)
    assert qini_area(y_new, w_new, score) > 0.1
    assert qini_area(y_new, w_new, -score) < -0.1


def test_the_transformed_outcome_with_unequal_arms():
    rng = np.random.default_rng(0)
    w = rng.random(20_000) < 0.2
    y = 1.0 + 3.0 * w
    model = TransformedOutcome(DummyRegressor(), share=0.2).fit(
        np.zeros((20_000, 1)), y, w
    )
    assert abs(model.predict([[0]])[0] - 3) < 0.2
    with pytest.raises(ValueError, match="share must lie between 0 and 1"):
        TransformedOutcome(DummyRegressor(), share=1).fit([[0], [0]], [0, 1], [0, 1])


def test_two_models_use_a_classifiers_probability():
    X, y, w = [[0]] * 8, [1, 1, 1, 0, 1, 0, 0, 0], [1, 1, 1, 1, 0, 0, 0, 0]
    two = TwoModels(DummyClassifier(strategy="prior")).fit(X, y, w)
    assert two.predict([[0], [0]]).tolist() == [0.5, 0.5]


def test_the_qini_curve_on_paper():
    # best first: a treated responder, a control responder, treated, control
    curve = qini_curve([1, 1, 0, 0], [1, 0, 1, 0], [4, 3, 2, 1])
    assert curve["share"].tolist() == [0, 0.25, 0.5, 0.75, 1]
    # gains: 1 - 0, 1 - 1 · 1/1, 1 - 1 · 2/1, 1 - 1 · 2/2, per treated customer (2)
    assert curve["gain"].tolist() == [0, 0.5, 0.0, -0.5, 0.0]
    assert curve["random"].tolist() == [0.0] * 5
    assert qini_area([1, 1, 0, 0], [1, 0, 1, 0], [4, 3, 2, 1]) == 0.0


def test_the_qini_curve_ends_at_the_effect_whatever_the_order():
    X, y, w = experiment(1000)
    effect = y[w].mean() - y[~w].mean()
    for score in (X[:, 0], X[:, 1]):
        curve = qini_curve(y, w, score)
        assert math.isclose(curve["gain"].iloc[-1], effect)
        assert math.isclose(curve["random"].iloc[500], effect / 2)


def test_an_experiment_needs_both_arms():
    for treated in ([1, 1], [0, 0]):
        with pytest.raises(ValueError, match="both arms"):
            qini_curve([1, 0], treated, [1, 2])
    with pytest.raises(ValueError, match="one entry per row"):
        TwoModels(DummyRegressor()).fit([[0]], [1, 0], [1, 0])


# --- recorded and drawn -------------------------------------------------------------


def test_what_was_recorded_is_what_the_page_says():
    figures_ = {f["name"]: f for f in read_ledger("customer_churn")["figures"]}
    assert abs(figures_["Telco, published model"]["value"] - 0.841) < 0.003
    assert figures_["e-mail, all"]["spread"]["low"] > 0
    assert figures_["e-mail, two models"]["spread"]["low"] < 0
    curves = recorded_table("customer_churn", "qini")
    assert set(curves["ranking"]) == {
        "two models",
        "transformed outcome",
        "likely visitors first",
    }
    ends = curves[curves["share"] == 1]["gain"]
    np.testing.assert_allclose(ends, figures_["e-mail, all"]["value"], atol=1e-5)


def test_arms_of_the_recorded_experiment():
    from mlmastery.customer_churn.record import hillstrom_arms

    rows = pd.DataFrame(
        {
            "recency": [1, 2, 3],
            "history": [10.0, 20.0, 30.0],
            "mens": [1, 0, 1],
            "womens": [0, 1, 0],
            "newbie": [0, 0, 1],
            "zip_code": ["Rural", "Urban", "Rural"],
            "channel": ["Web", "Phone", "Web"],
            "segment": ["Mens E-Mail", "Womens E-Mail", "No E-Mail"],
            "visit": [1, 1, 0],
            "conversion": [1, 0, 0],
            "spend": [9.0, 0.0, 0.0],
        }
    )
    X, visit, treated = hillstrom_arms(rows)
    assert (visit.tolist(), treated.tolist()) == ([1, 0], [True, False])
    assert not {"visit", "conversion", "spend", "segment"} & set(X)


def test_figures_draw_what_they_are_given():
    p, left = np.array([0.1, 0.4, 0.8, 0.9]), np.array([0, 0, 1, 1])
    fig, axes = plt.subplots(2, 3)
    ax = axes.ravel()
    figures.plot_profit({"a": profit_curve(left, p, COSTS)}, 0.25, ax=ax[0])
    assert ax[0].lines[1].get_xdata()[0] == 0.25
    curve = kaplan_meier([1, 2, 2, 3], [1, 0, 1, 0])
    figures.plot_survival({"a": curve}, ax=ax[2])
    assert ax[2].lines[0].get_ydata().tolist() == [1, 0.75, 0.5, 0.5]
    figures.plot_qini(recorded_table("customer_churn", "qini"), ax=ax[3])
    assert len(ax[3].lines) == 4
    figures.plot_scores(left, p, 0.5, ax=ax[4])
    assert ax[4].get_xlim() == (0, 1)
    plt.close(fig)


def test_the_gradient_of_coxs_likelihood_vanishes_at_the_maximum(lung):
    known = lung.dropna(subset=["ph_ecog"])
    X, died = known[["age", "sex", "ph_ecog"]], known["status"] == 2
    best = cox_table(known["time"], died, X, ties="breslow")["coef"].to_numpy()
    gap = check_grad(
        lambda b: cox_log_likelihood(b, known["time"], died, X),
        lambda b: np.zeros(3),
        best,
    )
    assert gap < 0.05


# --- what people hand in ------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "called", "message"),
    [
        (["No", "No"], [1, 1], "left must be 0 or 1 .* got 'No'"),
        ([math.nan, 0], [1, 1], "left must be 0 or 1 .* got nan"),
        ([2, 1], [1, 1], "left must be 0 or 1 .* got 2"),
        ([1, 0], [0.3, 0.2], r"called must be 0 or 1 .* got 0\.3"),
        (pd.array([True, None], dtype="boolean"), [1, 1], "left must be 0 or 1"),
        ([[1, 0]], [1, 1], "left must be one entry per customer"),
    ],
)
def test_words_gaps_and_probabilities_are_no_outcomes(left, called, message):
    for function in (COSTS.profit, lambda a, b: run_campaign(a, b, COSTS, 10)):
        with pytest.raises(ValueError, match=message):
            function(left, called)


@pytest.mark.parametrize("dtype", ["int64", "bool", "Int64", "boolean", "float"])
def test_outcomes_of_every_type_earn_the_same(dtype):
    assert COSTS.profit(pd.Series([1, 0], dtype=dtype), [True, True]) == 100


def test_numbers_are_asked_for_by_name():
    with pytest.raises(ValueError, match="got '150' for called_leaver"):
        CostMatrix("150", -50)
    with pytest.raises(ValueError, match="probability must be numbers, got 'high'"):
        COSTS.mean_profit([1], ["high"])
    with pytest.raises(ValueError, match="thresholds must lie between 0 and 1"):
        profit_curve([1, 0], [0.9, 0.1], COSTS, [math.nan])
    with pytest.raises(ValueError, match="max_calls must be a whole number"):
        choose_customers([0.9, 0.8], COSTS, 1.5)
    with pytest.raises(ValueError, match=r"worth .* got \[inf\]"):
        choose_customers([0.9, 0.8], COSTS, worth=[math.inf, 1.0])
    with pytest.raises(ValueError, match="at least one customer, got none"):
        run_campaign([], [], COSTS)
    with pytest.raises(ValueError, match="annual_discount must be"):
        CustomerLifetimeValue(1.0, -0.1).fit([1, 2], [1, 0])


@given(st.floats(1, 100), st.floats(0.05, 1), st.floats(2001, 9000))
def test_a_customer_at_the_threshold_is_called(cost, rate, value):
    costs = CostMatrix.campaign(contact_cost=cost, save_rate=rate, customer_value=value)
    assert choose_customers([costs.threshold], costs).all()


def test_durations_are_finite_numbers_in_one_unit():
    with pytest.raises(ValueError, match="at least 0 and finite, got inf"):
        kaplan_meier([math.inf, 2], [1, 0])
    with pytest.raises(ValueError, match="got times or dates"):
        kaplan_meier(pd.to_timedelta([1, 2], "D"), [1, 0])
    with pytest.raises(ValueError, match="events must be 0 or 1, got"):
        kaplan_meier([1, 2], pd.array([True, None], dtype="boolean"))
    with pytest.raises(ValueError, match="times must lie between"):
        kaplan_meier([1, 2], [1, 0]).at(math.nan)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"a": [0.0, 1, math.nan, 1, 1]}, "gap or infinity in 'a'"),
        ({"a": [1.0] * 5}, "got 'a', which is constant"),
        ({"a": [0.0, 1, 0, 1, 1], "b": [1.0, 0, 1, 0, 0]}, "got 'b', which is"),
        ({"a": list("xyxyx")}, "must be numbers, got 'x'"),
        ({"a": [0.0, 1]}, r"each of 5 durations, got shape \(2, 1\)"),
        ({"a": [1.0, 1, 1, 0, 0]}, "no finite estimate"),
    ],
)
def test_columns_that_cox_cannot_use_are_named(columns, message):
    events = [1, 1, 1, 0, 0] if "finite" in message else [1, 1, 0, 1, 1]
    with pytest.raises(ValueError, match=message):
        cox_table([1, 2, 3, 4, 5], events, pd.DataFrame(columns))


def test_cox_takes_lists_and_refuses_no_events_and_a_wrong_beta():
    rows = [[0], [1], [0], [1], [1]]
    times, events = [1, 2, 3, 4, 5], [1, 1, 0, 1, 1]
    frame = pd.DataFrame(rows)
    assert cox_table(times, events, rows).equals(cox_table(times, events, frame))
    with pytest.raises(ValueError, match="at least one event, got none"):
        cox_table(times, [0] * 5, rows)
    with pytest.raises(ValueError, match="beta must be one number per column"):
        cox_log_likelihood([0.0, 1.0], times, events, rows)


@pytest.mark.parametrize(
    ("history", "message"),
    [
        (([2.0, math.nan], [1.0, 1.0], [9.0, 9.0]), "x must be finite"),
        (([2.0, 1.0], [math.nan, 1.0], [9.0, 9.0]), "t_x must be finite"),
        (([1.5, 1.0], [1.0, 1.0], [9.0, 9.0]), "x must be whole numbers"),
        (([], [], []), "two customers or more"),
        (([0.0, 0.0], [0.0, 0.0], [9.0, 9.0]), "at least one with a repeat"),
    ],
)
def test_histories_with_gaps_or_without_purchases_are_not_fitted(history, message):
    with pytest.raises(ValueError, match=message):
        BetaGeometric().fit(*history)


def test_histories_of_dates_and_the_pole_of_the_formula_are_refused():
    dates = pd.to_datetime(["2020-01-01", "2021-01-01"])
    with pytest.raises(ValueError, match="got times or dates"):
        BetaGeometric().fit([1, 1], dates, dates)
    model = BetaGeometric.of(r=0.2, alpha=4.4, a=1, b=2.4)
    with pytest.raises(ValueError, match="a must differ from 1"):
        model.expected_purchases(39, [2], [30.0], [39.0])


def test_smote_takes_columns_of_bool_and_leaves_even_classes_alone():
    X = np.arange(24).reshape(12, 2) % 5 > 2
    rows, _ = SMOTE(1, random_state=0).fit_resample(X, [1] * 4 + [0] * 8)
    assert rows.shape == (16, 2)
    assert ((rows >= 0) & (rows <= 1)).all()
    rows, _ = SMOTE(5).fit_resample(X[:4], [0, 1, 0, 1])
    np.testing.assert_array_equal(rows, X[:4])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"total_charges": "29.85"}, "total_charges must be numbers, got '29.85'"),
        ({"monthly_charges": math.inf}, "monthly_charges must be at least 0"),
        ({"partner": 2}, "partner must be 0 or 1 for every customer, got 2"),
        ({"senior_citizen": "Yes"}, "senior_citizen must be numbers, got 'Yes'"),
        ({"contract": None}, "contract must be a word for every customer"),
        ({"Churn": 1}, "X must not hold the label"),
    ],
)
def test_columns_of_the_wrong_kind_are_named(customers, change, message):
    features = ChurnFeatures().fit(customers)
    with pytest.raises(ValueError, match=message):
        features.transform(customers.head(3).assign(**change))


def test_missing_flags_repeated_columns_and_no_customers_are_refused(customers):
    features = ChurnFeatures().fit(customers)
    gap = pd.array([None] * 3, dtype="boolean")
    with pytest.raises(ValueError, match="partner must be 0 or 1"):
        features.transform(customers.head(3).assign(partner=gap))
    with pytest.raises(ValueError, match="got 'tenure' twice"):
        features.transform(pd.concat([customers, customers[["tenure"]]], axis=1))
    with pytest.raises(ValueError, match="at least one customer"):
        ChurnFeatures().fit(customers.head(0))
    for groups in ("tenure", None):
        with pytest.raises(ValueError, match="groups must be a list of names"):
            ChurnFeatures(groups).fit(customers)


def test_nullable_columns_give_plain_floats(customers):
    features = ChurnFeatures().fit(customers)
    nullable = customers.convert_dtypes()
    made = features.transform(nullable)
    assert set(made.dtypes) == {np.dtype(float)}
    pd.testing.assert_frame_equal(made, features.transform(customers))


def test_the_leak_guards_do_not_overlook_gaps():
    for invented in ([[math.nan]], [[math.nan, 3.0]]):
        original = [[1.0] * len(invented[0])]
        with pytest.raises(ValueError, match="got 1 of 1"):
            check_original_rows(invented, original)
    check_original_rows([[math.nan, 1.0]], [[math.nan, 1.0], [2.0, 2.0]])
    with pytest.raises(ValueError, match="1 columns of the original, got 2"):
        check_original_rows([[1.0, 2.0]], [[1.0]])
    frame = pd.DataFrame({"a": [1.0], "b": [2.0]})
    with pytest.raises(ValueError, match="in their order"):
        check_original_rows(frame[["b", "a"]], frame)
    # A refund that only stayers lack, whatever its sign and size
    refund = pd.DataFrame({"refund": [-5.0, -math.inf, math.nan, math.nan]})
    assert leaking_columns(refund, [1, 1, 0, 0]) == ["refund"]
    for y in ([1, 1, 1, 1], [1, 0]):
        with pytest.raises(ValueError, match="y must hold both classes"):
            leaking_columns(refund, y)
    with pytest.raises(ValueError, match="y must be 0 or 1"):
        leaking_columns(refund, ["Yes", "Yes", "No", "No"])


@pytest.mark.parametrize("arms", [["a", "b"], [1, math.nan], [1, -1], [1, 2]])
def test_arms_are_0_and_1(arms):
    learner = TwoModels(DummyRegressor())
    with pytest.raises(ValueError, match="treated must be 0 or 1"):
        learner.fit([[0]] * 4, [1.0, 2.0, 3.0, 4.0], arms * 2)


def test_uplift_names_what_it_cannot_use():
    X, y, treated = [[0]] * 4, [1.0, 2.0, 3.0, 4.0], [1, 0, 1, 0]
    for learner in (TwoModels(DummyRegressor()), TransformedOutcome(DummyRegressor())):
        with pytest.raises(ValueError, match="not fitted"):
            learner.predict(X)
        with pytest.raises(ValueError, match="y must have no gaps"):
            learner.fit(X, [math.nan, *y[1:]], treated)
    with pytest.raises(ValueError, match="model must be a regressor"):
        TransformedOutcome(LogisticRegression()).fit(X, treated, treated)
    with pytest.raises(ValueError, match=r"without gaps, got .* 1 gaps"):
        qini_area(y, treated, [math.nan, 1, 2, 3])
    with pytest.raises(ValueError, match="score must be one number per customer"):
        qini_area(y, treated, 0.5)


def test_reasons_need_the_boosting_pipeline(boosting, customers, left):
    logistic = make_model().fit(customers.head(300), left.head(300))
    with pytest.raises(ValueError, match="fitted, got LogisticRegression"):
        customer_reasons(logistic, customers.head(1))
    with pytest.raises(ValueError, match="customer must be a DataFrame, got Series"):
        customer_reasons(boosting, customers.iloc[0])


def test_a_notebook_shows_the_report_by_its_content():
    calls = pd.DataFrame({"customer": ["<b>|x"], "probability": [0.5]})
    campaign = run_campaign([1] * 30, [1] * 30, COSTS, n_resamples=50)
    page = churn_report(calls, campaign, COSTS, ["a note"])
    shown = page._repr_html_()
    assert shown.startswith("<p><strong>Whom to call</strong></p>")
    assert page.split("</h2>")[1].split("<h2>")[0] in shown
    assert not any(tag in shown for tag in ("<style", "<script", "<b>", "<html", "<h"))
    text = page._repr_markdown_()
    assert text.startswith("**The campaign pays.** A call pays from")
    assert "30 calls cost 1,500" in text
    assert text.endswith("- a note")
    with pytest.raises(ValueError, match="notes must be a list"):
        churn_report(calls, campaign, COSTS, "a note")
    with pytest.raises(ValueError, match="calls must be a DataFrame, got list"):
        churn_report([1], campaign, COSTS)


def test_a_word_in_the_middle_of_the_alphabet_can_leak():
    y = np.tile([1, 0, 0, 0], 50)
    reason = np.where(y == 1, "moved", np.tile(["angry", "price", "angry", "zeal"], 50))
    names = [f"customer {i}" for i in range(200)]
    X = pd.DataFrame(
        {"reason": reason, "name": names, "town": np.tile(["a", "b"], 100)}
    )
    assert leaking_columns(X, y) == ["reason"]
