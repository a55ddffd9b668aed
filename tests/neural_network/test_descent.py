import numpy as np
import pandas as pd
import pytest
from kit.networks import some_data

from mlmastery.neural_network import (
    OPTIMIZERS,
    SGD,
    build_network,
    descent_path,
    held_out_loss,
    minibatches,
    sweep_learning_rates,
    torch_optimizer,
    torch_step,
    torch_twin,
    train_on_rows,
    train_step,
    tuned_path,
)

TURN = np.array([[1, -1], [1, 1]]) / np.sqrt(2)
RAVINE = np.diag([1.0, 100.0])


def test_path_of_sgd_on_a_quadratic_is_the_geometric_series():
    start = np.array([-9.0, 1.0])
    path = descent_path(SGD(0.015), lambda p: RAVINE @ p, start, 10)
    factors = 1 - 0.015 * np.diag(RAVINE)
    np.testing.assert_allclose(path, start * factors ** np.arange(11)[:, None])
    np.testing.assert_array_equal(start, [-9, 1])


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_only_rules_per_coordinate_feel_a_turn_of_the_axes(rule):
    start, turned = np.array([-9.0, 1.0]), TURN @ RAVINE @ TURN.T
    plain = descent_path(OPTIMIZERS[rule](0.01), lambda p: RAVINE @ p, start, 40)
    other = descent_path(OPTIMIZERS[rule](0.01), lambda p: turned @ p, TURN @ start, 40)
    same = np.allclose(other @ TURN, plain, atol=1e-9)
    assert same == (rule in ("sgd", "momentum"))


@pytest.mark.parametrize(
    ("batch_size", "steps"), [(1, 50), (10, 5), (30, 2), (None, 2)]
)
def test_every_batch_size_sees_the_same_number_of_rows(batch_size, steps):
    X, y = some_data(40)
    seen = []

    class Counting:
        def step(self, theta, grad):
            seen.append(1)

    rng = np.random.default_rng(0)
    net = build_network([6, 3], rng=rng)
    counted = []
    forward = net.forward
    net.forward = lambda X, training=False: (
        counted.append(len(X)),
        forward(X, training),
    )[1]
    loss = train_on_rows(
        net, X, y, Counting(), batch_size=batch_size, total_rows=50, rng=rng
    )
    assert sum(counted) == 50
    assert np.isfinite(loss)
    assert abs(len(seen) - steps) <= 2  # the last pass is cut short


def test_training_on_rows_is_the_plain_loop():
    X, y = some_data(40)
    a, b = (build_network([6, 5, 3], rng=np.random.default_rng(1)) for _ in "ab")
    train_on_rows(
        a, X, y, SGD(0.3), batch_size=8, total_rows=80, rng=np.random.default_rng(2)
    )
    rng, optimizer = np.random.default_rng(2), SGD(0.3)
    for _ in range(2):
        for rows in minibatches(40, 8, rng):
            train_step(b, X[rows], y[rows], optimizer)
    np.testing.assert_array_equal(a.theta, b.theta)


def test_a_run_that_diverges_is_infinite_and_silent():
    X, y = some_data(40)
    settings = {"batch_size": 8, "total_rows": 400, "seeds": 2}
    part = X, y
    losses = sweep_learning_rates(
        [6, 5, 3], part, [part, part], "sgd", [0.1, 1e30], **settings
    )
    assert losses.shape == (2, 2, 2)
    assert np.isfinite(losses[0]).all()
    assert (losses[1] == np.inf).all()


def test_sweep_starts_equal_seeds_from_equal_weights():
    X, y = some_data(40)
    settings = {"batch_size": 8, "total_rows": 8, "seeds": 2}
    small = sweep_learning_rates(
        [6, 3], (X, y), [(X, y)], "sgd", [1e-12, 2e-12], **settings
    )
    np.testing.assert_allclose(small[0], small[1], rtol=1e-5)
    assert abs(small[0, 0, 0] - small[0, 1, 0]) > 1e-3
    net = build_network([6, 3], rng=np.random.default_rng(0), dtype="float32")
    np.testing.assert_allclose(held_out_loss(net, X, y), small[0, 0, 0], rtol=1e-5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"optimizer": "newton"}, "optimizer must be one of sgd.*newton"),
        ({"seeds": 0}, "seeds must be a whole number of at least 1, got 0"),
        ({"total_rows": 0}, "total_rows must be a whole number"),
        ({"batch_size": 0}, "size must be a whole number of at least 1, got 0"),
        ({"rates": [-0.1]}, "learning_rate must be a number above 0, got -0.1"),
    ],
)
def test_bad_settings_of_a_sweep_are_named(change, message):
    X, y = some_data(40)
    settings = {"optimizer": "sgd", "rates": [0.1], "seeds": 1}
    settings |= {"batch_size": 8, "total_rows": 8} | change
    with pytest.raises(ValueError, match=message):
        sweep_learning_rates([6, 3], (X, y), [(X, y)], **settings)
    with pytest.raises(ValueError, match="steps must be a whole number"):
        descent_path(SGD(0.1), lambda p: p, [1.0], 0)


def test_the_tuned_path_has_the_lowest_mean_height():
    start, rates = np.array([-9.0, 1.0]), 10 ** np.arange(-4, 2.1, 0.25)
    path, height = tuned_path("sgd", rates, RAVINE, start, 30)
    heights = []
    for rate in rates[rates < 0.1]:
        places = descent_path(SGD(rate), lambda p: RAVINE @ p, start, 30)
        heights.append(0.5 * np.mean(np.sum(places**2 * np.diag(RAVINE), axis=1)))
    assert height == pytest.approx(min(heights))
    assert path.shape == (31, 2)
    np.testing.assert_array_equal(path[0], start)


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_a_turned_ravine_changes_the_tuned_height_of_rules_per_coordinate(rule):
    start, rates = np.array([-9.0, 1.0]), 10 ** np.arange(-4, 1.1, 0.25)
    _, plain = tuned_path(rule, rates, RAVINE, start, 60)
    turned = tuned_path(rule, rates, TURN @ RAVINE @ TURN.T, TURN @ start, 60)[1]
    assert np.isfinite(plain)
    if rule in ("sgd", "momentum"):
        assert turned == pytest.approx(plain)
    else:
        assert turned > 1.5 * plain


def test_a_rule_that_is_not_known_is_named():
    with pytest.raises(ValueError, match=r"rule must be one of sgd.*'newton'"):
        tuned_path("newton", [0.1], RAVINE, np.ones(2), 3)


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_torch_steps_are_ours(rule):
    X, y = some_data(40)
    ours = build_network([6, 5, 3], "tanh", rng=np.random.default_rng(0))
    theirs = torch_twin(ours)
    steppers = OPTIMIZERS[rule](0.01), torch_optimizer(rule, 0.01, theirs)
    for _ in range(20):
        a = train_step(ours, X, y, steppers[0])
        assert torch_step(theirs, X, y, steppers[1]) == pytest.approx(a, abs=1e-10)
    with pytest.raises(ValueError, match="rule must be one of"):
        torch_optimizer("newton", 0.1, theirs)


def test_bad_surfaces_and_gradients_are_named():
    rates, start = [0.1], [1.0, 2.0]
    for hessian in (-np.eye(2), np.array([[1.0, 2.0], [0.0, 1.0]])):
        with pytest.raises(ValueError, match=r"hessian must be symmetric and positive"):
            tuned_path("sgd", rates, hessian, start, 2)
    with pytest.raises(ValueError, match=r"hessian must have shape \(2, 2\)"):
        tuned_path("sgd", rates, np.eye(3), start, 2)
    for rates in ([], [1e9]):
        with pytest.raises(ValueError, match="rates must hold one that converges"):
            tuned_path("sgd", rates, 1e9 * np.eye(2), start, 60)
    with pytest.raises(ValueError, match="gradient must return one slope for each"):
        descent_path(SGD(0.1), lambda place: 1.0, start, 2)


def test_rows_may_be_lists_and_frames_but_not_of_two_lengths():
    X, y = np.eye(4), np.array([0, 1, 0, 1])
    settings = {"batch_size": 2, "total_rows": 8, "seeds": 1}
    runs = [
        sweep_learning_rates([4, 2], rows, [rows], "sgd", [0.1], **settings)
        for rows in (
            (X, y),
            (X.tolist(), y.tolist()),
            (pd.DataFrame(X), pd.Series(y, index=range(7, 11))),
        )
    ]
    assert runs[0] == runs[1] == runs[2]
    with pytest.raises(ValueError, match=r"X and y must have shapes \(m, n\) and"):
        sweep_learning_rates([4, 2], (X, y[:2]), [(X, y)], "sgd", [0.1], **settings)
    with pytest.raises(ValueError, match="parts must hold pairs of X and y"):
        sweep_learning_rates([4, 2], (X, y), [(X, y, y)], "sgd", [0.1], **settings)
