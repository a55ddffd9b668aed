"""Exercise 20.13: How well two rankings agree."""


# %% stub
def rank_agreement(first, second):
    """Return Kendall's tau-b of two lists of scores of equal length.

    A pair that is tied in one list counts neither for nor against. The
    denominator is the root of the product of the numbers of pairs that are not
    tied in the first list and of those not tied in the second.
    """
    raise NotImplementedError


# %% solution
def rank_agreement(first, second):
    n, total, untied_1, untied_2 = len(first), 0, 0, 0
    for i in range(n):
        for j in range(i):
            a = (first[i] > first[j]) - (first[i] < first[j])
            b = (second[i] > second[j]) - (second[i] < second[j])
            total += a * b
            untied_1 += a != 0
            untied_2 += b != 0
    return total / (untied_1 * untied_2) ** 0.5


# %% wrong: "This is Pearson's correlation: it looks at sizes, and tau looks at order only."
def rank_agreement(first, second):
    import numpy as np

    return float(np.corrcoef(first, second)[0, 1])


# %% wrong: "This is Spearman's correlation of ranks. Kendall's tau counts pairs."
def rank_agreement(first, second):
    from scipy.stats import spearmanr

    return float(spearmanr(first, second)[0])


# %% wrong: "This is tau-a: with ties, divide by the root of the product of the untied pairs, not by all pairs."
def rank_agreement(first, second):
    n, total = len(first), 0
    for i in range(n):
        for j in range(i):
            a = (first[i] > first[j]) - (first[i] < first[j])
            b = (second[i] > second[j]) - (second[i] < second[j])
            total += a * b
    return total / (n * (n - 1) / 2)


# %% wrong: "You returned the share of agreeing pairs. Subtract the pairs that disagree."
def rank_agreement(first, second):
    n, agree, untied_1, untied_2 = len(first), 0, 0, 0
    for i in range(n):
        for j in range(i):
            a = (first[i] > first[j]) - (first[i] < first[j])
            b = (second[i] > second[j]) - (second[i] < second[j])
            agree += a * b > 0
            untied_1 += a != 0
            untied_2 += b != 0
    return agree / (untied_1 * untied_2) ** 0.5


# %% wrong: "A tie is not a disagreement: it counts zero."
def rank_agreement(first, second):
    n, total, untied_1, untied_2 = len(first), 0, 0, 0
    for i in range(n):
        for j in range(i):
            a = (first[i] > first[j]) - (first[i] < first[j])
            b = (second[i] > second[j]) - (second[i] < second[j])
            total += 1 if a * b > 0 else -1
            untied_1 += a != 0
            untied_2 += b != 0
    return total / (untied_1 * untied_2) ** 0.5


# %% wrong: "A tie is not an agreement: it counts zero."
def rank_agreement(first, second):
    n, total, untied_1, untied_2 = len(first), 0, 0, 0
    for i in range(n):
        for j in range(i):
            a = (first[i] > first[j]) - (first[i] < first[j])
            b = (second[i] > second[j]) - (second[i] < second[j])
            total += 1 if a * b >= 0 else -1
            untied_1 += a != 0
            untied_2 += b != 0
    return total / (untied_1 * untied_2) ** 0.5


# %% wrong: "Take the root of the product of the two counts."
def rank_agreement(first, second):
    n, total, untied_1, untied_2 = len(first), 0, 0, 0
    for i in range(n):
        for j in range(i):
            a = (first[i] > first[j]) - (first[i] < first[j])
            b = (second[i] > second[j]) - (second[i] < second[j])
            total += a * b
            untied_1 += a != 0
            untied_2 += b != 0
    return total / (untied_1 * untied_2)


# %% wrong: "The ties of the second list are missing from the denominator."
def rank_agreement(first, second):
    n, total, untied_1 = len(first), 0, 0
    for i in range(n):
        for j in range(i):
            a = (first[i] > first[j]) - (first[i] < first[j])
            b = (second[i] > second[j]) - (second[i] < second[j])
            total += a * b
            untied_1 += a != 0
    return total / untied_1


# %% wrong: "You compared neighbours only. Every pair counts."
def rank_agreement(first, second):
    n, total, untied_1, untied_2 = len(first), 0, 0, 0
    for i in range(1, n):
        a = (first[i] > first[i - 1]) - (first[i] < first[i - 1])
        b = (second[i] > second[i - 1]) - (second[i] < second[i - 1])
        total += a * b
        untied_1 += a != 0
        untied_2 += b != 0
    return total / (untied_1 * untied_2) ** 0.5


# %% wrong: "The sign is turned round: equal orders give 1."
def rank_agreement(first, second):
    n, total, untied_1, untied_2 = len(first), 0, 0, 0
    for i in range(n):
        for j in range(i):
            a = (first[i] > first[j]) - (first[i] < first[j])
            b = (second[i] < second[j]) - (second[i] > second[j])
            total += a * b
            untied_1 += a != 0
            untied_2 += b != 0
    return total / (untied_1 * untied_2) ** 0.5


# %% check
CASES = [
    # pairs 12 and 13 agree, 23 does not
    Case("three architectures", args=([0.7, 0.8, 0.9], [1, 3, 2]), want=1 / 3),
    Case("opposite orders", args=([1, 2, 3, 4], [40, 30, 20, 10]), want=-1.0),
    # 1 and 2, 1 and 3 agree, 2 and 3 do not
    Case("not in order", args=([3, 1, 2], [3, 2, 1]), want=1 / 3),
    # sizes do not matter
    Case("one far away", args=([1, 2, 3, 4], [1, 3, 2, 1000]), want=4 / 6),
    # one tie in the first list: 2 agree, none disagree; 2 untied there, 3 here
    Case("a tie in the first", args=([1, 1, 2], [1, 2, 3]), want=2 / 6**0.5),
    # one agrees (1 and 4), one disagrees; 4 and 5 untied pairs
    Case("ties in both", args=([1, 1, 2, 2], [2, 1, 2, 3]), want=3 / (4 * 5) ** 0.5),
]
