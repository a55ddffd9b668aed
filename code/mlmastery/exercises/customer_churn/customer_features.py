"""Exercise 8.7: Features of one customer."""


# %% stub
def customer_features(tenure, contract, internet, protections, monthly, total):
    """Return three features of one customer, in a list.

    First, 1 in the first half year (a tenure of 6 months or less) with the contract
    "Month-to-month", else 0. Second, 1 with the internet service "Fiber optic" and no
    protection, else 0; protections is their number. Third, the rise of today's bill: the
    monthly charge minus the average so far, which is the total over the months of tenure.
    A customer with a tenure of 0 has no average, and a rise of 0.
    """
    raise NotImplementedError


# %% solution
def customer_features(tenure, contract, internet, protections, monthly, total):
    average = total / tenure if tenure > 0 else monthly
    return [
        int(tenure <= 6 and contract == "Month-to-month"),
        int(internet == "Fiber optic" and protections == 0),
        monthly - average,
    ]


# %% wrong: "A tenure of 6 months is still in the first half year."
def customer_features(tenure, contract, internet, protections, monthly, total):
    average = total / tenure if tenure > 0 else monthly
    return [
        int(tenure < 6 and contract == "Month-to-month"),
        int(internet == "Fiber optic" and protections == 0),
        monthly - average,
    ]


# %% wrong: "The first feature needs both: the first half year and a monthly contract."
def customer_features(tenure, contract, internet, protections, monthly, total):
    average = total / tenure if tenure > 0 else monthly
    return [
        int(tenure <= 6 or contract == "Month-to-month"),
        int(internet == "Fiber optic" and protections == 0),
        monthly - average,
    ]


# %% wrong: "The first feature leaves the contract out."
def customer_features(tenure, contract, internet, protections, monthly, total):
    average = total / tenure if tenure > 0 else monthly
    return [
        int(tenure <= 6),
        int(internet == "Fiber optic" and protections == 0),
        monthly - average,
    ]


# %% wrong: "The first feature leaves the tenure out."
def customer_features(tenure, contract, internet, protections, monthly, total):
    average = total / tenure if tenure > 0 else monthly
    return [
        int(contract == "Month-to-month"),
        int(internet == "Fiber optic" and protections == 0),
        monthly - average,
    ]


# %% wrong: "The second feature needs both: fibre and no protection."
def customer_features(tenure, contract, internet, protections, monthly, total):
    average = total / tenure if tenure > 0 else monthly
    return [
        int(tenure <= 6 and contract == "Month-to-month"),
        int(internet == "Fiber optic" or protections == 0),
        monthly - average,
    ]


# %% wrong: "The second feature leaves the protections out."
def customer_features(tenure, contract, internet, protections, monthly, total):
    average = total / tenure if tenure > 0 else monthly
    return [
        int(tenure <= 6 and contract == "Month-to-month"),
        int(internet == "Fiber optic"),
        monthly - average,
    ]


# %% wrong: "The second feature is 1 for the customers who have a protection."
def customer_features(tenure, contract, internet, protections, monthly, total):
    average = total / tenure if tenure > 0 else monthly
    return [
        int(tenure <= 6 and contract == "Month-to-month"),
        int(internet == "Fiber optic" and protections > 0),
        monthly - average,
    ]


# %% wrong: "The rise is today's bill minus the average, not the average minus today's bill."
def customer_features(tenure, contract, internet, protections, monthly, total):
    average = total / tenure if tenure > 0 else monthly
    return [
        int(tenure <= 6 and contract == "Month-to-month"),
        int(internet == "Fiber optic" and protections == 0),
        average - monthly,
    ]


# %% wrong: "A tenure of 0 gives no average: the rise is 0 then, not the whole bill."
def customer_features(tenure, contract, internet, protections, monthly, total):
    average = total / max(tenure, 1)
    return [
        int(tenure <= 6 and contract == "Month-to-month"),
        int(internet == "Fiber optic" and protections == 0),
        monthly - average,
    ]


# %% wrong: "The total is a sum over months: divide it by the tenure before you compare."
def customer_features(tenure, contract, internet, protections, monthly, total):
    return [
        int(tenure <= 6 and contract == "Month-to-month"),
        int(internet == "Fiber optic" and protections == 0),
        monthly - total if tenure > 0 else 0,
    ]


# %% wrong: "The rise can be negative: a bill may fall."
def customer_features(tenure, contract, internet, protections, monthly, total):
    average = total / tenure if tenure > 0 else monthly
    return [
        int(tenure <= 6 and contract == "Month-to-month"),
        int(internet == "Fiber optic" and protections == 0),
        max(monthly - average, 0),
    ]


# %% wrong: "The rise is a difference in dollars, not a ratio."
def customer_features(tenure, contract, internet, protections, monthly, total):
    average = total / tenure if tenure > 0 else monthly
    return [
        int(tenure <= 6 and contract == "Month-to-month"),
        int(internet == "Fiber optic" and protections == 0),
        monthly / average - 1,
    ]


# %% check
MONTHLY, FIBRE = "Month-to-month", "Fiber optic"
CASES = [
    # the average is 180 / 3 = 60
    Case(
        "new, fibre, dearer", args=(3, MONTHLY, FIBRE, 0, 70.0, 180.0), want=[1, 1, 10]
    ),
    Case(
        "half a year, cheaper",
        args=(6, MONTHLY, "DSL", 0, 40.0, 300.0),
        want=[1, 0, -10],
    ),
    Case("seven months", args=(7, MONTHLY, FIBRE, 2, 50.0, 350.0), want=[0, 0, 0]),
    Case(
        "new with a contract", args=(2, "One year", "No", 0, 25.0, 40.0), want=[0, 0, 5]
    ),
    Case("one month", args=(1, MONTHLY, "DSL", 1, 50.0, 45.0), want=[1, 0, 5]),
    Case("not yet billed", args=(0, "Two year", FIBRE, 1, 80.0, 0.0), want=[0, 0, 0]),
]
