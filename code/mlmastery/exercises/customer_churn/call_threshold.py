"""Exercise 8.1: From which probability does a call pay."""


# %% stub
def call_threshold(contact_cost, save_rate, customer_value):
    """Return the probability of leaving from which a call earns more than it costs.

    contact_cost is paid for each call; save_rate is the share of called leavers who stay
    because of the call; customer_value is what one kept customer is worth. Above 1 means
    that no call pays.
    """
    raise NotImplementedError


# %% solution
def call_threshold(contact_cost, save_rate, customer_value):
    return contact_cost / (save_rate * customer_value)


# %% wrong: "One half is where both classes are equally likely. Where a call pays depends on the money."
def call_threshold(contact_cost, save_rate, customer_value):
    return 0.5


# %% wrong: "A call keeps only some of the leavers: the value is multiplied by the save rate."
def call_threshold(contact_cost, save_rate, customer_value):
    return contact_cost / customer_value


# %% wrong: "The save rate belongs to the value, under the fraction line: it makes the threshold higher when it is small."
def call_threshold(contact_cost, save_rate, customer_value):
    return contact_cost * save_rate / customer_value


# %% wrong: "This is gain over cost. The threshold is cost over gain."
def call_threshold(contact_cost, save_rate, customer_value):
    return save_rate * customer_value / contact_cost


# %% wrong: "The cost is counted twice: a call costs the same for leavers and stayers, and the equation sets p times gain equal to cost."
def call_threshold(contact_cost, save_rate, customer_value):
    return contact_cost / (save_rate * customer_value + contact_cost)


# %% wrong: "These are odds, not a probability: profit of a right call stands below the line."
def call_threshold(contact_cost, save_rate, customer_value):
    return contact_cost / (save_rate * customer_value - contact_cost)


# %% wrong: "Rounding moves the threshold, and with it whom to call."
def call_threshold(contact_cost, save_rate, customer_value):
    return round(contact_cost / (save_rate * customer_value), 1)


# %% wrong: "This is the probability of staying at the threshold. Return that of leaving."
def call_threshold(contact_cost, save_rate, customer_value):
    return 1 - contact_cost / (save_rate * customer_value)


# %% wrong: "The share that the call keeps is the save rate, not its complement."
def call_threshold(contact_cost, save_rate, customer_value):
    return contact_cost / ((1 - save_rate) * customer_value)


# %% wrong: "The save rate says how well a call works, not whom to call."
def call_threshold(contact_cost, save_rate, customer_value):
    return save_rate


# %% wrong: "This is the profit of one right call, an amount of money. Return a probability."
def call_threshold(contact_cost, save_rate, customer_value):
    return save_rate * customer_value - contact_cost


# %% wrong: "Above 1 the threshold has a meaning: no call pays. Do not cut it off."
def call_threshold(contact_cost, save_rate, customer_value):
    return min(1.0, contact_cost / (save_rate * customer_value))


# %% wrong: "Rate and value are multiplied, not added."
def call_threshold(contact_cost, save_rate, customer_value):
    return contact_cost / (save_rate + customer_value)


# %% wrong: "This is a percentage. Return a probability, 0.25 and not 25."
def call_threshold(contact_cost, save_rate, customer_value):
    return 100 * contact_cost / (save_rate * customer_value)


# %% check
CASES = [
    # p · 0.4 · 500 = 50
    Case("the chapter's campaign", args=(50, 0.4, 500), want=0.25),
    Case("a call that always works", args=(30, 1.0, 100), want=0.3),
    Case("a cheap call", args=(1, 0.25, 640), want=0.00625),
    Case("a call that never pays", args=(120, 0.5, 200), want=1.2),
]
