"""Exercise 20.14: One step of regularised evolution."""


# %% stub
def ageing_step(population, drawn, child):
    """Return the parent's name and the population after one step.

    population is a list of (name, loss) pairs, oldest first; drawn holds the
    places of the members that compete; child is the pair that the mutation of
    the winner gave. The smallest loss wins, the oldest member leaves. Return
    (name of the parent, new list); the list that came in stays as it is.
    """
    raise NotImplementedError


# %% solution
def ageing_step(population, drawn, child):
    rivals = [population[i] for i in drawn]
    parent = min(rivals, key=lambda member: member[1])
    return parent[0], [*population[1:], child]


# %% wrong: "The largest loss won. A loss is to be small."
def ageing_step(population, drawn, child):
    rivals = [population[i] for i in drawn]
    parent = max(rivals, key=lambda member: member[1])
    return parent[0], [*population[1:], child]


# %% wrong: "You removed the worst member. Ageing removes the oldest, however good it is."
def ageing_step(population, drawn, child):
    parent = min((population[i] for i in drawn), key=lambda member: member[1])
    worst = max(population, key=lambda member: member[1])
    return parent[0], [m for m in population if m != worst] + [child]


# %% wrong: "You chose the parent from the whole population. Only those drawn compete."
def ageing_step(population, drawn, child):
    parent = min(population, key=lambda member: member[1])
    return parent[0], [*population[1:], child]


# %% wrong: "The youngest left. The oldest stands first."
def ageing_step(population, drawn, child):
    parent = min((population[i] for i in drawn), key=lambda member: member[1])
    return parent[0], [*population[:-1], child]


# %% wrong: "The child is the youngest: it goes to the end."
def ageing_step(population, drawn, child):
    parent = min((population[i] for i in drawn), key=lambda member: member[1])
    return parent[0], [child, *population[1:]]


# %% wrong: "Nobody left: the population keeps its size."
def ageing_step(population, drawn, child):
    parent = min((population[i] for i in drawn), key=lambda member: member[1])
    return parent[0], [*population, child]


# %% wrong: "You changed the list that came in. Build a new one."
def ageing_step(population, drawn, child):
    parent = min((population[i] for i in drawn), key=lambda member: member[1])
    population.append(child)
    population.pop(0)
    return parent[0], population


# %% wrong: "The name that is smallest in the alphabet won: compare losses."
def ageing_step(population, drawn, child):
    parent = min(population[i] for i in drawn)
    return parent[0], [*population[1:], child]


# %% wrong: "The parent is not replaced by its child. It lives until it is the oldest."
def ageing_step(population, drawn, child):
    parent = min((population[i] for i in drawn), key=lambda member: member[1])
    return parent[0], [m for m in population if m != parent] + [child]


# %% wrong: "Return the name of the parent, and not the pair."
def ageing_step(population, drawn, child):
    parent = min((population[i] for i in drawn), key=lambda member: member[1])
    return parent, [*population[1:], child]


# %% wrong: "The child enters whatever its loss is: a search that refuses bad children gets stuck."
def ageing_step(population, drawn, child):
    parent = min((population[i] for i in drawn), key=lambda member: member[1])
    if child[1] >= parent[1]:
        return parent[0], list(population)
    return parent[0], [*population[1:], child]


# %% check
A, B, C = ("a", 0.10), ("b", 0.05), ("c", 0.07)
THREE = [A, B, C]

CASES = [
    # c beats a; a is the oldest
    Case(
        "the page's first step",
        args=([A, B, C], [0, 2], ("d", 0.09)),
        want=("c", [B, C, ("d", 0.09)]),
    ),
    # b is the best and the oldest
    Case(
        "the best dies",
        args=([B, C, ("d", 0.09)], [2, 0], ("e", 0.06)),
        want=("b", [C, ("d", 0.09), ("e", 0.06)]),
    ),
    # the only one drawn wins
    Case(
        "one is drawn",
        args=([A, C, B], [1], ("f", 0.01)),
        want=("c", [C, B, ("f", 0.01)]),
    ),
    # called twice with the same list: the first call must have left it alone
    Case("once", args=(THREE, [0, 1], ("g", 0.2)), want=("b", [B, C, ("g", 0.2)])),
    Case("again", args=(THREE, [0, 2], ("h", 0.2)), want=("c", [B, C, ("h", 0.2)])),
]
