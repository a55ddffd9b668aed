"""Exercise 15.5: Counting pairs."""


# %% stub
def u_statistic(a, b):
    """Return U of arm A: the number of pairs in which a is larger, ties as halves.

    a and b are lists of numbers and may differ in length.
    """
    raise NotImplementedError


# %% solution
def u_statistic(a, b):
    return sum((x > y) + (x == y) / 2 for x in a for y in b)


# %% wrong: "Ties count as halves. Yours count as nothing."
def u_statistic(a, b):
    return float(sum(x > y for x in a for y in b))


# %% wrong: "Ties count as halves. Yours count as whole wins."
def u_statistic(a, b):
    return float(sum(x >= y for x in a for y in b))


# %% wrong: "That is U of arm B."
def u_statistic(a, b):
    return sum((y > x) + (x == y) / 2 for x in a for y in b)


# %% wrong: "You took the smaller of both U. The one of arm A says which arm is ahead."
def u_statistic(a, b):
    u = sum((x > y) + (x == y) / 2 for x in a for y in b)
    return min(u, len(a) * len(b) - u)


# %% wrong: "That is the share of the pairs. U is their number."
def u_statistic(a, b):
    return sum((x > y) + (x == y) / 2 for x in a for y in b) / (len(a) * len(b))


# %% wrong: "Only values at the same place were compared. Every a meets every b."
def u_statistic(a, b):
    return sum((x > y) + (x == y) / 2 for x, y in zip(a, b))


# %% wrong: "That is the sum of A's ranks. Subtract what the ranks within A alone would add up to."
def u_statistic(a, b):
    values = [*a, *b]
    return sum(
        sum(v < x for v in values) + (sum(v == x for v in values) + 1) / 2 for x in a
    )


# %% wrong: "Equal values were removed before counting. Each user counts, whatever the value."
def u_statistic(a, b):
    return sum((x > y) + (x == y) / 2 for x in set(a) for y in set(b))


# %% wrong: "The sizes of the differences were added. Only their direction counts."
def u_statistic(a, b):
    return float(sum(max(x - y, 0) + (x == y) / 2 for x in a for y in b))


# %% wrong: "You subtracted the losses. U counts wins only."
def u_statistic(a, b):
    return float(sum((x > y) - (x < y) for x in a for y in b))


# %% wrong: "U was rounded to a whole number. With ties it can end in a half."
def u_statistic(a, b):
    return float(int(sum((x > y) + (x == y) / 2 for x in a for y in b)))


# %% wrong: "Pairs within one arm were counted, too. Compare a with b only."
def u_statistic(a, b):
    return sum((x > y) + (x == y) / 2 for x in a for y in [*a, *b])


# %% wrong: "A tie among many was given its first rank. Tied values share the mean of their ranks."
def u_statistic(a, b):
    values = sorted([*a, *b])
    ranks = sum(values.index(x) + 1 for x in a)
    return float(ranks - len(a) * (len(a) + 1) / 2)


# %% wrong: "You took the larger of both U. The one of arm A says which arm is ahead."
def u_statistic(a, b):
    u = sum((x > y) + (x == y) / 2 for x in a for y in b)
    return max(u, len(a) * len(b) - u)


# %% check
CASES = [
    Case("the page's example", args=([1, 2, 3, 4, 5], [3, 4, 5, 6, 7]), want=4.5),
    Case("arms of two sizes, repeated values", args=([2, 2, 9, 1], [2, 5]), want=3.0),
    Case("A is ahead", args=([5, 6, 7], [1, 2, 6]), want=7.5),
    Case("nothing in common", args=([10.0, 30.0], [1.0, 2.0, 3.0]), want=6.0),
    Case("all alike", args=([4, 4], [4, 4, 4]), want=3.0),
]
