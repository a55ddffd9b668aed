"""What the page of chapter 22 shows going wrong must keep going wrong."""

import importlib
from functools import partial

import numpy as np
import pytest
from sklearn.datasets import load_digits

from mlmastery.distributed_training.compression import GradientCompressor
from mlmastery.distributed_training.federated import FederatedLearning, flip_sign
from mlmastery.distributed_training.model import ModelWrapper, shapes_of, unflatten
from mlmastery.distributed_training.partition import iid
from mlmastery.distributed_training.secure import SecureAggregator
from mlmastery.distributed_training.strategies import make_strategy

LAYERS = (64, 32, 10)


@pytest.fixture(scope="module")
def data():
    digits = load_digits()
    return (digits.data / 16).astype(np.float32), digits.target


def network(seed=0):
    return ModelWrapper(layers=LAYERS, random_state=seed)


def attacked(data, strategy, **options):
    """Return the accuracy after ten rounds in which one client of ten lies."""
    X, y = data
    parts = iid(len(y), 10, np.random.default_rng(0))
    learning = FederatedLearning(
        network(),
        [(X[rows], y[rows]) for rows in parts],
        strategy=make_strategy(strategy, **options),
        corrupt={3: partial(flip_sign, strength=50)},
        epochs=4,
        random_state=0,
    )
    return learning.run(10, evaluate=(X, y))["accuracy"].iloc[-1]


def test_one_liar_destroys_the_mean_and_not_the_median(data):
    assert attacked(data, "fedavg") < 0.4
    assert attacked(data, "median") > 0.8
    assert attacked(data, "trimmed_mean", trim=0.1) > 0.8
    assert attacked(data, "krum", n_byzantine=1) > 0.7


def loss_after(data, staleness, rate, steps=150):
    """Train on gradients from some steps ago, as an asynchronous server does."""
    X, y = data
    model, rng, past, losses = network(), np.random.default_rng(0), [], []
    for step in range(steps):
        past.append(model.get_parameters())
        model.set_parameters(past[max(0, step - staleness)])
        rows = rng.integers(len(X), size=64)
        loss, gradient = model.loss_and_gradient(X[rows], y[rows])
        model.set_parameters(past[-1] - rate * gradient)
        losses.append(loss)
    return np.mean(losses[-10:])


def test_late_gradients_ruin_a_bold_walker_only(data):
    assert loss_after(data, 16, rate=0.02) < 1.3 * loss_after(data, 0, rate=0.02)
    assert loss_after(data, 16, rate=0.5) > 2 * loss_after(data, 0, rate=0.5)


def test_averaging_models_from_different_starts_loses_what_they_know(data):
    X, y = data

    def trained(seed, rows):
        model = network(seed)
        model.train(X[rows], y[rows], epochs=20, batch_size=20)
        return model

    halves = np.array_split(np.random.default_rng(0).permutation(len(X)), 2)

    def middle(seeds):
        models = [trained(s, rows) for s, rows in zip(seeds, halves, strict=True)]
        worse = min(model.score(X, y) for model in models)
        mean = network()
        mean.set_parameters(np.mean([m.get_parameters() for m in models], axis=0))
        return mean.score(X, y) - worse

    assert middle((1, 2)) < -0.03
    assert middle((1, 1)) > -0.01


def compressed(data, **choices):
    """Return the loss on all rows after training by compressed gradients."""
    X, y = data
    model, rng = network(), np.random.default_rng(0)
    sender = GradientCompressor("top_k", ratio=0.001, **choices)
    for _ in range(300):
        rows = rng.integers(len(X), size=64)
        _, gradient = model.loss_and_gradient(X[rows], y[rows])
        sent = sender.decode(sender.encode(gradient))
        model.set_parameters(model.get_parameters() - 0.2 * sent)
    return model.loss_and_gradient(X, y)[0]


def test_top_k_stalls_without_its_memory(data):
    assert compressed(data, error_feedback=False) > 1.3 * compressed(data)


def read_row(gradient):
    """Divide the gradient of a weight by that of its bias: the row itself."""
    dW, db = unflatten(gradient, shapes_of(LAYERS))[:2]
    j = np.abs(db).argmax()
    return dW[:, j] / db[j]


def test_a_gradient_of_one_row_is_the_row_and_its_masked_form_is_not(data):
    X, y = data
    gradient = network().loss_and_gradient(X[:1], y[:1])[1]
    np.testing.assert_allclose(read_row(gradient), X[0], atol=1e-5)
    outcome = SecureAggregator(3).sum(dict.fromkeys(range(3), gradient))
    seen = read_row(outcome.masked[0].astype(float))
    assert abs(np.corrcoef(seen, X[0])[0, 1]) < 0.5
    np.testing.assert_allclose(outcome.total, 3 * gradient.astype(float), atol=1e-6)


def test_every_public_name_can_be_imported_from_the_package():
    package = importlib.import_module("mlmastery.distributed_training")
    for name in package.__all__:
        assert getattr(package, name).__name__ == name
    with pytest.raises(AttributeError, match="attribute Federation"):
        getattr(package, "Federation")  # noqa: B009
