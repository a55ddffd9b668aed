"""The same network in PyTorch, to compare with."""

from __future__ import annotations

import torch
from torch import nn

from mlmastery.neural_network.layers import Activation, BatchNorm, Dense
from mlmastery.neural_network.network import Network

TORCH_ACTIVATIONS = {
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
}


def torch_twin(network: Network) -> nn.Sequential:
    """Rebuild a network in PyTorch, with the same layers and the same numbers.

    In float64, and ready to train. Parameters, scales and shifts are copied; what
    training changes on one side does not reach the other.

    Raises
    ------
    TypeError
        If a layer has no counterpart here: dropout draws other masks in PyTorch.

    Examples
    --------
    >>> import numpy as np
    >>> from mlmastery.neural_network import build_network
    >>> network = build_network([2, 3, 2], rng=np.random.default_rng(0))
    >>> theirs = torch_twin(network)(torch.eye(2, dtype=torch.float64))
    >>> bool(np.allclose(theirs.detach().numpy(), network.forward(np.eye(2))))
    True
    """
    return nn.Sequential(*[_counterpart(layer) for layer in network.layers])


def _counterpart(layer: object) -> nn.Module:
    if isinstance(layer, Activation):
        return TORCH_ACTIVATIONS[layer.name]()
    if isinstance(layer, Dense):  # its Linear keeps the transpose of our W
        linear = nn.Linear(layer.n_in, layer.n_out, dtype=torch.float64)
        linear.weight.data = torch.tensor(layer.W.T.copy(), dtype=torch.float64)
        linear.bias.data = torch.tensor(layer.b.copy(), dtype=torch.float64)
        return linear
    if isinstance(layer, BatchNorm):
        norm = nn.BatchNorm1d(layer.n, layer.eps, layer.momentum, dtype=torch.float64)
        norm.weight.data = torch.tensor(layer.gamma.copy(), dtype=torch.float64)
        norm.bias.data = torch.tensor(layer.beta.copy(), dtype=torch.float64)
        norm.running_mean = torch.tensor(layer.running_mean, dtype=torch.float64)
        norm.running_var = torch.tensor(layer.running_var, dtype=torch.float64)
        return norm
    raise TypeError(
        "network must consist of dense layers, activations and batch norm, "
        f"got {type(layer).__name__}"
    )
