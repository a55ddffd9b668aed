"""Exercise 11.6: The equal error rate."""


# %% stub
def equal_rate(genuine, impostor):
    """Return the equal error rate: the mean of both rates where they are closest.

    Try each score as a threshold, from the lowest up, and keep the first of equally good ones. A
    score equal to the threshold is accepted.
    """
    raise NotImplementedError


# %% solution
def equal_rate(genuine, impostor):
    best = None
    for threshold in sorted([*genuine, *impostor]):
        far = sum(score >= threshold for score in impostor) / len(impostor)
        frr = sum(score < threshold for score in genuine) / len(genuine)
        if best is None or abs(far - frr) < best[0]:
            best = abs(far - frr), (far + frr) / 2
    return best[1]


# %% wrong: "The rate is asked, not the threshold."
def equal_rate(genuine, impostor):
    best = None
    for threshold in sorted([*genuine, *impostor]):
        far = sum(score >= threshold for score in impostor) / len(impostor)
        frr = sum(score < threshold for score in genuine) / len(genuine)
        if best is None or abs(far - frr) < best[0]:
            best = abs(far - frr), threshold
    return best[1]


# %% wrong: "Scores of impostors are thresholds to try as well."
def equal_rate(genuine, impostor):
    best = None
    for threshold in sorted(genuine):
        far = sum(score >= threshold for score in impostor) / len(impostor)
        frr = sum(score < threshold for score in genuine) / len(genuine)
        if best is None or abs(far - frr) < best[0]:
            best = abs(far - frr), (far + frr) / 2
    return best[1]


# %% wrong: "Scores of genuine pairs are thresholds to try as well."
def equal_rate(genuine, impostor):
    best = None
    for threshold in sorted(impostor):
        far = sum(score >= threshold for score in impostor) / len(impostor)
        frr = sum(score < threshold for score in genuine) / len(genuine)
        if best is None or abs(far - frr) < best[0]:
            best = abs(far - frr), (far + frr) / 2
    return best[1]


# %% wrong: "An impostor whose score equals the threshold is accepted."
def equal_rate(genuine, impostor):
    best = None
    for threshold in sorted([*genuine, *impostor]):
        far = sum(score > threshold for score in impostor) / len(impostor)
        frr = sum(score < threshold for score in genuine) / len(genuine)
        if best is None or abs(far - frr) < best[0]:
            best = abs(far - frr), (far + frr) / 2
    return best[1]


# %% wrong: "A genuine pair whose score equals the threshold is accepted."
def equal_rate(genuine, impostor):
    best = None
    for threshold in sorted([*genuine, *impostor]):
        far = sum(score >= threshold for score in impostor) / len(impostor)
        frr = sum(score <= threshold for score in genuine) / len(genuine)
        if best is None or abs(far - frr) < best[0]:
            best = abs(far - frr), (far + frr) / 2
    return best[1]


# %% wrong: "Of equally good thresholds the first counts, not the last."
def equal_rate(genuine, impostor):
    best = None
    for threshold in sorted([*genuine, *impostor]):
        far = sum(score >= threshold for score in impostor) / len(impostor)
        frr = sum(score < threshold for score in genuine) / len(genuine)
        if best is None or abs(far - frr) <= best[0]:
            best = abs(far - frr), (far + frr) / 2
    return best[1]


# %% wrong: "The rates shall be close to each other; this makes their sum small."
def equal_rate(genuine, impostor):
    best = None
    for threshold in sorted([*genuine, *impostor]):
        far = sum(score >= threshold for score in impostor) / len(impostor)
        frr = sum(score < threshold for score in genuine) / len(genuine)
        if best is None or far + frr < best[0]:
            best = far + frr, (far + frr) / 2
    return best[1]


# %% wrong: "Where both rates differ, their mean is asked, not the false acceptance rate."
def equal_rate(genuine, impostor):
    best = None
    for threshold in sorted([*genuine, *impostor]):
        far = sum(score >= threshold for score in impostor) / len(impostor)
        frr = sum(score < threshold for score in genuine) / len(genuine)
        if best is None or abs(far - frr) < best[0]:
            best = abs(far - frr), far
    return best[1]


# %% wrong: "Where both rates differ, their mean is asked, not the false rejection rate."
def equal_rate(genuine, impostor):
    best = None
    for threshold in sorted([*genuine, *impostor]):
        far = sum(score >= threshold for score in impostor) / len(impostor)
        frr = sum(score < threshold for score in genuine) / len(genuine)
        if best is None or abs(far - frr) < best[0]:
            best = abs(far - frr), frr
    return best[1]


# %% wrong: "This is the distance between the two rates."
def equal_rate(genuine, impostor):
    best = None
    for threshold in sorted([*genuine, *impostor]):
        far = sum(score >= threshold for score in impostor) / len(impostor)
        frr = sum(score < threshold for score in genuine) / len(genuine)
        if best is None or abs(far - frr) < best[0]:
            best = abs(far - frr), abs(far - frr)
    return best[1]


# %% wrong: "The sum of both rates is twice the rate."
def equal_rate(genuine, impostor):
    best = None
    for threshold in sorted([*genuine, *impostor]):
        far = sum(score >= threshold for score in impostor) / len(impostor)
        frr = sum(score < threshold for score in genuine) / len(genuine)
        if best is None or abs(far - frr) < best[0]:
            best = abs(far - frr), far + frr
    return best[1]


# %% wrong: "The absolute difference counts: a false rejection rate above the other is not closer."
def equal_rate(genuine, impostor):
    best = None
    for threshold in sorted([*genuine, *impostor]):
        far = sum(score >= threshold for score in impostor) / len(impostor)
        frr = sum(score < threshold for score in genuine) / len(genuine)
        if best is None or far - frr < best[0]:
            best = far - frr, (far + frr) / 2
    return best[1]


# %% check
CASES = [
    Case("no overlap", args=([0.8, 0.9], [0.1, 0.2]), want=0.0),
    Case(
        "one pair each on the wrong side",
        args=([0.9, 0.8, 0.7, 0.2], [0.1, 0.15, 0.3, 0.05]),
        want=0.25,
    ),
    Case("unequal numbers", args=([0.9, 0.6, 0.4], [0.5, 0.1]), want=5 / 12),
    Case("rates never meet", args=([0.9, 0.3, 0.2], [0.5, 0.4, 0.1, 0.1]), want=7 / 12),
    Case("all one score", args=([0.5, 0.5], [0.5]), want=0.5),
    Case("everything reversed", args=([0.1, 0.2], [0.8, 0.9]), want=1.0),
    Case("a second tie", args=([0.3], [0.1, 0.5]), want=0.25),
    Case("a tie of thresholds", args=([0.6, 0.3], [0.4, 0.4, 0.1]), want=7 / 12),
]
