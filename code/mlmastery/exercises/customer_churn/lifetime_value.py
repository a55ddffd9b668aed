"""Exercise 8.5: Lifetime value."""


# %% stub
def lifetime_value(survival, margin, annual_discount):
    """Return what one new customer is worth today.

    survival is a list: survival[t] is the share still there after t months, survival[0]
    is 1. The margin is earned at the start of each month, the first today, by those who
    are there. annual_discount is the interest of a year, 0.06 for 6 %.
    """
    raise NotImplementedError


# %% solution
def lifetime_value(survival, margin, annual_discount):
    monthly = (1 + annual_discount) ** (1 / 12)
    return sum(margin * s / monthly**t for t, s in enumerate(survival))


# %% wrong: "A twelfth of the annual rate compounds to more than it: take the twelfth root of one plus the rate."
def lifetime_value(survival, margin, annual_discount):
    monthly = 1 + annual_discount / 12
    return sum(margin * s / monthly**t for t, s in enumerate(survival))


# %% wrong: "Money that comes later is worth less: discount it."
def lifetime_value(survival, margin, annual_discount):
    return sum(margin * s for s in survival)


# %% wrong: "The first margin is earned today and is not discounted."
def lifetime_value(survival, margin, annual_discount):
    monthly = (1 + annual_discount) ** (1 / 12)
    return sum(margin * s / monthly ** (t + 1) for t, s in enumerate(survival))


# %% wrong: "The annual rate is used for every month."
def lifetime_value(survival, margin, annual_discount):
    monthly = 1 + annual_discount
    return sum(margin * s / monthly**t for t, s in enumerate(survival))


# %% wrong: "Margins are earned by those who are there: multiply by the share."
def lifetime_value(survival, margin, annual_discount):
    monthly = (1 + annual_discount) ** (1 / 12)
    return sum(margin / monthly**t for t, s in enumerate(survival))


# %% wrong: "Later money becomes worth more here: divide by the interest."
def lifetime_value(survival, margin, annual_discount):
    monthly = (1 + annual_discount) ** (1 / 12)
    return sum(margin * s * monthly**t for t, s in enumerate(survival))


# %% wrong: "The first month is missing."
def lifetime_value(survival, margin, annual_discount):
    monthly = (1 + annual_discount) ** (1 / 12)
    return sum(margin * s / monthly**t for t, s in enumerate(survival) if t)


# %% wrong: "Months before are counted again in each month: shares are not summed up before they are used."
def lifetime_value(survival, margin, annual_discount):
    monthly = (1 + annual_discount) ** (1 / 12)
    shares = [sum(survival[: t + 1]) for t in range(len(survival))]
    return sum(margin * s / monthly**t for t, s in enumerate(shares))


# %% wrong: "This is the average month. The value is the sum."
def lifetime_value(survival, margin, annual_discount):
    monthly = (1 + annual_discount) ** (1 / 12)
    total = sum(margin * s / monthly**t for t, s in enumerate(survival))
    return total / len(survival)


# %% wrong: "These are discounted months. Multiply by the margin."
def lifetime_value(survival, margin, annual_discount):
    monthly = (1 + annual_discount) ** (1 / 12)
    return sum(s / monthly**t for t, s in enumerate(survival))


# %% wrong: "The interest is simple. Interest of months compounds."
def lifetime_value(survival, margin, annual_discount):
    monthly = (1 + annual_discount) ** (1 / 12)
    return sum(margin * s / (1 + t * (monthly - 1)) for t, s in enumerate(survival))


# %% wrong: "The share is already that after t months: do not multiply it up again."
def lifetime_value(survival, margin, annual_discount):
    monthly = (1 + annual_discount) ** (1 / 12)
    total, alive = 0.0, 1.0
    for t, s in enumerate(survival):
        alive *= s
        total += margin * alive / monthly**t
    return total


# %% wrong: "One month is worth only its own margin: the last one counts too."
def lifetime_value(survival, margin, annual_discount):
    monthly = (1 + annual_discount) ** (1 / 12)
    return sum(margin * s / monthly**t for t, s in enumerate(survival[:-1]))


# %% wrong: "Interest of 6 % a year multiplies by 1.06 in twelve months, not by e to the 0.06."
def lifetime_value(survival, margin, annual_discount):
    factor = 2.718281828459045 ** (-annual_discount / 12)
    return sum(margin * s * factor**t for t, s in enumerate(survival))


# %% wrong: "The margin is earned at the start of each month, not in its middle."
def lifetime_value(survival, margin, annual_discount):
    monthly = (1 + annual_discount) ** (1 / 12)
    return sum(margin * s / monthly ** (t + 0.5) for t, s in enumerate(survival))


# %% wrong: "The interest is given as 0.06 already: do not divide it by 100."
def lifetime_value(survival, margin, annual_discount):
    monthly = (1 + annual_discount / 100) ** (1 / 12)
    return sum(margin * s / monthly**t for t, s in enumerate(survival))


# %% check
CASES = [
    Case("no interest", args=([1.0, 0.5, 0.25], 20, 0.0), want=35.0),
    # (1 + i) ** (1 / 12) is 2 where i is 4095
    Case("money halves each month", args=([1.0, 0.5, 0.25], 16, 4095), want=21.0),
    Case("one month", args=([1.0], 30, 0.06), want=30.0),
    Case("six per cent", args=([1.0, 0.8], 10, 0.06), want=17.961247),
]
