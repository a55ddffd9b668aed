"""The network against PyTorch, finite differences, scikit-learn and itself."""

import copy
import pickle
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import make_moons
from sklearn.utils.estimator_checks import parametrize_with_checks
from torch import nn

from mlmastery.datasets import card_of, load_mnist
from mlmastery.neural_network import (
    ACTIVATIONS,
    SGD,
    Activation,
    Adam,
    BatchNorm,
    Dense,
    DivergenceError,
    Dropout,
    Layer,
    Momentum,
    Network,
    NeuralNetwork,
    RMSProp,
    Value,
    batch_norm_backward,
    batch_norm_forward,
    binary_cross_entropy,
    build_network,
    check_gradients,
    cross_entropy,
    dense_backward,
    dense_forward,
    diagnose,
    dropout_mask,
    he_scale,
    minibatches,
    numerical_gradient,
    relative_error,
    sigmoid,
    softmax,
    softmax_backward,
    squared_error,
    train_step,
    xavier_scale,
)
from mlmastery.neural_network.record import record

TORCH_ACTIVATIONS = {
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
}


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


def close(ours, theirs, atol=1e-10):
    if isinstance(theirs, torch.Tensor):
        theirs = theirs.detach().numpy()
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=atol)


def tensors(*arrays):
    return [torch.tensor(a, requires_grad=a.dtype.kind == "f") for a in arrays]


def some_data(m=40, n=6, k=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(m, n)), rng.integers(0, k, m)


def twin(network):
    """A PyTorch network with the same layers and the same numbers."""
    modules = []
    for layer in network.layers:
        if isinstance(layer, Dense):
            linear = nn.Linear(layer.n_in, layer.n_out, dtype=torch.float64)
            linear.weight.data = torch.tensor(layer.W.T.copy())
            linear.bias.data = torch.tensor(layer.b.copy())
            modules.append(linear)
        elif isinstance(layer, BatchNorm):
            modules.append(nn.BatchNorm1d(layer.n, dtype=torch.float64))
        elif isinstance(layer, Activation):
            modules.append(TORCH_ACTIVATIONS[layer.name]())
    return nn.Sequential(*modules)


def theirs_in_our_order(model, of):
    """All of PyTorch's parameters, or their gradients, in one vector like ours."""
    parts = (of(p).detach().numpy() for p in model.parameters())
    return np.concatenate([p.T.ravel() for p in parts])


# --- gradients equal PyTorch's -------------------------------------------------------


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_and_its_slope_equal_torch(name):
    Z = np.random.default_rng(0).normal(0, 3, size=(7, 5))
    upstream = np.random.default_rng(1).normal(size=(7, 5))
    layer = Activation(name)
    (z,) = tensors(Z)
    a = TORCH_ACTIVATIONS[name]()(z)
    a.backward(torch.tensor(upstream))
    close(layer.forward(Z, training=True), a)
    close(layer.backward(upstream), z.grad)


def test_softmax_and_its_gradient_equal_torch():
    rng = np.random.default_rng(0)
    Z, upstream = rng.normal(0, 3, (6, 4)), rng.normal(size=(6, 4))
    (z,) = tensors(Z)
    a = torch.softmax(z, dim=1)
    a.backward(torch.tensor(upstream))
    close(softmax(Z), a)
    close(softmax_backward(upstream, softmax(Z)), z.grad)


def test_dense_gradients_equal_torch():
    rng = np.random.default_rng(0)
    X, W, b = rng.normal(size=(5, 4)), rng.normal(size=(4, 3)), rng.normal(size=3)
    upstream = rng.normal(size=(5, 3))
    x, w, c = tensors(X, W, b)
    out = x @ w + c
    out.backward(torch.tensor(upstream))
    close(dense_forward(X, W, b), out)
    for ours, t in zip(dense_backward(upstream, X, W), (x, w, c), strict=True):
        close(ours, t.grad)


def test_batch_norm_gradients_equal_torch():
    rng = np.random.default_rng(0)
    Z, gamma, beta = rng.normal(2, 3, (8, 4)), rng.normal(size=4), rng.normal(size=4)
    upstream = rng.normal(size=(8, 4))
    z, g, b = tensors(Z, gamma, beta)
    out = nn.functional.batch_norm(z, None, None, g, b, training=True)
    out.backward(torch.tensor(upstream))
    Y, Z_hat, spread = batch_norm_forward(Z, gamma, beta)
    close(Y, out)
    ours = batch_norm_backward(upstream, Z_hat, spread, gamma)
    for mine, t in zip(ours, (z, g, b), strict=True):
        close(mine, t.grad)


@pytest.mark.parametrize("loss", ["cross_entropy", "binary", "squared"])
def test_loss_and_its_gradient_equal_torch(loss):
    rng = np.random.default_rng(0)
    scores = rng.normal(0, 4, (9, 4))
    (s,) = tensors(scores)
    if loss == "cross_entropy":
        y = rng.integers(0, 4, 9)
        ours, gradient = cross_entropy(scores, y)
        theirs = nn.functional.cross_entropy(s, torch.tensor(y))
    elif loss == "binary":
        y = rng.integers(0, 2, (9, 4)).astype(float)
        ours, gradient = binary_cross_entropy(scores, y)
        theirs = nn.functional.binary_cross_entropy_with_logits(s, torch.tensor(y))
    else:
        y = rng.normal(size=(9, 4))
        ours, gradient = squared_error(scores, y)
        theirs = nn.functional.mse_loss(s, torch.tensor(y), reduction="sum") / 18
    theirs.backward()
    close(ours, theirs)
    close(gradient, s.grad)


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


# --- whole runs equal PyTorch's ------------------------------------------------------

TORCH_OPTIMIZERS = {
    "sgd": (SGD(0.1), lambda p: torch.optim.SGD(p, lr=0.1)),
    "momentum": (Momentum(0.05), lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9)),
    "rmsprop": (RMSProp(0.003), lambda p: torch.optim.RMSprop(p, lr=0.003)),
    "adam": (Adam(0.01), lambda p: torch.optim.Adam(p, lr=0.01)),
}


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("name", TORCH_OPTIMIZERS)
def test_loss_curve_equals_torch(name, batch_norm):
    X, y = some_data(90)
    rng = np.random.default_rng(2)
    ours = build_network([6, 10, 8, 3], "tanh", rng=rng, batch_norm=batch_norm)
    theirs = twin(ours)
    mine, make = TORCH_OPTIMIZERS[name]
    optimizer, mine = make(theirs.parameters()), copy.deepcopy(mine)
    for _ in range(10):
        for rows in minibatches(90, 16, rng):
            value = train_step(ours, X[rows], y[rows], mine)
            scores = theirs(torch.tensor(X[rows]))
            loss = nn.functional.cross_entropy(scores, torch.tensor(y[rows]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            close(value, loss, atol=1e-8)
    close(ours.theta, theirs_in_our_order(theirs, lambda p: p), atol=1e-8)


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


# --- finite differences and the scalar engine ----------------------------------------


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
def test_gradient_check_passes(activation, batch_norm):
    X, y = some_data(12)
    rng = np.random.default_rng(3)
    net = build_network([6, 5, 4, 3], activation, rng=rng, batch_norm=batch_norm)
    net.theta += rng.normal(0, 0.1, net.theta.shape)  # biases off their zeros
    errors = check_gradients(net, X, y)
    if batch_norm:  # a bias before batch normalisation has no effect at all
        errors = errors.drop(["b1", "b2"])
    assert errors.max() < 1e-6


def test_gradient_check_catches_a_wrong_slope_and_names_the_layers(monkeypatch):
    X, y = some_data(12)
    net = build_network([6, 5, 4, 3], "tanh", rng=np.random.default_rng(3))
    second = [layer for layer in net.layers if isinstance(layer, Activation)][1]
    monkeypatch.setattr(second, "backward", lambda dA: dA * (1 - second.A))
    errors = check_gradients(net, X, y)
    assert (errors[["W1", "b1", "W2", "b2"]] > 1e-3).all()
    assert (errors[["W3", "b3"]] < 1e-7).all()


def test_gradient_check_leaves_the_network_as_it_was_and_wants_float64():
    X, y = some_data(8)
    net = build_network([6, 4, 3], rng=np.random.default_rng(0))
    before = net.theta.copy()
    check_gradients(net, X, y)
    np.testing.assert_array_equal(net.theta, before)
    small = build_network([6, 4, 3], rng=np.random.default_rng(0), dtype="float32")
    with pytest.raises(TypeError, match="network must have dtype float64, got float32"):
        check_gradients(small, X, y)


def test_numerical_gradient_restores_and_relative_error_knows_zero():
    theta = np.array([0.3, -0.7])
    found = numerical_gradient(lambda t: float(np.sin(t).sum()), theta)
    np.testing.assert_allclose(found, np.cos([0.3, -0.7]), atol=1e-9)
    np.testing.assert_array_equal(theta, [0.3, -0.7])
    assert relative_error(np.zeros(2), np.zeros(2)) == 0
    assert relative_error(np.ones(2), -np.ones(2)) == 1


def scalar_network(net, x, label):
    """The loss of one row, number by number, with the parameters as Values."""
    values = {name: np.vectorize(Value)(p) for name, p in net.parameters().items()}
    signal = [Value(v) for v in x]
    depth = len(net.dense)
    for i in range(1, depth + 1):
        W, b = values[f"W{i}"], values[f"b{i}"]
        signal = [
            sum((s * w for s, w in zip(signal, W[:, j], strict=True)), b[j])
            for j in range(W.shape[1])
        ]
        if i < depth:
            signal = [s.tanh() for s in signal]
    loss = sum((s.exp() for s in signal), Value(0.0)).log() - signal[label]
    return loss, values


def test_scalar_engine_equals_the_array_version():
    X, y = some_data(1)
    net = build_network([6, 4, 3, 3], "tanh", rng=np.random.default_rng(5))
    value, gradient = cross_entropy(net.forward(X, training=True), y)
    net.backward(gradient)
    loss, values = scalar_network(net, X[0], y[0])
    loss.backward()
    close(loss.data, value)
    for name, g in net.gradients().items():
        close(np.vectorize(lambda v: v.grad)(values[name]), g)


@settings(deadline=None, max_examples=60)
@given(x=st.floats(0.1, 3), y=st.floats(-3, 3))
def test_scalar_engine_equals_torch_on_an_expression_with_every_operation(x, y):
    def f(a, b, relu):
        c = (a * b + 2.0 - b) / (a + 5.0) + (1.0 - a) * 3.0
        return (c * c + a.exp()).log() + b.tanh() ** 3 - relu(a - b) / a + 1.0 / a - -b

    a, b = Value(x), Value(y)
    ours = f(a, b, lambda v: v.relu())
    ours.backward()
    ta, tb = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (x, y))
    theirs = f(ta, tb, torch.relu)
    theirs.backward()
    close([ours.data, a.grad, b.grad], [theirs.item(), ta.grad, tb.grad], atol=1e-8)


def test_scalar_engine_adds_up_over_paths_and_starts_afresh():
    x = Value(3.0)
    y = x * x + x
    y.backward()
    y.backward()
    assert x.grad == 7.0
    assert repr(x) == "Value(3, grad=7)"


def test_scalar_engine_survives_a_long_chain():
    x = y = Value(1.0)
    for _ in range(20_000):
        y = y + x
    y.backward()
    assert x.grad == 20_001


# --- numbers that overflow -----------------------------------------------------------


def test_no_overflow_at_extreme_scores():
    huge = np.array([[1e4, -1e4, 0.0]])
    assert np.isfinite(softmax(huge)).all()
    assert cross_entropy(huge, np.array([1]))[0] == pytest.approx(2e4)
    assert binary_cross_entropy(huge, np.array([[0.0, 1.0, 1.0]]))[0] > 6e3
    np.testing.assert_array_equal(sigmoid(huge), [[1, 0, 0.5]])


@given(st.floats(-500, 500))
def test_softmax_does_not_see_a_shift(shift):
    Z = np.array([[0.3, -1.0, 2.0]])
    np.testing.assert_allclose(softmax(Z + shift), softmax(Z), atol=1e-12)


# --- layers and initialisation -------------------------------------------------------


def test_dropout_keeps_the_expected_signal():
    mask = dropout_mask((400, 500), 0.3, np.random.default_rng(0))
    assert set(np.unique(mask)) == {0.0, 1 / 0.7}
    # 200,000 Bernoulli draws: five standard errors of the share kept
    assert abs((mask > 0).mean() - 0.7) < 5 * np.sqrt(0.21 / mask.size)
    assert abs(mask.mean() - 1) < 5 * np.sqrt(0.3 / 0.7 / mask.size)


def test_dropout_is_off_when_predicting():
    net = build_network([6, 50, 3], rng=np.random.default_rng(0), dropout=0.5)
    X, _ = some_data()
    np.testing.assert_array_equal(net.forward(X), net.forward(X))
    assert not np.array_equal(net.forward(X, training=True), net.forward(X))


@pytest.mark.parametrize(
    ("activation", "rule", "low", "high"),
    [("relu", "he", 0.5, 2.0), ("tanh", "xavier", 0.2, 1.0), ("relu", 0.01, 0, 1e-6)],
)
def test_initialisation_keeps_or_loses_the_signal(activation, rule, low, high):
    rng = np.random.default_rng(0)
    net = build_network([200] * 9, activation, rng=rng, init=rule)
    report = diagnose(net, rng.normal(size=(300, 200)), rng.integers(0, 200, 300))
    assert low <= report["spread"].iloc[-1] < high


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


# --- the estimator -------------------------------------------------------------------


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
    """The classical two-layer network, written out."""
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


# --- bad input -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scores", "y", "message"),
    [
        (np.zeros((3, 2)), np.array([1, 2, 1]), r"from 0 to 1.*got 1, 2 \(int64\)"),
        (np.zeros((3, 2)), np.array([-1, 0, 1]), "from 0 to 1"),
        (np.zeros((3, 2)), np.array([0.0, 1.0, 0.0]), r"whole numbers.*float64"),
        (np.zeros((3, 2)), np.array([0, 1]), r"shape \(3,\), got \(2,\)"),
        (np.zeros((3, 2)), np.eye(3, 2, dtype=int), r"shape \(3,\), got \(3, 2\)"),
    ],
)
def test_cross_entropy_names_labels_that_are_not_classes(scores, y, message):
    with pytest.raises(ValueError, match=message):
        cross_entropy(scores, y)


def test_other_losses_name_bad_targets():
    with pytest.raises(ValueError, match=r"only 0 and 1, got 0\.5"):
        binary_cross_entropy(np.zeros(2), np.full(2, 0.5))
    with pytest.raises(ValueError, match=r"one shape, got \(2, 1\) and \(2,\)"):
        squared_error(np.zeros((2, 1)), np.zeros(2))


def test_wrong_shape_is_named():
    net = build_network([6, 4, 3], rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"\(n_samples, 6\), got \(5, 7\)"):
        net.forward(np.zeros((5, 7)))
    with pytest.raises(ValueError, match="at least 2 rows in a training batch"):
        BatchNorm(3).forward(np.zeros((1, 3)), training=True)


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


# --- runs that must keep failing -----------------------------------------------------


def pictures(m=400, n=50, k=5, seed=0):
    """Simulated classes, far enough apart for any healthy network."""
    rng = np.random.default_rng(seed)
    centres, y = rng.normal(size=(k, n)), rng.integers(0, k, m)
    return centres[y] + 0.5 * rng.normal(size=(m, n)), y


def healthy(**changes):
    settings = {"epochs": 15, "optimizer": "sgd", "learning_rate": 0.1} | changes
    return NeuralNetwork((32, 32), random_state=0, **settings)


def test_the_healthy_network_learns():
    X, y = pictures()
    assert healthy().fit(X, y).score(X, y) > 0.98


def test_symmetric_start_keeps_all_units_alike():
    X, y = pictures()
    model = NeuralNetwork((32,), "tanh", "sgd", 0.1, init=0.0, epochs=15)
    model.fit(X, y)
    assert model.score(X, y) < 0.5
    report = diagnose(model.network_, X, y)
    assert report["alike"].iloc[0] == 31 / 32
    assert report["gradient"].iloc[0] == 0


def test_dead_relus_stay_dead():
    # The page's patient: momentum with a learning rate that suits plain SGD.
    digits = load_mnist().sample(3000, random_state=0)
    X = digits.drop(columns="digit").to_numpy(np.float32) / 255
    y = digits["digit"].to_numpy()
    settings = {"optimizer": "momentum", "learning_rate": 1.0, "batch_size": 64}
    settings |= {"random_state": 1, "dtype": "float32", "epochs": 4}
    model = NeuralNetwork((64, 64), **settings).fit(X, y)
    assert diagnose(model.network_, X[:500], y[:500])["dead"].iloc[-1] >= 0.9
    for _ in range(30):
        train_step(model.network_, X[:500], y[:500], SGD(0.1))
    report = diagnose(model.network_, X[:500], y[:500])
    assert report["dead"].iloc[-1] >= 0.9
    assert model.score(X, y) < 0.5


def test_sigmoid_gradients_vanish_backwards():
    X, y = pictures()
    sizes = [50, *[32] * 6, 5]
    rng = np.random.default_rng(0)
    sick = diagnose(build_network(sizes, "sigmoid", rng=rng), X, y)["gradient"]
    well = diagnose(build_network(sizes, "relu", rng=rng), X, y)["gradient"]
    assert all(late > 2 * early for early, late in pairwise(sick))
    assert sick.iloc[0] < 1e-2 * sick.iloc[-1]
    assert well.iloc[0] > 0.1 * well.iloc[-1]


def test_exploding_rate_is_named_with_its_history():
    X, y = pictures()
    with pytest.raises(DivergenceError, match=r"learning_rate=0\.1.*Scale") as error:
        healthy().fit(1000 * X, y)
    assert error.value.losses[-1] > 1000 * error.value.losses[0] or not np.isfinite(
        error.value.losses[-1]
    )


# --- the recorder --------------------------------------------------------------------


def test_recorder_follows_the_makers_split_on_small_files(tmp_path, monkeypatch):
    from mlmastery.neural_network import record as module

    rng = np.random.default_rng(0)
    frame = module.load_mnist().sample(60, random_state=0).reset_index(drop=True)
    frame.loc[50:, "digit"] = rng.integers(0, 10, 10)
    monkeypatch.setattr(module, "load_mnist", lambda: frame)
    monkeypatch.setattr(module, "fingerprint", lambda name: card_of(name).sha256)
    (figure,) = record(tmp_path, epochs=30, training=50)
    assert figure.value < 0.6  # the last rows are noise: they were not trained on
    assert figure.name == "30 epochs, 100 sigmoid units, L2"
