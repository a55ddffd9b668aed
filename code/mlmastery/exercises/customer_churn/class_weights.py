"""Exercise 8.2: Class weights."""


# %% stub
def class_weights(labels):
    """Return a dict of one weight per class, so that all classes weigh the same in total.

    labels is a list of class labels, two or more classes. The weights of all rows together
    add up to the number of rows.
    """
    raise NotImplementedError


# %% solution
def class_weights(labels):
    counts = {label: labels.count(label) for label in set(labels)}
    return {label: len(labels) / (len(counts) * n) for label, n in counts.items()}


# %% wrong: "These are the classes' shares. The rarer class needs the larger weight."
def class_weights(labels):
    counts = {label: labels.count(label) for label in set(labels)}
    return {label: n / len(labels) for label, n in counts.items()}


# %% wrong: "The classes weigh the same, but all rows together weigh too much: divide by the number of classes."
def class_weights(labels):
    counts = {label: labels.count(label) for label in set(labels)}
    return {label: len(labels) / n for label, n in counts.items()}


# %% wrong: "The classes weigh the same, but all rows together weigh as much as there are classes. They should weigh as much as there are rows."
def class_weights(labels):
    counts = {label: labels.count(label) for label in set(labels)}
    return {label: 1 / n for label, n in counts.items()}


# %% wrong: "One minus the share grows too slowly: class totals then still differ."
def class_weights(labels):
    counts = {label: labels.count(label) for label in set(labels)}
    return {label: 1 - n / len(labels) for label, n in counts.items()}


# %% wrong: "There may be more than two classes: divide by their number."
def class_weights(labels):
    counts = {label: labels.count(label) for label in set(labels)}
    return {label: len(labels) / (2 * n) for label, n in counts.items()}


# %% wrong: "Relative to the commonest class the totals are equal, but all rows together weigh too much."
def class_weights(labels):
    counts = {label: labels.count(label) for label in set(labels)}
    return {label: max(counts.values()) / n for label, n in counts.items()}


# %% wrong: "The weights add up to 1. Weights times counts should add up to the number of rows."
def class_weights(labels):
    counts = {label: labels.count(label) for label in set(labels)}
    total = sum(1 / n for n in counts.values())
    return {label: 1 / n / total for label, n in counts.items()}


# %% wrong: "The root weighs rare classes up only in part. Totals of classes should be equal."
def class_weights(labels):
    counts = {label: labels.count(label) for label in set(labels)}
    return {
        label: (len(labels) / (len(counts) * n)) ** 0.5 for label, n in counts.items()
    }


# %% wrong: "One weight per class, not per row."
def class_weights(labels):
    counts = {label: labels.count(label) for label in set(labels)}
    return [len(labels) / (len(counts) * counts[label]) for label in labels]


# %% wrong: "The fraction is upside down: common classes get the larger weight."
def class_weights(labels):
    counts = {label: labels.count(label) for label in set(labels)}
    return {label: len(counts) * n / len(labels) for label, n in counts.items()}


# %% wrong: "Do not round: class totals then differ."
def class_weights(labels):
    counts = {label: labels.count(label) for label in set(labels)}
    return {
        label: round(len(labels) / (len(counts) * n), 1) for label, n in counts.items()
    }


# %% wrong: "Whole division cuts the weights off."
def class_weights(labels):
    counts = {label: labels.count(label) for label in set(labels)}
    return {label: len(labels) // (len(counts) * n) for label, n in counts.items()}


# %% wrong: "All classes get the weight 1: that is no weighting."
def class_weights(labels):
    counts = {label: labels.count(label) for label in set(labels)}
    return {label: 1.0 for label, n in counts.items()}


# %% check
CASES = [
    Case("one in four leaves", args=([1, 0, 0, 0],), want={1: 2.0, 0: 2 / 3}),
    Case("equal classes", args=(["a", "b", "a", "b"],), want={"a": 1.0, "b": 1.0}),
    Case(
        "three classes",
        args=(["x"] * 3 + ["y"] * 2 + ["z"],),
        want={"x": 2 / 3, "y": 1.0, "z": 2.0},
    ),
]
