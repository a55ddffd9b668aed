"""Exercise 19.7: The queue of late labels."""


# %% stub
def label_queue(times, delay):
    """Return the steps of an online model as ("score", i) and ("learn", i).

    times are rising; a label is known delay after its transaction. What is known at
    the time of a transaction is learned before it is scored. Labels that come after
    the last transaction are not learned.
    """
    raise NotImplementedError


# %% solution
def label_queue(times, delay):
    steps, waiting = [], []
    for number, now in enumerate(times):
        while waiting and times[waiting[0]] + delay <= now:
            steps.append(("learn", waiting.pop(0)))
        steps.append(("score", number))
        waiting.append(number)
    return steps


# %% wrong: "A label that comes exactly now is known: use <=."
def label_queue(times, delay):
    steps, waiting = [], []
    for number, now in enumerate(times):
        while waiting and times[waiting[0]] + delay < now:
            steps.append(("learn", waiting.pop(0)))
        steps.append(("score", number))
        waiting.append(number)
    return steps


# %% wrong: "Learn what is known before the transaction is scored."
def label_queue(times, delay):
    steps, waiting = [], []
    for number, now in enumerate(times):
        steps.append(("score", number))
        while waiting and times[waiting[0]] + delay <= now:
            steps.append(("learn", waiting.pop(0)))
        waiting.append(number)
    return steps


# %% wrong: "A transaction is never learned before it is scored, even with no delay."
def label_queue(times, delay):
    steps, waiting = [], []
    for number, now in enumerate(times):
        waiting.append(number)
        while waiting and times[waiting[0]] + delay <= now:
            steps.append(("learn", waiting.pop(0)))
        steps.append(("score", number))
    return steps


# %% wrong: "Several labels may come between two transactions: learn them all."
def label_queue(times, delay):
    steps, waiting = [], []
    for number, now in enumerate(times):
        if waiting and times[waiting[0]] + delay <= now:
            steps.append(("learn", waiting.pop(0)))
        steps.append(("score", number))
        waiting.append(number)
    return steps


# %% wrong: "The oldest label comes first: a queue, not a stack."
def label_queue(times, delay):
    steps, waiting = [], []
    for number, now in enumerate(times):
        while waiting and times[waiting[0]] + delay <= now:
            steps.append(("learn", waiting.pop()))
        steps.append(("score", number))
        waiting.append(number)
    return steps


# %% wrong: "Labels after the last transaction are not learned."
def label_queue(times, delay):
    steps, waiting = [], []
    for number, now in enumerate(times):
        while waiting and times[waiting[0]] + delay <= now:
            steps.append(("learn", waiting.pop(0)))
        steps.append(("score", number))
        waiting.append(number)
    steps += [("learn", number) for number in waiting]
    return steps


# %% wrong: "The delay is a time, not a number of transactions."
def label_queue(times, delay):
    steps, waiting = [], []
    for number, now in enumerate(times):
        while waiting and len(waiting) > delay:
            steps.append(("learn", waiting.pop(0)))
        steps.append(("score", number))
        waiting.append(number)
    return steps


# %% wrong: "Learn each label once."
def label_queue(times, delay):
    steps, waiting = [], []
    for number, now in enumerate(times):
        if waiting and times[waiting[0]] + delay <= now:
            steps.append(("learn", waiting[0]))
        steps.append(("score", number))
        waiting.append(number)
    return steps


# %% wrong: "Each label has its own delay: test-then-train learns at once."
def label_queue(times, delay):
    steps = []
    for number, _ in enumerate(times):
        steps.append(("score", number))
        steps.append(("learn", number))
    return steps


# %% wrong: "The delay counts from the transaction of the label, not from the one before now."
def label_queue(times, delay):
    steps, waiting = [], []
    for number, now in enumerate(times):
        while waiting and times[waiting[-1]] + delay <= now:
            steps.append(("learn", waiting.pop(0)))
        steps.append(("score", number))
        waiting.append(number)
    return steps


# %% wrong: "Scores and labels are steps of one list, in the order of time."
def label_queue(times, delay):
    scores = [("score", number) for number, _ in enumerate(times)]
    last = times[-1] if times else 0
    learned = [i for i, time in enumerate(times) if time + delay <= last]
    return scores + [("learn", number) for number in learned]


# %% check
def mix(text):
    kinds = {"s": "score", "l": "learn"}
    return [(kinds[step[0]], int(step[1:])) for step in text.split()]


CASES = [
    Case("nothing comes", args=([], 7), want=[]),
    Case("too early for a label", args=([0, 3, 6], 7), want=mix("s0 s1 s2")),
    Case("a label comes", args=([0, 3, 8], 7), want=mix("s0 s1 l0 s2")),
    Case("exactly at the time", args=([0, 7], 7), want=mix("s0 l0 s1")),
    Case("two labels at once", args=([0, 1, 9, 9], 7), want=mix("s0 s1 l0 l1 s2 s3")),
    Case("without delay", args=([0, 1, 2], 0), want=mix("s0 l0 s1 l1 s2")),
    Case("equal times", args=([5, 5, 5], 0), want=mix("s0 l0 s1 l1 s2")),
    Case(
        "a long stream", args=([0, 2, 4, 6, 8], 4), want=mix("s0 s1 l0 s2 l1 s3 l2 s4")
    ),
]
