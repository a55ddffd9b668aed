"""Exercise 11.13: Frames that are worked on."""


# %% stub
def newest_frames(arrivals, service):
    """Return the ages of the answers when the newest frame wins.

    ``arrivals`` holds the seconds at which frames arrive, in rising
    order. One frame takes ``service`` seconds of work. Whenever the
    worker is free, it takes the newest frame that has arrived, and
    all older ones are dropped; if there is no new one, it waits for
    the next. A frame that arrives at the very moment counts as
    arrived. The age of an answer is the time at which it is ready
    minus the arrival of its frame. Return the list of ages.
    """
    raise NotImplementedError


# %% solution
def newest_frames(arrivals, service):
    ages, free, following = [], 0.0, 0
    while following < len(arrivals):
        start = max(free, arrivals[following])
        while following + 1 < len(arrivals) and arrivals[following + 1] <= start:
            following += 1
        free = start + service
        ages.append(free - arrivals[following])
        following += 1
    return ages


# %% wrong: "Every frame is worked on in turn, so the answers grow old. Take the newest that has arrived."
def newest_frames(arrivals, service):
    ages, free = [], 0.0
    for arrival in arrivals:
        free = max(free, arrival) + service
        ages.append(free - arrival)
    return ages


# %% wrong: "The worker cannot start before the frame arrives: take the later of the two times."
def newest_frames(arrivals, service):
    ages, free, following = [], 0.0, 0
    while following < len(arrivals):
        start = free
        while following + 1 < len(arrivals) and arrivals[following + 1] <= start:
            following += 1
        free = start + service
        ages.append(free - arrivals[following])
        following += 1
    return ages


# %% wrong: "The worker also waits for earlier work: it starts when it is free, not when the frame arrives."
def newest_frames(arrivals, service):
    return [service for _ in arrivals]


# %% wrong: "A frame that arrives at the very moment counts as arrived."
def newest_frames(arrivals, service):
    ages, free, following = [], 0.0, 0
    while following < len(arrivals):
        start = max(free, arrivals[following])
        while following + 1 < len(arrivals) and arrivals[following + 1] < start:
            following += 1
        free = start + service
        ages.append(free - arrivals[following])
        following += 1
    return ages


# %% wrong: "The age includes the work: it ends when the answer is ready."
def newest_frames(arrivals, service):
    ages, free, following = [], 0.0, 0
    while following < len(arrivals):
        start = max(free, arrivals[following])
        while following + 1 < len(arrivals) and arrivals[following + 1] <= start:
            following += 1
        free = start + service
        ages.append(start - arrivals[following])
        following += 1
    return ages


# %% wrong: "The last frame is lost. It is worked on when the worker is free."
def newest_frames(arrivals, service):
    ages, free, following = [], 0.0, 0
    while following < len(arrivals) - 1:
        start = max(free, arrivals[following])
        while following + 1 < len(arrivals) and arrivals[following + 1] <= start:
            following += 1
        free = start + service
        ages.append(free - arrivals[following])
        following += 1
    return ages


# %% wrong: "A frame that arrives while the worker is busy is not lost: the newest of them waits."
def newest_frames(arrivals, service):
    ages, free = [], 0.0
    for arrival in arrivals:
        if arrival >= free:
            free = arrival + service
            ages.append(service)
    return ages


# %% wrong: "You returned the times at which answers are ready. Subtract the arrival."
def newest_frames(arrivals, service):
    ages, free, following = [], 0.0, 0
    while following < len(arrivals):
        start = max(free, arrivals[following])
        while following + 1 < len(arrivals) and arrivals[following + 1] <= start:
            following += 1
        free = start + service
        ages.append(free)
        following += 1
    return ages


# %% wrong: "The oldest waiting frame is taken and the newer ones are dropped. Turn it round."
def newest_frames(arrivals, service):
    ages, free, following = [], 0.0, 0
    while following < len(arrivals):
        start = max(free, arrivals[following])
        oldest = following
        while following + 1 < len(arrivals) and arrivals[following + 1] <= start:
            following += 1
        free = start + service
        ages.append(free - arrivals[oldest])
        following += 1
    return ages


# %% wrong: "The age is counted from the arrival of the frame that is answered, not from that of the next."
def newest_frames(arrivals, service):
    ages, free, following = [], 0.0, 0
    while following < len(arrivals):
        start = max(free, arrivals[following])
        while following + 1 < len(arrivals) and arrivals[following + 1] <= start:
            following += 1
        free = start + service
        following += 1
        ages.append(free - arrivals[min(following, len(arrivals) - 1)])
    return ages


# %% check
CASES = [
    # frames 0, then at 2 the newest is 2, then at 4 the newest is 4
    Case("twice too slow", args=([0, 1, 2, 3, 4], 2), want=[2, 2, 2]),
    # 0 until 2.5; frame 2 until 5; frame 3 had come, and nothing after it
    Case("in between", args=([0, 1, 2, 3], 2.5), want=[2.5, 3, 4.5]),
    Case("fast enough", args=([1, 2, 3], 0.5), want=[0.5, 0.5, 0.5]),
    Case("a pause", args=([0, 1, 10], 3), want=[3, 5, 3]),
    Case("late start", args=([5], 1), want=[1]),
    Case("all at once", args=([2, 2, 2], 1), want=[1]),
    Case("none", args=([], 1), want=[]),
]
