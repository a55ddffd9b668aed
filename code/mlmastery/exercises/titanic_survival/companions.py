"""Exercise 4.8: Companions across a split."""

# %% stub
import numpy as np


def companions(train_tickets, test_tickets):
    """Return the share of test passengers who have a companion in training.

    A companion travels on the same ticket. Both are lists of words.
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


# %% check
CASES = [
    Case(
        "one family of three",
        args=(["7", "8", "9", "9", "9"], ["7", "7", "7", "5"]),
        want=0.75,
    ),
    Case("nobody", args=(["1", "2"], ["3"]), want=0.0),
]
