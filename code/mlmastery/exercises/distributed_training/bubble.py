"""Exercise 22.2: How many micro-batches."""

# %% stub
import math


def micro_batches(n_stages, largest_bubble):
    """Return the fewest micro-batches whose bubble is at most this share.

    largest_bubble is a share of time, above 0 and below 1.
    """
    raise NotImplementedError


# %% solution
def micro_batches(n_stages, largest_bubble):
    waiting = n_stages - 1
    needed = waiting / largest_bubble - waiting
    return max(1, math.ceil(needed - 1e-9))


# %% wrong: "The bubble is (p - 1) / (m + p - 1): the waiting stands below the line too."
def micro_batches(n_stages, largest_bubble):
    return max(1, math.ceil((n_stages - 1) / largest_bubble - 1e-9))


# %% wrong: "Rounding to the nearest may leave too large a bubble. Round up."
def micro_batches(n_stages, largest_bubble):
    waiting = n_stages - 1
    return max(1, round(waiting / largest_bubble - waiting))


# %% wrong: "The pipe waits n_stages - 1 times, not n_stages: the first stage starts at once."
def micro_batches(n_stages, largest_bubble):
    needed = n_stages / largest_bubble - n_stages
    return max(1, math.ceil(needed - 1e-9))


# %% check
CASES = [
    Case("four stages, a fifth", args=(4, 0.2), want=12),
    Case("five stages, a third is just above", args=(5, 0.32), want=9),
    Case("one stage never waits", args=(1, 0.1), want=1),
    Case("two stages, half", args=(2, 0.5), want=1),
]
