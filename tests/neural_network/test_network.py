import copy
import pickle

import numpy as np
import pytest
import torch
from kit.networks import close, some_data, theirs_in_our_order, twin
from torch import nn

from mlmastery.neural_network import (
    ACTIVATIONS,
    SGD,
    Activation,
    BatchNorm,
    Dense,
    Dropout,
    Layer,
    Network,
    NeuralNetwork,
    build_network,
    check_gradients,
    cross_entropy,
    diagnose,
    he_scale,
    minibatches,
    train_step,
    xavier_scale,
)


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_of_a_deep_network_equal_torch(activation, batch_norm):
    X, y = some_data()
    rng = np.random.default_rng(1)
    ours = build_network([6, 8, 7, 5, 3], activation, rng=rng, batch_norm=batch_norm)
    theirs = twin(ours)
    ours.backward(cross_entropy(ours.forward(X, training=True), y)[1])
    loss = nn.functional.cross_entropy(theirs(torch.tensor(X)), torch.tensor(y))
    loss.backward()
    close(ours.grad, theirs_in_our_order(theirs, lambda p: p.grad))


def test_dropout_gradient_equals_torch_under_the_same_mask():
    X, y = some_data()
    rng = np.random.default_rng(1)
    ours = build_network([6, 8, 3], rng=rng, dropout=0.4)
    scores = ours.forward(X, training=True)
    ours.backward(cross_entropy(scores, y)[1])
    mask = next(layer.mask for layer in ours.layers if isinstance(layer, Dropout))
    theirs = twin(ours)
    hidden = theirs[1](theirs[0](torch.tensor(X))) * torch.tensor(mask)
    nn.functional.cross_entropy(theirs[2](hidden), torch.tensor(y)).backward()
    close(ours.grad, theirs_in_our_order(theirs, lambda p: p.grad))


def test_batch_norm_predicts_like_torch_after_training():
    X, _ = some_data()
    ours = build_network([6, 8, 3], rng=np.random.default_rng(1), batch_norm=True)
    theirs = twin(ours)
    for batch in (X[:20], X[20:], X):
        ours.forward(batch, training=True)
        theirs(torch.tensor(batch))
    close(ours.forward(X), theirs.eval()(torch.tensor(X)))


def test_l2_step_equals_torch_weight_decay_on_the_weights_alone():
    X, y = some_data()
    ours = build_network([6, 5, 3], rng=np.random.default_rng(0))
    theirs = twin(ours)
    weights = [p for p in theirs.parameters() if p.ndim == 2]
    biases = [p for p in theirs.parameters() if p.ndim == 1]
    groups = [{"params": weights, "weight_decay": 0.3}, {"params": biases}]
    optimizer = torch.optim.SGD(groups, lr=0.1)
    for _ in range(5):
        value = train_step(ours, X, y, SGD(0.1), alpha=0.3)
        optimizer.zero_grad()
        scores = theirs(torch.tensor(X))
        loss = nn.functional.cross_entropy(scores, torch.tensor(y))
        penalty = 0.15 * sum((w.detach() ** 2).sum() for w in weights)
        close(value, loss + penalty)
        loss.backward()
        optimizer.step()
    close(ours.theta, theirs_in_our_order(theirs, lambda p: p))


def test_dropout_is_off_when_predicting():
    net = build_network([6, 50, 3], rng=np.random.default_rng(0), dropout=0.5)
    X, _ = some_data()
    np.testing.assert_array_equal(net.forward(X), net.forward(X))
    assert not np.array_equal(net.forward(X, training=True), net.forward(X))


def test_scales_are_the_published_ones():
    assert he_scale(200, 7) ** 2 == pytest.approx(2 / 200)
    assert xavier_scale(200, 100) ** 2 == pytest.approx(2 / 300)
    net = build_network([300, 200, 5], "tanh", rng=np.random.default_rng(0))
    draws = net.parameters()["W1"]
    # the spread of n normal draws has a relative standard error of 1/sqrt(2n)
    assert draws.std() == pytest.approx(np.sqrt(2 / 500), rel=5 / np.sqrt(2 * 6e4))
    assert not net.parameters()["b1"].any()


@pytest.mark.parametrize("first", [BatchNorm(6), Layer(), Activation("tanh")])
def test_network_may_begin_with_any_layer(first):
    X, y = some_data(12)
    net = Network([first, Dense(6, 3)])
    net.theta += np.random.default_rng(0).normal(size=net.theta.shape)
    assert check_gradients(net, X, y).max() < 1e-7
    assert list(net.parameters())[-2:] == ["W1", "b1"]


def test_reset_network_is_as_before_training():
    X, y = some_data()
    layers = [Dense(6, 4), BatchNorm(4), Activation("relu"), Dense(4, 3)]
    net = Network(layers)
    before = net.state()
    assert net.parameters()["gamma1"].tolist() == [1, 1, 1, 1]
    net.theta += 0.1
    train_step(net, X, y, SGD(0.1))
    assert not any(
        np.array_equal(a, b) for a, b in zip(before, net.state(), strict=True)
    )
    for layer in layers:
        layer.reset_parameters()
    for a, b in zip(before, net.state(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_restored_network_predicts_as_it_did():
    X, y = some_data()
    net = build_network([6, 4, 3], rng=np.random.default_rng(0), batch_norm=True)
    state, scores = net.state(), net.forward(X)
    train_step(net, X, y, SGD(0.1), alpha=0.1)
    assert not np.allclose(net.forward(X), scores)
    net.restore(state)
    np.testing.assert_array_equal(net.forward(X), scores)


def test_copies_of_a_network_are_independent_and_whole():
    X, y = some_data()
    net = build_network([6, 4, 3], rng=np.random.default_rng(0), batch_norm=True)
    train_step(net, X, y, SGD(0.1))
    for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        np.testing.assert_array_equal(other.forward(X), net.forward(X))
        before = net.theta.copy()
        train_step(other, X, y, SGD(0.1))
        np.testing.assert_array_equal(net.theta, before)
        assert np.shares_memory(other.first.W, other.theta)
        assert not np.array_equal(other.forward(X), net.forward(X))


def test_batches_hold_each_row_once_in_a_new_order():
    rng = np.random.default_rng(0)
    first, second = (list(minibatches(103, 10, rng)) for _ in range(2))
    assert {len(b) for b in first} <= {9, 10}
    assert sorted(np.concatenate(first)) == list(range(103))
    assert not np.array_equal(np.concatenate(first), np.concatenate(second))
    assert [len(b) for b in minibatches(7, None, rng)] == [7]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sizes": [5]}, r"sizes must hold the number of inputs.*got \[5\]"),
        ({"sizes": [5, 0, 2]}, "sizes must be a whole number of at least 1, got 0"),
        ({"sizes": [5, 2.5]}, "sizes must be a whole number.*got 2.5"),
        ({"init": float("nan")}, "init must be a number of at least 0, got nan"),
        ({"init": -1.0}, "init must be a number of at least 0, got -1.0"),
        ({"dropout": 1.0}, "dropout must be below 1, got 1.0"),
        ({"dropout": -0.5}, "dropout must be a number of at least 0"),
    ],
)
def test_settings_that_would_give_nan_are_named(change, message):
    settings = {"sizes": [5, 4, 2], "rng": np.random.default_rng(0)} | change
    with pytest.raises(ValueError, match=message):
        build_network(**settings)


@pytest.mark.parametrize(("m", "size"), [(10, 0), (10, -2), (10, 2.5), (0, None)])
def test_batches_need_whole_numbers(m, size):
    with pytest.raises(ValueError, match="must be a whole number of at least 1"):
        list(minibatches(m, size, np.random.default_rng(0)))


def test_networks_are_built_from_generators_and_floats():
    with pytest.raises(TypeError, match="rng must be a NumPy Generator, got 0"):
        build_network([2, 2], rng=0)
    with pytest.raises(ValueError, match="dtype must be one of floats, got int32"):
        build_network([2, 2], rng=np.random.default_rng(0), dtype="int32")


@pytest.mark.parametrize("tool", [diagnose, check_gradients])
def test_tools_ask_for_the_network_of_an_estimator(tool):
    with pytest.raises(TypeError, match="network_ of a fitted NeuralNetwork, got Neur"):
        tool(NeuralNetwork(), np.eye(2), np.array([0, 1]))
