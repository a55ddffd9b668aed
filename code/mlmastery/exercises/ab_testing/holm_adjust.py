"""Exercise 15.8: Holm."""


# %% stub
def holm_adjust(p_values):
    """Return Holm's adjusted p-values, in the order in which they came.

    The smallest of m is multiplied by m, the next by m - 1, and so on; none is below
    that of a smaller p-value, and none above 1.
    """
    raise NotImplementedError


# %% solution
def holm_adjust(p_values):
    adjusted, running = {}, 0.0
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    for left, i in zip(range(len(p_values), 0, -1), order):
        running = max(running, left * p_values[i])
        adjusted[i] = min(1.0, running)
    return [adjusted[i] for i in range(len(p_values))]


# %% wrong: "That is Bonferroni: all were multiplied by m. After the smallest, fewer are left."
def holm_adjust(p_values):
    return [min(1.0, p * len(p_values)) for p in p_values]


# %% wrong: "A larger p-value got a smaller adjusted one. Keep the largest so far."
def holm_adjust(p_values):
    m = len(p_values)
    order = sorted(range(m), key=lambda i: p_values[i])
    adjusted = [0.0] * m
    for k, i in enumerate(order):
        adjusted[i] = min(1.0, (m - k) * p_values[i])
    return adjusted


# %% wrong: "They came back sorted. Each must stand at the place of its p-value."
def holm_adjust(p_values):
    m, running, adjusted = len(p_values), 0.0, []
    for k, p in enumerate(sorted(p_values)):
        running = max(running, (m - k) * p)
        adjusted.append(min(1.0, running))
    return adjusted


# %% wrong: "A p-value cannot be above 1."
def holm_adjust(p_values):
    m, running, adjusted = len(p_values), 0.0, [0.0] * len(p_values)
    for k, i in enumerate(sorted(range(m), key=lambda i: p_values[i])):
        running = max(running, (m - k) * p_values[i])
        adjusted[i] = running
    return adjusted


# %% wrong: "The p-values were not sorted: the first that came was multiplied by m, whatever its size."
def holm_adjust(p_values):
    m, running, adjusted = len(p_values), 0.0, []
    for k, p in enumerate(p_values):
        running = max(running, (m - k) * p)
        adjusted.append(min(1.0, running))
    return adjusted


# %% wrong: "You started with the largest. It is the smallest that is multiplied by m."
def holm_adjust(p_values):
    m, running, adjusted = len(p_values), 0.0, [0.0] * len(p_values)
    for k, i in enumerate(sorted(range(m), key=lambda i: -p_values[i])):
        running = max(running, (m - k) * p_values[i])
        adjusted[i] = min(1.0, running)
    return adjusted


# %% wrong: "That is Benjamini and Hochberg's: m / k. Holm multiplies by how many are left."
def holm_adjust(p_values):
    m, running, adjusted = len(p_values), 1.0, [0.0] * len(p_values)
    order = sorted(range(m), key=lambda i: p_values[i])
    for k in range(m, 0, -1):
        running = min(running, p_values[order[k - 1]] * m / k)
        adjusted[order[k - 1]] = running
    return adjusted


# %% wrong: "The count begins one too low: the smallest is multiplied by m, the largest by 1."
def holm_adjust(p_values):
    m, running, adjusted = len(p_values), 0.0, [0.0] * len(p_values)
    for k, i in enumerate(sorted(range(m), key=lambda i: p_values[i])):
        running = max(running, (m - k - 1) * p_values[i])
        adjusted[i] = min(1.0, running)
    return adjusted


# %% wrong: "The count begins one too high: the smallest of m is multiplied by m, not by m + 1."
def holm_adjust(p_values):
    m, running, adjusted = len(p_values), 0.0, [0.0] * len(p_values)
    for k, i in enumerate(sorted(range(m), key=lambda i: p_values[i])):
        running = max(running, (m - k + 1) * p_values[i])
        adjusted[i] = min(1.0, running)
    return adjusted


# %% wrong: "That is Šidák's formula, which needs independent tests."
def holm_adjust(p_values):
    m, running, adjusted = len(p_values), 0.0, [0.0] * len(p_values)
    for k, i in enumerate(sorted(range(m), key=lambda i: p_values[i])):
        running = max(running, 1 - (1 - p_values[i]) ** (m - k))
        adjusted[i] = min(1.0, running)
    return adjusted


# %% wrong: "These are decisions at 0.05. The adjusted p-values themselves are asked for."
def holm_adjust(p_values):
    m, running, adjusted = len(p_values), 0.0, [False] * len(p_values)
    for k, i in enumerate(sorted(range(m), key=lambda i: p_values[i])):
        running = max(running, (m - k) * p_values[i])
        adjusted[i] = running <= 0.05
    return adjusted


# %% wrong: "Equal p-values fell together in a dictionary, and got the factor of the last one."
def holm_adjust(p_values):
    m = len(p_values)
    factor = {p: m - k for k, p in enumerate(sorted(p_values))}
    raised = {p: f * p for p, f in factor.items()}
    return [min(1.0, max(r for q, r in raised.items() if q <= p)) for p in p_values]


# %% wrong: "The running maximum is of the raw p-values times m. Multiply by how many are left first, then compare."
def holm_adjust(p_values):
    m, running, adjusted = len(p_values), 0.0, [0.0] * len(p_values)
    for k, i in enumerate(sorted(range(m), key=lambda i: p_values[i])):
        running = max(running, p_values[i]) * (m - k)
        adjusted[i] = min(1.0, running)
    return adjusted


# %% check
CASES = [
    # sorted: 3 * 0.01, 2 * 0.03, then 1 * 0.04, which must not fall below 0.06
    Case("three, out of order", args=([0.01, 0.04, 0.03],), want=[0.03, 0.06, 0.06]),
    Case(
        "equal p-values",
        args=([0.02, 0.5, 0.02, 0.03],),
        want=[0.08, 0.5, 0.08, 0.08],
    ),
    Case("up to 1", args=([0.9, 0.8, 0.001],), want=[1.0, 1.0, 0.003]),
    Case(
        "a maximum that carries on",
        args=([0.011, 0.012, 0.04, 0.9],),
        want=[0.044, 0.044, 0.08, 0.9],
    ),
    Case("a single one", args=([0.2],), want=[0.2]),
]
