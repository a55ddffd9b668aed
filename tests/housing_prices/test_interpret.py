"""Three importances of one model, and the largest reasons for one price."""

import numpy as np
import pandas as pd
import pytest
from sklearn.inspection import permutation_importance

from mlmastery.housing_prices import (
    booster,
    compare_importance,
    largest_contributions,
    tree_shap,
)


@pytest.fixture(scope="module")
def fitted():
    rng = np.random.default_rng(2)
    Z = pd.DataFrame(rng.normal(size=(300, 3)), columns=["a", "b", "noise"])
    y = 2 * Z["a"] + Z["b"] + 0.1 * rng.normal(size=300)
    return booster("lightgbm", n_estimators=30).fit(Z[:200], y[:200]), Z[200:], y[200:]


def test_importances_are_shares_of_the_libraries_numbers(fitted):
    model, Z, y = fitted
    table = compare_importance(model, Z, y, n_repeats=3, random_state=4)
    np.testing.assert_allclose(table.sum(), 1)
    gain = model.booster_.feature_importance("gain")
    np.testing.assert_allclose(table["gain"], gain / gain.sum())
    shap = np.abs(tree_shap(model, Z)).mean(axis=0)
    np.testing.assert_allclose(table["shap"], shap / shap.sum())
    rise = permutation_importance(
        model, Z, y, scoring="neg_root_mean_squared_error", n_repeats=3, random_state=4
    )["importances_mean"]
    rise = np.maximum(rise, 0)
    np.testing.assert_allclose(table["permutation"], rise / rise.sum())
    assert table.index.tolist() == ["a", "b", "noise"]
    assert table["permutation"].idxmax() == "a"


def test_a_column_that_helps_when_shuffled_counts_as_nothing(fitted):
    model, Z, _ = fitted
    upside_down = -model.predict(Z)
    table = compare_importance(model, Z, upside_down)
    assert (table["permutation"].fillna(0) >= 0).all()


def test_importance_is_that_of_its_seed(fitted):
    one, same, other = (
        compare_importance(*fitted, random_state=s)["permutation"] for s in (0, 0, 1)
    )
    assert one.equals(same)
    assert not one.equals(other)


@pytest.mark.parametrize("n_shown", [1, 3, 4])
def test_the_largest_reasons_and_the_rest_add_up(n_shown):
    values = pd.Series({"a": 0.1, "b": -0.4, "c": 0.3, "d": -0.05})
    shown = largest_contributions(values, n_shown)
    assert shown.index.tolist() == [*["b", "c", "a", "d"][:n_shown], "all others"]
    assert shown.sum() == pytest.approx(values.sum())
    assert shown["b"] == -0.4


def test_eight_reasons_are_shown_unless_told():
    assert len(largest_contributions(pd.Series(np.arange(20.0)))) == 9
