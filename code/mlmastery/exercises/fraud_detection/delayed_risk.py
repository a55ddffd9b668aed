"""Exercise 19.3: The risk of a terminal, as it is known."""


# %% stub
def delayed_risk(history, now, delay, width):
    """Return the number of payments with known labels, and the share of frauds in them.

    history is a list of (day, fraud) of one terminal. A label is known delay days after
    its payment. Count payments with now - delay - width < day <= now - delay; without
    any, the share is 0.
    """
    raise NotImplementedError


# %% solution
def delayed_risk(history, now, delay, width):
    end = now - delay
    known = [fraud for day, fraud in history if end - width < day <= end]
    return len(known), sum(known) / max(len(known), 1)


# %% wrong: "Labels of the last days are not known yet."
def delayed_risk(history, now, delay, width):
    known = [fraud for day, fraud in history if now - width < day <= now]
    return len(known), sum(known) / max(len(known), 1)


# %% wrong: "The whole window moves back, not its end alone."
def delayed_risk(history, now, delay, width):
    known = [fraud for day, fraud in history if now - width < day <= now - delay]
    return len(known), sum(known) / max(len(known), 1)


# %% wrong: "The window is open at its old end."
def delayed_risk(history, now, delay, width):
    end = now - delay
    known = [fraud for day, fraud in history if end - width <= day <= end]
    return len(known), sum(known) / max(len(known), 1)


# %% wrong: "A label that becomes known now counts."
def delayed_risk(history, now, delay, width):
    end = now - delay
    known = [fraud for day, fraud in history if end - width < day < end]
    return len(known), sum(known) / max(len(known), 1)


# %% wrong: "The share is asked, and not the number of frauds."
def delayed_risk(history, now, delay, width):
    end = now - delay
    known = [fraud for day, fraud in history if end - width < day <= end]
    return len(known), sum(known)


# %% wrong: "The payments are counted, not the frauds."
def delayed_risk(history, now, delay, width):
    end = now - delay
    known = [fraud for day, fraud in history if end - width < day <= end]
    return sum(known), sum(known) / max(len(known), 1)


# %% wrong: "Divide by the payments of the window, not by all."
def delayed_risk(history, now, delay, width):
    end = now - delay
    known = [fraud for day, fraud in history if end - width < day <= end]
    return len(known), sum(known) / max(len(history), 1)


# %% wrong: "Payments older than the window must be left out."
def delayed_risk(history, now, delay, width):
    known = [fraud for day, fraud in history if day <= now - delay]
    return len(known), sum(known) / max(len(known), 1)


# %% wrong: "Without a known label the share is 0."
def delayed_risk(history, now, delay, width):
    end = now - delay
    known = [fraud for day, fraud in history if end - width < day <= end]
    return len(known), sum(known) / len(known) if known else None


# %% wrong: "The share of frauds is asked, not that of genuine payments."
def delayed_risk(history, now, delay, width):
    end = now - delay
    known = [1 - fraud for day, fraud in history if end - width < day <= end]
    return len(known), sum(known) / max(len(known), 1)


# %% check
HISTORY = [(1, 1), (3, 0), (8, 1), (9, 0), (9, 0), (14, 1), (16, 1), (16, 1)]
CASES = [
    Case("none", args=([], 20, 7, 7), want=(0, 0)),
    Case("nothing known yet", args=([(14, 1), (15, 1)], 20, 7, 7), want=(0, 0)),
    Case("a week, a week ago", args=(HISTORY, 20, 7, 7), want=(3, 1 / 3)),
    Case("known just now", args=([(13, 1), (12, 0)], 20, 7, 7), want=(2, 0.5)),
    Case("too old by a hair", args=([(6, 1), (7, 0)], 20, 7, 7), want=(1, 0)),
    Case("a long window", args=(HISTORY, 20, 7, 30), want=(5, 0.4)),
    Case("no delay", args=(HISTORY, 16, 0, 7), want=(3, 1)),
    Case("one day", args=(HISTORY, 16, 7, 1), want=(2, 0)),
    Case("all fraud", args=([(1, 1), (2, 1)], 9, 7, 7), want=(2, 1)),
]
