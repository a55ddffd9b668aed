"""The same network in PyTorch, to compare with."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from mlmastery.neural_network.layers import Activation, BatchNorm, Dense
from mlmastery.neural_network.network import Network, check_network
from mlmastery.neural_network.optimizers import OPTIMIZERS
from mlmastery.validation import check_choice

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
    return nn.Sequential(
        *[_counterpart(layer) for layer in check_network(network).layers]
    )


def torch_optimizer(rule: str, rate: float, model: nn.Module) -> torch.optim.Optimizer:
    """Return PyTorch's optimiser of a rule of ours, for a model's parameters.

    Examples
    --------
    >>> torch_optimizer("momentum", 0.1, nn.Linear(1, 1)).defaults["momentum"]
    0.9
    """
    check_choice(rule, "rule", OPTIMIZERS)
    makers: dict[str, Any] = {"rmsprop": torch.optim.RMSprop, "adam": torch.optim.Adam}
    options = {"momentum": 0.9} if rule == "momentum" else {}
    return makers.get(rule, torch.optim.SGD)(model.parameters(), lr=rate, **options)


def torch_step(
    model: nn.Module, X: np.ndarray, y: np.ndarray, optimizer: torch.optim.Optimizer
) -> float:
    """Do in PyTorch what :func:`train_step` does; return the loss before the step.

    Examples
    --------
    >>> model = nn.Linear(2, 2).double()
    >>> optimizer = torch_optimizer("sgd", 0.1, model)
    >>> X, y = np.eye(2), np.array([0, 1])
    >>> losses = [torch_step(model, X, y, optimizer) for _ in range(20)]
    >>> losses[-1] < losses[0]
    True
    """
    scores = model(torch.from_numpy(X))
    loss = nn.functional.cross_entropy(scores, torch.from_numpy(y))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


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
