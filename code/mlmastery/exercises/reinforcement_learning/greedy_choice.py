"""Exercise 18.3: ε-greedy with ties"""


# %% stub
def greedy_choice(values, epsilon):
    """Return the probability of each action, as a list.

    values holds the estimated values of the actions. With probability epsilon the action
    is drawn from all of them, else from those of the largest value, each with equal
    chances.
    """
    raise NotImplementedError


# %% solution
def greedy_choice(values, epsilon):
    best = max(values)
    n_best = values.count(best)
    chances = []
    for value in values:
        greedy = (1 - epsilon) / n_best if value == best else 0.0
        chances.append(epsilon / len(values) + greedy)
    return chances


# %% wrong: "All of the greedy share went to the first of equal values. Divide it among them."
def greedy_choice(values, epsilon):
    first = values.index(max(values))
    n = len(values)
    return [epsilon / n + (1 - epsilon) * (i == first) for i in range(n)]


# %% wrong: "The probabilities do not sum to one: each of the best got the whole greedy share."
def greedy_choice(values, epsilon):
    best = max(values)
    chances = []
    for value in values:
        greedy = (1 - epsilon) if value == best else 0.0
        chances.append(epsilon / len(values) + greedy)
    return chances


# %% wrong: "A random action can be the best one too: it gets epsilon / n on top."
def greedy_choice(values, epsilon):
    best = max(values)
    n_best = values.count(best)
    chances = []
    for value in values:
        greedy = (1 - epsilon) / n_best if value == best else 0.0
        chances.append(greedy if value == best else epsilon / len(values))
    return chances


# %% wrong: "The random share goes to the other actions only in your answer; it belongs to all of them."
def greedy_choice(values, epsilon):
    best, n = max(values), len(values)
    k = values.count(best)
    if n == k:
        return [1 / n] * n
    return [(1 - epsilon) / k if v == best else epsilon / (n - k) for v in values]


# %% wrong: "epsilon is the share of random actions, not that of greedy ones."
def greedy_choice(values, epsilon):
    best = max(values)
    n_best = values.count(best)
    chances = []
    for value in values:
        greedy = epsilon / n_best if value == best else 0.0
        chances.append((1 - epsilon) / len(values) + greedy)
    return chances


# %% wrong: "You chose the smallest value."
def greedy_choice(values, epsilon):
    best = min(values)
    n_best = values.count(best)
    chances = []
    for value in values:
        greedy = (1 - epsilon) / n_best if value == best else 0.0
        chances.append(epsilon / len(values) + greedy)
    return chances


# %% wrong: "The random share was not divided by the number of actions."
def greedy_choice(values, epsilon):
    best = max(values)
    n_best = values.count(best)
    chances = []
    for value in values:
        greedy = (1 - epsilon) / n_best if value == best else 0.0
        chances.append(epsilon + greedy)
    return chances


# %% wrong: "Without exploration left over: the random share is missing."
def greedy_choice(values, epsilon):
    best = max(values)
    n_best = values.count(best)
    chances = []
    for value in values:
        greedy = (1 - epsilon) / n_best if value == best else 0.0
        chances.append(greedy)
    return chances


# %% wrong: "Return the probabilities of the actions, not an action."
def greedy_choice(values, epsilon):
    return values.index(max(values))


# %% wrong: "The last of equal values took all of the greedy share. Divide it among them."
def greedy_choice(values, epsilon):
    n = len(values)
    last = max(i for i in range(n) if values[i] == max(values))
    return [epsilon / n + (1 - epsilon) * (i == last) for i in range(n)]


# %% wrong: "Those are shares of the values. An action's size does not matter, only which is largest."
def greedy_choice(values, epsilon):
    total, n = sum(values) or 1.0, len(values)
    return [epsilon / n + (1 - epsilon) * v / total for v in values]


# %% check
CASES = [
    Case("one best", args=([0.0, 2.0, 1.0, -1.0], 0.2), want=[0.05, 0.85, 0.05, 0.05]),
    Case("two best", args=([3.0, 1.0, 3.0, 0.0], 0.4), want=[0.4, 0.1, 0.4, 0.1]),
    Case("a fresh table", args=([0.0, 0.0], 0.1), want=[0.5, 0.5]),
    Case("greedy", args=([1.0, 4.0, 4.0], 0.0), want=[0.0, 0.5, 0.5]),
    Case("at random", args=([1.0, 2.0], 1.0), want=[0.5, 0.5]),
]
