"""Architectures trained at once, shared weights, and proxies for both."""

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.stats import kendalltau

from mlmastery.automl import (
    ARCHITECTURE_SPACE,
    ARCHITECTURES,
    BatchedNetwork,
    SharedNetwork,
    architecture_masks,
    judge_proxies,
    kendall_tau,
    n_parameters,
    selection_gap,
    split_digits,
    tau_interval,
    train_all,
    train_alone,
)

ONE = {"layers": 1, "width_1": 4, "activation_1": "tanh", "skip": True}
TWO = {"layers": 2, "width_1": 8, "activation_1": "relu"}
TWO |= {"width_2": 2, "activation_2": "tanh", "skip": False}


@pytest.fixture(scope="module")
def digits():
    return split_digits(random_state=0)


@pytest.fixture(scope="module")
def trained(digits):
    return train_all(digits, seeds=[0, 1], epochs=2)


def test_the_space_has_144_different_members():
    keys = {ARCHITECTURE_SPACE.key(a) for a in ARCHITECTURES}
    assert len(keys) == len(ARCHITECTURES) == 16 + 128
    assert sum(a["layers"] == 1 for a in ARCHITECTURES) == 16
    assert all(("width_2" in a) == (a["layers"] == 2) for a in ARCHITECTURES)


def test_the_order_of_architectures_does_not_change():
    """Tables and films index by it."""
    assert [ARCHITECTURE_SPACE.key(a) for a in ARCHITECTURES] == [
        ARCHITECTURE_SPACE.key(a)
        for a in sorted(
            ARCHITECTURE_SPACE.enumerate(),
            key=lambda a: (a["layers"], a["width_1"], a.get("width_2", 0)),
        )
    ]


def test_masks_let_through_what_an_architecture_has():
    masks = architecture_masks([ONE, TWO])
    assert masks.units_1.sum(axis=(1, 2)).tolist() == [4, 8]
    assert masks.units_2.sum(axis=(1, 2)).tolist() == [0, 2]
    assert masks.units_1[0, 0, :5].tolist() == [1, 1, 1, 1, 0]
    assert masks.relu_1.ravel().tolist() == [0, 1]
    assert masks.relu_2.ravel().tolist() == [0, 0]
    assert masks.two.ravel().tolist() == [0, 1]
    assert masks.skip.ravel().tolist() == [1, 0]


@pytest.mark.parametrize(
    ("architecture", "want"),
    [
        (ONE, (64 + 1) * 4 + (4 + 1) * 10 + 640),
        (TWO, (64 + 1) * 8 + (8 + 1) * 2 + (2 + 1) * 10),
    ],
)
def test_weights_are_counted_as_torch_counts_them(digits, architecture, want):
    net = train_alone(architecture, digits, epochs=1)
    assert n_parameters(architecture, 64, 10) == want
    assert sum(p.numel() for p in net.parameters()) == want


@pytest.mark.parametrize("seed", [0, 5])
def test_a_masked_network_equals_the_network_alone(digits, seed):
    """Also its first initial weights, its loss and its batches."""
    places = [0, 9, 15, 16, 70, 110, 143]
    chosen = [ARCHITECTURES[i] for i in places]
    batch = BatchedNetwork(chosen, n_in=64, n_out=10, seeds=[1, seed])
    batch.fit(digits.X_train, digits.y_train, epochs=2, random_state=3)
    X = torch.tensor(digits.X_validation)
    with torch.no_grad():
        logits = batch.logits(X)[len(chosen) :]  # those of the second seed
        for ours, architecture in zip(logits, chosen, strict=True):
            with torch.enable_grad():
                net = train_alone(
                    architecture, digits, epochs=2, seed=seed, random_state=3
                )
            torch.testing.assert_close(ours, net(X), atol=1e-4, rtol=1e-4)


def test_accuracy_has_a_row_per_architecture_and_a_column_per_seed(digits):
    chosen = ARCHITECTURES[:3]
    both = BatchedNetwork(chosen, n_in=64, n_out=10, seeds=[0, 1])
    both.fit(digits.X_train, digits.y_train, epochs=1)
    rows = (digits.X_validation, digits.y_validation)
    together = both.accuracy(*rows)
    assert together.shape == (3, 2)
    for column, seed in enumerate([0, 1]):
        net = BatchedNetwork(chosen, n_in=64, n_out=10, seeds=[seed])
        net.fit(digits.X_train, digits.y_train, epochs=1)
        np.testing.assert_allclose(
            net.accuracy(*rows)[:, 0], together[:, column], atol=0.003
        )


def test_weights_behind_a_mask_never_move(digits):
    net = BatchedNetwork([TWO], n_in=64, n_out=10)
    before = [w.detach().clone() for w in net.weights]
    net.fit(digits.X_train, digits.y_train, epochs=1)
    W1, W2, W3, direct, *_ = (
        (a != b).detach()[0] for a, b in zip(net.weights, before, strict=True)
    )
    assert not W1[:, 8:].any()
    assert not W2[8:].any()
    assert not W2[:, 2:].any()
    assert not W3[2:].any()
    assert not direct.any()
    assert W2[:8, :2].any()


def test_the_parts_of_the_digits_do_not_overlap(digits):
    parts = (digits.X_train, digits.X_validation, digits.X_test)
    assert [len(part) for part in parts] == [800, 500, 497]
    assert 0 <= digits.X_train.min() < digits.X_train.max() <= 1
    rows = [{row.tobytes() for row in part} for part in parts]
    assert not rows[0] & rows[1]
    assert not rows[1] & rows[2]


def test_training_all_gives_each_seed_its_column(trained, digits):
    assert trained.validation.shape == trained.test.shape == (144, 2)
    assert trained.curves.shape == (2, 144, 2)
    np.testing.assert_array_equal(trained.curves[-1], trained.validation)
    again = train_all(digits, seeds=[1], epochs=2)
    np.testing.assert_allclose(again.validation[1], trained.validation[1], atol=0.003)
    assert (trained.validation[0] != trained.validation[1]).any()


def test_fewer_rows_are_fewer_rows(trained, digits):
    few = train_all(digits, seeds=[0], epochs=2, n_rows=100)
    assert few.validation[0].mean() < trained.validation[0].mean()


def test_numbers_of_double_precision_are_taken(digits):
    rows = digits.X_train[:64].astype(np.float64), digits.y_train[:64]
    net = BatchedNetwork([ONE], n_in=64, n_out=10).fit(*rows, epochs=1)
    shared = SharedNetwork(n_in=64, n_out=10).fit(*rows, epochs=1)
    assert net.accuracy(*rows).shape == (1, 1)
    assert shared.accuracies(*rows).shape == (144,)


def test_epochs_must_be_a_number(digits):
    net = BatchedNetwork([ONE], n_in=64, n_out=10)
    with pytest.raises(ValueError, match="epochs must be a whole number of at least 1"):
        net.fit(digits.X_train, digits.y_train, epochs=0)


def test_a_supernet_scores_all_with_one_set_of_weights(digits):
    net = SharedNetwork(n_in=64, n_out=10)
    assert [w.shape[0] for w in net.weights] == [1] * 7
    epochs = []
    net.fit(digits.X_train, digits.y_train, epochs=3, watch=epochs.append)
    assert len(epochs) == 3
    scores = net.accuracies(digits.X_validation, digits.y_validation)
    assert scores.shape == (144,)
    assert scores.max() > 0.6
    split = net.split()
    np.testing.assert_allclose(
        split.accuracy(digits.X_validation, digits.y_validation)[:, 0], scores
    )


def test_networks_split_off_leave_the_shared_weights_alone(digits):
    net = SharedNetwork(n_in=64, n_out=10)
    before = [w.detach().clone() for w in net.weights]
    split = net.split().fit(digits.X_train[:64], digits.y_train[:64], epochs=1)
    for now, then, apart in zip(net.weights, before, split.weights, strict=True):
        assert torch.equal(now, then)
        assert len(apart) == 144


def test_paths_decide_which_weights_move(digits):
    """The largest path never trains relu."""
    rows = digits.X_train[:64], digits.y_train[:64]
    for paths, all_tanh in (("largest", True), ("uniform", False)):
        net = SharedNetwork(n_in=64, n_out=10, paths=paths)
        drawn = net._draw(np.random.default_rng(0))
        assert bool((drawn.relu_1 == 0).all()) is all_tanh
        net.fit(*rows, epochs=1)
    assert len(drawn.skip) == 8


def test_a_supernet_repeats_with_its_seed(digits):
    rows = digits.X_train[:200], digits.y_train[:200]
    one, same, other = (
        SharedNetwork(n_in=64, n_out=10, random_state=seed).fit(*rows, epochs=1)
        for seed in (0, 0, 1)
    )
    assert all(map(torch.equal, one.weights, same.weights))
    assert not torch.equal(one.weights[0], other.weights[0])


def test_unknown_paths_are_refused():
    with pytest.raises(ValueError, match="paths must be one of uniform, largest"):
        SharedNetwork(n_in=64, n_out=10, paths="fair")


@pytest.mark.parametrize("levels", [3, 1000])
def test_tau_equals_scipys_with_and_without_ties(levels):
    rng = np.random.default_rng(levels)
    a = rng.integers(levels, size=40)
    b = a + rng.integers(levels, size=40)
    assert kendall_tau(a, b) == pytest.approx(kendalltau(a, b).statistic, abs=1e-12)


def test_tau_refuses_what_has_no_order():
    with pytest.raises(ValueError, match="must not be constant"):
        kendall_tau([1, 1, 1], [1, 2, 3])
    with pytest.raises(ValueError, match="must pair up"):
        kendall_tau([1, 2, 3], [1, 2])


def test_the_interval_of_tau_covers_it():
    """In nine of ten worlds or more, at a nominal 95 %."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(30, 60))
    y = x + rng.normal(size=x.shape)
    true = 2 / np.pi * np.arcsin(1 / np.sqrt(2))  # of normal variables
    intervals = [tau_interval(a, b, 200) for a, b in zip(x, y, strict=True)]
    assert np.mean([low <= true <= high for low, high in intervals]) >= 0.8
    assert np.mean([high - low for low, high in intervals]) < 0.35


def test_a_proxy_is_judged_by_its_favourite():
    truth = np.linspace(0.5, 0.9, 41)
    proxies = {"good": truth**2, "bad": -truth, "tied": truth > 0.7}
    judged = judge_proxies(proxies, truth, {"good": 1, "bad": 0, "tied": 0.5})
    assert judged["tau"].loc[["good", "bad"]].tolist() == [1, -1]
    assert judged.loc["good", "lost"] == pytest.approx(0)
    assert judged.loc["bad", "lost"] == pytest.approx(40)
    # 0.71 to 0.90 share the first place
    assert judged.loc["tied", "lost"] == pytest.approx(100 * (0.9 - 0.805))
    assert judged["cost"].tolist() == [1, 0, 0.5]
    assert (judged["low"] <= judged["tau"]).all()


def test_the_winner_of_noise_is_overrated_by_the_expected_maximum():
    rng = np.random.default_rng(0)
    seen, fresh = rng.normal(size=(2, 2000))
    for k, want in ((1, 0.0), (2, 0.564), (10, 1.539)):
        gaps = selection_gap(seen, fresh, k, n_repeats=4000)
        assert gaps.mean() == pytest.approx(want, abs=0.09)


def test_the_gap_needs_as_many_architectures_as_it_draws():
    with pytest.raises(ValueError, match="n_candidates must be a whole number from"):
        selection_gap([1.0, 2.0], [1.0, 2.0], 3)


# The page's failing run


def test_shared_weights_rank_the_plateau_no_better_than_chance(digits):
    """One epoch from scratch ranks it; so does the number of weights."""
    full = train_all(digits, seeds=[3, 4])
    truth = full.validation.mean(axis=1).to_numpy(float)
    better = truth > np.median(truth)
    net = SharedNetwork(n_in=64, n_out=10)
    net.fit(digits.X_train, digits.y_train, epochs=40)
    scores = net.accuracies(digits.X_validation, digits.y_validation)
    size = np.array([n_parameters(a, 64, 10) for a in ARCHITECTURES])
    assert kendall_tau(scores, truth) > 0.4
    assert tau_interval(scores[better], truth[better]).low < 0
    assert tau_interval(size[better], truth[better]).low > 0


def test_recorded_tables_hold_what_the_page_asks_of_them():
    from mlmastery.ledger import figures_table, recorded_table

    transfer = recorded_table("automl", "nas_bench_transfer").set_index(
        ["source", "target"]
    )
    assert transfer.loc[("cifar10", "cifar100"), "lost"] == pytest.approx(
        0.75, abs=0.01
    )
    assert transfer.loc[("cifar10", "imagenet"), "lost"] == pytest.approx(
        1.18, abs=0.01
    )
    credit = recorded_table("automl", "amlb_credit").set_index("framework")["mean"]
    assert credit["randomforest"] == pytest.approx(0.7947, abs=1e-4)
    assert credit["autoweka"] < credit["randomforest"]
    figures = figures_table("automl")
    assert figures.loc["NAS-Bench-201, days", "value"] == pytest.approx(331, abs=1)
    cells = pd.DataFrame(recorded_table("automl", "nas_bench_201"))
    repeats = cells.groupby("searcher")["repeats"].max()
    assert repeats[["random", "evolution", "Gaussian process"]].max() == 0
    assert repeats["Optuna's TPE"] > 5
