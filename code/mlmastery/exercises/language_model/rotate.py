"""Exercise 14.7: Rotary positions."""

# %% stub
import torch


def rotate(x, positions, frequency):
    """Turn the points x by an angle of position times frequency.

    x has shape (T, 2), a point in the plane for each position; positions has shape
    (T,); the angle is in radians and turns anticlockwise. Return shape (T, 2).
    """
    raise NotImplementedError


# %% solution
def rotate(x, positions, frequency):
    cos, sin = (positions * frequency).cos(), (positions * frequency).sin()
    a, b = x[:, 0], x[:, 1]
    return torch.stack([a * cos - b * sin, a * sin + b * cos], dim=1)


# %% wrong: "You turned clockwise: check the sign in the first row of the matrix."
def rotate(x, positions, frequency):
    cos, sin = (positions * frequency).cos(), (positions * frequency).sin()
    a, b = x[:, 0], x[:, 1]
    return torch.stack([a * cos + b * sin, b * cos - a * sin], dim=1)


# %% wrong: "A rotation keeps the length of a point. Yours does not: both signs are plus."
def rotate(x, positions, frequency):
    cos, sin = (positions * frequency).cos(), (positions * frequency).sin()
    a, b = x[:, 0], x[:, 1]
    return torch.stack([a * cos + b * sin, a * sin + b * cos], dim=1)


# %% wrong: "The angle is the same for all positions: multiply the frequency by each position."
def rotate(x, positions, frequency):
    angle = torch.tensor(frequency)
    a, b = x[:, 0], x[:, 1]
    return torch.stack(
        [a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()], dim=1
    )


# %% check
import math

import torch


def _close(got, want):
    return (
        torch.is_tensor(got)
        and got.shape == want.shape
        and torch.allclose(got, want, atol=1e-5)
    )


CASES = [
    Case(
        "a quarter turn per position",
        args=(torch.tensor([[1.0, 0.0]] * 3), torch.tensor([0, 1, 2]), math.pi / 2),
        want=torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]),
        compare=_close,
    ),
    Case(
        "positions that do not begin at zero",
        args=(torch.tensor([[0.0, 2.0]]), torch.tensor([3]), math.pi / 2),
        want=torch.tensor([[2.0, 0.0]]),
        compare=_close,
    ),
]
