import copy

import numpy as np
import pytest
import torch
from kit.networks import close, some_data, theirs_in_our_order, twin
from torch import nn

from mlmastery.neural_network import (
    OPTIMIZERS,
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


@pytest.mark.parametrize("rule", OPTIMIZERS)
@pytest.mark.parametrize("rate", [0, -0.1, float("nan"), float("inf"), "0.1"])
def test_learning_rates_that_cannot_work_are_named(rule, rate):
    with pytest.raises(ValueError, match="learning_rate must be a number above 0"):
        OPTIMIZERS[rule](rate)


@pytest.mark.parametrize(
    ("rule", "settings"),
    [
        ("momentum", {"beta": 1.0}),
        ("rmsprop", {"beta": 1.0}),
        ("adam", {"beta1": 1.0}),
        ("adam", {"beta2": 1.5}),
    ],
)
def test_decay_rates_are_below_one(rule, settings):
    with pytest.raises(ValueError, match=r"beta.? must be below 1"):
        OPTIMIZERS[rule](0.1, **settings)


@pytest.mark.parametrize("rule", [RMSProp, Adam])
def test_eps_is_a_number_of_at_least_zero(rule):
    for eps in (-1, float("nan"), "small"):
        with pytest.raises(ValueError, match="eps must be a number of at least 0"):
            rule(0.1, eps=eps)
