"""No look at a network changes it: state before is state after, to the bit."""

import numpy as np
import pandas as pd
import pytest
import torch
from kit.networks import close, some_data, theirs_in_our_order

from mlmastery.neural_network import (
    Activation,
    BatchNorm,
    Dropout,
    NeuralNetwork,
    build_network,
    check_gradients,
    cross_entropy,
    diagnose,
    hidden_activations,
    numerical_gradient,
    torch_twin,
)

X, Y = some_data(24)


def a_network(**changes):
    """Return a network of every kind of layer that has seen a batch."""
    settings = {"batch_norm": True, "dropout": 0.3} | changes
    rng = np.random.default_rng(4)
    net = build_network([6, 5, 4, 3], "tanh", rng=rng, **settings)
    net.backward(cross_entropy(net.forward(X[:10], training=True), Y[:10])[1])
    return net, rng


def snapshot(net, rng):
    """Return everything that a network holds, as bytes and texts."""
    held = [net.theta.tobytes(), net.grad.tobytes(), str(rng.bit_generator.state)]
    for layer in net.layers:
        for name, value in sorted(vars(layer).items()):
            if isinstance(value, np.ndarray):
                held.append((name, value.tobytes()))
            elif not isinstance(value, np.random.Generator):
                held.append((name, repr(value)))
    return held


LOOKS = {
    "diagnose": lambda net: diagnose(net, X, Y),
    "check_gradients": lambda net: check_gradients(net, X, Y),
    "hidden_activations": lambda net: hidden_activations(net, X),
    "torch_twin": lambda net: None if has_dropout(net) else torch_twin(net),
}


def has_dropout(net):
    return any(isinstance(layer, Dropout) for layer in net.layers)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_looking_changes_nothing(look, dropout):
    net, rng = a_network(dropout=dropout)
    before = snapshot(net, rng)
    LOOKS[look](net)
    assert snapshot(net, rng) == before
    np.testing.assert_array_equal(net.layers[0].W.ravel(), net.theta[:30])
    net.theta[0] += 1  # the layers' arrays are still views
    assert net.layers[0].W[0, 0] == net.theta[0]


def test_looking_changes_nothing_even_when_it_fails():
    net, rng = a_network()
    before = snapshot(net, rng)
    with pytest.raises(ValueError, match="whole numbers from 0 to 2"):
        diagnose(net, X, Y + 1)
    with pytest.raises(ValueError, match="whole numbers from 0 to 2"):
        check_gradients(net, X, Y + 1)
    assert snapshot(net, rng) == before


def test_answers_of_a_batch_norm_network_survive_looks_and_backward():
    model = NeuralNetwork((8, 6), epochs=5, batch_norm=True, random_state=0)
    model.fit(X, Y)
    before = model.predict_proba(X)
    diagnose(model.network_, X[:4] + 3, Y[:4])
    check_gradients(model.network_, X[:4] + 3, Y[:4])
    model.backward(X[:4] + 3, Y[:4])
    np.testing.assert_array_equal(model.predict_proba(X), before)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_backward_is_the_gradient_of_what_forward_returns(activation):
    model = NeuralNetwork(
        (8, 6), activation, epochs=5, batch_norm=True, dropout=0.2, random_state=0
    )
    model.fit(X, Y)
    rows, labels = X[:7] + 0.5, Y[:7]  # not the last training batch
    ours = model.backward(rows, labels)
    model.network_.grad[:] = numerical_gradient(
        lambda theta: cross_entropy(model.forward(rows), labels)[0],
        model.network_.theta,
    )
    for name, theirs in model.network_.gradients().items():
        np.testing.assert_allclose(ours[name], theirs, rtol=0, atol=1e-8)
    # One row is enough: the running averages need no batch.
    assert np.isfinite(model.backward(rows[:1], labels[:1])["W1"]).all()


def test_batch_norm_backward_out_of_training_equals_torch():
    net, _ = a_network(dropout=0.0)
    theirs = torch_twin(net).eval()
    net.backward(cross_entropy(net.forward(X), Y)[1])
    scores = theirs(torch.tensor(X))
    close(net.forward(X), scores)
    torch.nn.functional.cross_entropy(scores, torch.tensor(Y)).backward()
    close(net.grad, theirs_in_our_order(theirs, lambda p: p.grad))


def test_twin_refuses_layers_that_it_cannot_copy():
    net, _ = a_network()
    with pytest.raises(TypeError, match=r"dense layers, activations.*got Dropout"):
        torch_twin(net)


def test_gradient_check_sees_one_dropout_mask():
    net, _ = a_network(batch_norm=False, dropout=0.4)
    assert check_gradients(net, X, Y).max() < 1e-7


def test_diagnose_of_a_copy_and_of_lists_and_frames_agree():
    net, _ = a_network(dropout=0.0)
    report = diagnose(net, X, Y)
    pd.testing.assert_frame_equal(diagnose(net, X.tolist(), Y.tolist()), report)
    frame, labels = pd.DataFrame(X), pd.Series(Y, index=range(100, 124))
    pd.testing.assert_frame_equal(diagnose(net, frame, labels), report)


def test_hidden_activations_are_those_of_the_report():
    net, _ = a_network(dropout=0.0)
    report = diagnose(net, X, Y)
    for A, (_, row) in zip(hidden_activations(net, X), report.iterrows(), strict=True):
        assert A.shape[0] == len(X)
        assert A.mean() == row["mean"]
        assert A.std() == row["spread"]


class Broken(Activation):
    def backward(self, dA):
        return np.full_like(dA, np.nan)


class Burst(Activation):
    def forward(self, Z, training):
        return np.full_like(Z, np.inf)


def test_nan_gradients_are_an_error_that_names_the_layer():
    net = build_network([6, 5, 4, 3], "tanh", rng=np.random.default_rng(0))
    net.layers[3] = Broken("tanh")
    with pytest.raises(
        ValueError, match=r"leaves layer 2 \(Broken tanh\) must be fini"
    ):
        check_gradients(net, X, Y)
    net.layers[3] = Burst("tanh")
    with pytest.raises(ValueError, match=r"output of layer 2 \(Burst tanh\).*96 of 96"):
        check_gradients(net, X, Y)


def test_nan_weights_data_and_losses_are_named():
    net = build_network([6, 5, 4, 3], "tanh", rng=np.random.default_rng(0))
    holes = X.copy()
    holes[2, 3] = np.nan
    with pytest.raises(ValueError, match="X must be finite, got 1 of 144"):
        check_gradients(net, holes, Y)
    with pytest.raises(ValueError, match="hidden layer 1 must be finite"):
        diagnose(net, holes, Y)
    with pytest.raises(ValueError, match="hidden layer 1 must be finite"):
        hidden_activations(net, holes)
    with pytest.raises(ValueError, match="the loss or its gradient must be finite"):
        check_gradients(net, X, Y, loss=lambda s, y: (np.nan, np.zeros_like(s)))
    with pytest.raises(ValueError, match="gradient by W1 must be finite"):
        diagnose(net, X, Y, loss=lambda s, y: (0.0, np.full_like(s, np.nan)))
    calls = iter([1.0] + [np.nan] * 1000)
    with pytest.raises(ValueError, match="finite difference by W1 must be finite"):
        check_gradients(net, X, Y, loss=lambda s, y: (next(calls), np.zeros_like(s)))
    net.dense[1].W[0, 0] = np.nan
    with pytest.raises(ValueError, match=r"output of layer 2 \(Dense\).*24 of 96"):
        check_gradients(net, X, Y)
    with pytest.raises(ValueError, match="activations of hidden layer 2"):
        diagnose(net, X, Y)


def test_batch_norm_remembers_which_moments_it_used():
    layer = BatchNorm(2)
    layer.gamma, layer.beta = np.ones(2), np.zeros(2)
    layer.dgamma, layer.dbeta = np.zeros(2), np.zeros(2)
    Z = np.array([[1.0, 2.0], [3.0, 8.0]])
    layer.forward(Z, training=True)
    np.testing.assert_allclose(layer.backward(np.ones((2, 2))), 0, atol=1e-12)
    layer.forward(Z, training=False)
    scale = 1 / np.sqrt(layer.running_var + layer.eps)
    np.testing.assert_allclose(layer.backward(np.ones((2, 2))), [scale, scale])
