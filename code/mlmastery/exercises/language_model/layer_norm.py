"""Exercise 14.8: Layer normalisation."""

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


# %% check
import torch


def _close(got, want):
    return (
        torch.is_tensor(got)
        and got.shape == want.shape
        and torch.allclose(got, want, atol=1e-3)
    )


_one, _zero = torch.ones(2), torch.zeros(2)
CASES = [
    Case(
        "two rows, by hand",
        args=(torch.tensor([[1.0, 3.0], [10.0, 0.0]]), _one, _zero),
        want=torch.tensor([[-1.0, 1.0], [1.0, -1.0]]),
        compare=_close,
    ),
    Case(
        "gain and shift",
        args=(
            torch.tensor([[1.0, 3.0]]),
            torch.tensor([2.0, 1.0]),
            torch.tensor([0.0, 5.0]),
        ),
        want=torch.tensor([[-2.0, 6.0]]),
        compare=_close,
    ),
    Case(
        "a row of equal numbers",
        args=(torch.tensor([[7.0, 7.0]]), _one, _zero),
        want=torch.tensor([[0.0, 0.0]]),
        compare=_close,
    ),
]
