"""Exercise 18.5: Time is up"""


# %% stub
def truncation(rewards, next_values, terminated, truncated, gamma):
    """Return the target r + γ V(s') of each step, as a list.

    rewards and next_values are lists of numbers, terminated and truncated lists of bool.
    Both flags can be true in one step.
    """
    raise NotImplementedError


# %% solution
def truncation(rewards, next_values, terminated, truncated, gamma):
    targets = []
    for reward, value, end in zip(rewards, next_values, terminated):
        targets.append(reward + (0.0 if end else gamma * value))
    return targets


# %% wrong: "Time ran out in a truncated step, but the next state keeps its value."
def truncation(rewards, next_values, terminated, truncated, gamma):
    targets = []
    for r, v, end, cut in zip(rewards, next_values, terminated, truncated):
        targets.append(r + (0.0 if end or cut else gamma * v))
    return targets


# %% wrong: "You cut at the truncated steps and not at the terminated ones: it is the other way round."
def truncation(rewards, next_values, terminated, truncated, gamma):
    targets = []
    for r, v, cut in zip(rewards, next_values, truncated):
        targets.append(r + (0.0 if cut else gamma * v))
    return targets


# %% wrong: "After a terminated step nothing follows."
def truncation(rewards, next_values, terminated, truncated, gamma):
    return [r + gamma * v for r, v in zip(rewards, next_values)]


# %% wrong: "The reward of the last step still counts."
def truncation(rewards, next_values, terminated, truncated, gamma):
    targets = []
    for reward, value, end in zip(rewards, next_values, terminated):
        targets.append(0.0 if end else reward + gamma * value)
    return targets


# %% wrong: "The discount is missing."
def truncation(rewards, next_values, terminated, truncated, gamma):
    targets = []
    for reward, value, end in zip(rewards, next_values, terminated):
        targets.append(reward + (0.0 if end else value))
    return targets


# %% wrong: "The discount belongs to the next value, not to the reward."
def truncation(rewards, next_values, terminated, truncated, gamma):
    targets = []
    for reward, value, end in zip(rewards, next_values, terminated):
        targets.append(gamma * reward + (0.0 if end else value))
    return targets


# %% wrong: "The reward is missing."
def truncation(rewards, next_values, terminated, truncated, gamma):
    targets = []
    for reward, value, end in zip(rewards, next_values, terminated):
        targets.append(0.0 if end else gamma * value)
    return targets


# %% wrong: "A step that is terminated and truncated at once is terminated."
def truncation(rewards, next_values, terminated, truncated, gamma):
    targets = []
    for r, v, end, cut in zip(rewards, next_values, terminated, truncated):
        targets.append(r + (0.0 if end and not cut else gamma * v))
    return targets


# %% wrong: "The flags are reversed: nothing follows where terminated is true."
def truncation(rewards, next_values, terminated, truncated, gamma):
    targets = []
    for reward, value, end in zip(rewards, next_values, terminated):
        targets.append(reward + (gamma * value if end else 0.0))
    return targets


# %% wrong: "A truncated step is not left out: each step has a target."
def truncation(rewards, next_values, terminated, truncated, gamma):
    rows = zip(rewards, next_values, terminated, truncated)
    return [r + (0.0 if end else gamma * v) for r, v, end, cut in rows if not cut]


# %% wrong: "That adds up the rewards of the following steps. A target looks one step ahead."
def truncation(rewards, next_values, terminated, truncated, gamma):
    targets, total = [], 0.0
    for r, v, end in reversed(list(zip(rewards, next_values, terminated))):
        total = r + gamma * (0.0 if end else max(total, v))
        targets.append(total)
    return targets[::-1]


# %% check
CASES = [
    Case(
        "a fall, and time up",
        args=([1.0, 1.0], [50.0, 50.0], [True, False], [False, True], 0.99),
        want=[1.0, 50.5],
    ),
    Case(
        "in the middle",
        args=([0.5, 2.0], [4.0, 1.0], [False, False], [False, False], 0.5),
        want=[2.5, 2.5],
    ),
    Case("both at once", args=([-1.0], [8.0], [True], [True], 0.5), want=[-1.0]),
    Case("a negative value", args=([3.0], [-2.0], [False], [True], 0.5), want=[2.0]),
]
