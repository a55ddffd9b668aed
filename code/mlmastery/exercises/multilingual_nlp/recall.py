"""Exercise 17.7: Recall with duplicates."""


# %% stub
def recall(similarity, texts):
    """Return recall@1 for a square table of similarities.

    similarity[i][j] is that of query i and target j; target i belongs to query i.
    texts are the targets: a target with the same text as one's own is right too. Of
    equal similarities the earlier target is taken.
    """
    raise NotImplementedError


# %% solution
def recall(similarity, texts):
    hits = 0
    for own, row in enumerate(similarity):
        best = max(range(len(row)), key=lambda j: row[j])
        hits += texts[best] == texts[own]
    return hits / len(texts)


# %% wrong: "A target with the same text as one's own is right too."
def recall(similarity, texts):
    hits = 0
    for own, row in enumerate(similarity):
        best = max(range(len(row)), key=lambda j: row[j])
        hits += best == own
    return hits / len(texts)


# %% wrong: "The largest similarity is nearest, not the smallest."
def recall(similarity, texts):
    hits = 0
    for own, row in enumerate(similarity):
        best = min(range(len(row)), key=lambda j: row[j])
        hits += texts[best] == texts[own]
    return hits / len(texts)


# %% wrong: "Return a share and not a number of hits."
def recall(similarity, texts):
    hits = 0
    for own, row in enumerate(similarity):
        best = max(range(len(row)), key=lambda j: row[j])
        hits += texts[best] == texts[own]
    return hits


# %% wrong: "Each query looks through its row. These are columns."
def recall(similarity, texts):
    hits = 0
    for own, row in enumerate(zip(*similarity)):
        best = max(range(len(row)), key=lambda j: row[j])
        hits += texts[best] == texts[own]
    return hits / len(texts)


# %% wrong: "One's own target is a candidate too."
def recall(similarity, texts):
    hits = 0
    for own, row in enumerate(similarity):
        best = max(
            [j for j in range(len(row)) if j != own] or [0], key=lambda j: row[j]
        )
        hits += texts[best] == texts[own]
    return hits / len(texts)


# %% wrong: "Of equal similarities the earlier target is taken."
def recall(similarity, texts):
    hits = 0
    for own, row in enumerate(similarity):
        best = max(range(len(row)), key=lambda j: (row[j], j))
        hits += texts[best] == texts[own]
    return hits / len(texts)


# %% wrong: "Divide by the number of queries, not of different texts."
def recall(similarity, texts):
    hits = 0
    for own, row in enumerate(similarity):
        best = max(range(len(row)), key=lambda j: row[j])
        hits += texts[best] == texts[own]
    return hits / len(set(texts))


# %% wrong: "Duplicates stay in: leaving them out makes the test easier."
def recall(similarity, texts):
    hits = count = 0
    for own, row in enumerate(similarity):
        if texts.count(texts[own]) == 1:
            count += 1
            best = max(range(len(row)), key=lambda j: row[j])
            hits += best == own
    return hits / max(count, 1)


# %% wrong: "These are the misses."
def recall(similarity, texts):
    hits = 0
    for own, row in enumerate(similarity):
        best = max(range(len(row)), key=lambda j: row[j])
        hits += texts[best] != texts[own]
    return hits / len(texts)


# %% wrong: "A tie of one's own target with another is no hit if the other comes first."
def recall(similarity, texts):
    hits = 0
    for own, row in enumerate(similarity):
        hits += row[own] == max(row)
    return hits / len(texts)


# %% wrong: "This is the mean similarity with one's own target."
def recall(similarity, texts):
    hits = 0
    for own, row in enumerate(similarity):
        hits += row[own]
    return hits / len(texts)


# %% wrong: "This counts targets among the two nearest: recall@2."
def recall(similarity, texts):
    hits = 0
    for own, row in enumerate(similarity):
        best = sorted(range(len(row)), key=lambda j: -row[j])[:2]
        hits += any(texts[j] == texts[own] for j in best)
    return hits / len(texts)


# %% wrong: "Negative similarities are similarities: do not take the absolute value."
def recall(similarity, texts):
    hits = 0
    for own, row in enumerate(similarity):
        best = max(range(len(row)), key=lambda j: abs(row[j]))
        hits += texts[best] == texts[own]
    return hits / len(texts)


# %% wrong: "Return a share from 0 to 1, and not per cent."
def recall(similarity, texts):
    hits = 0
    for own, row in enumerate(similarity):
        best = max(range(len(row)), key=lambda j: row[j])
        hits += texts[best] == texts[own]
    return 100 * hits / len(texts)


# %% check
CASES = [
    Case("all right", args=([[0.9, 0.1], [0.2, 0.8]], ["a", "b"]), want=1.0),
    Case("one wrong", args=([[0.9, 0.1], [0.7, 0.6]], ["a", "b"]), want=0.5),
    Case("two equal targets", args=([[1, 1], [1, 1]], ["a", "a"]), want=1.0),
    Case(
        "a tie, own target later", args=([[0.9, 0.1], [0.5, 0.5]], ["a", "b"]), want=0.5
    ),
    Case(
        "a tie, own target first", args=([[0.5, 0.5], [0.1, 0.9]], ["a", "b"]), want=1.0
    ),
    Case(
        "not symmetric, three",
        args=(
            [[0.3, 0.9, 0.2], [0.1, 0.4, 0.2], [0.9, 0.8, 0.7]],
            ["a", "b", "c"],
        ),
        want=1 / 3,
    ),
    Case("negative", args=([[-0.9, 0.1], [0.2, 0.5]], ["a", "b"]), want=0.5),
    Case(
        "equal texts and a miss",
        args=([[0.1, 0.9, 0], [0.9, 0.1, 0], [0.5, 0.4, 0]], ["a", "a", "b"]),
        want=2 / 3,
    ),
]
