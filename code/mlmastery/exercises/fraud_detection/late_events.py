"""Exercise 19.10: Late, or only out of order."""


# %% stub
def late_events(times, lateness):
    """Return the positions of the late events, as a list from 0 on.

    times holds event times in the order of arrival. The watermark behind an event is the
    largest time so far minus the lateness. An event is late if its time is before the
    watermark that it finds; the first event finds none.
    """
    raise NotImplementedError


# %% solution
def late_events(times, lateness):
    latest, found = float("-inf"), []
    for position, time in enumerate(times):
        if time < latest - lateness:
            found.append(position)
        latest = max(latest, time)
    return found


# %% wrong: "Out of order is not late: subtract the lateness."
def late_events(times, lateness):
    latest, found = float("-inf"), []
    for position, time in enumerate(times):
        if time < latest:
            found.append(position)
        latest = max(latest, time)
    return found


# %% wrong: "An event exactly at the watermark is in time."
def late_events(times, lateness):
    latest, found = float("-inf"), []
    for position, time in enumerate(times):
        if time <= latest - lateness:
            found.append(position)
        latest = max(latest, time)
    return found


# %% wrong: "Compare with the largest time so far, not with the event before."
def late_events(times, lateness):
    found = []
    for position in range(1, len(times)):
        if times[position] < times[position - 1] - lateness:
            found.append(position)
    return found


# %% wrong: "An event far ahead of the others is not late."
def late_events(times, lateness):
    latest, found = times[0] if times else 0, []
    for position, time in enumerate(times):
        if abs(time - latest) > lateness:
            found.append(position)
        latest = max(latest, time)
    return found


# %% wrong: "Return positions, not times."
def late_events(times, lateness):
    latest, found = float("-inf"), []
    for time in times:
        if time < latest - lateness:
            found.append(time)
        latest = max(latest, time)
    return found


# %% wrong: "Positions count from 0."
def late_events(times, lateness):
    latest, found = float("-inf"), []
    for position, time in enumerate(times, start=1):
        if time < latest - lateness:
            found.append(position)
        latest = max(latest, time)
    return found


# %% wrong: "The watermark stays behind the latest time: subtract, do not add."
def late_events(times, lateness):
    latest, found = float("-inf"), []
    for position, time in enumerate(times):
        if time < latest + lateness:
            found.append(position)
        latest = max(latest, time)
    return found


# %% wrong: "The watermark knows only what has arrived, not the largest time of all."
def late_events(times, lateness):
    if not times:
        return []
    latest = max(times)
    return [i for i, time in enumerate(times) if time < latest - lateness]


# %% wrong: "Times may be negative: before the first event there is no watermark at all."
def late_events(times, lateness):
    latest, found = 0, []
    for position, time in enumerate(times):
        if time < latest - lateness:
            found.append(position)
        latest = max(latest, time)
    return found


# %% wrong: "Return the late ones, not those in time."
def late_events(times, lateness):
    latest, found = float("-inf"), []
    for position, time in enumerate(times):
        if time >= latest - lateness:
            found.append(position)
        latest = max(latest, time)
    return found


# %% check
CASES = [
    Case("the chapter's five events", args=([10, 12, 11, 15, 12], 2), want=[4]),
    Case("no lateness allowed", args=([10, 12, 11, 15, 12], 0), want=[2, 4]),
    Case("a generous lateness", args=([10, 12, 11, 15, 12], 3), want=[]),
    Case("after a late one", args=([20, 5, 6, 19], 4), want=[1, 2]),
    Case("before 1970", args=([-50, -60, -44], 5), want=[1]),
    Case("far before 1970", args=([-50], 5), want=[]),
    Case("nothing", args=([], 5), want=[]),
    Case("a jump at the end", args=([1, 2, 3, 100], 5), want=[]),
]
