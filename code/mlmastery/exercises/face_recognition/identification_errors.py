"""Exercise 11.11: False alarms and misses of identification."""


# %% stub
def identification_errors(named, truth):
    """Return the share of false alarms and the share of misses.

    ``named`` holds what the system said of each probe: a name, or
    None for unknown. ``truth`` holds who it is: a name, or None for a
    stranger, who is not enrolled. A false alarm is a stranger who is
    given a name; the share is of all strangers. A miss is an enrolled
    person who is not given the own name; the share is of all probes
    of enrolled people. A kind that does not occur has the share 0.
    """
    raise NotImplementedError


# %% solution
def identification_errors(named, truth):
    strangers = [n for n, t in zip(named, truth) if t is None]
    enrolled = [n == t for n, t in zip(named, truth) if t is not None]
    alarms = sum(n is not None for n in strangers)
    misses = len(enrolled) - sum(enrolled)
    return alarms / max(len(strangers), 1), misses / max(len(enrolled), 1)


# %% wrong: "Each error has its own denominator: strangers for false alarms, enrolled people for misses."
def identification_errors(named, truth):
    alarms = sum(n is not None for n, t in zip(named, truth) if t is None)
    misses = sum(n != t for n, t in zip(named, truth) if t is not None)
    return alarms / len(truth), misses / len(truth)


# %% wrong: "An enrolled person who is given somebody else's name is a miss too."
def identification_errors(named, truth):
    strangers = [n for n, t in zip(named, truth) if t is None]
    enrolled = [n for n, t in zip(named, truth) if t is not None]
    alarms = sum(n is not None for n in strangers)
    misses = sum(n is None for n in enrolled)
    return alarms / max(len(strangers), 1), misses / max(len(enrolled), 1)


# %% wrong: "An enrolled person with a wrong name is a miss, not a false alarm: only strangers raise those here."
def identification_errors(named, truth):
    strangers = sum(t is None for t in truth)
    enrolled = len(truth) - strangers
    alarms = sum(n is not None and n != t for n, t in zip(named, truth))
    misses = sum(n is None for n, t in zip(named, truth) if t is not None)
    return alarms / max(strangers, 1), misses / max(enrolled, 1)


# %% wrong: "The order of the result is false alarms, then misses."
def identification_errors(named, truth):
    strangers = [n for n, t in zip(named, truth) if t is None]
    enrolled = [n == t for n, t in zip(named, truth) if t is not None]
    alarms = sum(n is not None for n in strangers)
    misses = len(enrolled) - sum(enrolled)
    return misses / max(len(enrolled), 1), alarms / max(len(strangers), 1)


# %% wrong: "You returned the shares that went right. Errors are asked for."
def identification_errors(named, truth):
    strangers = [n for n, t in zip(named, truth) if t is None]
    enrolled = [n == t for n, t in zip(named, truth) if t is not None]
    quiet = sum(n is None for n in strangers)
    return quiet / max(len(strangers), 1), sum(enrolled) / max(len(enrolled), 1)


# %% wrong: "The false alarms are divided by the names given. Divide by the strangers, whatever they were called."
def identification_errors(named, truth):
    given = sum(n is not None for n in named)
    alarms = sum(n is not None for n, t in zip(named, truth) if t is None)
    enrolled = [n == t for n, t in zip(named, truth) if t is not None]
    misses = len(enrolled) - sum(enrolled)
    return alarms / max(given, 1), misses / max(len(enrolled), 1)


# %% wrong: "You counted. Shares are asked for."
def identification_errors(named, truth):
    alarms = sum(n is not None for n, t in zip(named, truth) if t is None)
    misses = sum(n != t for n, t in zip(named, truth) if t is not None)
    return alarms, misses


# %% wrong: "Where there are no strangers, or nobody enrolled, the share is 0 and no error."
def identification_errors(named, truth):
    strangers = [n for n, t in zip(named, truth) if t is None]
    enrolled = [n == t for n, t in zip(named, truth) if t is not None]
    alarms = sum(n is not None for n in strangers)
    return alarms / len(strangers), 1 - sum(enrolled) / len(enrolled)


# %% wrong: "A stranger who stays unknown is no false alarm."
def identification_errors(named, truth):
    strangers = [n for n, t in zip(named, truth) if t is None]
    enrolled = [n == t for n, t in zip(named, truth) if t is not None]
    misses = len(enrolled) - sum(enrolled)
    alarms = sum(n is None for n in strangers)
    return alarms / max(len(strangers), 1), misses / max(len(enrolled), 1)


# %% wrong: "This is one share of all errors. The two kinds are not the same to anybody at the door."
def identification_errors(named, truth):
    wrong = sum(n != t for n, t in zip(named, truth)) / max(len(truth), 1)
    return wrong, wrong


# %% check
CASES = [
    # strangers: one of two named; enrolled: one unknown, one mistaken, of four
    Case(
        "all kinds",
        args=(["A", None, "A", "B", None, "A"], [None, None, "A", "B", "B", "B"]),
        want=(1 / 2, 2 / 4),
    ),
    Case("strangers alone", args=(["A", None, None, "B"], [None] * 4), want=(1 / 2, 0)),
    Case("nobody but enrolled", args=(["A", "A"], ["A", "B"]), want=(0, 1 / 2)),
    Case("no errors", args=(["A", None], ["A", None]), want=(0, 0)),
    Case(
        "one of each",
        args=(["B", "B", None, None, None], [None, "A", None, None, "A"]),
        want=(1 / 3, 1),
    ),
]
