"""Exercise 14.5: Layer normalisation."""

# %% stub
import torch


def layer_norm(x, gain, shift, eps=1e-5):
    """Normalise each row of x, shape (T, C), and apply gain and shift, shape (C,).

    The variance is the mean squared distance from the mean, and eps is added to it.
    """
    raise NotImplementedError


# %% solution
def layer_norm(x, gain, shift, eps=1e-5):
    centred = x - x.mean(dim=1, keepdim=True)
    variance = centred.square().mean(dim=1, keepdim=True)
    return centred / (variance + eps).sqrt() * gain + shift


# %% wrong: "You normalised over the positions. Each row is to be normalised by itself."
def layer_norm(x, gain, shift, eps=1e-5):
    centred = x - x.mean(dim=0)
    return centred / (centred.square().mean(dim=0) + eps).sqrt() * gain + shift


# %% wrong: "Divide by C, not by C - 1: torch's var corrects for estimation unless told otherwise."
def layer_norm(x, gain, shift, eps=1e-5):
    centred = x - x.mean(dim=1, keepdim=True)
    return centred / (x.var(dim=1, keepdim=True) + eps).sqrt() * gain + shift


# %% wrong: "You did not subtract the mean; that is the RMS norm."
def layer_norm(x, gain, shift, eps=1e-5):
    return x / (x.square().mean(dim=1, keepdim=True) + eps).sqrt() * gain + shift


# %% wrong: "The gain is missing: multiply each column by its own."
def layer_norm(x, gain, shift, eps=1e-5):
    centred = x - x.mean(dim=1, keepdim=True)
    return centred / (centred.square().mean(dim=1, keepdim=True) + eps).sqrt() + shift


# %% wrong: "The shift is missing: add it at the end."
def layer_norm(x, gain, shift, eps=1e-5):
    centred = x - x.mean(dim=1, keepdim=True)
    return centred / (centred.square().mean(dim=1, keepdim=True) + eps).sqrt() * gain


# %% wrong: "eps belongs under the root, with the variance."
def layer_norm(x, gain, shift, eps=1e-5):
    centred = x - x.mean(dim=1, keepdim=True)
    spread = centred.square().mean(dim=1, keepdim=True).sqrt()
    return centred / (spread + eps) * gain + shift


# %% wrong: "Divide by the root of the variance, so that the unit cancels."
def layer_norm(x, gain, shift, eps=1e-5):
    centred = x - x.mean(dim=1, keepdim=True)
    return centred / (centred.square().mean(dim=1, keepdim=True) + eps) * gain + shift


# %% wrong: "You normalised the whole table. Each row has its own mean and variance."
def layer_norm(x, gain, shift, eps=1e-5):
    centred = x - x.mean()
    return centred / (centred.square().mean() + eps).sqrt() * gain + shift


# %% wrong: "First the gain, then the shift: the shift is not to be multiplied."
def layer_norm(x, gain, shift, eps=1e-5):
    centred = x - x.mean(dim=1, keepdim=True)
    variance = centred.square().mean(dim=1, keepdim=True)
    return (centred / (variance + eps).sqrt() + shift) * gain


# %% wrong: "Gain and shift are exchanged: the gain multiplies, the shift is added."
def layer_norm(x, gain, shift, eps=1e-5):
    centred = x - x.mean(dim=1, keepdim=True)
    variance = centred.square().mean(dim=1, keepdim=True)
    return centred / (variance + eps).sqrt() * shift + gain


# %% wrong: "x belongs to the caller, and `-=` changes it. Compute a new tensor."
def layer_norm(x, gain, shift, eps=1e-5):
    x -= x.mean(dim=1, keepdim=True)
    return x / (x.square().mean(dim=1, keepdim=True) + eps).sqrt() * gain + shift


# %% wrong: "eps is an argument: do not put a number of your own."
def layer_norm(x, gain, shift, eps=1e-5):
    centred = x - x.mean(dim=1, keepdim=True)
    variance = centred.square().mean(dim=1, keepdim=True)
    return centred / (variance + 1e-5).sqrt() * gain + shift


# %% wrong: "Without keepdim the means of the rows line up with the columns."
def layer_norm(x, gain, shift, eps=1e-5):
    centred = x - x.mean(dim=1)
    return centred / (x.var(dim=1, correction=0) + eps).sqrt() * gain + shift


# %% wrong: "The mean is still in the numerator: subtract it there as well."
def layer_norm(x, gain, shift, eps=1e-5):
    return x / (x.var(dim=1, correction=0, keepdim=True) + eps).sqrt() * gain + shift


# %% check
import torch

_one, _zero = torch.ones(2), torch.zeros(2)
_draw = torch.Generator().manual_seed(148)
_x = 3 + 2 * torch.randn(3, 4, generator=_draw)
_gain, _shift = torch.randn(4, generator=_draw), torch.randn(4, generator=_draw)
CASES = [
    Case(
        "two rows, by hand",
        args=(torch.tensor([[1.0, 3.0], [10.0, 0.0]]), _one, _zero),
        want=torch.tensor([[-1.0, 1.0], [1.0, -1.0]]),
        atol=1e-4,
    ),
    Case(
        "gain and shift",
        args=(
            torch.tensor([[1.0, 3.0]]),
            torch.tensor([2.0, 1.0]),
            torch.tensor([0.0, 5.0]),
        ),
        want=torch.tensor([[-2.0, 6.0]]),
        atol=1e-4,
    ),
    Case(
        "a row of equal numbers",
        args=(torch.tensor([[7.0, 7.0]]), _one, _zero),
        want=torch.tensor([[0.0, 0.0]]),
        atol=1e-4,
    ),
    # the variance is 1, and with eps 4
    Case(
        "an eps of three, by hand",
        args=(torch.tensor([[1.0, 3.0]]), _one, _zero),
        kwargs={"eps": 3.0},
        want=torch.tensor([[-0.5, 0.5]]),
        atol=1e-5,
    ),
    Case(
        "three rows of four, against PyTorch",
        args=(_x, _gain, _shift),
        want=torch.nn.functional.layer_norm(_x, (4,), _gain, _shift),
        rtol=1e-4,
        atol=1e-5,
    ),
]
