"""Exercise 22.3: How many micro-batches."""

# %% stub
import math


def micro_batches(n_stages, largest_bubble):
    """Return the fewest micro-batches whose bubble is at most this share.

    largest_bubble is a share of time, above 0 and below 1. One micro-batch is the
    least. Rounding errors of floating-point numbers must not add one.
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


# %% wrong: "Rounding down leaves too few micro-batches, and the bubble is too large. Round up."
def micro_batches(n_stages, largest_bubble):
    return max(1, math.floor((n_stages - 1) / largest_bubble - (n_stages - 1)))


# %% wrong: "Floating-point numbers put a quotient that should be whole a hair above it, and rounding up adds one micro-batch."
def micro_batches(n_stages, largest_bubble):
    return max(1, math.ceil((n_stages - 1) / largest_bubble - (n_stages - 1)))


# %% wrong: "At least one micro-batch has to go through, even if nothing ever waits."
def micro_batches(n_stages, largest_bubble):
    waiting = n_stages - 1
    return math.ceil(waiting / largest_bubble - waiting - 1e-9)


# %% wrong: "largest_bubble is the share of waiting. You took it for the share of work."
def micro_batches(n_stages, largest_bubble):
    waiting = n_stages - 1
    return max(1, math.ceil(waiting / (1 - largest_bubble) - waiting - 1e-9))


# %% wrong: "The bubble may be exactly as large as the share. You asked for a smaller one."
def micro_batches(n_stages, largest_bubble):
    waiting = n_stages - 1
    return max(1, math.floor(waiting / largest_bubble - waiting + 1e-9) + 1)


# %% wrong: "The way back fills and drains like the way forward, so that a factor of two cancels."
def micro_batches(n_stages, largest_bubble):
    waiting = 2 * (n_stages - 1)
    return max(1, math.ceil(waiting / largest_bubble - waiting - 1e-9))


# %% wrong: "Below the line stands m + p - 1: what is subtracted is p - 1, not p."
def micro_batches(n_stages, largest_bubble):
    return max(1, math.ceil((n_stages - 1) / largest_bubble - n_stages - 1e-9))


# %% wrong: "On the other side of the equation p - 1 changes its sign: subtract it."
def micro_batches(n_stages, largest_bubble):
    waiting = n_stages - 1
    return max(1, math.ceil(waiting / largest_bubble + waiting - 1e-9))


# %% wrong: "There may be fewer micro-batches than stages."
def micro_batches(n_stages, largest_bubble):
    waiting = n_stages - 1
    return max(n_stages, math.ceil(waiting / largest_bubble - waiting - 1e-9))


# %% wrong: "The bubble is a share of the whole time, m + p - 1. You took the share of the waiting."
def micro_batches(n_stages, largest_bubble):
    return max(1, math.ceil((n_stages - 1) * (1 - largest_bubble) - 1e-9))


# %% check
CASES = [
    Case("four stages, a fifth", args=(4, 0.2), want=12),
    Case("five stages, a third is just above", args=(5, 0.32), want=9),
    Case("three stages, between 7 and 8", args=(3, 0.21), want=8),
    Case("one stage never waits", args=(1, 0.1), want=1),
    Case("two stages, half", args=(2, 0.5), want=1),
    # 9 / (m + 9) = 9 / 125
    Case("ten stages, reached exactly", args=(10, 0.072), want=116),
]
