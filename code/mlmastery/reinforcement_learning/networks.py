"""Small networks, with weights drawn from a generator of their own.

>>> import torch
>>> from mlmastery.reinforcement_learning.networks import make_network
>>> make_network(4, (64, 64), 2, random_state=0)(torch.zeros(1, 4)).shape
torch.Size([1, 2])
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from mlmastery.validation import check_count

__all__ = ["DuelingNetwork", "copy_state", "make_network", "soft_update"]

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh}


def make_network(
    n_inputs: int,
    hidden: Sequence[int],
    n_outputs: int,
    *,
    activation: str = "relu",
    orthogonal: bool = False,
    last_gain: float = 1.0,
    random_state: int = 0,
) -> nn.Sequential:
    """Return a multilayer perceptron.

    Parameters
    ----------
    n_inputs, n_outputs : int
    hidden : sequence of int
        Widths of the hidden layers.
    activation : {"relu", "tanh"}, default="relu"
    orthogonal : bool, default=False
        Orthogonal weights with gain √2 and zero biases, as is usual for
        policy gradients; else PyTorch's default distribution.
    last_gain : float, default=1.0
        Gain of the last layer, where weights are orthogonal.
    random_state : int, default=0
        Seed of the weights; PyTorch's global generator is not touched.
    """
    for width in hidden:
        check_count(width, "hidden")
    generator = torch.Generator().manual_seed(random_state)
    sizes = [n_inputs, *hidden, n_outputs]
    layers: list[nn.Module] = []
    for i, (before, after) in enumerate(itertools.pairwise(sizes)):
        layer = nn.utils.skip_init(nn.Linear, before, after)
        last = i == len(sizes) - 2
        _draw(layer, generator, (last_gain if last else 2**0.5) if orthogonal else None)
        layers += [layer] if last else [layer, ACTIVATIONS[activation]()]
    return nn.Sequential(*layers)


def _draw(layer: nn.Linear, generator: torch.Generator, gain: float | None) -> None:
    if gain is not None:
        nn.init.orthogonal_(layer.weight, gain, generator=generator)
        nn.init.zeros_(layer.bias)
        return
    limit = 1 / math.sqrt(layer.in_features)
    nn.init.uniform_(layer.weight, -limit, limit, generator=generator)
    nn.init.uniform_(layer.bias, -limit, limit, generator=generator)


class DuelingNetwork(nn.Module):
    """Q as the value of the state plus an advantage of each action, of mean zero.

    References
    ----------
    .. [1] Wang et al. (2016), "Dueling Network Architectures for Deep Reinforcement
       Learning", ICML.

    Examples
    --------
    >>> net = DuelingNetwork(4, (8, 8), 2, random_state=0)
    >>> x = torch.zeros(1, 4)
    >>> bool((net(x).mean() - net.value(net.body(x))).abs() < 1e-6)
    True
    """

    def __init__(
        self,
        n_inputs: int,
        hidden: Sequence[int],
        n_actions: int,
        random_state: int = 0,
    ):
        super().__init__()
        if not hidden:
            raise ValueError(
                "hidden must have at least one width for dueling, got none"
            )
        width, seed = hidden[-1], 3 * random_state
        body = make_network(n_inputs, hidden[:-1], width, random_state=seed)
        self.body = nn.Sequential(*body, nn.ReLU())
        self.value = make_network(width, (), 1, random_state=seed + 1)
        self.advantage = make_network(width, (), n_actions, random_state=seed + 2)

    def forward(self, x: Tensor) -> Tensor:
        """Return Q of shape (batch, n_actions)."""
        features = self.body(x)
        advantage = self.advantage(features)
        return self.value(features) + advantage - advantage.mean(dim=1, keepdim=True)


@torch.no_grad()
def soft_update(target: nn.Module, source: nn.Module, tau: float) -> None:
    """Move the target's weights towards the source's by the share ``tau``.

    Examples
    --------
    >>> a, b = nn.Linear(1, 1), nn.Linear(1, 1)
    >>> soft_update(a, b, tau=1.0)
    >>> bool(a.weight == b.weight)
    True
    """
    for old, new in zip(target.parameters(), source.parameters(), strict=True):
        old.lerp_(new, tau)


def copy_state(module: Any) -> dict[str, Any]:
    """Return a copy of a module's or an optimiser's state that later steps leave alone.

    Examples
    --------
    >>> layer = nn.Linear(1, 1)
    >>> copy_state(layer)["weight"].shape
    torch.Size([1, 1])
    """

    def copied(value: Any) -> Any:
        if isinstance(value, Tensor):
            return value.detach().clone()
        if isinstance(value, dict):
            return {key: copied(item) for key, item in value.items()}
        return [copied(v) for v in value] if isinstance(value, list) else value

    return {key: copied(value) for key, value in module.state_dict().items()}
