"""Exercise 13.6: A manifest that JSON can hold."""


# %% stub
def plain_json(value):
    """Return value with every NumPy scalar and array, however deep, as plain Python.

    value is built of dicts, lists, tuples, texts, numbers, truth values, None, NumPy scalars
    and NumPy arrays. Tuples and arrays become lists. A dict's keys are texts and stay. A
    float, NumPy's too, that is not finite raises ValueError.
    """
    raise NotImplementedError


# %% solution
def plain_json(value):
    import math

    import numpy as np

    if isinstance(value, dict):
        return {key: plain_json(v) for key, v in value.items()}
    if isinstance(value, (np.ndarray, np.generic)):
        return plain_json(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain_json(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"not finite: {value}")
    return value


# %% wrong: "Lists may hold NumPy scalars too: convert their items."
def plain_json(value):
    import numpy as np

    if isinstance(value, dict):
        return {key: plain_json(v) for key, v in value.items()}
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    return list(value) if isinstance(value, tuple) else value


# %% wrong: "Dicts are not converted: do their values too."
def plain_json(value):
    import math

    import numpy as np

    if isinstance(value, (np.ndarray, np.generic)):
        return plain_json(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain_json(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError
    return value


# %% wrong: "A number that is not finite must raise ValueError: JSON has no NaN."
def plain_json(value):
    import numpy as np

    if isinstance(value, dict):
        return {key: plain_json(v) for key, v in value.items()}
    if isinstance(value, (np.ndarray, np.generic)):
        return plain_json(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain_json(v) for v in value]
    return value


# %% wrong: "Numbers became texts: keep them numbers."
def plain_json(value):
    import json

    return json.loads(json.dumps(value, default=str))


# %% wrong: "NumPy scalars are not converted, only arrays."
def plain_json(value):
    import math

    import numpy as np

    if isinstance(value, dict):
        return {key: plain_json(v) for key, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain_json(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain_json(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError
    return value


# %% wrong: "Whole numbers became fractions: keep their kind."
def plain_json(value):
    import math

    import numpy as np

    if isinstance(value, dict):
        return {key: plain_json(v) for key, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain_json(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain_json(v) for v in value]
    if isinstance(value, np.number):
        value = float(value)
    if isinstance(value, np.bool_):
        value = bool(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError
    return value


# %% wrong: "NumPy's truth values are missing: np.bool_ is no number."
def plain_json(value):
    import math

    import numpy as np

    if isinstance(value, dict):
        return {key: plain_json(v) for key, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain_json(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain_json(v) for v in value]
    if isinstance(value, np.number):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError
    return value


# %% wrong: "What is not finite inside an array must raise too."
def plain_json(value):
    import math

    import numpy as np

    if isinstance(value, dict):
        return {key: plain_json(v) for key, v in value.items()}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain_json(v) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError
    return value


# %% wrong: "Tuples are not converted: JSON's only sequence is the list."
def plain_json(value):
    import math

    import numpy as np

    if isinstance(value, dict):
        return {key: plain_json(v) for key, v in value.items()}
    if isinstance(value, (np.ndarray, np.generic)):
        return plain_json(value.tolist())
    if isinstance(value, list):
        return [plain_json(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError
    return value


# %% wrong: "Return the value, not its JSON text."
def plain_json(value):
    import json

    import numpy as np

    return json.dumps(
        value,
        default=lambda v: v.tolist() if isinstance(v, (np.ndarray, np.generic)) else v,
    )


# %% check
def same_and_plain(got, want):
    """Compare values and their types, which JSON needs."""
    if type(got) is not type(want):
        return False
    if isinstance(want, dict):
        return got.keys() == want.keys() and all(
            same_and_plain(got[k], want[k]) for k in want
        )
    if isinstance(want, list):
        return len(got) == len(want) and all(map(same_and_plain, got, want))
    return got == want


def made(kind):
    import numpy as np

    return {
        "count": np.int64(3),
        "flag": np.bool_(True),
        "nested": {"shape": (np.int32(2), 4), "rate": np.float32(0.5)},
        "table": np.array([[1, 2], [3, 4]]),
        "list": [np.float64(0.25), None, "text"],
        "nan": np.array([1.0, np.nan]),
        "infinite": {"a": [float("inf")]},
    }[kind]


CASES = [
    Case("a count", args=(made("count"),), want=3, compare=same_and_plain),
    Case("a truth value", args=(made("flag"),), want=True, compare=same_and_plain),
    Case(
        "nested",
        args=(made("nested"),),
        want={"shape": [2, 4], "rate": 0.5},
        compare=same_and_plain,
    ),
    Case(
        "an array", args=(made("table"),), want=[[1, 2], [3, 4]], compare=same_and_plain
    ),
    Case(
        "a list",
        args=(made("list"),),
        want=[0.25, None, "text"],
        compare=same_and_plain,
    ),
    Case("NaN in an array", args=(made("nan"),), raises=ValueError),
    Case("infinite, deep inside", args=(made("infinite"),), raises=ValueError),
]
