"""Exercise 11.8: Alignment with complex numbers."""


# %% stub
def turn_and_scale(source, target):
    """Return the 2 x 3 matrix of the turn, scale and shift that bring points closest to others.

    source and target are lists of points (x, y). As complex numbers x + iy, a turn with a scale is
    the product with one number, and least squares is a formula of one line. Return two lists of
    three numbers; the third column is the shift.
    """
    raise NotImplementedError


# %% solution
def turn_and_scale(source, target):
    z = [complex(x, y) for x, y in source]
    w = [complex(x, y) for x, y in target]
    z_mean, w_mean = sum(z) / len(z), sum(w) / len(w)
    products = [b * (a - z_mean).conjugate() for a, b in zip(z, w)]
    factor = sum(products) / sum(abs(a - z_mean) ** 2 for a in z)
    shift = w_mean - factor * z_mean
    return [
        [factor.real, -factor.imag, shift.real],
        [factor.imag, factor.real, shift.imag],
    ]


# %% wrong: "Take the means away first: the turn is about the centre of the points."
def turn_and_scale(source, target):
    z = [complex(x, y) for x, y in source]
    w = [complex(x, y) for x, y in target]
    z_mean, w_mean = 0, 0
    products = [b * (a - z_mean).conjugate() for a, b in zip(z, w)]
    factor = sum(products) / sum(abs(a - z_mean) ** 2 for a in z)
    shift = w_mean - factor * z_mean
    return [
        [factor.real, -factor.imag, shift.real],
        [factor.imag, factor.real, shift.imag],
    ]


# %% wrong: "One of the two factors is conjugated: without, angles are added and not compared."
def turn_and_scale(source, target):
    z = [complex(x, y) for x, y in source]
    w = [complex(x, y) for x, y in target]
    z_mean, w_mean = sum(z) / len(z), sum(w) / len(w)
    products = [b * (a - z_mean) for a, b in zip(z, w)]
    factor = sum(products) / sum(abs(a - z_mean) ** 2 for a in z)
    shift = w_mean - factor * z_mean
    return [
        [factor.real, -factor.imag, shift.real],
        [factor.imag, factor.real, shift.imag],
    ]


# %% wrong: "The source is conjugated, not the target: this turns the other way."
def turn_and_scale(source, target):
    z = [complex(x, y) for x, y in source]
    w = [complex(x, y) for x, y in target]
    z_mean, w_mean = sum(z) / len(z), sum(w) / len(w)
    products = [b.conjugate() * (a - z_mean) for a, b in zip(z, w)]
    factor = sum(products) / sum(abs(a - z_mean) ** 2 for a in z)
    shift = w_mean - factor * z_mean
    return [
        [factor.real, -factor.imag, shift.real],
        [factor.imag, factor.real, shift.imag],
    ]


# %% wrong: "This turns without scaling."
def turn_and_scale(source, target):
    z = [complex(x, y) for x, y in source]
    w = [complex(x, y) for x, y in target]
    z_mean, w_mean = sum(z) / len(z), sum(w) / len(w)
    products = [b * (a - z_mean).conjugate() for a, b in zip(z, w)]
    factor = sum(products) / sum(abs(a - z_mean) ** 2 for a in z)
    factor /= abs(factor)
    shift = w_mean - factor * z_mean
    return [
        [factor.real, -factor.imag, shift.real],
        [factor.imag, factor.real, shift.imag],
    ]


# %% wrong: "The shift is what is left after the turned mean, not the difference of the means."
def turn_and_scale(source, target):
    z = [complex(x, y) for x, y in source]
    w = [complex(x, y) for x, y in target]
    z_mean, w_mean = sum(z) / len(z), sum(w) / len(w)
    products = [b * (a - z_mean).conjugate() for a, b in zip(z, w)]
    factor = sum(products) / sum(abs(a - z_mean) ** 2 for a in z)
    shift = w_mean - z_mean
    return [
        [factor.real, -factor.imag, shift.real],
        [factor.imag, factor.real, shift.imag],
    ]


# %% wrong: "The signs of a turn are minus above, plus below."
def turn_and_scale(source, target):
    z = [complex(x, y) for x, y in source]
    w = [complex(x, y) for x, y in target]
    z_mean, w_mean = sum(z) / len(z), sum(w) / len(w)
    products = [b * (a - z_mean).conjugate() for a, b in zip(z, w)]
    factor = sum(products) / sum(abs(a - z_mean) ** 2 for a in z)
    shift = w_mean - factor * z_mean
    return [
        [factor.real, factor.imag, shift.real],
        [-factor.imag, factor.real, shift.imag],
    ]


# %% wrong: "This is the way back, from target to source."
def turn_and_scale(source, target):
    source, target = target, source
    z = [complex(x, y) for x, y in source]
    w = [complex(x, y) for x, y in target]
    z_mean, w_mean = sum(z) / len(z), sum(w) / len(w)
    products = [b * (a - z_mean).conjugate() for a, b in zip(z, w)]
    factor = sum(products) / sum(abs(a - z_mean) ** 2 for a in z)
    shift = w_mean - factor * z_mean
    return [
        [factor.real, -factor.imag, shift.real],
        [factor.imag, factor.real, shift.imag],
    ]


# %% wrong: "This is a mirror image: the second row is (imaginary, real)."
def turn_and_scale(source, target):
    z = [complex(x, y) for x, y in source]
    w = [complex(x, y) for x, y in target]
    z_mean, w_mean = sum(z) / len(z), sum(w) / len(w)
    products = [b * (a - z_mean).conjugate() for a, b in zip(z, w)]
    factor = sum(products) / sum(abs(a - z_mean) ** 2 for a in z)
    shift = w_mean - factor * z_mean
    return [
        [factor.real, factor.imag, shift.real],
        [factor.imag, -factor.real, shift.imag],
    ]


# %% wrong: "All points count, not the first two alone."
def turn_and_scale(source, target):
    source, target = source[:2], target[:2]
    z = [complex(x, y) for x, y in source]
    w = [complex(x, y) for x, y in target]
    z_mean, w_mean = sum(z) / len(z), sum(w) / len(w)
    products = [b * (a - z_mean).conjugate() for a, b in zip(z, w)]
    factor = sum(products) / sum(abs(a - z_mean) ** 2 for a in z)
    shift = w_mean - factor * z_mean
    return [
        [factor.real, -factor.imag, shift.real],
        [factor.imag, factor.real, shift.imag],
    ]


# %% wrong: "Divide by the sum of squared distances from the mean, not by the number of points."
def turn_and_scale(source, target):
    z = [complex(x, y) for x, y in source]
    w = [complex(x, y) for x, y in target]
    z_mean, w_mean = sum(z) / len(z), sum(w) / len(w)
    products = [b * (a - z_mean).conjugate() for a, b in zip(z, w)]
    factor = sum(products) / len(z)
    shift = w_mean - factor * z_mean
    return [
        [factor.real, -factor.imag, shift.real],
        [factor.imag, factor.real, shift.imag],
    ]


# %% wrong: "Distances are squared below the fraction line."
def turn_and_scale(source, target):
    z = [complex(x, y) for x, y in source]
    w = [complex(x, y) for x, y in target]
    z_mean, w_mean = sum(z) / len(z), sum(w) / len(w)
    products = [b * (a - z_mean).conjugate() for a, b in zip(z, w)]
    factor = sum(products) / sum(abs(a - z_mean) for a in z)
    shift = w_mean - factor * z_mean
    return [
        [factor.real, -factor.imag, shift.real],
        [factor.imag, factor.real, shift.imag],
    ]


# %% wrong: "The shift of x stands in the first row."
def turn_and_scale(source, target):
    z = [complex(x, y) for x, y in source]
    w = [complex(x, y) for x, y in target]
    z_mean, w_mean = sum(z) / len(z), sum(w) / len(w)
    products = [b * (a - z_mean).conjugate() for a, b in zip(z, w)]
    factor = sum(products) / sum(abs(a - z_mean) ** 2 for a in z)
    shift = w_mean - factor * z_mean
    return [
        [factor.real, -factor.imag, shift.imag],
        [factor.imag, factor.real, shift.real],
    ]


# %% check
CASES = [
    Case(
        "the chapter's eyes",
        args=([(0, 0), (0, 10)], [(20, 30), (40, 30)]),
        want=[[0, 2, 20], [-2, 0, 30]],
    ),
    Case(
        "only a shift",
        args=([(0, 0), (1, 0), (0, 1)], [(5, 7), (6, 7), (5, 8)]),
        want=[[1, 0, 5], [0, 1, 7]],
    ),
    Case(
        "a quarter turn, three times as large",
        args=([(1, 1), (3, 1), (1, 2)], [(-3, 3), (-3, 9), (-6, 3)]),
        want=[[0, -3, 0], [3, 0, 0]],
    ),
    # Centred: (-1, 0), (1, 0), (0, 3), (0, -3) to (-1, 0), (1, 0), (0, 1), (0, -1).
    Case(
        "no exact fit",
        args=([(1, 4), (3, 4), (2, 7), (2, 1)], [(9, 0), (11, 0), (10, 1), (10, -1)]),
        want=[[0.4, 0, 9.2], [0, 0.4, -1.6]],
    ),
]
