"""One-class SVM: what ν promises, a width without labels, the cheap cousin."""

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.svm import OneClassSVM

from mlmastery.fraud_detection.one_class import (
    consistent_gamma,
    nu_shares,
    nystroem_one_class,
    one_class,
)


@pytest.fixture(scope="module")
def rows():
    return np.random.default_rng(0).normal(size=(800, 3)) * [1, 100, 1]


@pytest.mark.parametrize("nu", [0.02, 0.1, 0.4])
def test_nu_lies_between_outliers_and_support_vectors(rows, nu):
    shares = nu_shares(one_class(nu, 0.1).fit(rows), rows)
    assert shares["outliers"] <= nu + 0.005
    assert nu - 1e-9 <= shares["support vectors"] < nu + 0.1


def test_shares_are_counted_on_rows(rows):
    model = one_class(0.1, 0.1).fit(rows)
    want = (model.predict(rows) < 0).mean()
    assert nu_shares(model, rows)["outliers"] == want


def test_scaling_is_part_of_the_model(rows):
    Z = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    scaled, raw = one_class(0.1, 0.1).fit(rows), one_class(0.1, 0.1, False).fit(Z)
    np.testing.assert_allclose(
        scaled.decision_function(rows), raw.decision_function(Z), atol=1e-6
    )
    assert isinstance(raw[-1], OneClassSVM)
    assert raw[-1].gamma == 0.1


def test_consistent_gamma_is_the_last_that_keeps_its_promise(rows):
    gammas = [0.01, 0.1, 10.0, 1000.0]
    chosen, rejected = consistent_gamma(rows, gammas[::-1], nu=0.1)
    limit = 0.1 + 2 * (0.1 * 0.9 / 400) ** 0.5
    kept = [g for g in gammas if rejected[g] <= limit]
    assert chosen == max(kept) < 1000
    assert list(rejected) == gammas
    assert rejected[1000.0] > 0.9


def test_consistent_gamma_takes_the_widest_where_all_fail(rows):
    assert consistent_gamma(rows, [500.0, 1000.0], nu=0.1)[0] == 500.0


def test_the_promise_is_judged_on_other_rows(rows):
    """On its own rows even a narrow kernel rejects only ν."""
    _, rejected = consistent_gamma(rows, [1000.0], nu=0.1)
    own = nu_shares(one_class(0.1, 1000.0).fit(rows[:400]), rows[:400])
    assert own["outliers"] < 0.6 < rejected[1000.0]


def test_nystroem_ranks_as_the_exact_one(rows):
    exact = one_class(0.1, 0.1).fit(rows).decision_function(rows)
    fast = nystroem_one_class(0.1, 0.1).fit(rows).decision_function(rows)
    assert spearmanr(exact, fast)[0] > 0.8


@pytest.mark.parametrize("make", [one_class, nystroem_one_class])
def test_refuses_bad_parameters(make):
    with pytest.raises(ValueError, match="nu"):
        make(nu=1.5)
    with pytest.raises(ValueError, match="gamma"):
        make(gamma=0)


def test_no_width_and_too_few_rows_are_told():
    X = np.random.default_rng(0).normal(size=(50, 2))
    for rows, gammas in ((X, []), (X[:3], [0.1])):
        with pytest.raises(ValueError, match="gammas must hold a number and X 4 rows"):
            consistent_gamma(rows, gammas)


def test_shares_are_those_of_the_training_rows():
    X = np.random.default_rng(0).normal(size=(50, 2))
    with pytest.raises(ValueError, match="rows on which the model was fitted"):
        nu_shares(one_class().fit(X), X[:5])
