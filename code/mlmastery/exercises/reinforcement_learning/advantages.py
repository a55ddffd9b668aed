"""Exercise 18.6: Generalised advantages"""


# %% stub
def advantages(errors, ended, gamma, lam):
    """Return the generalised advantage estimate of each step, as a list.

    errors holds the TD errors, ended whether the episode stopped in that step. No sum
    crosses such a step.
    """
    raise NotImplementedError


# %% solution
def advantages(errors, ended, gamma, lam):
    running, out = 0.0, []
    for error, end in zip(reversed(errors), reversed(ended)):
        running = error + (0.0 if end else gamma * lam * running)
        out.append(running)
    return out[::-1]


# %% wrong: "The list is in the wrong order: its first entry belongs to the first step."
def advantages(errors, ended, gamma, lam):
    running, out = 0.0, []
    for error, end in zip(reversed(errors), reversed(ended)):
        running = error + (0.0 if end else gamma * lam * running)
        out.append(running)
    return out


# %% wrong: "The sum runs across the end of an episode: start again where one ended."
def advantages(errors, ended, gamma, lam):
    running, out = 0.0, []
    for error, end in zip(reversed(errors), reversed(ended)):
        running = error + gamma * lam * running
        out.append(running)
    return out[::-1]


# %% wrong: "lam is missing in the weight."
def advantages(errors, ended, gamma, lam):
    running, out = 0.0, []
    for error, end in zip(reversed(errors), reversed(ended)):
        running = error + (0.0 if end else gamma * running)
        out.append(running)
    return out[::-1]


# %% wrong: "gamma is missing in the weight."
def advantages(errors, ended, gamma, lam):
    running, out = 0.0, []
    for error, end in zip(reversed(errors), reversed(ended)):
        running = error + (0.0 if end else lam * running)
        out.append(running)
    return out[::-1]


# %% wrong: "The sum was cut one step too late: the step that ended takes nothing from later ones."
def advantages(errors, ended, gamma, lam):
    running, out, later = 0.0, [], False
    for error, end in zip(reversed(errors), reversed(ended)):
        running = error + (0.0 if later else gamma * lam * running)
        out.append(running)
        later = end
    return out[::-1]


# %% wrong: "The step's own TD error is not weighted."
def advantages(errors, ended, gamma, lam):
    running, out = 0.0, []
    for error, end in zip(reversed(errors), reversed(ended)):
        running = gamma * lam * (error + (0.0 if end else running))
        out.append(running)
    return out[::-1]


# %% wrong: "Each step has an advantage: return a list."
def advantages(errors, ended, gamma, lam):
    running, out = 0.0, []
    for error, end in zip(reversed(errors), reversed(ended)):
        running = error + (0.0 if end else gamma * lam * running)
        out.append(running)
    return out[-1]


# %% wrong: "You summed over the past. An advantage looks ahead."
def advantages(errors, ended, gamma, lam):
    running, out = 0.0, []
    for error, end in zip(errors, ended):
        running = error + gamma * lam * running
        out.append(running)
        running = 0.0 if end else running
    return out


# %% wrong: "The step that ended still has its own TD error."
def advantages(errors, ended, gamma, lam):
    running, out = 0.0, []
    for error, end in zip(reversed(errors), reversed(ended)):
        running = 0.0 if end else error + gamma * lam * running
        out.append(running)
    return out[::-1]


# %% wrong: "The weights must be powers: (gamma lam) to the number of steps."
def advantages(errors, ended, gamma, lam):
    n, out = len(errors), []
    for t in range(n):
        last = next((k for k in range(t, n) if ended[k]), n - 1)
        out.append(errors[t] + gamma * lam * sum(errors[t + 1 : last + 1]))
    return out


# %% wrong: "The flags are reversed: nothing is carried over where the episode ended."
def advantages(errors, ended, gamma, lam):
    running, out = 0.0, []
    for error, end in zip(reversed(errors), reversed(ended)):
        running = error + (gamma * lam * running if end else 0.0)
        out.append(running)
    return out[::-1]


# %% check
CASES = [
    Case(
        "the paper example",
        args=([-0.5, 0.25, 0.5], [False, False, False], 0.5, 0.5),
        want=[-0.40625, 0.375, 0.5],
    ),
    Case(
        "an end inside",
        args=([1.0, 2.0, 4.0, 8.0], [False, True, False, False], 1.0, 0.5),
        want=[2.0, 2.0, 8.0, 8.0],
    ),
    Case(
        "gamma and lam apart",
        args=([1.0, 1.0, 1.0], [False, False, True], 0.5, 1.0),
        want=[1.75, 1.5, 1.0],
    ),
    Case("lam zero", args=([1.0, 3.0], [False, False], 0.9, 0.0), want=[1.0, 3.0]),
]
