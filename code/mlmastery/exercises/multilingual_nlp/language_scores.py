"""Exercise 17.4: Naive Bayes by hand."""


# %% stub
def language_scores(grams, counts, alpha):
    """Return the probability of each language, a dict, for a list of n-grams.

    counts maps each language to a dict from n-gram to count; V is the number of
    different n-grams in all languages together. All languages are equally probable
    before. N-grams that no language has are left out.
    """
    raise NotImplementedError


# %% solution
def language_scores(grams, counts, alpha):
    import math

    known = set().union(*counts.values())
    logs = {}
    for language, table in counts.items():
        total = sum(table.values()) + alpha * len(known)
        logs[language] = sum(
            math.log((table.get(gram, 0) + alpha) / total)
            for gram in grams
            if gram in known
        )
    top = max(logs.values())
    weights = {name: math.exp(value - top) for name, value in logs.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


# %% wrong: "The denominator needs alpha times V."
def language_scores(grams, counts, alpha):
    import math

    known = set().union(*counts.values())
    logs = {}
    for language, table in counts.items():
        total = sum(table.values())
        logs[language] = sum(
            math.log((table.get(gram, 0) + alpha) / total)
            for gram in grams
            if gram in known
        )
    top = max(logs.values())
    weights = {name: math.exp(value - top) for name, value in logs.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


# %% wrong: "V is the number of n-grams of all languages together."
def language_scores(grams, counts, alpha):
    import math

    known = set().union(*counts.values())
    logs = {}
    for language, table in counts.items():
        total = sum(table.values()) + alpha * len(table)
        logs[language] = sum(
            math.log((table.get(gram, 0) + alpha) / total)
            for gram in grams
            if gram in known
        )
    top = max(logs.values())
    weights = {name: math.exp(value - top) for name, value in logs.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


# %% wrong: "The denominator adds alpha once for each n-gram, and not once."
def language_scores(grams, counts, alpha):
    import math

    known = set().union(*counts.values())
    logs = {}
    for language, table in counts.items():
        total = sum(table.values()) + alpha
        logs[language] = sum(
            math.log((table.get(gram, 0) + alpha) / total)
            for gram in grams
            if gram in known
        )
    top = max(logs.values())
    weights = {name: math.exp(value - top) for name, value in logs.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


# %% wrong: "Add alpha and not 1."
def language_scores(grams, counts, alpha):
    import math

    known = set().union(*counts.values())
    logs = {}
    for language, table in counts.items():
        total = sum(table.values()) + alpha * len(known)
        logs[language] = sum(
            math.log((table.get(gram, 0) + 1) / total)
            for gram in grams
            if gram in known
        )
    top = max(logs.values())
    weights = {name: math.exp(value - top) for name, value in logs.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


# %% wrong: "N-grams that no language has are left out."
def language_scores(grams, counts, alpha):
    import math

    known = set().union(*counts.values())
    logs = {}
    for language, table in counts.items():
        total = sum(table.values()) + alpha * len(known)
        logs[language] = sum(
            math.log((table.get(gram, 0) + alpha) / total) for gram in grams
        )
    top = max(logs.values())
    weights = {name: math.exp(value - top) for name, value in logs.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


# %% wrong: "A repeated n-gram counts each time."
def language_scores(grams, counts, alpha):
    import math

    known = set().union(*counts.values())
    logs = {}
    for language, table in counts.items():
        total = sum(table.values()) + alpha * len(known)
        logs[language] = sum(
            math.log((table.get(gram, 0) + alpha) / total)
            for gram in set(grams)
            if gram in known
        )
    top = max(logs.values())
    weights = {name: math.exp(value - top) for name, value in logs.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


# %% wrong: "The languages are equally probable before: no prior from the sizes."
def language_scores(grams, counts, alpha):
    import math

    known = set().union(*counts.values())
    logs = {}
    for language, table in counts.items():
        total = sum(table.values()) + alpha * len(known)
        logs[language] = math.log(sum(table.values())) + sum(
            math.log((table.get(gram, 0) + alpha) / total)
            for gram in grams
            if gram in known
        )
    top = max(logs.values())
    weights = {name: math.exp(value - top) for name, value in logs.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


# %% wrong: "These are logarithms. Return probabilities."
def language_scores(grams, counts, alpha):
    import math

    known = set().union(*counts.values())
    logs = {}
    for language, table in counts.items():
        total = sum(table.values()) + alpha * len(known)
        logs[language] = sum(
            math.log((table.get(gram, 0) + alpha) / total)
            for gram in grams
            if gram in known
        )
    return logs


# %% wrong: "The probabilities must sum to 1."
def language_scores(grams, counts, alpha):
    import math

    known = set().union(*counts.values())
    logs = {}
    for language, table in counts.items():
        total = sum(table.values()) + alpha * len(known)
        logs[language] = sum(
            math.log((table.get(gram, 0) + alpha) / total)
            for gram in grams
            if gram in known
        )
    top = max(logs.values())
    weights = {name: math.exp(value - top) for name, value in logs.items()}
    return {name: weight for name, weight in weights.items()}


# %% wrong: "Multiply the probabilities of the n-grams: add their logarithms, and not the probabilities."
def language_scores(grams, counts, alpha):
    import math

    known = set().union(*counts.values())
    logs = {}
    for language, table in counts.items():
        total = sum(table.values()) + alpha * len(known)
        logs[language] = sum(
            (table.get(gram, 0) + alpha) / total for gram in grams if gram in known
        )
    top = max(logs.values())
    weights = {name: math.exp(value - top) for name, value in logs.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


# %% wrong: "Long texts underflow: subtract the largest logarithm before math.exp."
def language_scores(grams, counts, alpha):
    import math

    known = set().union(*counts.values())
    logs = {}
    for language, table in counts.items():
        total = sum(table.values()) + alpha * len(known)
        logs[language] = sum(
            math.log((table.get(gram, 0) + alpha) / total)
            for gram in grams
            if gram in known
        )
    top = 0.0
    weights = {name: math.exp(value - top) for name, value in logs.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


# %% wrong: "An n-gram that only another language has counts against this one."
def language_scores(grams, counts, alpha):
    import math

    known = set().union(*counts.values())
    logs = {}
    for language, table in counts.items():
        total = sum(table.values()) + alpha * len(known)
        logs[language] = sum(
            math.log((table.get(gram, 0) + alpha) / total)
            for gram in grams
            if gram in table
        )
    top = max(logs.values())
    weights = {name: math.exp(value - top) for name, value in logs.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


# %% wrong: "Take the sum of the logarithms, and not their mean."
def language_scores(grams, counts, alpha):
    import math

    known = set().union(*counts.values())
    logs = {}
    for language, table in counts.items():
        total = sum(table.values()) + alpha * len(known)
        logs[language] = sum(
            math.log((table.get(gram, 0) + alpha) / total)
            for gram in grams
            if gram in known
        )
    logs = {k: v / max(len(grams), 1) for k, v in logs.items()}
    top = max(logs.values())
    weights = {name: math.exp(value - top) for name, value in logs.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


# %% wrong: "V counts an n-gram that two languages share once, and not twice."
def language_scores(grams, counts, alpha):
    import math

    known = set().union(*counts.values())
    size = sum(len(table) for table in counts.values())
    logs = {}
    for language, table in counts.items():
        total = sum(table.values()) + alpha * size
        logs[language] = sum(
            math.log((table.get(gram, 0) + alpha) / total)
            for gram in grams
            if gram in known
        )
    top = max(logs.values())
    weights = {name: math.exp(value - top) for name, value in logs.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


# %% wrong: "Add alpha to each count, and not to the zeros alone."
def language_scores(grams, counts, alpha):
    import math

    known = set().union(*counts.values())
    logs = {}
    for language, table in counts.items():
        total = sum(table.values()) + alpha * len(known)
        logs[language] = sum(
            math.log((table.get(gram, 0) or alpha) / total)
            for gram in grams
            if gram in known
        )
    top = max(logs.values())
    weights = {name: math.exp(value - top) for name, value in logs.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


# %% check
EN_DE = {"en": {"th": 3, "ie": 1}, "de": {"ie": 4}}
CASES = [
    Case("on paper", args=(["th"], EN_DE, 1.0), want={"en": 0.8, "de": 0.2}),
    # en 4/6 * 4/6, de 1/6 * 1/6: 16 to 1
    Case("twice", args=(["th", "th"], EN_DE, 1.0), want={"en": 16 / 17, "de": 1 / 17}),
    # en (3.5/5) (1.5/5), de (0.5/5) (4.5/5)
    Case("two n-grams", args=(["th", "ie"], EN_DE, 0.5), want={"en": 0.7, "de": 0.3}),
    Case("unknown", args=(["zz", "th"], EN_DE, 1.0), want={"en": 0.8, "de": 0.2}),
    Case("nothing known", args=(["zz"], EN_DE, 1.0), want={"en": 0.5, "de": 0.5}),
    # sizes differ: a 2/4, b 1/10
    Case(
        "sizes differ",
        args=(["x", "zz"], {"a": {"x": 1, "y": 1}, "b": {"y": 8}}, 1.0),
        want={"a": 5 / 6, "b": 1 / 6},
    ),
    # en 2/9, de 5/36 for each pair: both products underflow to 0
    Case(
        "a long text",
        args=(["th", "ie"] * 2000, EN_DE, 1.0),
        want={"en": 1.0, "de": 0.0},
    ),
]
