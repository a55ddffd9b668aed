"""Exercise 16.5: A moving average of weights."""


# %% stub
def moving_average(average, network, decay, counters):
    """Return the next average, a new dict; the arguments stay as they are.

    average and network map the same names to numbers. Names in counters, a set, are
    copied from the network; all others become decay * average + (1 - decay) * network.
    """
    raise NotImplementedError


# %% solution
def moving_average(average, network, decay, counters):
    result = {}
    for name, value in network.items():
        mixed = decay * average[name] + (1 - decay) * value
        result[name] = value if name in counters else mixed
    return result


# %% wrong: "decay belongs to the average, 1 - decay to the network."
def moving_average(average, network, decay, counters):
    result = {}
    for name, value in network.items():
        mixed = (1 - decay) * average[name] + decay * value
        result[name] = value if name in counters else mixed
    return result


# %% wrong: "Counters are copied, not averaged."
def moving_average(average, network, decay, counters):
    result = {}
    for name, value in network.items():
        mixed = decay * average[name] + (1 - decay) * value
        result[name] = mixed
    return result


# %% wrong: "Copy the counters from the network, not from the average."
def moving_average(average, network, decay, counters):
    result = {}
    for name, value in network.items():
        mixed = decay * average[name] + (1 - decay) * value
        result[name] = average[name] if name in counters else mixed
    return result


# %% wrong: "Return a new dict."
def moving_average(average, network, decay, counters):
    result = average
    for name, value in network.items():
        mixed = decay * average[name] + (1 - decay) * value
        result[name] = value if name in counters else mixed
    return result


# %% wrong: "The counters are missing from the result."
def moving_average(average, network, decay, counters):
    result = {}
    for name, value in network.items():
        mixed = decay * average[name] + (1 - decay) * value
        if name not in counters:
            result[name] = mixed
    return result


# %% wrong: "The network's share is 1 - decay."
def moving_average(average, network, decay, counters):
    result = {}
    for name, value in network.items():
        mixed = decay * average[name] + value
        result[name] = value if name in counters else mixed
    return result


# %% wrong: "The average's share is decay."
def moving_average(average, network, decay, counters):
    result = {}
    for name, value in network.items():
        mixed = average[name] + (1 - decay) * value
        result[name] = value if name in counters else mixed
    return result


# %% wrong: "With a decay of 0 the result is the network, not the mean."
def moving_average(average, network, decay, counters):
    result = {}
    for name, value in network.items():
        mixed = (average[name] + value) / 2
        result[name] = value if name in counters else mixed
    return result


# %% wrong: "Only counters are copied, all others are averaged."
def moving_average(average, network, decay, counters):
    result = {}
    for name, value in network.items():
        mixed = decay * average[name] + (1 - decay) * value
        result[name] = mixed if name in counters else value
    return result


# %% wrong: "This moves away from the network."
def moving_average(average, network, decay, counters):
    result = {}
    for name, value in network.items():
        mixed = decay * average[name] + (decay - 1) * value
        result[name] = value if name in counters else mixed
    return result


# %% wrong: "Do not round."
def moving_average(average, network, decay, counters):
    result = {}
    for name, value in network.items():
        mixed = decay * average[name] + (1 - decay) * value
        result[name] = value if name in counters else round(mixed)
    return result


# %% check
CASES = [
    Case("on paper", args=({"w": 1.0}, {"w": 3.0}, 0.99, set()), want={"w": 1.02}),
    Case("copy", args=({"w": 1.0}, {"w": 3.0}, 0.0, set()), want={"w": 3.0}),
    Case("keep", args=({"w": 1.0}, {"w": 3.0}, 1.0, set()), want={"w": 1.0}),
    Case(
        "a counter",
        args=({"w": 2.0, "n": 4}, {"w": 4.0, "n": 8}, 0.75, {"n"}),
        want={"w": 2.5, "n": 8},
    ),
    Case("negative", args=({"b": -1.0}, {"b": 1.0}, 0.75, {"n"}), want={"b": -0.5}),
]
