"""Exercise 18.4: One Bellman backup"""


# %% stub
def bellman_backup(outcomes, values, gamma):
    """Return the new value of one state: that of its best action, one step ahead.

    outcomes holds one list for each action, of tuples (probability, next state, reward,
    terminated). values holds the present values of all states.
    """
    raise NotImplementedError


# %% solution
def bellman_backup(outcomes, values, gamma):
    best = float("-inf")
    for action in outcomes:
        total = 0.0
        for chance, state, reward, terminated in action:
            follows = 0.0 if terminated else values[state]
            total += chance * (reward + gamma * follows)
        best = max(best, total)
    return best


# %% wrong: "After a terminal outcome nothing follows: leave the next state's value out."
def bellman_backup(outcomes, values, gamma):
    best = float("-inf")
    for action in outcomes:
        total = 0.0
        for chance, state, reward, terminated in action:
            follows = values[state]
            total += chance * (reward + gamma * follows)
        best = max(best, total)
    return best


# %% wrong: "The reward is not weighted by its probability."
def bellman_backup(outcomes, values, gamma):
    best = float("-inf")
    for action in outcomes:
        total = 0.0
        for chance, state, reward, terminated in action:
            follows = 0.0 if terminated else values[state]
            total += reward + chance * gamma * follows
        best = max(best, total)
    return best


# %% wrong: "The next value is not weighted by its probability."
def bellman_backup(outcomes, values, gamma):
    best = float("-inf")
    for action in outcomes:
        total = 0.0
        for chance, state, reward, terminated in action:
            follows = 0.0 if terminated else values[state]
            total += chance * reward + gamma * follows
        best = max(best, total)
    return best


# %% wrong: "The discount is missing."
def bellman_backup(outcomes, values, gamma):
    best = float("-inf")
    for action in outcomes:
        total = 0.0
        for chance, state, reward, terminated in action:
            follows = 0.0 if terminated else values[state]
            total += chance * (reward + follows)
        best = max(best, total)
    return best


# %% wrong: "The agent chooses the best action, and you took the mean of all."
def bellman_backup(outcomes, values, gamma):
    totals = [
        sum(p * (r + gamma * (0.0 if end else values[s])) for p, s, r, end in action)
        for action in outcomes
    ]
    return sum(totals) / len(totals)


# %% wrong: "That is the best outcome. The agent chooses actions, and chance chooses outcomes."
def bellman_backup(outcomes, values, gamma):
    return max(
        r + gamma * (0.0 if end else values[s])
        for action in outcomes
        for p, s, r, end in action
    )


# %% wrong: "You took the worst action."
def bellman_backup(outcomes, values, gamma):
    best = float("inf")
    for action in outcomes:
        total = 0.0
        for chance, state, reward, terminated in action:
            follows = 0.0 if terminated else values[state]
            total += chance * (reward + gamma * follows)
        best = min(best, total)
    return best


# %% wrong: "The maximum starts at zero, so that a state in which every action costs something looks free."
def bellman_backup(outcomes, values, gamma):
    best = 0.0
    for action in outcomes:
        total = 0.0
        for chance, state, reward, terminated in action:
            follows = 0.0 if terminated else values[state]
            total += chance * (reward + gamma * follows)
        best = max(best, total)
    return best


# %% wrong: "The total is carried over from one action to the next."
def bellman_backup(outcomes, values, gamma):
    best, total = float("-inf"), 0.0
    for action in outcomes:
        for chance, state, reward, terminated in action:
            follows = 0.0 if terminated else values[state]
            total += chance * (reward + gamma * follows)
        best = max(best, total)
    return best


# %% wrong: "The reward comes at once and is not discounted."
def bellman_backup(outcomes, values, gamma):
    best = float("-inf")
    for action in outcomes:
        total = 0.0
        for chance, state, reward, terminated in action:
            follows = 0.0 if terminated else values[state]
            total += chance * gamma * (reward + follows)
        best = max(best, total)
    return best


# %% wrong: "Return the value of the best action, not its number."
def bellman_backup(outcomes, values, gamma):
    totals = [
        sum(p * (r + gamma * (0.0 if end else values[s])) for p, s, r, end in action)
        for action in outcomes
    ]
    return totals.index(max(totals))


# %% wrong: "terminated means that nothing follows; you read it the other way round."
def bellman_backup(outcomes, values, gamma):
    best = float("-inf")
    for action in outcomes:
        total = 0.0
        for chance, state, reward, terminated in action:
            follows = values[state] if terminated else 0.0
            total += chance * (reward + gamma * follows)
        best = max(best, total)
    return best


# %% check
CASES = [
    Case(
        "cell 2, second sweep",
        args=(
            [[(1.0, 1, 0.0, False)], [(0.8, 3, 1.0, True), (0.2, 2, 0.0, False)]],
            [0.0, 0.0, 0.8, 5.0],
            0.9,
        ),
        want=0.944,
    ),
    Case(
        "cell 1, second sweep",
        args=(
            [[(0.8, 2, 0.0, False), (0.2, 1, 0.0, False)]],
            [0.0, 0.0, 0.8, 0.0],
            0.9,
        ),
        want=0.576,
    ),
    Case(
        "all actions cost",
        args=(
            [[(1.0, 0, -1.0, False)], [(0.5, 1, -2.0, False), (0.5, 0, -6.0, True)]],
            [0.0, 2.0],
            0.5,
        ),
        want=-1.0,
    ),
    Case(
        "a safe and a risky way",
        args=(
            [[(0.5, 1, 10.0, False), (0.5, 1, -10.0, True)], [(1.0, 0, 1.0, False)]],
            [4.0, 8.0],
            0.5,
        ),
        want=3.0,
    ),
]
