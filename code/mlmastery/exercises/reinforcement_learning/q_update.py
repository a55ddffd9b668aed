"""Exercise 18.2: One step of Q-learning"""


# %% stub
def q_update(q, state, action, reward, next_state, terminated, alpha, gamma):
    """Return the new value of q[state][action] after one step, as in the chapter's rule.

    q is a list of lists. terminated says that the episode is over after this step.
    """
    raise NotImplementedError


# %% solution
def q_update(q, state, action, reward, next_state, terminated, alpha, gamma):
    follows = 0.0 if terminated else max(q[next_state])
    target = reward + gamma * follows
    return q[state][action] + alpha * (target - q[state][action])


# %% wrong: "After a terminal step nothing follows: leave out the next state."
def q_update(q, state, action, reward, next_state, terminated, alpha, gamma):
    follows = max(q[next_state])
    target = reward + gamma * follows
    return q[state][action] + alpha * (target - q[state][action])


# %% wrong: "That is SARSA with the same action; Q-learning takes the best next action."
def q_update(q, state, action, reward, next_state, terminated, alpha, gamma):
    follows = 0.0 if terminated else q[next_state][action]
    target = reward + gamma * follows
    return q[state][action] + alpha * (target - q[state][action])


# %% wrong: "The maximum is over the next state's actions, not over this state's."
def q_update(q, state, action, reward, next_state, terminated, alpha, gamma):
    follows = 0.0 if terminated else max(q[state])
    target = reward + gamma * follows
    return q[state][action] + alpha * (target - q[state][action])


# %% wrong: "The entry jumped to the target. Move only the share alpha of the way."
def q_update(q, state, action, reward, next_state, terminated, alpha, gamma):
    follows = 0.0 if terminated else max(q[next_state])
    return reward + gamma * follows


# %% wrong: "The old entry is missing in the bracket: move by the error, not by the target."
def q_update(q, state, action, reward, next_state, terminated, alpha, gamma):
    follows = 0.0 if terminated else max(q[next_state])
    target = reward + gamma * follows
    return q[state][action] + alpha * target


# %% wrong: "The sign of the error is reversed."
def q_update(q, state, action, reward, next_state, terminated, alpha, gamma):
    follows = 0.0 if terminated else max(q[next_state])
    target = reward + gamma * follows
    return q[state][action] + alpha * (q[state][action] - target)


# %% wrong: "The discount is missing."
def q_update(q, state, action, reward, next_state, terminated, alpha, gamma):
    follows = 0.0 if terminated else max(q[next_state])
    target = reward + follows
    return q[state][action] + alpha * (target - q[state][action])


# %% wrong: "alpha and gamma are swapped."
def q_update(q, state, action, reward, next_state, terminated, alpha, gamma):
    follows = 0.0 if terminated else max(q[next_state])
    target = reward + alpha * follows
    return q[state][action] + gamma * (target - q[state][action])


# %% wrong: "The reward is discounted as well. It comes at once."
def q_update(q, state, action, reward, next_state, terminated, alpha, gamma):
    follows = 0.0 if terminated else max(q[next_state])
    target = gamma * (reward + follows)
    return q[state][action] + alpha * (target - q[state][action])


# %% wrong: "Return the new entry, not the change."
def q_update(q, state, action, reward, next_state, terminated, alpha, gamma):
    follows = 0.0 if terminated else max(q[next_state])
    return alpha * (reward + gamma * follows - q[state][action])


# %% wrong: "terminated means that nothing follows; you read it the other way round."
def q_update(q, state, action, reward, next_state, terminated, alpha, gamma):
    follows = max(q[next_state]) if terminated else 0.0
    target = reward + gamma * follows
    return q[state][action] + alpha * (target - q[state][action])


# %% wrong: "At the end the reward still counts; only what follows is missing."
def q_update(q, state, action, reward, next_state, terminated, alpha, gamma):
    if terminated:
        return q[state][action]
    follows = 0.0 if terminated else max(q[next_state])
    target = reward + gamma * follows
    return q[state][action] + alpha * (target - q[state][action])


# %% wrong: "You took the mean of the next actions. Q-learning takes the largest."
def q_update(q, state, action, reward, next_state, terminated, alpha, gamma):
    follows = 0.0 if terminated else sum(q[next_state]) / len(q[next_state])
    target = reward + gamma * follows
    return q[state][action] + alpha * (target - q[state][action])


# %% check
CASES = [
    Case(
        "the paper example",
        args=([[0.0, 9.0], [4.0, 2.0]], 0, 0, 1.0, 1, False, 0.5, 0.9),
        want=2.3,
    ),
    Case(
        "the end",
        args=([[2.0, 9.0], [4.0, 2.0]], 0, 0, 1.0, 1, True, 0.5, 0.9),
        want=1.5,
    ),
    Case(
        "a cost",
        args=([[1.0, 3.0], [-4.0, -2.0]], 0, 1, -1.0, 1, False, 0.25, 0.5),
        want=1.75,
    ),
    Case(
        "back to itself", args=([[1.0, 0.5]], 0, 1, 0.0, 0, False, 0.1, 1.0), want=0.55
    ),
]
