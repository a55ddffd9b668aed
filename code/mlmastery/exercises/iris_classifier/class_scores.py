"""Exercise 2.2: Precision, recall and F1 from three counts."""


# %% stub
def class_scores(tp, fp, fn):
    """Return (precision, recall, f1) of a class, each 0.0 where it would be 0 / 0.

    tp: rightly called this class; fp: wrongly called it; fn: missed.
    """
    raise NotImplementedError


# %% solution
def class_scores(tp, fp, fn):
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    f1 = 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0.0
    return precision, recall, f1


# %% wrong: "Precision and recall are swapped. Precision divides by what was called the class, recall by what is of the class."
def class_scores(tp, fp, fn):
    precision = tp / (tp + fn) if tp + fn else 0.0
    recall = tp / (tp + fp) if tp + fp else 0.0
    f1 = 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0.0
    return precision, recall, f1


# %% wrong: "F1 is the harmonic mean of precision and recall, not the ordinary one."
def class_scores(tp, fp, fn):
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    return precision, recall, (precision + recall) / 2


# %% wrong: "F1 counts the right calls twice in the numerator and in the denominator: 2 tp / (2 tp + fp + fn)."
def class_scores(tp, fp, fn):
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    return precision, recall, tp / (tp + fp + fn) if tp + fp + fn else 0.0


# %% wrong: "A ratio of 0 / 0 counts as 0.0 here, not as 1.0."
def class_scores(tp, fp, fn):
    precision = tp / (tp + fp) if tp + fp else 1.0
    recall = tp / (tp + fn) if tp + fn else 1.0
    f1 = 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 1.0
    return precision, recall, f1


# %% check
CASES = [
    # 3 of 4 calls right; 3 of 6 found; 6 / (6 + 1 + 3)
    Case("three right, one wrong, three missed", args=(3, 1, 3), want=(0.75, 0.5, 0.6)),
    Case("nothing was called the class", args=(0, 0, 5), want=(0.0, 0.0, 0.0)),
    Case("the class is absent and never called", args=(0, 0, 0), want=(0.0, 0.0, 0.0)),
    Case("absent, but called twice", args=(0, 2, 0), want=(0.0, 0.0, 0.0)),
]
