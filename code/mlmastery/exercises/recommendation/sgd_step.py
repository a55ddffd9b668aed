"""Exercise 12.2: One step of FunkSVD."""


# %% stub
def sgd_step(p, q, rating, mean, rate, penalty):
    """Return the factors of the user and of the film after one rating.

    p and q are lists of equal length, the model is mean + p · q without biases. Return two
    lists, the new p and the new q; both steps use the old values.
    """
    raise NotImplementedError


# %% solution
def sgd_step(p, q, rating, mean, rate, penalty):
    error = rating - mean - sum(a * b for a, b in zip(p, q))
    new_p = [a + rate * (error * b - penalty * a) for a, b in zip(p, q)]
    new_q = [b + rate * (error * a - penalty * b) for a, b in zip(p, q)]
    return new_p, new_q


# %% wrong: "The new p already moved when q was updated. Both steps use the old values."
def sgd_step(p, q, rating, mean, rate, penalty):
    error = rating - mean - sum(a * b for a, b in zip(p, q))
    new_p = [a + rate * (error * b - penalty * a) for a, b in zip(p, q)]
    new_q = [b + rate * (error * a - penalty * b) for a, b in zip(new_p, q)]
    return new_p, new_q


# %% wrong: "The error has the wrong sign: it is the rating minus the prediction, and factors move along it."
def sgd_step(p, q, rating, mean, rate, penalty):
    error = mean + sum(a * b for a, b in zip(p, q)) - rating
    new_p = [a + rate * (error * b - penalty * a) for a, b in zip(p, q)]
    new_q = [b + rate * (error * a - penalty * b) for a, b in zip(p, q)]
    return new_p, new_q


# %% wrong: "The mean is part of the prediction: take it from the rating as well."
def sgd_step(p, q, rating, mean, rate, penalty):
    error = rating - sum(a * b for a, b in zip(p, q))
    new_p = [a + rate * (error * b - penalty * a) for a, b in zip(p, q)]
    new_q = [b + rate * (error * a - penalty * b) for a, b in zip(p, q)]
    return new_p, new_q


# %% wrong: "The product of the factors is part of the prediction; here only the mean is."
def sgd_step(p, q, rating, mean, rate, penalty):
    error = rating - mean
    new_p = [a + rate * (error * b - penalty * a) for a, b in zip(p, q)]
    new_q = [b + rate * (error * a - penalty * b) for a, b in zip(p, q)]
    return new_p, new_q


# %% wrong: "The penalty pulls factors towards zero: it is subtracted."
def sgd_step(p, q, rating, mean, rate, penalty):
    error = rating - mean - sum(a * b for a, b in zip(p, q))
    new_p = [a + rate * (error * b + penalty * a) for a, b in zip(p, q)]
    new_q = [b + rate * (error * a + penalty * b) for a, b in zip(p, q)]
    return new_p, new_q


# %% wrong: "The penalty is missing."
def sgd_step(p, q, rating, mean, rate, penalty):
    error = rating - mean - sum(a * b for a, b in zip(p, q))
    new_p = [a + rate * error * b for a, b in zip(p, q)]
    new_q = [b + rate * error * a for a, b in zip(p, q)]
    return new_p, new_q


# %% wrong: "The learning rate multiplies the penalty as well as the error."
def sgd_step(p, q, rating, mean, rate, penalty):
    error = rating - mean - sum(a * b for a, b in zip(p, q))
    new_p = [a + rate * error * b - penalty * a for a, b in zip(p, q)]
    new_q = [b + rate * error * a - penalty * b for a, b in zip(p, q)]
    return new_p, new_q


# %% wrong: "The slope for p is the error times q, and not the error times p."
def sgd_step(p, q, rating, mean, rate, penalty):
    error = rating - mean - sum(a * b for a, b in zip(p, q))
    new_p = [a + rate * (error * a - penalty * a) for a, b in zip(p, q)]
    new_q = [b + rate * (error * b - penalty * b) for a, b in zip(p, q)]
    return new_p, new_q


# %% wrong: "The penalty of p is on p, that of q on q; here they are exchanged."
def sgd_step(p, q, rating, mean, rate, penalty):
    error = rating - mean - sum(a * b for a, b in zip(p, q))
    new_p = [a + rate * (error * b - penalty * b) for a, b in zip(p, q)]
    new_q = [b + rate * (error * a - penalty * a) for a, b in zip(p, q)]
    return new_p, new_q


# %% wrong: "Only p moves. The film learns from the same error."
def sgd_step(p, q, rating, mean, rate, penalty):
    error = rating - mean - sum(a * b for a, b in zip(p, q))
    new_p = [a + rate * (error * b - penalty * a) for a, b in zip(p, q)]
    new_q = list(q)
    return new_p, new_q


# %% wrong: "Only q moves. The user learns from the same error."
def sgd_step(p, q, rating, mean, rate, penalty):
    error = rating - mean - sum(a * b for a, b in zip(p, q))
    new_p = list(p)
    new_q = [b + rate * (error * a - penalty * b) for a, b in zip(p, q)]
    return new_p, new_q


# %% wrong: "Return the user's factors first, then the film's."
def sgd_step(p, q, rating, mean, rate, penalty):
    error = rating - mean - sum(a * b for a, b in zip(p, q))
    new_p = [a + rate * (error * b - penalty * a) for a, b in zip(p, q)]
    new_q = [b + rate * (error * a - penalty * b) for a, b in zip(p, q)]
    return new_q, new_p


# %% wrong: "These are the steps. Return the factors after them."
def sgd_step(p, q, rating, mean, rate, penalty):
    error = rating - mean - sum(a * b for a, b in zip(p, q))
    new_p = [rate * (error * b - penalty * a) for a, b in zip(p, q)]
    new_q = [rate * (error * a - penalty * b) for a, b in zip(p, q)]
    return new_p, new_q


# %% wrong: "The error is squared. The gradient of the squared error has the error itself."
def sgd_step(p, q, rating, mean, rate, penalty):
    error = (rating - mean - sum(a * b for a, b in zip(p, q))) ** 2
    new_p = [a + rate * (error * b - penalty * a) for a, b in zip(p, q)]
    new_q = [b + rate * (error * a - penalty * b) for a, b in zip(p, q)]
    return new_p, new_q


# %% wrong: "The product is over the first factor only. Sum over all of them."
def sgd_step(p, q, rating, mean, rate, penalty):
    error = rating - mean - p[0] * q[0]
    new_p = [a + rate * (error * b - penalty * a) for a, b in zip(p, q)]
    new_q = [b + rate * (error * a - penalty * b) for a, b in zip(p, q)]
    return new_p, new_q


# %% wrong: "This is the exact gradient of the squared error; the formula leaves its factor 2 to the rate."
def sgd_step(p, q, rating, mean, rate, penalty):
    error = rating - mean - sum(a * b for a, b in zip(p, q))
    new_p = [a + 2 * rate * (error * b - penalty * a) for a, b in zip(p, q)]
    new_q = [b + 2 * rate * (error * a - penalty * b) for a, b in zip(p, q)]
    return new_p, new_q


# %% wrong: "The error is computed anew for each factor. All factors of a step use the same error."
def sgd_step(p, q, rating, mean, rate, penalty):
    p, q = list(p), list(q)
    for f in range(len(p)):
        error = rating - mean - sum(a * b for a, b in zip(p, q))
        a, b = p[f], q[f]
        p[f] = a + rate * (error * b - penalty * a)
        q[f] = b + rate * (error * a - penalty * b)
    return p, q


# %% check
CASES = [
    # error 5 - 3 - 0.5 = 1.5
    Case("on paper", args=([1.0], [0.5], 5, 3, 0.1, 0.0), want=([1.075], [0.65])),
    # error 2 - 3.5 - (0.5 - 1) = -1
    Case(
        "two factors",
        args=([0.5, 1.0], [1.0, -1.0], 2, 3.5, 0.1, 0.2),
        want=([0.39, 1.08], [0.93, -1.08]),
    ),
    # error 4 - 3 - 1 = 0: the penalty alone
    Case("no error", args=([2.0], [0.5], 4, 3, 0.5, 0.1), want=([1.9], [0.475])),
]
