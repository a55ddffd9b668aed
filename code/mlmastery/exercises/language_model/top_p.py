"""Exercise 14.12: Top-p."""

# %% stub
import torch


def top_p(probabilities, p):
    """Keep the fewest likeliest tokens whose probabilities reach p; return all, shape (V,).

    The others get zero, and the kept ones are scaled to add up to one. At least one
    token is kept, even if p is 0.
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


# %% wrong: "One token too many: when the likelier ones reach p exactly, no further one is needed."
def top_p(probabilities, p):
    ranked, order = probabilities.sort(descending=True)
    kept = torch.where(ranked.cumsum(0) - ranked <= p, ranked, 0.0)
    kept[0] = ranked[0]
    return torch.zeros_like(probabilities).index_copy(0, order, kept / kept.sum())


# %% wrong: "You kept the least likely tokens. Sort from the likeliest down."
def top_p(probabilities, p):
    ranked, order = probabilities.sort()
    kept = torch.where(ranked.cumsum(0) - ranked < p, ranked, 0.0)
    kept[0] = ranked[0]
    return torch.zeros_like(probabilities).index_copy(0, order, kept / kept.sum())


# %% wrong: "The probabilities belong to the caller, and you set some of them to 0. Work on a copy."
def top_p(probabilities, p):
    ranked, order = probabilities.sort(descending=True)
    dropped = ranked.cumsum(0) - ranked >= p
    dropped[0] = False
    probabilities[order[dropped]] = 0
    return probabilities / probabilities.sum()


# %% wrong: "A softmax of probabilities makes them more alike. Divide them by their sum."
def top_p(probabilities, p):
    ranked, order = probabilities.sort(descending=True)
    out = ranked.cumsum(0) - ranked >= p
    out[0] = False
    kept = ranked.masked_fill(out, -torch.inf).softmax(0)
    return torch.zeros_like(probabilities).index_copy(0, order, kept)


# %% wrong: "What you kept adds up to p or more. Divide by its sum, not by p."
def top_p(probabilities, p):
    ranked, order = probabilities.sort(descending=True)
    kept = torch.where(ranked.cumsum(0) - ranked < p, ranked, 0.0)
    kept[0] = ranked[0]
    return torch.zeros_like(probabilities).index_copy(0, order, kept / max(p, 1e-12))


# %% wrong: "All tokens are asked for: the ones that you leave out get zero and stay in their places."
def top_p(probabilities, p):
    ranked, order = probabilities.sort(descending=True)
    keep = ranked.cumsum(0) - ranked < p
    keep[0] = True
    kept = probabilities[order[keep].sort().values]
    return kept / kept.sum()


# %% wrong: "Putting them back goes the other way: the token order[i] gets the i-th number."
def top_p(probabilities, p):
    ranked, order = probabilities.sort(descending=True)
    kept = torch.where(ranked.cumsum(0) - ranked < p, ranked, 0.0)
    kept[0] = ranked[0]
    return (kept / kept.sum())[order]


# %% wrong: "p is a share of the probability. You kept that share of the tokens."
def top_p(probabilities, p):
    ranked, order = probabilities.sort(descending=True)
    kept = ranked.clone()
    kept[max(1, round(p * len(ranked))) :] = 0
    return torch.zeros_like(probabilities).index_copy(0, order, kept / kept.sum())


# %% wrong: "With a p of 0 nothing is left, and you divide zero by zero. The likeliest token always stays."
def top_p(probabilities, p):
    ranked, order = probabilities.sort(descending=True)
    kept = torch.where(ranked.cumsum(0) - ranked < p, ranked, 0.0)
    return torch.zeros_like(probabilities).index_copy(0, order, kept / kept.sum())


# %% wrong: "Add up from the likeliest token down. You added in the order of the vocabulary."
def top_p(probabilities, p):
    kept = torch.where(probabilities.cumsum(0) - probabilities < p, probabilities, 0.0)
    kept[0] = probabilities[0]
    return kept / kept.sum()


# %% wrong: "Only the likeliest token was kept. Go on until the sum reaches p."
def top_p(probabilities, p):
    return torch.eye(len(probabilities))[probabilities.argmax()]


# %% check
import torch

CASES = [
    Case(
        "0.5 alone does not reach 0.6",
        args=(torch.tensor([0.5, 0.3, 0.2]), 0.6),
        want=torch.tensor([0.625, 0.375, 0.0]),
    ),
    Case(
        "0.5 alone reaches 0.5",
        args=(torch.tensor([0.25, 0.5, 0.125, 0.125]), 0.5),
        want=torch.tensor([0.0, 1.0, 0.0, 0.0]),
    ),
    Case(
        "in another order",
        args=(torch.tensor([0.125, 0.25, 0.125, 0.5]), 0.7),
        want=torch.tensor([0.0, 1 / 3, 0.0, 2 / 3]),
    ),
    Case(
        "in yet another order",
        args=(torch.tensor([0.2, 0.5, 0.3]), 0.6),
        want=torch.tensor([0.0, 0.625, 0.375]),
    ),
    Case(
        "p below every probability",
        args=(torch.tensor([0.4, 0.6]), 0.1),
        want=torch.tensor([0.0, 1.0]),
    ),
    Case(
        "a p of zero",
        args=(torch.tensor([0.4, 0.6]), 0.0),
        want=torch.tensor([0.0, 1.0]),
    ),
    Case(
        "a p of one",
        args=(torch.tensor([0.25, 0.5, 0.25]), 1.0),
        want=torch.tensor([0.25, 0.5, 0.25]),
    ),
]
