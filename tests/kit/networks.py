"""What the tests of the neural network compare it with."""

import numpy as np
import torch
from torch import nn

from mlmastery.neural_network import Activation, BatchNorm, Dense

TORCH_ACTIVATIONS = {
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
}


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
    """Return a PyTorch network with the same layers and the same numbers."""
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
    """Return PyTorch's parameters, or their gradients, in one vector like ours."""
    parts = (of(p).detach().numpy() for p in model.parameters())
    return np.concatenate([p.T.ravel() for p in parts])
