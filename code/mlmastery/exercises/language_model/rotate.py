"""Exercise 14.4: Rotary positions."""

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


# %% wrong: "The angle is in radians. You took it for degrees."
def rotate(x, positions, frequency):
    angle = torch.deg2rad(positions * frequency)
    a, b = x[:, 0], x[:, 1]
    return torch.stack(
        [a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()], dim=1
    )


# %% wrong: "One row per position is asked for. Yours has one row per coordinate."
def rotate(x, positions, frequency):
    cos, sin = (positions * frequency).cos(), (positions * frequency).sin()
    a, b = x[:, 0], x[:, 1]
    return torch.stack([a * cos - b * sin, a * sin + b * cos])


# %% wrong: "x belongs to the caller, and you wrote into it. Make a new tensor."
def rotate(x, positions, frequency):
    cos, sin = (positions * frequency).cos(), (positions * frequency).sin()
    a, b = x[:, 0].clone(), x[:, 1].clone()
    x[:, 0] = a * cos - b * sin
    x[:, 1] = a * sin + b * cos
    return x


# %% wrong: "The second coordinate was computed from the first one after its turn. Keep the old one."
def rotate(x, positions, frequency):
    cos, sin = (positions * frequency).cos(), (positions * frequency).sin()
    x = x.clone()
    x[:, 0] = x[:, 0] * cos - x[:, 1] * sin
    x[:, 1] = x[:, 0] * sin + x[:, 1] * cos
    return x


# %% wrong: "Sine and cosine are exchanged: at an angle of zero a point must stay where it is."
def rotate(x, positions, frequency):
    cos, sin = (positions * frequency).sin(), (positions * frequency).cos()
    a, b = x[:, 0], x[:, 1]
    return torch.stack([a * cos - b * sin, a * sin + b * cos], dim=1)


# %% wrong: "Multiply the position by the frequency. You divided."
def rotate(x, positions, frequency):
    cos, sin = (positions / frequency).cos(), (positions / frequency).sin()
    a, b = x[:, 0], x[:, 1]
    return torch.stack([a * cos - b * sin, a * sin + b * cos], dim=1)


# %% wrong: "Use the positions that are given: they need not begin at zero."
def rotate(x, positions, frequency):
    angle = torch.arange(len(x)) * frequency
    a, b = x[:, 0], x[:, 1]
    return torch.stack(
        [a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()], dim=1
    )


# %% wrong: "The frequency is the angle per position already: no factor of 2 pi."
def rotate(x, positions, frequency):
    angle = 2 * torch.pi * positions * frequency
    a, b = x[:, 0], x[:, 1]
    return torch.stack(
        [a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()], dim=1
    )


# %% wrong: "The two coordinates came back in the wrong order."
def rotate(x, positions, frequency):
    cos, sin = (positions * frequency).cos(), (positions * frequency).sin()
    a, b = x[:, 0], x[:, 1]
    return torch.stack([a * sin + b * cos, a * cos - b * sin], dim=1)


# %% wrong: "The angle turns a point. You added it."
def rotate(x, positions, frequency):
    return x + (positions * frequency)[:, None]


# %% wrong: "Only half of the rotation is there: the other coordinate takes part in each sum."
def rotate(x, positions, frequency):
    angle = positions * frequency
    return torch.stack([x[:, 0] * angle.cos(), x[:, 1] * angle.cos()], dim=1)


# %% check
import math

import torch

CASES = [
    Case(
        "a quarter turn per position",
        args=(torch.tensor([[1.0, 0.0]] * 3), torch.tensor([0, 1, 2]), math.pi / 2),
        want=torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]),
        atol=1e-5,
    ),
    Case(
        "positions that do not begin at zero",
        args=(torch.tensor([[0.0, 2.0]]), torch.tensor([3]), math.pi / 2),
        want=torch.tensor([[2.0, 0.0]]),
        atol=1e-5,
    ),
    # the cosine is 0.6 and the sine 0.8; for twice the angle -0.28 and 0.96
    Case(
        "both coordinates, by hand",
        args=(torch.tensor([[5.0, 10.0]] * 3), torch.tensor([2, 0, 1]), math.acos(0.6)),
        want=torch.tensor([[-11.0, 2.0], [5.0, 10.0], [-5.0, 10.0]]),
        atol=1e-5,
    ),
]
