"""Exercise 20.6: Sizes of the brackets."""


# %% stub
def bracket_sizes(max_budget, eta):
    """Return the number of configurations that each bracket starts with, largest s first.

    Bracket s, from the largest s with eta**s <= max_budget down to 0, starts with
    (s_max + 1) * eta**s / (s + 1) configurations, rounded up. max_budget and eta are
    whole numbers, eta at least 2.
    """
    raise NotImplementedError


# %% solution
def bracket_sizes(max_budget, eta):
    most = 0
    while eta ** (most + 1) <= max_budget:
        most += 1
    return [-(-(most + 1) * eta**s // (s + 1)) for s in range(most, -1, -1)]


# %% wrong: "The logarithm of 243 to base 3 is 4.999…: count in integers."
def bracket_sizes(max_budget, eta):
    import math

    most = int(math.log(max_budget, eta))
    return [-(-(most + 1) * eta**s // (s + 1)) for s in range(most, -1, -1)]


# %% wrong: "The number is rounded up, not down."
def bracket_sizes(max_budget, eta):
    most = 0
    while eta ** (most + 1) <= max_budget:
        most += 1
    return [(most + 1) * eta**s // (s + 1) for s in range(most, -1, -1)]


# %% wrong: "Rounding to the nearest is not rounding up."
def bracket_sizes(max_budget, eta):
    most = 0
    while eta ** (most + 1) <= max_budget:
        most += 1
    return [round((most + 1) * eta**s / (s + 1)) for s in range(most, -1, -1)]


# %% wrong: "The bracket s = 0 is missing."
def bracket_sizes(max_budget, eta):
    most = 0
    while eta ** (most + 1) <= max_budget:
        most += 1
    return [-(-(most + 1) * eta**s // (s + 1)) for s in range(most, 0, -1)]


# %% wrong: "The largest s comes first."
def bracket_sizes(max_budget, eta):
    most = 0
    while eta ** (most + 1) <= max_budget:
        most += 1
    return [-(-(most + 1) * eta**s // (s + 1)) for s in range(most + 1)]


# %% wrong: "eta**s may equal max_budget."
def bracket_sizes(max_budget, eta):
    most = 0
    while eta ** (most + 1) < max_budget:
        most += 1
    return [-(-(most + 1) * eta**s // (s + 1)) for s in range(most, -1, -1)]


# %% wrong: "These are numbers of the first rung without sharing: multiply by (s_max + 1) / (s + 1)."
def bracket_sizes(max_budget, eta):
    most = 0
    while eta ** (most + 1) <= max_budget:
        most += 1
    return [eta**s for s in range(most, -1, -1)]


# %% wrong: "The division by s + 1 is missing."
def bracket_sizes(max_budget, eta):
    most = 0
    while eta ** (most + 1) <= max_budget:
        most += 1
    return [(most + 1) * eta**s for s in range(most, -1, -1)]


# %% wrong: "The factor is s_max + 1, the number of brackets."
def bracket_sizes(max_budget, eta):
    most = 0
    while eta ** (most + 1) <= max_budget:
        most += 1
    return [-(-most * eta**s // (s + 1)) for s in range(most, -1, -1)]


# %% wrong: "The divisor is s + 1, not s."
def bracket_sizes(max_budget, eta):
    most = 0
    while eta ** (most + 1) <= max_budget:
        most += 1
    return [-(-(most + 1) * eta**s // max(s, 1)) for s in range(most, -1, -1)]


# %% wrong: "This counts one bracket too many: eta**s must not exceed max_budget."
def bracket_sizes(max_budget, eta):
    most = 0
    while eta**most <= max_budget:
        most += 1
    return [-(-(most + 1) * eta**s // (s + 1)) for s in range(most, -1, -1)]


# %% wrong: "These are budgets; the numbers of configurations are asked."
def bracket_sizes(max_budget, eta):
    most = 0
    while eta ** (most + 1) <= max_budget:
        most += 1
    return [max_budget // eta**s for s in range(most, -1, -1)]


# %% wrong: "Return whole numbers: this quotient is not rounded."
def bracket_sizes(max_budget, eta):
    most = 0
    while eta ** (most + 1) <= max_budget:
        most += 1
    return [(most + 1) * eta**s / (s + 1) for s in range(most, -1, -1)]


# %% wrong: "Return all brackets, not their number."
def bracket_sizes(max_budget, eta):
    most = 0
    while eta ** (most + 1) <= max_budget:
        most += 1
    return len([-(-(most + 1) * eta**s // (s + 1)) for s in range(most, -1, -1)])


# %% check
CASES = [
    Case("Hyperband's 81 and 3", args=(81, 3), want=[81, 34, 15, 8, 5]),
    Case("243 and 3: an exact power", args=(243, 3), want=[243, 98, 41, 18, 9, 6]),
    Case("8 and 2", args=(8, 2), want=[8, 6, 4, 4]),
    Case("10 and 3: no power", args=(10, 3), want=[9, 5, 3]),
    Case("a budget of 1", args=(1, 4), want=[1]),
]
