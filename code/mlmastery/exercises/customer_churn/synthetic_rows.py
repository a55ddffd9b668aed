"""Exercise 8.3: SMOTE, given its draws."""

# %% stub
import numpy as np


def synthetic_rows(rows, neighbours, starts, picks, shares):
    """Return the invented rows, one for each entry of starts.

    rows is an array (n, d) of the minority class. neighbours is an array (n, k): the
    positions in rows of each row's k nearest neighbours. For invented row i, starts[i] is
    the position of the row to start from, picks[i] says which of its k neighbours to go to,
    and shares[i], between 0 and 1, how far.
    """
    raise NotImplementedError


# %% solution
import numpy as np


def synthetic_rows(rows, neighbours, starts, picks, shares):
    start = rows[starts]
    end = rows[neighbours[starts, picks]]
    return start + np.reshape(shares, (-1, 1)) * (end - start)


# %% wrong: "The share is measured from the start: at 0 the invented row is the start."
import numpy as np


def synthetic_rows(rows, neighbours, starts, picks, shares):
    start = rows[starts]
    end = rows[neighbours[starts, picks]]
    return end + np.reshape(shares, (-1, 1)) * (start - end)


# %% wrong: "Every row lies half-way. The share says how far to go."
import numpy as np


def synthetic_rows(rows, neighbours, starts, picks, shares):
    start = rows[starts]
    end = rows[neighbours[starts, picks]]
    return start + 0.5 * (end - start)


# %% wrong: "The picks are columns of the neighbours, not positions in the rows."
import numpy as np


def synthetic_rows(rows, neighbours, starts, picks, shares):
    start = rows[starts]
    end = rows[picks]
    return start + np.reshape(shares, (-1, 1)) * (end - start)


# %% wrong: "The difference to the neighbour is missing: add a share of (end - start), not of end."
import numpy as np


def synthetic_rows(rows, neighbours, starts, picks, shares):
    start = rows[starts]
    end = rows[neighbours[starts, picks]]
    return start + np.reshape(shares, (-1, 1)) * end


# %% wrong: "The step goes away from the neighbour."
import numpy as np


def synthetic_rows(rows, neighbours, starts, picks, shares):
    start = rows[starts]
    end = rows[neighbours[starts, picks]]
    return start + np.reshape(shares, (-1, 1)) * (start - end)


# %% wrong: "These are the neighbours themselves: nothing is invented."
import numpy as np


def synthetic_rows(rows, neighbours, starts, picks, shares):
    return rows[neighbours[starts, picks]]


# %% wrong: "These are the starts themselves: SMOTE would only repeat rows."
import numpy as np


def synthetic_rows(rows, neighbours, starts, picks, shares):
    return rows[starts]


# %% wrong: "One share is used for all. Each invented row has its own."
import numpy as np


def synthetic_rows(rows, neighbours, starts, picks, shares):
    start = rows[starts]
    end = rows[neighbours[starts, picks]]
    return start + shares[0] * (end - start)


# %% wrong: "Always the nearest neighbour. The pick says which of the k."
import numpy as np


def synthetic_rows(rows, neighbours, starts, picks, shares):
    start = rows[starts]
    end = rows[neighbours[starts, 0]]
    return start + np.reshape(shares, (-1, 1)) * (end - start)


# %% wrong: "Start and pick have changed places."
import numpy as np


def synthetic_rows(rows, neighbours, starts, picks, shares):
    start = rows[starts]
    end = rows[neighbours[picks, starts]]
    return start + np.reshape(shares, (-1, 1)) * (end - start)


# %% wrong: "The share is squared. It is used as it is drawn."
import numpy as np


def synthetic_rows(rows, neighbours, starts, picks, shares):
    start = rows[starts]
    end = rows[neighbours[starts, picks]]
    return start + np.reshape(shares, (-1, 1)) ** 2 * (end - start)


# %% wrong: "Invented rows are not rounded: they lie on the line."
import numpy as np


def synthetic_rows(rows, neighbours, starts, picks, shares):
    start = rows[starts]
    end = rows[neighbours[starts, picks]]
    return np.round(start + np.reshape(shares, (-1, 1)) * (end - start))


# %% wrong: "Every start goes to the neighbour of the first row. Look up the neighbours of the start."
import numpy as np


def synthetic_rows(rows, neighbours, starts, picks, shares):
    start = rows[starts]
    end = rows[neighbours[0, picks]]
    return start + np.reshape(shares, (-1, 1)) * (end - start)


# %% wrong: "Return the invented rows only, without the rows that they come from."
import numpy as np


def synthetic_rows(rows, neighbours, starts, picks, shares):
    start = rows[starts]
    end = rows[neighbours[starts, picks]]
    return np.vstack([rows, start + np.reshape(shares, (-1, 1)) * (end - start)])


# %% wrong: "Rows on the line are not rounded, not even to one decimal."
import numpy as np


def synthetic_rows(rows, neighbours, starts, picks, shares):
    start = rows[starts]
    end = rows[neighbours[starts, picks]]
    return np.round(start + np.reshape(shares, (-1, 1)) * (end - start), 1)


# %% check
import numpy as np

ROWS = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 8.0]])
NEAR = np.array([[1, 2], [0, 2], [0, 1]])


def case(name, starts, picks, shares, want):
    arrays = (np.array(starts), np.array(picks), np.array(shares))
    return Case(name, args=(ROWS, NEAR, *arrays), want=np.array(want))


CASES = [
    case("a quarter of the way", [0], [0], [0.25], [[1.0, 0.0]]),
    case(
        "three rows",
        [0, 1, 2],
        [1, 0, 1],
        [0.5, 0.25, 0.33],
        [[0.0, 4.0], [3.0, 0.0], [1.32, 5.36]],
    ),
    case("the ends", [1, 1], [1, 1], [0.0, 1.0], [[4.0, 0.0], [0.0, 8.0]]),
]
