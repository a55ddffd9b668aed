import numpy as np
import pandas as pd
import pytest
from kit.networks import some_data
from sklearn.datasets import make_moons
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import parametrize_with_checks

from mlmastery.neural_network import (
    DivergenceError,
    NeuralNetwork,
    build_network,
    cross_entropy,
    softmax,
)


@parametrize_with_checks(
    [
        NeuralNetwork(random_state=0),
        NeuralNetwork(
            (16, 8), "tanh", "momentum", 0.02, 40, batch_norm=True, patience=20
        ),
    ],
)
def test_follows_estimator_api(estimator, check):
    check(estimator)


def two_layers(X, y, W1, b1, W2, b2, rate, steps):
    """Train the classical two-layer network, written out."""
    one_hot = np.eye(W2.shape[1])[y]
    for _ in range(steps):
        Z1 = X @ W1 + b1
        A1 = np.maximum(Z1, 0)
        dZ2 = (softmax(A1 @ W2 + b2) - one_hot) / len(y)
        dZ1 = (dZ2 @ W2.T) * (Z1 > 0)
        W2, b2 = W2 - rate * A1.T @ dZ2, b2 - rate * dZ2.sum(axis=0)
        W1, b1 = W1 - rate * X.T @ dZ1, b1 - rate * dZ1.sum(axis=0)
    return W1, b1, W2, b2


def test_two_layer_network_is_the_simplest_case():
    X, y = some_data()
    settings = {"optimizer": "sgd", "learning_rate": 0.3, "batch_size": None}
    ours = NeuralNetwork((7,), random_state=0, epochs=25, **settings).fit(X, y)
    start = build_network([6, 7, 3], rng=np.random.default_rng(0)).parameters()
    expected = two_layers(X, y, *start.values(), 0.3, 25)
    for p, want in zip(ours.network_.parameters().values(), expected, strict=True):
        np.testing.assert_allclose(p, want, rtol=0, atol=1e-12)


@pytest.mark.parametrize("layers", [(), (5,), (5, 4), (6, 5, 4, 3)])
def test_any_depth_learns_moons_or_a_line(layers):
    X, y = make_moons(200, noise=0.15, random_state=0)
    model = NeuralNetwork(layers, "tanh", learning_rate=0.02, random_state=0)
    accuracy = model.fit(X, y).score(X, y)
    assert len(model.network_.dense) == len(layers) + 1
    assert 0.8 < accuracy < 0.93 if not layers else accuracy > 0.93


def test_same_seed_same_network_and_another_seed_another():
    X, y = some_data()
    a, b, c = (
        NeuralNetwork((5,), dropout=0.2, epochs=3, random_state=s).fit(X, y)
        for s in (0, 0, 1)
    )
    np.testing.assert_array_equal(a.network_.theta, b.network_.theta)
    assert not np.array_equal(a.network_.theta, c.network_.theta)


def test_labels_of_any_kind_give_the_same_network():
    X, y = some_data()
    names = np.array(["ash", "oak", "yew"])[y]
    a = NeuralNetwork((5,), epochs=3, random_state=0).fit(X, y)
    b = NeuralNetwork((5,), epochs=3, random_state=0).fit(X, names)
    np.testing.assert_array_equal(a.predict_proba(X), b.predict_proba(X))
    assert set(b.predict(X)) <= set(names)
    theirs = b.backward(X, names)
    for name, gradient in a.backward(X, y).items():
        np.testing.assert_array_equal(gradient, theirs[name])
    assert b.classes_.tolist() == ["ash", "oak", "yew"]


def test_early_stopping_goes_back_to_the_best_epoch():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(120, 20)), rng.integers(0, 2, 120)  # nothing to learn
    settings = {"random_state": 0, "patience": 5, "batch_norm": True}
    model = NeuralNetwork((64,), learning_rate=0.01, **settings).fit(X, y)
    assert model.n_epochs_ == model.best_epoch_ + 5 < 100
    best = np.argmin(model.validation_curve_)
    assert best + 1 == model.best_epoch_
    again = NeuralNetwork(
        (64,), learning_rate=0.01, epochs=model.best_epoch_, **settings
    ).fit(X, y)
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))


def test_validation_rows_are_not_trained_on():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(120, 20)), rng.integers(0, 2, 120)  # learned by heart only
    model = NeuralNetwork((64,), learning_rate=0.01, random_state=0, patience=100)
    model.fit(X, y)
    assert model.loss_curve_[-1] < 0.1
    assert model.validation_curve_[-1] > 1


def test_l2_and_dropout_shrink_the_gap():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 30)), rng.integers(0, 2, 60)
    settings = {"random_state": 0, "learning_rate": 0.01}
    free = NeuralNetwork((32,), **settings).fit(X, y)
    for cure in ({"alpha": 0.1}, {"dropout": 0.5}):
        held_back = NeuralNetwork((32,), **settings, **cure).fit(X, y)
        loss = cross_entropy(held_back.forward(X), y)[0]
        assert loss > 1.5 * cross_entropy(free.forward(X), y)[0]


def test_float32_stays_float32_and_agrees():
    X, y = some_data()
    options = {"epochs": 5, "random_state": 0, "batch_norm": True, "dropout": 0.1}
    small = NeuralNetwork((8,), dtype="float32", **options).fit(X, y)
    large = NeuralNetwork((8,), **options).fit(X, y)
    assert small.network_.theta.dtype == np.float32
    assert small.forward(X).dtype == np.float32
    np.testing.assert_allclose(small.forward(X), large.forward(X), atol=1e-3)


def test_backward_gives_named_gradients():
    X, y = some_data()
    model = NeuralNetwork((4,), epochs=2, random_state=0).fit(X, y)
    gradients = model.backward(X, y)
    assert list(gradients) == ["W1", "b1", "W2", "b2"]
    probabilities = model.predict_proba(X)
    probabilities[np.arange(len(y)), y] -= 1
    np.testing.assert_allclose(gradients["b2"], probabilities.mean(axis=0))
    with pytest.raises(ValueError, match=r"fit has seen, got \[9\]"):
        model.backward(X, np.full(len(y), 9))


def test_nan_and_one_class_are_named():
    X, y = some_data()
    with pytest.raises(ValueError, match="at least two classes, got 1 class"):
        NeuralNetwork().fit(X, np.zeros(40))
    X[3, 2] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        NeuralNetwork().fit(X, y)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"activation": "step"}, "activation must be one of sigmoid.*'step'"),
        ({"optimizer": "newton"}, "optimizer must be one of sgd.*'newton'"),
        ({"init": "best"}, "init must be 'auto'.*'best'"),
        ({"learning_rate": 0}, "learning_rate must be a number above 0, got 0"),
        ({"learning_rate": float("nan")}, "learning_rate must be a number"),
        ({"alpha": -1}, "alpha must be a number of at least 0, got -1"),
        ({"dropout": 1.0}, "dropout must be below 1, got 1.0"),
        ({"epochs": 0}, "epochs must be a whole number"),
        ({"layers": (5, 0)}, "layers must be a whole number of at least 1, got 0"),
        ({"layers": 5}, "layers must be a sequence of widths.*got 5"),
        ({"batch_size": 2.5}, "batch_size must be a whole number"),
        ({"patience": -1}, "patience must be a whole number"),
        ({"dtype": "float16"}, "dtype must be one of float64, float32, got 'float16'"),
    ],
)
def test_bad_settings_are_named(settings, message):
    X, y = some_data()
    with pytest.raises((TypeError, ValueError), match=message):
        NeuralNetwork(**settings).fit(X, y)


@pytest.mark.parametrize("tol", [0.0, 1e-4])
def test_a_plateau_ends_training(tol):
    # Constant features: once the biases fit, nothing can improve.
    X, y = np.zeros((100, 3)), np.tile([0, 1], 50)
    settings = {"optimizer": "sgd", "learning_rate": 0.1, "batch_size": None}
    model = NeuralNetwork(
        (4,), epochs=2000, patience=10, tol=tol, random_state=0, **settings
    )
    model.fit(X, y)
    assert model.n_epochs_ == model.best_epoch_ + 10 < 2000


def test_ties_are_no_improvement_and_small_falls_count_by_tol(monkeypatch):
    X, y = some_data()
    losses = [1.0, 0.9, 0.9, 0.89, 0.899, 0.88, 0.88, 0.88]

    def run(tol):
        left = iter(losses)
        monkeypatch.setattr(NeuralNetwork, "_validation_loss", lambda *_: next(left))
        model = NeuralNetwork((3,), epochs=8, patience=2, tol=tol, random_state=0)
        model.fit(X, y)
        return model.best_epoch_, model.n_epochs_

    assert run(0.0) == (6, 8)  # epoch 4 beats 2, epoch 6 beats 4, ties never
    assert run(0.05) == (2, 4)  # a fall by 0.01 is none
    assert run(0.0099) == (6, 8)


def test_tol_is_checked():
    X, y = some_data()
    with pytest.raises(ValueError, match="tol must be a number of at least 0, got -1"):
        NeuralNetwork(tol=-1).fit(X, y)


def test_a_step_that_overflows_after_the_last_loss_is_divergence():
    X, y = some_data()
    model = NeuralNetwork(
        (4,), "relu", "sgd", 1e308, epochs=1, batch_size=None, random_state=0
    )
    with pytest.raises(DivergenceError, match="to nan in 2 steps"):
        model.fit(100 * X, y)
    with pytest.raises(NotFittedError):
        model.predict(X)


def test_a_failed_refit_leaves_the_network_with_its_own_classes():
    X, y = some_data()
    model = NeuralNetwork((4,), epochs=2, random_state=0).fit(X, y)
    before = model.predict(X)
    with pytest.raises(ValueError, match="at least two classes"):
        model.fit(X, np.full(40, 7))
    model.learning_rate, model.optimizer = 1e30, "sgd"
    with pytest.raises(DivergenceError):
        model.fit(X, y + 10)
    np.testing.assert_array_equal(model.predict(X), before)


@pytest.mark.parametrize(
    "convert",
    [
        lambda X: X.tolist(),
        lambda X: pd.DataFrame(X),
        lambda X: X.astype(int),
        lambda X: X.astype(np.int8),
        lambda X: X.astype(np.float32),
        lambda X: pd.DataFrame(X.astype(int), columns=list("abcdef")),
    ],
)
def test_whole_numbers_lists_and_frames_give_the_same_network(convert):
    rng = np.random.default_rng(0)
    X, y = rng.integers(-5, 6, (40, 6)).astype(float), rng.integers(0, 3, 40)
    settings = {"epochs": 3, "random_state": 0, "batch_norm": True}
    expected = NeuralNetwork((5,), **settings).fit(X, y)
    other = NeuralNetwork((5,), **settings).fit(convert(X), y)
    np.testing.assert_array_equal(
        other.predict_proba(convert(X)), expected.predict_proba(X)
    )
    ours, theirs = other.backward(convert(X), y), expected.backward(X, y)
    np.testing.assert_array_equal(ours["W1"], theirs["W1"])


@pytest.mark.parametrize(
    "labels",
    [
        np.array([False, True]),
        np.array([9, -3]),
        np.array([1.0, 0.0]),
        np.array(["zebra", "ant"]),
        np.array(["zebra", "ant"], dtype=object),
    ],
)
def test_labels_of_any_order_and_kind_come_back(labels):
    X, _ = some_data()
    y = labels[(X[:, 0] > 0).astype(int)]
    model = NeuralNetwork((8,), learning_rate=0.05, random_state=0).fit(X, y)
    assert model.score(X, y) == 1
    assert model.predict(X).dtype == np.unique(labels).dtype
    assert model.backward(X, y.tolist())["W1"].shape == (6, 8)


def test_bool_features_and_one_row():
    X = np.array([[True, False], [False, True]] * 10)
    model = NeuralNetwork((4,), learning_rate=0.1, random_state=0).fit(X, X[:, 0])
    assert model.score(X, X[:, 0]) == 1
    assert model.predict(X[:1]).tolist() == [True]
    with pytest.raises(ValueError, match="at least two classes, got 1 class"):
        NeuralNetwork().fit([[1.0]], [3])


@pytest.mark.parametrize("y", [[0, 1, None] * 10, [0.5, 1.5, 2.0] * 10])
def test_labels_that_are_none_are_named(y):
    X = np.random.default_rng(0).normal(size=(30, 3))
    with pytest.raises(ValueError, match=r"NaN|[Uu]nknown label type|None"):
        NeuralNetwork().fit(X, y)


def test_backward_names_rows_and_labels_that_do_not_match():
    X, y = some_data()
    model = NeuralNetwork((4,), epochs=1, random_state=0).fit(X, y)
    with pytest.raises(ValueError, match=r"one class per row of logits, shape \(40,\)"):
        model.backward(X, y[:5])


def test_defaults_are_those_of_the_documentation():
    assert NeuralNetwork().get_params() == {
        "layers": (64,),
        "activation": "relu",
        "optimizer": "adam",
        "learning_rate": 0.001,
        "epochs": 100,
        "batch_size": 32,
        "init": "auto",
        "alpha": 0.0,
        "dropout": 0.0,
        "batch_norm": False,
        "patience": None,
        "tol": 1e-4,
        "dtype": "float64",
        "random_state": None,
    }


@pytest.mark.parametrize(("name", "value"), [("batch_norm", "no"), ("layers", "64")])
def test_texts_are_no_switches_and_no_widths(name, value):
    with pytest.raises(TypeError, match=f"{name} must be .*, got '{value}'"):
        NeuralNetwork(**{name: value}).fit(np.eye(4), [0, 1, 0, 1])
