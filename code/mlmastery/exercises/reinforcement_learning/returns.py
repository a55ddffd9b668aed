"""Exercise 18.1: The return of every step"""


# %% stub
def returns(rewards, gamma):
    """Return the discounted sum of rewards from each step to the end, as a list.

    rewards is a list of numbers, gamma the discount from 0 to 1. The episode terminates
    after the last reward.
    """
    raise NotImplementedError


# %% solution
def returns(rewards, gamma):
    total, out = 0.0, []
    for reward in reversed(rewards):
        total = reward + gamma * total
        out.append(total)
    return out[::-1]


# %% wrong: "The list is in the wrong order: its first entry belongs to the first step."
def returns(rewards, gamma):
    total, out = 0.0, []
    for reward in reversed(rewards):
        total = reward + gamma * total
        out.append(total)
    return out


# %% wrong: "Nothing was discounted: multiply what comes later by gamma."
def returns(rewards, gamma):
    total, out = 0.0, []
    for reward in reversed(rewards):
        total = reward + total
        out.append(total)
    return out[::-1]


# %% wrong: "The reward of the step itself is not discounted, only what comes later."
def returns(rewards, gamma):
    total, out = 0.0, []
    for reward in reversed(rewards):
        total = gamma * (reward + total)
        out.append(total)
    return out[::-1]


# %% wrong: "You summed the past. A return is about what comes after a step."
def returns(rewards, gamma):
    total, out = 0.0, []
    for reward in rewards:
        total = reward + gamma * total
        out.append(total)
    return out


# %% wrong: "Return one number for every step, not only for the first."
def returns(rewards, gamma):
    return sum(gamma**k * reward for k, reward in enumerate(rewards))


# %% wrong: "Each later step has its own power of gamma; here all share one."
def returns(rewards, gamma):
    return [rewards[t] + gamma * sum(rewards[t + 1 :]) for t in range(len(rewards))]


# %% wrong: "The powers start again at each step: count them from t, not from the start."
def returns(rewards, gamma):
    weighted = [gamma**k * reward for k, reward in enumerate(rewards)]
    return [sum(weighted[t:]) for t in range(len(rewards))]


# %% wrong: "The sum begins one step too late: the reward of the step itself belongs to it."
def returns(rewards, gamma):
    n = len(rewards)
    return [
        sum(gamma ** (k - t - 1) * rewards[k] for k in range(t + 1, n))
        for t in range(n)
    ]


# %% wrong: "You divided by gamma. What comes later is worth less, not more."
def returns(rewards, gamma):
    total, out = 0.0, []
    for reward in reversed(rewards):
        total = reward + (total / gamma if gamma else 0.0)
        out.append(total)
    return out[::-1]


# %% wrong: "Only one step ahead was counted."
def returns(rewards, gamma):
    after = [*rewards[1:], 0.0]
    return [r + gamma * b for r, b in zip(rewards, after)]


# %% wrong: "The last step has a return too: its own reward."
def returns(rewards, gamma):
    total, out = 0.0, []
    for reward in reversed(rewards):
        total = reward + gamma * total
        out.append(total)
    return out[::-1][:-1]


# %% check
CASES = [
    Case("the paper example", args=([0, 0, 1], 0.5), want=[0.25, 0.5, 1.0]),
    Case("rewards on the way", args=([1, 2, 3, 4], 0.5), want=[3.25, 4.5, 5.0, 4.0]),
    Case("no discount", args=([1, -1, 2], 1.0), want=[2.0, 1.0, 2.0]),
    Case("only now counts", args=([3, 4], 0.0), want=[3.0, 4.0]),
    Case("no step", args=([], 0.9), want=[]),
]
