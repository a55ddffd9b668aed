import numpy as np
import pytest
from kit.networks import some_data

from mlmastery.neural_network import (
    Activation,
    build_network,
    check_gradients,
    numerical_gradient,
    relative_error,
)


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
    gradient = numerical_gradient(lambda t: float(np.sin(t).sum()), theta)
    np.testing.assert_allclose(gradient, np.cos([0.3, -0.7]), atol=1e-9)
    np.testing.assert_array_equal(theta, [0.3, -0.7])
    assert relative_error(np.zeros(2), np.zeros(2)) == 0
    assert relative_error(np.ones(2), -np.ones(2)) == 1


def test_numerical_gradient_takes_any_shape():
    theta = np.arange(6.0).reshape(2, 3)
    np.testing.assert_allclose(
        numerical_gradient(lambda t: float((t**3).sum()), theta),
        3 * theta**2,
        atol=1e-8,
    )
    np.testing.assert_array_equal(theta, np.arange(6.0).reshape(2, 3))
    point = np.array(2.0)
    np.testing.assert_allclose(numerical_gradient(lambda t: t**2, point), 4.0)
    # Not contiguous: a column is moved in place as well.
    column = theta[:, 1]
    gradient = numerical_gradient(lambda _: float((theta[:, 1] ** 2).sum()), column)
    np.testing.assert_allclose(gradient, 2 * column)


@pytest.mark.parametrize(
    ("theta", "kind"),
    [
        (np.array([1, 2]), "int64"),
        (np.array([True, False]), "bool"),
        (np.array([1, 2], dtype=np.float32), "float32"),
        ([1.0, 2.0], "list"),
        (np.array(["1", "2"]), "<U1"),
    ],
)
def test_numerical_gradient_refuses_what_it_cannot_move_by_h(theta, kind):
    with pytest.raises(
        TypeError, match=f"theta must be an array of float64, got {kind}"
    ):
        numerical_gradient(lambda t: float(np.sum(t)), theta)


@pytest.mark.parametrize("h", [0, -1e-5, float("nan")])
def test_numerical_gradient_needs_a_step(h):
    with pytest.raises(ValueError, match="h must be a number above 0"):
        numerical_gradient(lambda t: 0.0, np.zeros(2), h)


def test_numerical_gradient_restores_theta_after_an_error():
    theta = np.array([1.0, 2.0])
    with pytest.raises(ZeroDivisionError):
        numerical_gradient(lambda t: 1 / 0, theta)
    np.testing.assert_array_equal(theta, [1, 2])
