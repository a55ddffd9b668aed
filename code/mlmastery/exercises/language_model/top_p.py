"""Exercise 14.10: Top-p."""

# %% stub
import torch


def top_p(probabilities, p):
    """Keep the fewest likeliest tokens whose probabilities reach p; return all, shape (V,).

    The others get zero, and the kept ones are scaled to add up to one. At least one
    token is kept.
    """
    raise NotImplementedError


# %% solution
def top_p(probabilities, p):
    ranked, order = probabilities.sort(descending=True)
    before = ranked.cumsum(0) - ranked  # what the likelier ones add up to
    kept = torch.where(before < p, ranked, 0.0)
    kept[0] = ranked[0]
    return torch.zeros_like(probabilities).index_copy(0, order, kept / kept.sum())


# %% wrong: "The token that crosses p is missing: the kept ones must reach p."
def top_p(probabilities, p):
    ranked, order = probabilities.sort(descending=True)
    kept = torch.where(ranked.cumsum(0) <= p, ranked, 0.0)
    kept[0] = ranked[0]
    return torch.zeros_like(probabilities).index_copy(0, order, kept / kept.sum())


# %% wrong: "The result does not add up to one: divide by the sum of what you kept."
def top_p(probabilities, p):
    ranked, order = probabilities.sort(descending=True)
    kept = torch.where(ranked.cumsum(0) - ranked < p, ranked, 0.0)
    return torch.zeros_like(probabilities).index_copy(0, order, kept)


# %% wrong: "The probabilities came back sorted. Put each one back in its token's place."
def top_p(probabilities, p):
    ranked = probabilities.sort(descending=True).values
    kept = torch.where(ranked.cumsum(0) - ranked < p, ranked, 0.0)
    return kept / kept.sum()


# %% wrong: "You kept every token that is likelier than p. It is their sum that should reach p."
def top_p(probabilities, p):
    kept = torch.where(probabilities >= p, probabilities, 0.0)
    kept[probabilities.argmax()] = probabilities.max()
    return kept / kept.sum()


# %% check
import torch


def _close(got, want):
    return (
        torch.is_tensor(got)
        and got.shape == want.shape
        and torch.allclose(got, want, atol=1e-5)
    )


CASES = [
    Case(
        "0.5 alone does not reach 0.6",
        args=(torch.tensor([0.5, 0.3, 0.2]), 0.6),
        want=torch.tensor([0.625, 0.375, 0.0]),
        compare=_close,
    ),
    Case(
        "in another order",
        args=(torch.tensor([0.125, 0.25, 0.125, 0.5]), 0.7),
        want=torch.tensor([0.0, 1 / 3, 0.0, 2 / 3]),
        compare=_close,
    ),
    Case(
        "p below every probability",
        args=(torch.tensor([0.4, 0.6]), 0.1),
        want=torch.tensor([0.0, 1.0]),
        compare=_close,
    ),
]
