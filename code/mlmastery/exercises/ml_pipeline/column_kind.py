"""Exercise 13.2: The kind of a column."""


# %% stub
def column_kind(values):
    """Return "empty", "constant", "identifier", "binary", "numeric" or "category".

    values is a list of texts or of numbers, with None where a value is missing. Ask in this
    order: empty: all values are missing; constant: one distinct value and none missing;
    identifier: at least 20 values, all different, none missing, and texts or ints (not
    floats); then texts are a category; numbers with at most two distinct values are binary,
    others numeric. Missing values do not count as distinct.
    """
    raise NotImplementedError


# %% solution
def column_kind(values):
    known = [v for v in values if v is not None]
    distinct = len(set(known))
    if distinct == 0:
        return "empty"
    if distinct == 1 and len(known) == len(values):
        return "constant"
    fraction = any(isinstance(v, float) for v in known)
    if distinct == len(values) and len(values) >= 20 and not fraction:
        return "identifier"
    if isinstance(known[0], str):
        return "category"
    return "binary" if distinct <= 2 else "numeric"


# %% wrong: "A column with one value and gaps is not constant: the gaps say something."
def column_kind(values):
    known = [v for v in values if v is not None]
    distinct = len(set(known))
    if distinct == 0:
        return "empty"
    if distinct == 1:
        return "constant"
    fraction = any(isinstance(v, float) for v in known)
    if distinct == len(values) and len(values) >= 20 and not fraction:
        return "identifier"
    if isinstance(known[0], str):
        return "category"
    return "binary" if distinct <= 2 else "numeric"


# %% wrong: "Fractions that all differ are measurements, not identifiers."
def column_kind(values):
    known = [v for v in values if v is not None]
    distinct = len(set(known))
    if distinct == 0:
        return "empty"
    if distinct == 1 and len(known) == len(values):
        return "constant"
    if distinct == len(values) and len(values) >= 20:
        return "identifier"
    if isinstance(known[0], str):
        return "category"
    return "binary" if distinct <= 2 else "numeric"


# %% wrong: "With fewer than 20 values, all different says little."
def column_kind(values):
    known = [v for v in values if v is not None]
    distinct = len(set(known))
    if distinct == 0:
        return "empty"
    if distinct == 1 and len(known) == len(values):
        return "constant"
    fraction = any(isinstance(v, float) for v in known)
    if distinct == len(values) and not fraction:
        return "identifier"
    if isinstance(known[0], str):
        return "category"
    return "binary" if distinct <= 2 else "numeric"


# %% wrong: "20 values are enough: at least, not more than."
def column_kind(values):
    known = [v for v in values if v is not None]
    distinct = len(set(known))
    if distinct == 0:
        return "empty"
    if distinct == 1 and len(known) == len(values):
        return "constant"
    fraction = any(isinstance(v, float) for v in known)
    if distinct == len(values) and len(values) > 20 and not fraction:
        return "identifier"
    if isinstance(known[0], str):
        return "category"
    return "binary" if distinct <= 2 else "numeric"


# %% wrong: "A column with a gap is no identifier: compare with the number of all values."
def column_kind(values):
    known = [v for v in values if v is not None]
    distinct = len(set(known))
    if distinct == 0:
        return "empty"
    if distinct == 1 and len(known) == len(values):
        return "constant"
    fraction = any(isinstance(v, float) for v in known)
    if distinct == len(known) and len(values) >= 20 and not fraction:
        return "identifier"
    if isinstance(known[0], str):
        return "category"
    return "binary" if distinct <= 2 else "numeric"


# %% wrong: "Texts with two values are a category: binary columns are numbers."
def column_kind(values):
    known = [v for v in values if v is not None]
    distinct = len(set(known))
    if distinct == 0:
        return "empty"
    if distinct == 1 and len(known) == len(values):
        return "constant"
    fraction = any(isinstance(v, float) for v in known)
    if distinct == len(values) and len(values) >= 20 and not fraction:
        return "identifier"
    if distinct <= 2:
        return "binary"
    return "category" if isinstance(known[0], str) else "numeric"


# %% wrong: "A missing value is not a distinct value: leave None out before counting."
def column_kind(values):
    distinct = len(set(values))
    known = [v for v in values if v is not None]
    if not known:
        return "empty"
    if distinct == 1:
        return "constant"
    fraction = any(isinstance(v, float) for v in known)
    if (
        distinct == len(values)
        and len(values) >= 20
        and not fraction
        and None not in values
    ):
        return "identifier"
    if isinstance(known[0], str):
        return "category"
    return "binary" if distinct <= 2 else "numeric"


# %% wrong: "An empty column is not constant: ask for it first."
def column_kind(values):
    known = [v for v in values if v is not None]
    distinct = len(set(known))
    if distinct <= 1 and len(set(values)) == 1:
        return "constant"
    fraction = any(isinstance(v, float) for v in known)
    if distinct == len(values) and len(values) >= 20 and not fraction:
        return "identifier"
    if isinstance(known[0], str):
        return "category"
    return "binary" if distinct <= 2 else "numeric"


# %% wrong: "Binary columns have at most two distinct values."
def column_kind(values):
    known = [v for v in values if v is not None]
    distinct = len(set(known))
    if distinct == 0:
        return "empty"
    if distinct == 1 and len(known) == len(values):
        return "constant"
    fraction = any(isinstance(v, float) for v in known)
    if distinct == len(values) and len(values) >= 20 and not fraction:
        return "identifier"
    if isinstance(known[0], str):
        return "category"
    return "binary" if distinct < 2 else "numeric"


# %% wrong: "The identifier is asked before the category: texts that all differ are one."
def column_kind(values):
    known = [v for v in values if v is not None]
    distinct = len(set(known))
    if distinct == 0:
        return "empty"
    if distinct == 1 and len(known) == len(values):
        return "constant"
    if isinstance(known[0], str):
        return "category"
    fraction = any(isinstance(v, float) for v in known)
    if distinct == len(values) and len(values) >= 20 and not fraction:
        return "identifier"
    return "binary" if distinct <= 2 else "numeric"


# %% check
CASES = [
    Case("no value", args=([None, None],), want="empty"),
    Case("an empty list", args=([],), want="empty"),
    Case("one value", args=(["a", "a"],), want="constant"),
    Case("one value and a gap", args=(["a", None, "a"],), want="category"),
    Case("one number and a gap", args=([1.0, None],), want="binary"),
    Case("20 different ints", args=(list(range(20)),), want="identifier"),
    Case(
        "21 different texts", args=([f"id {i}" for i in range(21)],), want="identifier"
    ),
    Case("19 different ints", args=(list(range(19)),), want="numeric"),
    Case("20 different floats", args=([i + 0.5 for i in range(20)],), want="numeric"),
    Case("one fraction of 20", args=([*range(19), 0.5],), want="numeric"),
    Case("different ints and a gap", args=([None, *range(30)],), want="numeric"),
    Case("two texts", args=(["yes", "no", "yes"],), want="category"),
    Case("two numbers and a gap", args=([0, 1, None, 1],), want="binary"),
    Case("two numbers", args=([0, 1, 0, 1],), want="binary"),
    Case("three numbers", args=([0, 1, 2, 2],), want="numeric"),
]
