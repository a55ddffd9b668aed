"""Exercise 22.3: Which chunk goes round."""


# %% stub
def chunk_to_send(rank, step, n):
    """Return the number of the chunk that this rank sends to rank + 1.

    Steps 0 to n - 2 add up: in step 0 every rank sends the chunk of its own
    number, then in each step the one it has just added to. Steps n - 1 to
    2n - 3 hand round the finished chunks in the same way.
    """
    raise NotImplementedError


# %% solution
def chunk_to_send(rank, step, n):
    return (rank - step) % n


# %% wrong: "Chunks are numbered from 0 to n - 1: take the remainder modulo n."
def chunk_to_send(rank, step, n):
    return rank - step


# %% wrong: "In step 1 a rank passes on what it received in step 0, which is the chunk of the rank before it: the numbers go down."
def chunk_to_send(rank, step, n):
    return (rank + step) % n


# %% wrong: "This is the chunk that arrives, one below the one that leaves."
def chunk_to_send(rank, step, n):
    return (rank - step - 1) % n


# %% check
CASES = [
    Case("the first step", args=(2, 0, 4), want=2),
    Case("the second step", args=(2, 1, 4), want=1),
    Case("round the corner", args=(0, 1, 4), want=3),
    Case("handing round starts", args=(1, 3, 4), want=2),
    Case("the last step of five", args=(4, 7, 5), want=2),
]
