"""Exercise 21.10: Labels that come late."""


# %% stub
def late_labels(predictions, labels, now):
    """Return the number of joined predictions, and the sum of label minus probability.

    predictions is a list of (id, probability); labels is a list of (id, label, hour) in the
    order of sending. A label counts if its hour is at most now and it is the first of its id
    in the list. Labels without a prediction are left out.
    """
    raise NotImplementedError


# %% solution
def late_labels(predictions, labels, now):
    first = {}
    for key, label, hour in labels:
        if hour <= now and key not in first:
            first[key] = label
    joined = [(first[key], p) for key, p in predictions if key in first]
    return len(joined), sum(label - p for label, p in joined)


# %% wrong: "A label that comes after now does not exist yet."
def late_labels(predictions, labels, now):
    first = {}
    for key, label, hour in labels:
        if key not in first:
            first[key] = label
    joined = [(first[key], p) for key, p in predictions if key in first]
    return len(joined), sum(label - p for label, p in joined)


# %% wrong: "The hour may be equal to now."
def late_labels(predictions, labels, now):
    first = {}
    for key, label, hour in labels:
        if hour < now and key not in first:
            first[key] = label
    joined = [(first[key], p) for key, p in predictions if key in first]
    return len(joined), sum(label - p for label, p in joined)


# %% wrong: "The first label of an id stays; a later one must not replace it."
def late_labels(predictions, labels, now):
    first = {}
    for key, label, hour in labels:
        if hour <= now:
            first[key] = label
    joined = [(first[key], p) for key, p in predictions if key in first]
    return len(joined), sum(label - p for label, p in joined)


# %% wrong: "A flight without a label yet is not joined: it is not on time."
def late_labels(predictions, labels, now):
    first = {}
    for key, label, hour in labels:
        if hour <= now and key not in first:
            first[key] = label
    joined = [(first.get(key, 0), p) for key, p in predictions]
    return len(joined), sum(label - p for label, p in joined)


# %% wrong: "A label that comes twice counts once."
def late_labels(predictions, labels, now):
    known = dict(predictions)
    joined = [
        (label, known[key])
        for key, label, hour in labels
        if hour <= now and key in known
    ]
    return len(joined), sum(label - p for label, p in joined)


# %% wrong: "Only joined predictions belong in the sum."
def late_labels(predictions, labels, now):
    first = {}
    for key, label, hour in labels:
        if hour <= now and key not in first:
            first[key] = label
    joined = [(first[key], p) for key, p in predictions if key in first]
    return len(joined), sum(first.values()) - sum(p for _, p in predictions)


# %% wrong: "The number of joined rows is asked, and not that of the labels."
def late_labels(predictions, labels, now):
    first = {}
    for key, label, hour in labels:
        if hour <= now and key not in first:
            first[key] = label
    joined = [(first[key], p) for key, p in predictions if key in first]
    return len(first), sum(label - p for label, p in joined)


# %% wrong: "The number of joined rows is asked, and not that of the predictions."
def late_labels(predictions, labels, now):
    first = {}
    for key, label, hour in labels:
        if hour <= now and key not in first:
            first[key] = label
    joined = [(first[key], p) for key, p in predictions if key in first]
    return len(predictions), sum(label - p for label, p in joined)


# %% wrong: "Label minus probability: the sign is reversed."
def late_labels(predictions, labels, now):
    first = {}
    for key, label, hour in labels:
        if hour <= now and key not in first:
            first[key] = label
    joined = [(first[key], p) for key, p in predictions if key in first]
    return len(joined), sum(p - label for label, p in joined)


# %% wrong: "The sum is asked, and not the mean."
def late_labels(predictions, labels, now):
    first = {}
    for key, label, hour in labels:
        if hour <= now and key not in first:
            first[key] = label
    joined = [(first[key], p) for key, p in predictions if key in first]
    return len(joined), sum(label - p for label, p in joined) / max(len(joined), 1)


# %% wrong: "Join by the id: the feeds are not in the same order."
def late_labels(predictions, labels, now):
    pairs = [
        (label, p)
        for (_, p), (_, label, hour) in zip(predictions, labels)
        if hour <= now
    ]
    return len(pairs), sum(label - p for label, p in pairs)


# %% check
MADE = [("a", 0.25), ("b", 0.5), ("c", 0.75)]
CASES = [
    Case(
        "all known",
        args=(MADE, [("a", 0, 1), ("b", 1, 2), ("c", 1, 3)], 5),
        want=(3, 0.5),
    ),
    Case(
        "one is not known yet",
        args=(MADE, [("c", 0, 9), ("a", 1, 2)], 5),
        want=(1, 0.75),
    ),
    Case("known just now", args=(MADE, [("b", 1, 5)], 5), want=(1, 0.5)),
    Case("twice", args=(MADE, [("b", 1, 2), ("b", 1, 3)], 5), want=(1, 0.5)),
    Case("contradicted", args=(MADE, [("b", 1, 2), ("b", 0, 3)], 5), want=(1, 0.5)),
    Case(
        "another order",
        args=(MADE, [("c", 0, 2), ("a", 1, 2), ("b", 1, 3)], 5),
        want=(3, 0.5),
    ),
    Case(
        "orders that matter",
        args=(MADE, [("b", 1, 4), ("c", 0, 9), ("a", 1, 2)], 5),
        want=(2, 1.25),
    ),
    Case("no prediction", args=(MADE, [("z", 1, 1), ("a", 0, 1)], 5), want=(1, -0.25)),
    Case("nothing yet", args=(MADE, [], 5), want=(0, 0)),
]
