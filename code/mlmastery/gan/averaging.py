"""An average of a generator's weights and buffers over the steps of its training."""

from __future__ import annotations

import copy

import torch
from torch import nn

from mlmastery.validation import check_number

__all__ = ["averaged_copy", "update_average"]


def averaged_copy(network: nn.Module) -> nn.Module:
    """Return a copy in evaluation mode whose weights ask for no gradient.

    Examples
    --------
    >>> averaged_copy(nn.Linear(1, 1)).weight.requires_grad
    False
    """
    return copy.deepcopy(network).eval().requires_grad_(False)


@torch.no_grad()
def update_average(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Move an average towards a network: decay * average + (1 - decay) * network.

    Floating-point buffers, such as the running statistics of batch normalisation, are
    averaged like weights; counters are copied.

    Parameters
    ----------
    average, network : Module
        Of one architecture.
    decay : float
        From 0, which copies, to 1, which keeps the average.

    Examples
    --------
    >>> average, network = nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False)
    >>> _ = nn.init.constant_(average.weight, 1.0), nn.init.constant_(network.weight, 3.0)
    >>> update_average(average, network, 0.9)
    >>> round(average.weight.item(), 6)
    1.2
    """
    check_number(decay, "decay", 0, 1)
    ours, theirs = average.state_dict(), network.state_dict()
    shapes = [{k: v.shape for k, v in s.items()} for s in (ours, theirs)]
    if shapes[0] != shapes[1]:
        raise ValueError("average and network must be of one architecture")
    for name, value in theirs.items():
        if value.is_floating_point():
            # Not lerp_: with decay 0 it would round, and the copy must be exact.
            ours[name].copy_(decay * ours[name] + (1 - decay) * value)
        else:
            ours[name].copy_(value)
