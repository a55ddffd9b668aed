"""Exercise 16.6: Along the arc."""


# %% stub
def arc(a, b, t):
    """Return the point at share t of the arc from a to b, a list.

    a and b are lists of one length, neither zero, and do not point in opposite
    directions. If both have one direction, walk along the straight line.
    """
    raise NotImplementedError


# %% solution
def arc(a, b, t):
    import math

    lengths = [math.sqrt(sum(x * x for x in v)) for v in (a, b)]
    product = sum(x * y for x, y in zip(a, b))
    cosine = product / (lengths[0] * lengths[1])
    angle = math.acos(max(-1.0, min(1.0, cosine)))
    if angle < 1e-7:
        first, second = 1 - t, t
    else:
        first = math.sin((1 - t) * angle) / math.sin(angle)
        second = math.sin(t * angle) / math.sin(angle)
    return [first * x + second * y for x, y in zip(a, b)]


# %% wrong: "This is the straight line."
def arc(a, b, t):
    import math

    lengths = [math.sqrt(sum(x * x for x in v)) for v in (a, b)]
    product = sum(x * y for x, y in zip(a, b))
    cosine = product / (lengths[0] * lengths[1])
    angle = math.acos(max(-1.0, min(1.0, cosine)))
    if angle < 1e-7:
        first, second = 1 - t, t
    else:
        first = 1 - t
        second = t
    return [first * x + second * y for x, y in zip(a, b)]


# %% wrong: "Divide the inner product by both lengths."
def arc(a, b, t):
    import math

    lengths = [math.sqrt(sum(x * x for x in v)) for v in (a, b)]
    product = sum(x * y for x, y in zip(a, b))
    cosine = product / (lengths[0] * lengths[1]) ** 0
    angle = math.acos(max(-1.0, min(1.0, cosine)))
    if angle < 1e-7:
        first, second = 1 - t, t
    else:
        first = math.sin((1 - t) * angle) / math.sin(angle)
        second = math.sin(t * angle) / math.sin(angle)
    return [first * x + second * y for x, y in zip(a, b)]


# %% wrong: "Divide the inner product by the length of b too."
def arc(a, b, t):
    import math

    lengths = [math.sqrt(sum(x * x for x in v)) for v in (a, b)]
    product = sum(x * y for x, y in zip(a, b))
    cosine = product / (lengths[0] * lengths[0])
    angle = math.acos(max(-1.0, min(1.0, cosine)))
    if angle < 1e-7:
        first, second = 1 - t, t
    else:
        first = math.sin((1 - t) * angle) / math.sin(angle)
        second = math.sin(t * angle) / math.sin(angle)
    return [first * x + second * y for x, y in zip(a, b)]


# %% wrong: "Divide the inner product by the length of a too."
def arc(a, b, t):
    import math

    lengths = [math.sqrt(sum(x * x for x in v)) for v in (a, b)]
    product = sum(x * y for x, y in zip(a, b))
    cosine = product / (lengths[1] * lengths[1])
    angle = math.acos(max(-1.0, min(1.0, cosine)))
    if angle < 1e-7:
        first, second = 1 - t, t
    else:
        first = math.sin((1 - t) * angle) / math.sin(angle)
        second = math.sin(t * angle) / math.sin(angle)
    return [first * x + second * y for x, y in zip(a, b)]


# %% wrong: "With equal directions the sine is 0: walk the line."
def arc(a, b, t):
    import math

    lengths = [math.sqrt(sum(x * x for x in v)) for v in (a, b)]
    product = sum(x * y for x, y in zip(a, b))
    cosine = product / (lengths[0] * lengths[1])
    angle = math.acos(max(-1.0, min(1.0, cosine)))
    if angle < -1:
        first, second = 1 - t, t
    else:
        first = math.sin((1 - t) * angle) / math.sin(angle)
        second = math.sin(t * angle) / math.sin(angle)
    return [first * x + second * y for x, y in zip(a, b)]


# %% wrong: "At t = 0 the point is a."
def arc(a, b, t):
    import math

    lengths = [math.sqrt(sum(x * x for x in v)) for v in (a, b)]
    product = sum(x * y for x, y in zip(a, b))
    cosine = product / (lengths[0] * lengths[1])
    angle = math.acos(max(-1.0, min(1.0, cosine)))
    if angle < 1e-7:
        first, second = 1 - t, t
    else:
        first = math.sin(t * angle) / math.sin(angle)
        second = math.sin((1 - t) * angle) / math.sin(angle)
    return [first * x + second * y for x, y in zip(a, b)]


# %% wrong: "Divide by the sine of the angle."
def arc(a, b, t):
    import math

    lengths = [math.sqrt(sum(x * x for x in v)) for v in (a, b)]
    product = sum(x * y for x, y in zip(a, b))
    cosine = product / (lengths[0] * lengths[1])
    angle = math.acos(max(-1.0, min(1.0, cosine)))
    if angle < 1e-7:
        first, second = 1 - t, t
    else:
        first = math.sin((1 - t) * angle)
        second = math.sin(t * angle)
    return [first * x + second * y for x, y in zip(a, b)]


# %% wrong: "Use sines, not cosines, of the shares."
def arc(a, b, t):
    import math

    lengths = [math.sqrt(sum(x * x for x in v)) for v in (a, b)]
    product = sum(x * y for x, y in zip(a, b))
    cosine = product / (lengths[0] * lengths[1])
    angle = math.acos(max(-1.0, min(1.0, cosine)))
    if angle < 1e-7:
        first, second = 1 - t, t
    else:
        first = math.cos(t * angle) / math.sin(angle)
        second = math.sin(t * angle) / math.sin(angle)
    return [first * x + second * y for x, y in zip(a, b)]


# %% wrong: "The middle of the arc is not scaled to length 1: keep the lengths of a and b."
def arc(a, b, t):
    import math

    lengths = [math.sqrt(sum(x * x for x in v)) for v in (a, b)]
    product = sum(x * y for x, y in zip(a, b))
    cosine = product / (lengths[0] * lengths[1])
    angle = math.acos(max(-1.0, min(1.0, cosine)))
    if angle < 1e-7:
        first, second = 1 - t, t
    else:
        first = math.sin((1 - t) * angle) / math.sin(angle)
        second = math.sin(t * angle) / math.sin(angle)
    return [first * x / lengths[0] + second * y / lengths[1] for x, y in zip(a, b)]


# %% wrong: "The angle comes from the arc cosine."
def arc(a, b, t):
    import math

    lengths = [math.sqrt(sum(x * x for x in v)) for v in (a, b)]
    product = sum(x * y for x, y in zip(a, b))
    cosine = product / (lengths[0] * lengths[1])
    angle = max(-1.0, min(1.0, cosine))
    if angle < 1e-7:
        first, second = 1 - t, t
    else:
        first = math.sin((1 - t) * angle) / math.sin(angle)
        second = math.sin(t * angle) / math.sin(angle)
    return [first * x + second * y for x, y in zip(a, b)]


# %% wrong: "The second share grows with t."
def arc(a, b, t):
    import math

    lengths = [math.sqrt(sum(x * x for x in v)) for v in (a, b)]
    product = sum(x * y for x, y in zip(a, b))
    cosine = product / (lengths[0] * lengths[1])
    angle = math.acos(max(-1.0, min(1.0, cosine)))
    if angle < 1e-7:
        first, second = 1 - t, t
    else:
        first = math.sin((1 - t) * angle) / math.sin(angle)
        second = math.sin(t * t * angle) / math.sin(angle)
    return [first * x + second * y for x, y in zip(a, b)]


# %% wrong: "Rounding can carry the cosine above 1: clip it."
def arc(a, b, t):
    import math

    lengths = [math.sqrt(sum(x * x for x in v)) for v in (a, b)]
    product = sum(x * y for x, y in zip(a, b))
    cosine = product / (lengths[0] * lengths[1])
    angle = math.acos(cosine * (1 + 1e-12))
    if angle < 1e-7:
        first, second = 1 - t, t
    else:
        first = math.sin((1 - t) * angle) / math.sin(angle)
        second = math.sin(t * angle) / math.sin(angle)
    return [first * x + second * y for x, y in zip(a, b)]


# %% check
HALF = 0.5**0.5
CASES = [
    Case("on paper", args=([1, 0], [0, 1], 0.5), want=[HALF, HALF]),
    Case("start", args=([1, 0], [0, 1], 0), want=[1.0, 0.0]),
    Case("end", args=([3, 0], [0, 1], 1), want=[0.0, 1.0]),
    # a third of a right angle
    Case("a third", args=([1, 0], [0, 1], 1 / 3), want=[0.75**0.5, 0.5]),
    Case("lengths", args=([3, 0], [0, 1], 0.5), want=[3 * HALF, HALF]),
    # 60 degrees: sin 30 / sin 60 = 1 / sqrt(3)
    Case("60 degrees", args=([2, 0], [1, 3**0.5], 0.5), want=[3**0.5, 1.0]),
    Case("60, unequal", args=([4, 0], [1, 3**0.5], 0.5), want=[5 / 3**0.5, 1.0]),
    # sin 22.5° / sin 45° = 0.5411961001
    Case("45 degrees", args=([2, 0], [1, 1], 0.5), want=[1.6235883005, 0.5411961001]),
    Case("one direction", args=([1, 2], [2, 4], 0.5), want=[1.5, 3.0]),
    Case("equal", args=([0.1, 0.2, 0.3], [0.1, 0.2, 0.3], 0.5), want=[0.1, 0.2, 0.3]),
    # cos 2/5 of a half turn's angle: an obtuse one of 120 degrees
    Case("120 degrees", args=([2, 0], [-1, 3**0.5], 0.5), want=[1.0, 3**0.5]),
]
