"""Exercise 20.12: The size of a search space."""


# %% stub
def count_chains(widths, activations, max_layers, switches):
    """Return the number of networks that are chains of 1 to max_layers layers.

    Each layer chooses one of the widths and one of the activations (two
    numbers of options); besides, there are that many switches outside the
    layers, each on or off. A layer that is absent chooses nothing.
    """
    raise NotImplementedError


# %% solution
def count_chains(widths, activations, max_layers, switches):
    layer = widths * activations
    chains = sum(layer**depth for depth in range(1, max_layers + 1))
    return chains * 2**switches


# %% wrong: "Absent layers choose nothing: a product counts each shallow network many times."
def count_chains(widths, activations, max_layers, switches):
    return max_layers * (widths * activations) ** max_layers * 2**switches


# %% wrong: "These are the deepest networks only. Add the shallower ones."
def count_chains(widths, activations, max_layers, switches):
    return (widths * activations) ** max_layers * 2**switches


# %% wrong: "Choices multiply: each width goes with each activation."
def count_chains(widths, activations, max_layers, switches):
    layer = widths + activations
    return sum(layer**d for d in range(1, max_layers + 1)) * 2**switches


# %% wrong: "A network has at least one layer."
def count_chains(widths, activations, max_layers, switches):
    layer = widths * activations
    return sum(layer**d for d in range(max_layers + 1)) * 2**switches


# %% wrong: "The deepest networks are missing: range ends before its last number."
def count_chains(widths, activations, max_layers, switches):
    layer = widths * activations
    return sum(layer**d for d in range(1, max_layers)) * 2**switches


# %% wrong: "Each switch doubles the space: two to the power of their number."
def count_chains(widths, activations, max_layers, switches):
    layer = widths * activations
    return sum(layer**d for d in range(1, max_layers + 1)) * 2 * switches


# %% wrong: "Switches multiply the space, they do not add to it."
def count_chains(widths, activations, max_layers, switches):
    layer = widths * activations
    return sum(layer**d for d in range(1, max_layers + 1)) + 2**switches


# %% wrong: "Every layer chooses anew: options to the power of the depth, not times the depth."
def count_chains(widths, activations, max_layers, switches):
    layer = widths * activations
    return sum(layer * d for d in range(1, max_layers + 1)) * 2**switches


# %% wrong: "The activation belongs to each layer, not to the whole network."
def count_chains(widths, activations, max_layers, switches):
    chains = sum(widths**d for d in range(1, max_layers + 1))
    return chains * activations * 2**switches


# %% wrong: "The switches are outside the layers: each counts once, not once a layer."
def count_chains(widths, activations, max_layers, switches):
    layer = widths * activations * 2**switches
    return sum(layer**d for d in range(1, max_layers + 1))


# %% check
CASES = [
    # 16 of one layer, 128 of two
    Case("the page's space", args=(4, 2, 2, 1), want=144),
    # 2 + 4 + 8
    Case("three layers without a switch", args=(2, 1, 3, 0), want=14),
    # (6 + 36) times 8
    Case("three switches", args=(3, 2, 2, 3), want=336),
    Case("one layer", args=(5, 2, 1, 0), want=10),
]
