"""Exercise 14.9: Warm-up and cosine."""

# %% stub
import math


def rate(step, steps, warmup, final):
    """Return the share of the peak learning rate for an update, numbered from 0.

    During the first `warmup` updates it is (step + 1) / (warmup + 1). It is 1 at step
    `warmup`, and falls along half a cosine wave to `final` at step `steps`.
    """
    raise NotImplementedError


# %% solution
def rate(step, steps, warmup, final):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = (step - warmup) / (steps - warmup)
    return final + (1 - final) * (1 + math.cos(math.pi * done)) / 2


# %% wrong: "The first update gets a rate of zero and is wasted: begin at 1 / (warmup + 1)."
def rate(step, steps, warmup, final):
    if step < warmup:
        return step / warmup
    done = (step - warmup) / (steps - warmup)
    return final + (1 - final) * (1 + math.cos(math.pi * done)) / 2


# %% wrong: "The cosine begins before the warm-up is over: count its steps from there, so that it starts at the peak."
def rate(step, steps, warmup, final):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    return final + (1 - final) * (1 + math.cos(math.pi * step / steps)) / 2


# %% wrong: "It falls to zero. Only the part above `final` should fall."
def rate(step, steps, warmup, final):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = (step - warmup) / (steps - warmup)
    return (1 + math.cos(math.pi * done)) / 2


# %% check
CASES = [
    Case("the first update of nine", args=(0, 100, 9, 0.1), want=0.1),
    Case("the peak", args=(20, 120, 20, 0.1), want=1.0),
    Case("half-way down", args=(70, 120, 20, 0.2), want=0.6),
    Case("the end", args=(120, 120, 20, 0.25), want=0.25),
]
