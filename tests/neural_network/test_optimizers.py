import copy

import numpy as np
import pytest
import torch
from kit.networks import close, some_data, theirs_in_our_order, twin
from torch import nn

from mlmastery.neural_network import (
    SGD,
    Adam,
    Momentum,
    RMSProp,
    build_network,
    minibatches,
    train_step,
)

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
