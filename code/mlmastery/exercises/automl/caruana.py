"""Exercise 20.8: Ensemble selection."""


# %% stub
def caruana(models, y, n_rounds):
    """Return the weights of the best ensemble: a list with one number per model, sum 1.

    models is a list of lists of predictions, y the list of truths. In each round, the
    model whose addition gives the mean with the smallest mean squared error is added,
    with replacement; of equal ones the first. The weights are those of the round with
    the smallest error, of equal ones the earliest.
    """
    raise NotImplementedError


# %% solution
def caruana(models, y, n_rounds):
    def error(p):
        return sum((a - t) ** 2 for a, t in zip(p, y))

    counts, best, best_error = [0] * len(models), None, float("inf")
    total = [0.0] * len(y)
    for _ in range(n_rounds):
        size = sum(counts) + 1
        errors = [
            error([(t + q) / size for t, q in zip(total, models[i])])
            for i in range(len(models))
        ]
        i = errors.index(min(errors))
        counts[i] += 1
        total = [t + q for t, q in zip(total, models[i])]
        if errors[i] < best_error:
            best, best_error = list(counts), errors[i]
    return [c / sum(best) for c in best]


# %% wrong: "These are the weights of the last round; those of the best round are asked."
def caruana(models, y, n_rounds):
    def error(p):
        return sum((a - t) ** 2 for a, t in zip(p, y)) / len(y)

    counts, best, _best_error = [0] * len(models), None, float("inf")
    total = [0.0] * len(y)
    for _ in range(n_rounds):
        size = sum(counts) + 1
        errors = [
            error([(t + q) / size for t, q in zip(total, models[i])])
            for i in range(len(models))
        ]
        i = errors.index(min(errors))
        counts[i] += 1
        total = [t + q for t, q in zip(total, models[i])]
        best = list(counts)
    return [c / sum(best) for c in best]


# %% wrong: "Of equally good rounds the earliest counts: compare with <."
def caruana(models, y, n_rounds):
    def error(p):
        return sum((a - t) ** 2 for a, t in zip(p, y)) / len(y)

    counts, best, best_error = [0] * len(models), None, float("inf")
    total = [0.0] * len(y)
    for _ in range(n_rounds):
        size = sum(counts) + 1
        errors = [
            error([(t + q) / size for t, q in zip(total, models[i])])
            for i in range(len(models))
        ]
        i = errors.index(min(errors))
        counts[i] += 1
        total = [t + q for t, q in zip(total, models[i])]
        if errors[i] <= best_error:
            best, best_error = list(counts), errors[i]
    return [c / sum(best) for c in best]


# %% wrong: "Models are drawn with replacement: one may be added again."
def caruana(models, y, n_rounds):
    def error(p):
        if float("inf") in p:
            return float("inf")
        return sum((a - t) ** 2 for a, t in zip(p, y)) / len(y)

    counts, best, best_error = [0] * len(models), None, float("inf")
    total = [0.0] * len(y)
    for _ in range(n_rounds):
        size = sum(counts) + 1
        errors = [
            error(
                [
                    (t + q) / size if not counts[i] else float("inf")
                    for t, q in zip(total, models[i])
                ]
            )
            for i in range(len(models))
        ]
        i = errors.index(min(errors))
        counts[i] += 1
        total = [t + q for t, q in zip(total, models[i])]
        if errors[i] < best_error:
            best, best_error = list(counts), errors[i]
    return [c / sum(best) for c in best]


# %% wrong: "This is the best single model: a round adds the model whose mean with the others is best."
def caruana(models, y, n_rounds):
    def error(p):
        return sum((a - t) ** 2 for a, t in zip(p, y)) / len(y)

    counts, best, best_error = [0] * len(models), None, float("inf")
    total = [0.0] * len(y)
    for _ in range(n_rounds):
        sum(counts) + 1
        errors = [error(models[i]) for i in range(len(models))]
        i = errors.index(min(errors))
        counts[i] += 1
        total = [t + q for t, q in zip(total, models[i])]
        if errors[i] < best_error:
            best, best_error = list(counts), errors[i]
    return [c / sum(best) for c in best]


# %% wrong: "Divide the sum by the number of its members, the new one included."
def caruana(models, y, n_rounds):
    def error(p):
        return sum((a - t) ** 2 for a, t in zip(p, y)) / len(y)

    counts, best, best_error = [0] * len(models), None, float("inf")
    total = [0.0] * len(y)
    for _ in range(n_rounds):
        size = max(sum(counts), 1)
        errors = [
            error([(t + q) / size for t, q in zip(total, models[i])])
            for i in range(len(models))
        ]
        i = errors.index(min(errors))
        counts[i] += 1
        total = [t + q for t, q in zip(total, models[i])]
        if errors[i] < best_error:
            best, best_error = list(counts), errors[i]
    return [c / sum(best) for c in best]


# %% wrong: "Return weights that sum to 1, not counts."
def caruana(models, y, n_rounds):
    def error(p):
        return sum((a - t) ** 2 for a, t in zip(p, y)) / len(y)

    counts, best, best_error = [0] * len(models), None, float("inf")
    total = [0.0] * len(y)
    for _ in range(n_rounds):
        size = sum(counts) + 1
        errors = [
            error([(t + q) / size for t, q in zip(total, models[i])])
            for i in range(len(models))
        ]
        i = errors.index(min(errors))
        counts[i] += 1
        total = [t + q for t, q in zip(total, models[i])]
        if errors[i] < best_error:
            best, best_error = list(counts), errors[i]
    return best


# %% wrong: "This stops at the first round that does not help; a later round may."
def caruana(models, y, n_rounds):
    def error(p):
        return sum((a - t) ** 2 for a, t in zip(p, y)) / len(y)

    counts, best, best_error = [0] * len(models), None, float("inf")
    total = [0.0] * len(y)
    for _ in range(n_rounds):
        size = sum(counts) + 1
        errors = [
            error([(t + q) / size for t, q in zip(total, models[i])])
            for i in range(len(models))
        ]
        i = errors.index(min(errors))
        counts[i] += 1
        total = [t + q for t, q in zip(total, models[i])]
        if errors[i] >= best_error:
            break
        best, best_error = list(counts), errors[i]
    return [c / sum(best) for c in best]


# %% wrong: "This is the mean of all models."
def caruana(models, y, n_rounds):
    return [1 / len(models)] * len(models)


# %% wrong: "The smallest error is asked, not the largest."
def caruana(models, y, n_rounds):
    def error(p):
        return sum((a - t) ** 2 for a, t in zip(p, y)) / len(y)

    counts, best, best_error = [0] * len(models), None, float("inf")
    total = [0.0] * len(y)
    for _ in range(n_rounds):
        size = sum(counts) + 1
        errors = [
            error([(t + q) / size for t, q in zip(total, models[i])])
            for i in range(len(models))
        ]
        i = errors.index(max(errors))
        counts[i] += 1
        total = [t + q for t, q in zip(total, models[i])]
        if errors[i] < best_error:
            best, best_error = list(counts), errors[i]
    return [c / sum(best) for c in best]


# %% wrong: "The first round needs a single model: the sum starts at zero and has no member."
def caruana(models, y, n_rounds):
    def error(p):
        return sum((a - t) ** 2 for a, t in zip(p, y)) / len(y)

    counts, best, best_error = [0] * len(models), None, float("inf")
    total = [0.0] * len(y)
    for _ in range(n_rounds):
        size = sum(counts) + 2
        errors = [
            error([(t + q) / size for t, q in zip(total, models[i])])
            for i in range(len(models))
        ]
        i = errors.index(min(errors))
        counts[i] += 1
        total = [t + q for t, q in zip(total, models[i])]
        if errors[i] < best_error:
            best, best_error = list(counts), errors[i]
    return [c / sum(best) for c in best]


# %% wrong: "This is one round too few."
def caruana(models, y, n_rounds):
    def error(p):
        return sum((a - t) ** 2 for a, t in zip(p, y)) / len(y)

    counts, best, best_error = [0] * len(models), None, float("inf")
    total = [0.0] * len(y)
    for _ in range(max(n_rounds - 1, 1)):
        size = sum(counts) + 1
        errors = [
            error([(t + q) / size for t, q in zip(total, models[i])])
            for i in range(len(models))
        ]
        i = errors.index(min(errors))
        counts[i] += 1
        total = [t + q for t, q in zip(total, models[i])]
        if errors[i] < best_error:
            best, best_error = list(counts), errors[i]
    return [c / sum(best) for c in best]


# %% wrong: "Of equally good models the first is added."
def caruana(models, y, n_rounds):
    def error(p):
        return sum((a - t) ** 2 for a, t in zip(p, y)) / len(y)

    counts, best, best_error = [0] * len(models), None, float("inf")
    total = [0.0] * len(y)
    for _ in range(n_rounds):
        size = sum(counts) + 1
        errors = [
            error([(t + q) / size for t, q in zip(total, models[i])])
            for i in range(len(models))
        ]
        i = len(errors) - 1 - errors[::-1].index(min(errors))
        counts[i] += 1
        total = [t + q for t, q in zip(total, models[i])]
        if errors[i] < best_error:
            best, best_error = list(counts), errors[i]
    return [c / sum(best) for c in best]


# %% check
CASES = [
    Case(
        "the chapter's pair",
        args=([[0.0, 0.6], [0.4, 1.0]], [0.0, 1.0], 5),
        want=[0.5, 0.5],
    ),
    Case(
        "one perfect model",
        args=([[3.0, 1.0], [1.0, 2.0]], [1.0, 2.0], 4),
        want=[0.0, 1.0],
    ),
    Case(
        "a third helps twice",
        args=([[0.0], [3.0], [9.0]], [2.0], 3),
        want=[1 / 3, 2 / 3, 0.0],
    ),
    Case("a single round", args=([[0.0], [3.0]], [1.0], 1), want=[1.0, 0.0]),
    Case("two rounds", args=([[0.0], [4.0]], [1.9], 2), want=[0.5, 0.5]),
    Case(
        "equal models", args=([[1.0, 0.0], [1.0, 0.0]], [1.0, 1.0], 3), want=[1.0, 0.0]
    ),
    Case(
        "a later round that is equally good",
        args=([[-3.0, 0.0], [1.0, 0.0]], [0.0, 0.0], 2),
        want=[0.0, 1.0],
    ),
    Case("worse before better", args=([[0.0], [5.0]], [2.0], 5), want=[0.6, 0.4]),
]
