"""Exercise 8.4: Kaplan-Meier on paper."""


# %% stub
def kaplan_meier(durations, events):
    """Return a list of pairs (time, share still there after it), by rising time.

    durations and events are lists of equal length; an event of 1 means that the customer
    left at that time, 0 that he or she was still there when last seen. Only times at which
    a customer left have a pair. A customer last seen at a time was still at risk then.
    """
    raise NotImplementedError


# %% solution
def kaplan_meier(durations, events):
    pairs, survival = [], 1.0
    for time in sorted({t for t, e in zip(durations, events) if e}):
        at_risk = sum(t >= time for t in durations)
        left = sum(t == time and e == 1 for t, e in zip(durations, events))
        survival *= 1 - left / at_risk
        pairs.append((time, survival))
    return pairs


# %% wrong: "Customers who are still there are left out. They were at risk until they were last seen."
def kaplan_meier(durations, events):
    pairs, survival = [], 1.0
    for time in sorted({t for t, e in zip(durations, events) if e}):
        at_risk = sum(t >= time and e == 1 for t, e in zip(durations, events))
        left = sum(t == time and e == 1 for t, e in zip(durations, events))
        survival *= 1 - left / at_risk
        pairs.append((time, survival))
    return pairs


# %% wrong: "Customers last seen at a time did not leave then: count events only."
def kaplan_meier(durations, events):
    pairs, survival = [], 1.0
    for time in sorted({t for t, e in zip(durations, events) if e}):
        at_risk = sum(t >= time for t in durations)
        left = sum(t == time for t in durations)
        survival *= 1 - left / at_risk
        pairs.append((time, survival))
    return pairs


# %% wrong: "A customer who leaves at a time was at risk then: use at least, not more than."
def kaplan_meier(durations, events):
    pairs, survival = [], 1.0
    for time in sorted({t for t, e in zip(durations, events) if e}):
        at_risk = sum(t > time for t in durations) or 1
        left = sum(t == time and e == 1 for t, e in zip(durations, events))
        survival *= 1 - left / at_risk
        pairs.append((time, survival))
    return pairs


# %% wrong: "The number at risk shrinks: those who left or were last seen before are gone."
def kaplan_meier(durations, events):
    pairs, survival = [], 1.0
    for time in sorted({t for t, e in zip(durations, events) if e}):
        at_risk = len(durations)
        left = sum(t == time and e == 1 for t, e in zip(durations, events))
        survival *= 1 - left / at_risk
        pairs.append((time, survival))
    return pairs


# %% wrong: "A pair for every time: only times at which a customer left have one."
def kaplan_meier(durations, events):
    pairs, survival = [], 1.0
    for time in sorted(set(durations)):
        at_risk = sum(t >= time for t in durations)
        left = sum(t == time and e == 1 for t, e in zip(durations, events))
        survival *= 1 - left / at_risk
        pairs.append((time, survival))
    return pairs


# %% wrong: "Shares that left are added up. Shares that stayed are multiplied."
def kaplan_meier(durations, events):
    pairs, survival = [], 1.0
    for time in sorted({t for t, e in zip(durations, events) if e}):
        at_risk = sum(t >= time for t in durations)
        left = sum(t == time and e == 1 for t, e in zip(durations, events))
        survival -= left / at_risk
        pairs.append((time, survival))
    return pairs


# %% wrong: "One pair per time, not per customer: those who leave together are one step."
def kaplan_meier(durations, events):
    pairs, survival = [], 1.0
    for time in sorted(t for t, e in zip(durations, events) if e):
        at_risk = sum(t >= time for t in durations)
        left = sum(t == time and e == 1 for t, e in zip(durations, events))
        survival *= 1 - left / at_risk
        pairs.append((time, survival))
    return pairs


# %% wrong: "This is the share that stays through one time. Multiply it into what was left."
def kaplan_meier(durations, events):
    pairs, survival = [], 1.0
    for time in sorted({t for t, e in zip(durations, events) if e}):
        at_risk = sum(t >= time for t in durations)
        left = sum(t == time and e == 1 for t, e in zip(durations, events))
        survival = 1 - left / at_risk
        pairs.append((time, survival))
    return pairs


# %% wrong: "This is the share that has left. Return what is still there."
def kaplan_meier(durations, events):
    pairs, survival = [], 1.0
    for time in sorted({t for t, e in zip(durations, events) if e}):
        at_risk = sum(t >= time for t in durations)
        left = sum(t == time and e == 1 for t, e in zip(durations, events))
        survival *= 1 - left / at_risk
        pairs.append((time, 1 - survival))
    return pairs


# %% wrong: "The pair holds the share after the time, so append it after the step."
def kaplan_meier(durations, events):
    pairs, survival = [], 1.0
    for time in sorted({t for t, e in zip(durations, events) if e}):
        pairs.append((time, survival))
        at_risk = sum(t >= time for t in durations)
        left = sum(t == time and e == 1 for t, e in zip(durations, events))
        survival *= 1 - left / at_risk
    return pairs


# %% wrong: "Times must rise."
def kaplan_meier(durations, events):
    pairs, survival = [], 1.0
    for time in sorted({t for t, e in zip(durations, events) if e}):
        at_risk = sum(t >= time for t in durations)
        left = sum(t == time and e == 1 for t, e in zip(durations, events))
        survival *= 1 - left / at_risk
        pairs.append((time, survival))
    return pairs[::-1]


# %% wrong: "The curve starts at 1 without a pair: only times at which a customer left have one."
def kaplan_meier(durations, events):
    pairs, survival = [(0, 1.0)], 1.0
    for time in sorted({t for t, e in zip(durations, events) if e}):
        at_risk = sum(t >= time for t in durations)
        left = sum(t == time and e == 1 for t, e in zip(durations, events))
        survival *= 1 - left / at_risk
        pairs.append((time, survival))
    return pairs


# %% wrong: "Each step counts all who left so far. Count those who left at that very time."
def kaplan_meier(durations, events):
    pairs, survival = [], 1.0
    for time in sorted({t for t, e in zip(durations, events) if e}):
        at_risk = sum(t >= time for t in durations)
        left = sum(t <= time and e == 1 for t, e in zip(durations, events))
        survival *= 1 - left / at_risk
        pairs.append((time, survival))
    return pairs


# %% wrong: "A customer last seen at a time was still at risk then: those who leave at that time come first."
def kaplan_meier(durations, events):
    pairs, survival = [], 1.0
    for time in sorted({t for t, e in zip(durations, events) if e}):
        left = sum(t == time and e == 1 for t, e in zip(durations, events))
        at_risk = sum(t > time for t in durations) + left
        survival *= 1 - left / at_risk
        pairs.append((time, survival))
    return pairs


# %% wrong: "Times come in the order of the list here. Sort them: who leaves first has the first step."
def kaplan_meier(durations, events):
    pairs, survival = [], 1.0
    for time in dict.fromkeys(t for t, e in zip(durations, events) if e):
        at_risk = sum(t >= time for t in durations)
        left = sum(t == time and e == 1 for t, e in zip(durations, events))
        survival *= 1 - left / at_risk
        pairs.append((time, survival))
    return pairs


# %% wrong: "This is a share of all customers. Those last seen before a time were not at risk then: multiply shares of those at risk."
def kaplan_meier(durations, events):
    times = sorted({t for t, e in zip(durations, events) if e})
    return [(time, sum(t > time for t in durations) / len(durations)) for time in times]


# %% check
CASES = [
    # 4 at risk, 1 leaves; 3 at risk, 1 leaves; 1 at risk, none
    Case(
        "four customers",
        args=([1, 2, 2, 3], [1, 0, 1, 0]),
        want=[(1, 0.75), (2, 0.5)],
    ),
    Case("two leave at once", args=([5, 5, 9], [1, 1, 1]), want=[(5, 1 / 3), (9, 0.0)]),
    Case("all are still there", args=([3, 4], [0, 0]), want=[]),
    Case(
        "seen before the first leaves",
        args=([1, 2, 3, 6, 6], [0, 1, 1, 1, 0]),
        want=[(2, 0.75), (3, 0.5), (6, 0.25)],
    ),
    # 3 at risk, 1 leaves; 2 at risk, 1 leaves; 1 at risk, none
    Case(
        "not in the order of time",
        args=([7, 9, 4], [1, 0, 1]),
        want=[(4, 2 / 3), (7, 1 / 3)],
    ),
]
