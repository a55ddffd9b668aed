"""Exercise 14.6: Warm-up and cosine."""

# %% stub
import math


def rate(step, steps, warmup, final):
    """Return the share of the peak learning rate for an update, numbered from 0.

    During the first `warmup` updates it is (step + 1) / (warmup + 1). It is 1 at step
    `warmup`, which may be 0, and falls along half a cosine wave to `final` at step
    `steps`.
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


# %% wrong: "The peak belongs to step `warmup`. Yours is reached one update too early."
def rate(step, steps, warmup, final):
    if step < warmup:
        return (step + 1) / warmup
    done = (step - warmup) / (steps - warmup)
    return final + (1 - final) * (1 + math.cos(math.pi * done)) / 2


# %% wrong: "Half a wave is an angle of pi: the share of the way has to be multiplied by it."
def rate(step, steps, warmup, final):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = (step - warmup) / (steps - warmup)
    return final + (1 - final) * (1 + math.cos(done)) / 2


# %% wrong: "This is a whole wave: it falls and climbs again. Half a wave is an angle of pi."
def rate(step, steps, warmup, final):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = (step - warmup) / (steps - warmup)
    return final + (1 - final) * (1 + math.cos(2 * math.pi * done)) / 2


# %% wrong: "One plus the cosine runs from 2 to 0. Halve it."
def rate(step, steps, warmup, final):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = (step - warmup) / (steps - warmup)
    return final + (1 - final) * (1 + math.cos(math.pi * done))


# %% wrong: "This falls along a straight line, not along a cosine."
def rate(step, steps, warmup, final):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = (step - warmup) / (steps - warmup)
    return final + (1 - final) * (1 - done)


# %% wrong: "A quarter of a wave is still steep at its end. Half a wave is flat at both ends."
def rate(step, steps, warmup, final):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = (step - warmup) / (steps - warmup)
    return final + (1 - final) * math.cos(math.pi / 2 * done)


# %% wrong: "The fall takes `steps - warmup` updates. You divided by all steps, so that it does not get to the end."
def rate(step, steps, warmup, final):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = (step - warmup) / steps
    return final + (1 - final) * (1 + math.cos(math.pi * done)) / 2


# %% wrong: "You cut the wave off at `final`. It should be squeezed into the room above `final`."
def rate(step, steps, warmup, final):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = (step - warmup) / (steps - warmup)
    return max(final, (1 + math.cos(math.pi * done)) / 2)


# %% wrong: "The rate climbs from `final` to 1: the sign of the cosine is wrong."
def rate(step, steps, warmup, final):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = (step - warmup) / (steps - warmup)
    return final + (1 - final) * (1 - math.cos(math.pi * done)) / 2


# %% wrong: "With `final` added to a whole wave, the peak is above 1."
def rate(step, steps, warmup, final):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = (step - warmup) / (steps - warmup)
    return final + (1 + math.cos(math.pi * done)) / 2


# %% wrong: "`//` rounds the share of the way down to 0. Divide with `/`."
def rate(step, steps, warmup, final):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = (step - warmup) // (steps - warmup)
    return final + (1 - final) * (1 + math.cos(math.pi * done)) / 2


# %% wrong: "math.cos wants radians: half a wave is pi, not 180."
def rate(step, steps, warmup, final):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = (step - warmup) / (steps - warmup)
    return final + (1 - final) * (1 + math.cos(180 * done)) / 2


# %% wrong: "The warm-up is missing: the first updates start small."
def rate(step, steps, warmup, final):
    done = (step - warmup) / (steps - warmup)
    return final + (1 - final) * (1 + math.cos(math.pi * done)) / 2


# %% check
import math

CASES = [
    Case("the first update of nine", args=(0, 100, 9, 0.1), want=0.1),
    Case("the last update of the warm-up", args=(8, 100, 9, 0.1), want=0.9),
    Case("the peak", args=(20, 120, 20, 0.1), want=1.0),
    # the cosine of an eighth of a circle is the root of a half
    Case(
        "a quarter of the way down",
        args=(45, 120, 20, 0.2),
        want=0.2 + 0.4 * (1 + math.sqrt(0.5)),
    ),
    Case("half-way down", args=(70, 120, 20, 0.2), want=0.6),
    Case("the end", args=(120, 120, 20, 0.25), want=0.25),
    Case("no warm-up", args=(0, 10, 0, 0.1), want=1.0),
]
