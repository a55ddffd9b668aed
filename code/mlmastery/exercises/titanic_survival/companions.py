"""Exercise 4.8: Companions across a split."""

# %% stub
import numpy as np


def companions(train_tickets, test_tickets):
    """Return the share of test passengers who have a companion in training.

    A companion travels on the same ticket. Both are lists of words, one for each
    passenger.
    """
    raise NotImplementedError


# %% solution
import numpy as np


def companions(train_tickets, test_tickets):
    return float(np.isin(test_tickets, train_tickets).mean())


# %% wrong: "This is the share of tickets. Count passengers: a ticket may stand twice."
import numpy as np


def companions(train_tickets, test_tickets):
    return len(set(test_tickets) & set(train_tickets)) / len(set(test_tickets))


# %% wrong: "This is the share of training passengers. The question is about the test."
import numpy as np


def companions(train_tickets, test_tickets):
    return float(np.isin(train_tickets, test_tickets).mean())


# %% wrong: "This is a number of passengers. Divide by the number of test passengers."
def companions(train_tickets, test_tickets):
    return sum(t in train_tickets for t in test_tickets)


# %% wrong: "The passengers are those of the test, but they are divided by the size of training."
def companions(train_tickets, test_tickets):
    return sum(t in train_tickets for t in test_tickets) / len(train_tickets)


# %% wrong: "A ticket that several test passengers share was counted once. Count each of its passengers."
def companions(train_tickets, test_tickets):
    return len(set(test_tickets) & set(train_tickets)) / len(test_tickets)


# %% wrong: "You compared the first with the first, the second with the second. A companion may stand anywhere in training."
def companions(train_tickets, test_tickets):
    pairs = zip(train_tickets, test_tickets)
    return sum(a == b for a, b in pairs) / len(test_tickets)


# %% wrong: "Companions within the test part were counted as well. A companion must be in training."
def companions(train_tickets, test_tickets):
    both = list(train_tickets) + list(test_tickets)
    return sum(both.count(t) > 1 for t in test_tickets) / len(test_tickets)


# %% wrong: "A ticket was found inside a longer one. Compare whole tickets."
def companions(train_tickets, test_tickets):
    together = " ".join(train_tickets)
    return sum(t in together for t in test_tickets) / len(test_tickets)


# %% wrong: "This is the share in per cent. A share lies between 0 and 1."
def companions(train_tickets, test_tickets):
    return 100 * sum(t in train_tickets for t in test_tickets) / len(test_tickets)


# %% wrong: "This is the share of those who have no companion in training."
def companions(train_tickets, test_tickets):
    return sum(t not in train_tickets for t in test_tickets) / len(test_tickets)


# %% wrong: "You counted companions. A passenger with two of them is still one passenger who has a companion."
def companions(train_tickets, test_tickets):
    return sum(train_tickets.count(t) for t in test_tickets) / len(test_tickets)


# %% wrong: "The passengers of both parts are in the denominator. The share is among test passengers."
def companions(train_tickets, test_tickets):
    hits = sum(t in train_tickets for t in test_tickets)
    return hits / (len(train_tickets) + len(test_tickets))


# %% wrong
def companions(train_tickets, test_tickets):
    return sum(t in train_tickets for t in test_tickets) // len(test_tickets)


# %% check
CASES = [
    Case(
        "one family of three",
        args=(["7", "8", "9", "9", "9"], ["7", "7", "7", "5"]),
        want=0.75,
    ),
    Case("nobody", args=(["1", "2"], ["3"]), want=0.0),
    Case("companions in the test only", args=(["1", "2"], ["3", "3", "1"]), want=1 / 3),
    Case("two companions", args=(["4", "4", "2"], ["4", "6"]), want=0.5),
    Case("one ticket inside another", args=(["113781"], ["1137"]), want=0.0),
]
