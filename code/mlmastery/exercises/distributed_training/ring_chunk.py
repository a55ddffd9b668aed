"""Exercise 22.4: Which chunk goes round."""


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


# %% wrong: "Rank and step are exchanged: the chunk of the first step is the rank's own number."
def chunk_to_send(rank, step, n):
    return (step - rank) % n


# %% wrong: "A rank does not send the same chunk in each step."
def chunk_to_send(rank, step, n):
    return rank % n


# %% wrong: "The ranks do not all send the same chunk: the rank is missing."
def chunk_to_send(rank, step, n):
    return -step % n


# %% wrong: "The second half goes on with the finished chunk, which is not the rank's own."
def chunk_to_send(rank, step, n):
    if step >= n - 1:
        step -= n - 1
    return (rank - step) % n


# %% wrong: "In the second half the numbers still go down."
def chunk_to_send(rank, step, n):
    if step >= n - 1:
        return (rank + 1 + step - (n - 1)) % n
    return (rank - step) % n


# %% wrong: "There are n chunks, numbered from 0 to n - 1: the remainder is modulo n."
def chunk_to_send(rank, step, n):
    return (rank - step) % (n - 1)


# %% wrong: "Steps are counted from 0: yours lag behind by one."
def chunk_to_send(rank, step, n):
    return (rank - step + 1) % n


# %% wrong: "Below 0 the numbers go on from n - 1 down. Taking away the minus counts up again."
def chunk_to_send(rank, step, n):
    return abs(rank - step) % n


# %% wrong: "Adding n once is not always enough: in the second half the difference can lie below -n."
def chunk_to_send(rank, step, n):
    chunk = rank - step
    return chunk + n if chunk < 0 else chunk


# %% wrong: "Below 0 the chunk stays at 0. It should go round to n - 1."
def chunk_to_send(rank, step, n):
    return max(rank - step, 0)


# %% check
CASES = [
    Case("the first step", args=(2, 0, 4), want=2),
    Case("the second step", args=(2, 1, 4), want=1),
    Case("round the corner", args=(0, 1, 4), want=3),
    Case("handing round starts", args=(1, 3, 4), want=2),
    Case("handing round goes on", args=(1, 4, 4), want=1),
    Case("the last step of four", args=(0, 5, 4), want=3),
    Case("the last step of five", args=(4, 7, 5), want=2),
]
