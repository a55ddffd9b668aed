"""Exercise 9.6: The variance of tomorrow."""


# %% stub
def garch_path(residuals, omega, alpha, beta):
    """Return the variances of GARCH(1,1) as a list, one more than there are residuals.

    The recursion starts before the first day, with squared residual and variance both equal
    to the mean of the squared residuals. Each day's variance is omega plus alpha times the
    squared residual of the day before plus beta times the variance of the day before; the
    last entry is the forecast for the day after the last.
    """
    raise NotImplementedError


# %% solution
def garch_path(residuals, omega, alpha, beta):
    start = sum(e**2 for e in residuals) / len(residuals)
    path = [omega + (alpha + beta) * start]
    for residual in residuals:
        path.append(omega + alpha * residual**2 + beta * path[-1])
    return path


# %% wrong: "The residual is not squared: a fall would lower the variance."
def garch_path(residuals, omega, alpha, beta):
    start = sum(e**2 for e in residuals) / len(residuals)
    path = [omega + (alpha + beta) * start]
    for residual in residuals:
        path.append(omega + alpha * residual + beta * path[-1])
    return path


# %% wrong: "alpha and beta are swapped: alpha belongs to the squared residual."
def garch_path(residuals, omega, alpha, beta):
    start = sum(e**2 for e in residuals) / len(residuals)
    path = [omega + (alpha + beta) * start]
    for residual in residuals:
        path.append(omega + beta * residual**2 + alpha * path[-1])
    return path


# %% wrong: "The forecast is missing: there is one entry more than residuals."
def garch_path(residuals, omega, alpha, beta):
    start = sum(e**2 for e in residuals) / len(residuals)
    path = [omega + (alpha + beta) * start]
    for residual in residuals[:-1]:
        path.append(omega + alpha * residual**2 + beta * path[-1])
    return path


# %% wrong: "omega is added on the first day only."
def garch_path(residuals, omega, alpha, beta):
    start = sum(e**2 for e in residuals) / len(residuals)
    path = [omega + (alpha + beta) * start]
    for residual in residuals:
        path.append(alpha * residual**2 + beta * path[-1])
    return path


# %% wrong: "The first variance is the start itself. One step of the recursion leads from the start to the first day."
def garch_path(residuals, omega, alpha, beta):
    start = sum(e**2 for e in residuals) / len(residuals)
    path = [start]
    for residual in residuals:
        path.append(omega + alpha * residual**2 + beta * path[-1])
    return path


# %% wrong: "The recursion starts from 0; it starts from the mean of the squared residuals."
def garch_path(residuals, omega, alpha, beta):
    start = 0.0
    path = [omega + (alpha + beta) * start]
    for residual in residuals:
        path.append(omega + alpha * residual**2 + beta * path[-1])
    return path


# %% wrong: "Deviations are returned. Variances are wanted."
def garch_path(residuals, omega, alpha, beta):
    start = sum(e**2 for e in residuals) / len(residuals)
    path = [omega + (alpha + beta) * start]
    for residual in residuals:
        path.append(omega + alpha * residual**2 + beta * path[-1])
    return [v**0.5 for v in path]


# %% wrong: "The start is the long-run variance of the model; here it is the mean of the squared residuals."
def garch_path(residuals, omega, alpha, beta):
    start = omega / (1 - alpha - beta)
    path = [omega + (alpha + beta) * start]
    for residual in residuals:
        path.append(omega + alpha * residual**2 + beta * path[-1])
    return path


# %% wrong: "The mean of the residuals is taken off first. They are residuals already."
def garch_path(residuals, omega, alpha, beta):
    start = (
        sum(e**2 for e in residuals) / len(residuals)
        - (sum(residuals) / len(residuals)) ** 2
    )
    path = [omega + (alpha + beta) * start]
    for residual in residuals:
        path.append(omega + alpha * residual**2 + beta * path[-1])
    return path


# %% wrong: "A day's variance uses its own residual, which is not known the evening before."
def garch_path(residuals, omega, alpha, beta):
    start = sum(e**2 for e in residuals) / len(residuals)
    path = [omega + alpha * residuals[0] ** 2 + beta * start]
    for residual in [*residuals[1:], 0.0]:
        path.append(omega + alpha * residual**2 + beta * path[-1])
    return path


# %% wrong: "Only the first variance is remembered: each day builds on the day before."
def garch_path(residuals, omega, alpha, beta):
    start = sum(e**2 for e in residuals) / len(residuals)
    path = [omega + (alpha + beta) * start]
    for residual in residuals:
        path.append(omega + alpha * residual**2 + beta * path[0])
    return path


# %% wrong: "On the first day the squared residual of the start is left out: alpha counts there, too."
def garch_path(residuals, omega, alpha, beta):
    start = sum(e**2 for e in residuals) / len(residuals)
    path = [omega + beta * start]
    for residual in residuals:
        path.append(omega + alpha * residual**2 + beta * path[-1])
    return path


# %% wrong: "Do not round."
def garch_path(residuals, omega, alpha, beta):
    start = sum(e**2 for e in residuals) / len(residuals)
    path = [omega + (alpha + beta) * start]
    for residual in residuals:
        path.append(omega + alpha * residual**2 + beta * path[-1])
    return [round(v, 2) for v in path]


# %% wrong: "The first day's variance is missing: one step of the recursion leads from the start to it, before the first residual counts."
def garch_path(residuals, omega, alpha, beta):
    last = sum(e**2 for e in residuals) / len(residuals)
    path = []
    for residual in residuals:
        last = omega + alpha * residual**2 + beta * last
        path.append(last)
    return path


# %% check
CASES = [
    # start 1: 0.1 + 0.9 = 1, then 0.1 + 0.1 + 0.8 = 1
    Case("at rest", args=([1.0, -1.0], 0.1, 0.1, 0.8), want=[1.0, 1.0, 1.0]),
    # start 4.5: 0.1 + 0.9 * 4.5 = 4.15; quiet day; then a move of 3
    Case(
        "a quiet day, then a move of three",
        args=([0.0, -3.0], 0.1, 0.1, 0.8),
        want=[4.15, 3.42, 0.1 + 0.9 + 0.8 * 3.42],
    ),
    Case("one day", args=([2.0], 0.5, 0.25, 0.5), want=[3.5, 3.25]),
    Case(
        "three days",
        args=([1.0, 2.0, -2.0], 0.5, 0.2, 0.6),
        want=[2.9, 2.44, 2.764, 2.9584],
    ),
]
