"""Exercise 2.2: Precision, recall and F1 from three counts."""


# %% stub
def class_scores(tp, fp, fn):
    """Return (precision, recall, f1) of a class, each 0.0 where it would be 0 / 0.

    tp: rightly called this class; fp: wrongly called it; fn: missed. All three are
    whole numbers, at least 0.
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


# %% wrong: "F1 is half of what it should be: the harmonic mean of two numbers is twice their product over their sum."
def class_scores(tp, fp, fn):
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    both = precision + recall
    return precision, recall, precision * recall / both if both else 0.0


# %% wrong: "That is the geometric mean of precision and recall. F1 is the harmonic one."
def class_scores(tp, fp, fn):
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    return precision, recall, (precision * recall) ** 0.5


# %% wrong: "Somewhere you divide by zero: in precision if the class was never called, in recall if it never occurs, in F1 if both are 0. The score is then 0.0."
def class_scores(tp, fp, fn):
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    return precision, recall, 2 * precision * recall / (precision + recall)


# %% wrong
def class_scores(tp, fp, fn):
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall)


# %% wrong: "Dividing with // throws the fraction away. The scores are not whole numbers."
def class_scores(tp, fp, fn):
    precision = tp // (tp + fp) if tp + fp else 0
    recall = tp // (tp + fn) if tp + fn else 0
    return precision, recall, 2 * tp // (2 * tp + fp + fn) if tp + fp + fn else 0


# %% wrong: "You divided the right calls by the wrong ones. Precision and recall are shares: the right ones belong below the line, too."
def class_scores(tp, fp, fn):
    precision = tp / fp if fp else 0.0
    recall = tp / fn if fn else 0.0
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0


# %% wrong: "A score of 0 / 0 is 0.0 here. NaN would spoil every mean that is taken over the classes."
def class_scores(tp, fp, fn):
    nan = float("nan")
    precision = tp / (tp + fp) if tp + fp else nan
    recall = tp / (tp + fn) if tp + fn else nan
    f1 = 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else nan
    return precision, recall, f1


# %% wrong: "You rounded the scores. Leave that to whoever prints them."
def class_scores(tp, fp, fn):
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    f1 = 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0.0
    return round(precision, 2), round(recall, 2), round(f1, 2)


# %% wrong: "These are percentages. The scores lie between 0 and 1."
def class_scores(tp, fp, fn):
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    f1 = 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0.0
    return 100 * precision, 100 * recall, 100 * f1


# %% wrong: "F1 takes the smaller of the two. It is their harmonic mean, which the larger one raises a little."
def class_scores(tp, fp, fn):
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    return precision, recall, min(precision, recall)


# %% wrong: "A score is 0 / 0 only if both parts of its denominator are zero. One zero among the counts is no reason to return 0.0."
def class_scores(tp, fp, fn):
    if not (tp and fp and fn):
        return 0.0, 0.0, 0.0
    return tp / (tp + fp), tp / (tp + fn), 2 * tp / (2 * tp + fp + fn)


# %% check
CASES = [
    # 3 of 4 calls right; 3 of 6 found; 6 / (6 + 1 + 3)
    Case("three right, one wrong, three missed", args=(3, 1, 3), want=(0.75, 0.5, 0.6)),
    Case("all right", args=(4, 0, 0), want=(1.0, 1.0, 1.0)),
    Case("nothing missed", args=(2, 2, 0), want=(1 / 2, 1.0, 2 / 3)),
    Case("as many right as wrong", args=(2, 2, 1), want=(1 / 2, 2 / 3, 4 / 7)),
    Case("as many missed as called", args=(1, 2, 3), want=(1 / 3, 1 / 4, 2 / 7)),
    Case("as many wrong as there are", args=(1, 3, 2), want=(1 / 4, 1 / 3, 2 / 7)),
    Case("nothing was called the class", args=(0, 0, 5), want=(0.0, 0.0, 0.0)),
    Case("the class is absent and never called", args=(0, 0, 0), want=(0.0, 0.0, 0.0)),
    Case("absent, but called twice", args=(0, 2, 0), want=(0.0, 0.0, 0.0)),
]
