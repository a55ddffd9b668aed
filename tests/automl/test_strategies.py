"""Halving, optimism, ensembles, tables, meta-learning: each against a slow way."""

import itertools
import math

import numpy as np
import optuna
import pandas as pd
import pytest
from sklearn.kernel_ridge import KernelRidge
from sklearn.metrics import log_loss, roc_auc_score

from mlmastery.automl.ensemble import select_ensemble
from mlmastery.automl.halving import (
    Rung,
    halve,
    hyperband,
    hyperband_brackets,
    largest_power,
)
from mlmastery.automl.meta import (
    meta_features,
    nearest_tasks,
    portfolio,
    regret_table,
    standardised_distances,
)
from mlmastery.automl.optimism import best_of_noisy, expected_maximum
from mlmastery.automl.space import Integer, Space
from mlmastery.automl.suite import SUITE, Task, load_task
from mlmastery.automl.tabulated import KERNEL_SPACE, split_task, tabulate
from mlmastery.automl.trial import LOSSES, fold_rows, seed_of


@pytest.fixture(scope="module")
def wine():
    return load_task("wine")


@pytest.fixture(scope="module")
def wine_table(wine):
    return tabulate(wine, n_sizes=2)


def test_brackets_are_counted_in_integers():
    assert len(hyperband_brackets(243, 3)) == 6
    sizes = [bracket[0].n_configs for bracket in hyperband_brackets(81, 3)]
    assert sizes == [81, 34, 15, 8, 5]  # the table of the paper
    for base in (2, 3, 4, 5, 7, 10):
        for power in range(1, 12):
            assert largest_power(base**power, base) == power
            assert largest_power(base**power - 1, base) == power - 1


def test_every_bracket_ends_with_the_whole_budget():
    for budget, eta in itertools.product((1, 8, 10, 27, 100), (2, 3)):
        for bracket in hyperband_brackets(budget, eta):
            assert bracket[-1].budget == budget
            assert all(rung.n_configs >= 1 <= rung.budget for rung in bracket)


def test_the_reference_is_a_bracket_short_at_an_exact_power():
    """When this fails, the library was repaired: say so on the page."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    pruner = optuna.pruners.HyperbandPruner(1, 243, 3)
    study = optuna.create_study(pruner=pruner)
    study.optimize(lambda t: t.suggest_float("x", 0, 1) * t.should_prune(), n_trials=1)
    assert pruner._n_brackets == 5 == math.floor(math.log(243, 3)) + 1


def test_halving_keeps_the_best_and_drops_nan():
    losses = [3.0, math.nan, 1.0, 2.0]
    tried = halve(
        [{"i": i} for i in range(4)],
        lambda c, budget: losses[c["i"]],
        [Rung(4, 1), Rung(2, 2), Rung(1, 4)],
    )
    assert tried["place"].tolist() == [0, 1, 2, 3, 2, 3, 2]
    assert tried["budget"].tolist() == [1, 1, 1, 1, 2, 2, 4]
    with pytest.raises(ValueError, match="the 3 of the first rung, got 1"):
        halve([{}], lambda c, b: 0.0, [Rung(3, 1)])


def test_hyperband_is_repeatable_and_costs_what_its_rungs_say():
    space = Space({"x": Integer(1, 10**6)})
    first, again = (hyperband(space, lambda c, b: c["x"] / b, 27) for _ in "ab")
    pd.testing.assert_frame_equal(first, again)
    rungs = [rung for bracket in hyperband_brackets(27, 3) for rung in bracket]
    assert len(first) == sum(r.n_configs for r in rungs)
    assert first["budget"].sum() == sum(r.n_configs * r.budget for r in rungs)


@pytest.mark.parametrize(("k", "value"), [(10, 0.031), (100, 0.050), (1000, 0.065)])
def test_the_best_of_k_scores_promises_too_much(k, value):
    assert 0.02 * expected_maximum(k) == pytest.approx(value, abs=0.0005)
    seen, true = best_of_noisy(np.full(k, 0.8), 0.02, 3000)
    assert (seen - true).mean() == pytest.approx(value, abs=0.001)


def squared(y):
    return lambda p: float(((p[:, 0] - y) ** 2).mean())


def test_an_ensemble_on_paper():
    y = np.array([0.0, 1.0])
    models = np.array([[[0.0], [0.6]], [[0.4], [1.0]]])
    np.testing.assert_allclose(select_ensemble(models, squared(y), 5), [0.5, 0.5])


def test_an_ensemble_is_never_worse_than_the_best_and_is_not_the_last():
    rng = np.random.default_rng(0)
    for _ in range(30):
        y = rng.normal(size=20)
        models = y[:, None] + rng.normal(0, rng.uniform(0.1, 3, (6, 1, 1)), (6, 20, 1))
        loss = squared(y)
        weights = select_ensemble(models, loss, 10)
        mean = np.tensordot(weights, models, 1)
        assert loss(mean) <= min(map(loss, models)) + 1e-12
        assert weights.sum() == pytest.approx(1)
    perfect = np.array([[[1.0]], [[9.0]]])
    np.testing.assert_array_equal(select_ensemble(perfect, squared([1.0]), 7), [1, 0])
    # Round 2 is best (0, 4 → 2); an odd round after it is worse.
    pair = np.array([[[0.0]], [[4.0]]])
    np.testing.assert_array_equal(select_ensemble(pair, squared([2.0]), 3), [0.5, 0.5])
    with pytest.raises(ValueError, match="at least one model"):
        select_ensemble(np.empty((0, 2, 1)), squared([1.0, 2.0]))


@pytest.mark.parametrize(
    "config",
    [
        {
            "kernel": "gaussian",
            "scale": "standard",
            "quarters": 4,
            "width": 1,
            "penalty": -3,
        },
        {
            "kernel": "laplace",
            "scale": "rank",
            "quarters": 2,
            "width": -1,
            "penalty": 2,
        },
        {"kernel": "linear", "scale": "standard", "quarters": 3, "penalty": 0},
    ],
)
def test_a_row_of_the_table_equals_scikit_learns_kernel_ridge(wine, wine_table, config):
    from mlmastery.automl import tabulated

    split = split_task(wine)
    parts = tabulated._rotated(split, len(split.X_train), config["scale"])
    k = -(-parts[0].shape[1] * config["quarters"] // 4)
    parts = [part[:, :k] for part in parts]
    if config["kernel"] == "linear":
        options = {"kernel": "precomputed"}
        grams = [part @ parts[0].T / k for part in parts]
    else:
        power = 2 if config["kernel"] == "gaussian" else 1
        norm = np.abs(parts[0][:, None] - parts[0]) ** power
        middle = np.median(norm.sum(axis=-1))
        kernel = {"gaussian": "rbf", "laplace": "laplacian"}[config["kernel"]]
        gamma = 1 / (middle * 2.0 ** (power * config["width"]))
        options, grams = {"kernel": kernel, "gamma": gamma}, parts
    model = KernelRidge(alpha=2.0 ** config["penalty"], **options)
    mean = split.Y_train.mean(axis=0)
    model.fit(grams[0], split.Y_train - mean)
    key = KERNEL_SPACE.key(config)
    for gram, truth, column in (
        (grams[1], split.Y_validation, "loss"),
        (grams[2], split.Y_test, "test"),
    ):
        left = ((model.predict(gram) + mean - truth) ** 2).sum()
        expected = left / ((truth - mean) ** 2).sum()
        assert wine_table.table.at[key, column] == pytest.approx(expected, rel=1e-6)


def test_a_table_is_complete_and_has_its_sizes(wine_table):
    assert len(wine_table.table) == len(KERNEL_SPACE.enumerate()) == 2176
    assert wine_table.table.notna().all().all()
    assert wine_table.rows == [35, 71]
    config = wine_table.table["config"].iloc[5]
    assert wine_table.loss(config) == wine_table.loss(config, 71)
    assert wine_table.loss(config) != wine_table.loss(config, 35)


def test_medians_and_levels_come_from_training_rows():
    """A test row with an unseen level and a missing number changes nothing else."""
    X = pd.DataFrame({"n": [1.0, 3.0, np.nan, 500.0] * 5, "t": list("abcz") * 5})
    task = Task("t", X, pd.Series(np.arange(20.0)), "numbers")
    order = np.random.default_rng(0).permutation(20)
    split = split_task(task)
    assert len(split.X_train) == 8
    assert len(split.X_validation) == 6
    train = X.iloc[order[:8]]
    filled = split.X_test[X["n"].iloc[order[14:]].isna().to_numpy(), 0]
    assert (filled == train["n"].median()).all()
    assert split.X_train.shape[1] == 1 + train["t"].nunique()


@pytest.mark.parametrize("name", SUITE)
def test_every_task_loads_without_its_answer(name):
    task = load_task(name)
    assert len(task.X) == len(task.y) > 100
    assert task.y.name not in task.X
    assert task.y.notna().all()


def test_a_portfolio_is_greedy():
    regrets = pd.DataFrame(
        {"a": [0.0, 0.5, 0.2], "b": [0.9, 0.0, 0.3]}, index=["x", "y", "z"]
    )
    # Means: .45, .25, .25: the first of equals; then the pair with the smallest mean.
    assert portfolio(regrets, 3) == ["y", "x", "z"]
    best = min(
        itertools.permutations(regrets.index, 2),
        key=lambda pair: regrets.loc[list(pair)].min().mean(),
    )
    assert set(portfolio(regrets, 2)) == set(best)
    with pytest.raises(ValueError, match="k must be a whole number from 1 to 3"):
        portfolio(regrets, 4)


def test_distances_are_standardised_over_the_other_tasks():
    features = pd.DataFrame(
        {"f": [0.0, 2.0, 4.0, 1000.0], "same": [1.0, 1.0, 1.0, 7.0]}, index=list("abcd")
    )
    distances = standardised_distances(features, "d")
    spread = np.std([0, 2, 4])
    np.testing.assert_allclose(
        distances.to_numpy(), np.array([996, 998, 1000]) / spread
    )
    assert nearest_tasks(features, "d", 2) == ["c", "b"]
    assert "d" not in nearest_tasks(features, "d", 3)


def test_meta_features_are_finite_and_described(wine):
    features = meta_features(wine)
    assert np.isfinite(features).all()
    assert features["log rows"] == pytest.approx(math.log(178))
    assert features["log classes"] == pytest.approx(math.log(3))
    assert features["categories"] == features["missing"] == 0


def test_regrets_of_a_table_run_from_zero_to_one(wine_table):
    regrets = regret_table([wine_table])["wine"]
    assert regrets.min() == 0
    assert regrets.max() == 1


def test_losses_equal_scikit_learns():
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(3), 50)
    y = rng.integers(0, 3, 50)
    assert LOSSES["classes"]["log_loss"](p, y) == pytest.approx(log_loss(y, p))
    auc = roc_auc_score(y, p, multi_class="ovr", average="macro")
    assert LOSSES["classes"]["one_minus_auc"](p, y) == pytest.approx(1 - auc)
    assert LOSSES["classes"]["error"](p, y) == (p.argmax(axis=1) != y).mean()
    numbers = LOSSES["numbers"]
    assert numbers["rmse"](np.array([[3.0], [0.0]]), np.array([0.0, 4.0])) == 12.5**0.5
    assert numbers["mae"](np.array([[3.0], [0.0]]), np.array([0.0, 4.0])) == 3.5
    with pytest.raises(ValueError, match="needs rows of each class"):
        LOSSES["classes"]["one_minus_auc"](p, np.zeros(50, int))


def test_folds_cover_every_row_once_and_keep_rare_classes_apart():
    y = np.array([0] * 9 + [1] * 3)
    folds = fold_rows(y, True, 3, 0)
    assert sorted(np.concatenate([test for _, test in folds])) == list(range(12))
    assert all(y[test].sum() == 1 for _, test in folds)
    assert len(fold_rows(np.array([0, 0, 1]), True, 5, 0)) == 3
    with pytest.raises(ValueError, match="n_samples=1"):
        fold_rows(np.array([1.0]), False, 3, 0)


def test_a_seed_belongs_to_its_number():
    seeds = [seed_of(0, n) for n in range(100)]
    assert len(set(seeds)) == 100
    assert seeds == [seed_of(0, n) for n in range(100)]
    assert seed_of(1, 0) != seed_of(0, 0)
