"""Muon: momentum whose matrices are made orthogonal before the step."""

from collections.abc import Iterable

import torch
from torch import Tensor

QUINTIC = (3.4445, -4.7750, 2.0315)


def orthogonalise(matrix: Tensor, steps: int = 5) -> Tensor:
    """Bring all singular values of a matrix near one and leave its directions alone.

    A polynomial of the matrix acts on its singular values alone, and this one pushes
    every value between zero and one towards one; no decomposition is needed.

    Parameters
    ----------
    matrix : Tensor of shape (m, n)
        Not changed.
    steps : int, default=5
        How often the polynomial is applied.

    Returns
    -------
    Tensor of shape (m, n)
        Singular values between about 0.7 and 1.2.

    References
    ----------
    .. [1] Jordan et al. (2024), "Muon: An optimizer for hidden layers in neural
       networks".

    Examples
    --------
    >>> flat = orthogonalise(torch.diag(torch.tensor([3.0, 1.0])))
    >>> bool(((flat.diag() > 0.6) & (flat.diag() < 1.3)).all())
    True
    """
    a, b, c = QUINTIC
    x = matrix / (matrix.norm() + 1e-7)
    tall = x.size(0) > x.size(1)
    x = x.T if tall else x
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if tall else x


class Muon(torch.optim.Optimizer):
    """Momentum for weight matrices, orthogonalised before each step.

    Parameters
    ----------
    params : iterable of Tensor
        Matrices only; embeddings and vectors belong to Adam.
    lr : float, default=0.02
        Size of the step for a square matrix; a tall one takes a longer one.
    momentum : float, default=0.95
        Decay rate of the moving average of the gradients.

    Raises
    ------
    ValueError
        If a parameter is not a matrix.

    Examples
    --------
    >>> weight = torch.eye(2, requires_grad=True)
    >>> (weight * torch.tensor([[5.0, 0.0], [0.0, 0.1]])).sum().backward()
    >>> Muon([weight], lr=0.5).step()
    >>> bool((weight.diag() < 0.8).all())  # both, though one gradient was small
    True
    """

    def __init__(
        self, params: Iterable[Tensor], lr: float = 0.02, momentum: float = 0.95
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum})
        for group in self.param_groups:
            for p in group["params"]:
                if p.dim() != 2:
                    raise ValueError(
                        f"params must be matrices, got shape {tuple(p.shape)}"
                    )

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Update every matrix that has a gradient."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self._update(p, p.grad, group["lr"], group["momentum"])

    def _update(self, p: Tensor, grad: Tensor, lr: float, momentum: float) -> None:
        state = self.state[p]
        if not state:
            state["momentum"] = torch.zeros_like(p)
        average = state["momentum"].lerp_(grad, 1 - momentum)
        # Nesterov's form: look ahead along the average before the step.
        direction = orthogonalise(grad.lerp(average, momentum))
        # The entries of a tall orthogonal matrix are smaller than those of a square one.
        p.add_(direction, alpha=-lr * max(1.0, p.size(0) / p.size(1)) ** 0.5)
