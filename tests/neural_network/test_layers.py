import numpy as np
import pytest
import torch
from kit.networks import TORCH_ACTIVATIONS, close, tensors
from torch import nn

from mlmastery.neural_network import (
    ACTIVATIONS,
    Activation,
    BatchNorm,
    batch_norm_backward,
    batch_norm_forward,
    build_network,
    dense_backward,
    dense_forward,
    dropout_mask,
)


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


def test_dropout_keeps_the_expected_signal():
    mask = dropout_mask((400, 500), 0.3, np.random.default_rng(0))
    assert set(np.unique(mask)) == {0.0, 1 / 0.7}
    # 200,000 Bernoulli draws: five standard errors of the share kept
    assert abs((mask > 0).mean() - 0.7) < 5 * np.sqrt(0.21 / mask.size)
    assert abs(mask.mean() - 1) < 5 * np.sqrt(0.3 / 0.7 / mask.size)


def test_wrong_shape_is_named():
    net = build_network([6, 4, 3], rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"\(n_samples, 6\), got \(5, 7\)"):
        net.forward(np.zeros((5, 7)))
    with pytest.raises(ValueError, match="at least 2 rows in a training batch"):
        BatchNorm(3).forward(np.zeros((1, 3)), training=True)
