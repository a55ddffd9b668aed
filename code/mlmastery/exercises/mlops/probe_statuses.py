"""Exercise 21.5: Alive and ready."""


# %% stub
def probe_statuses(alive, scored, trouble):
    """Return the statuses of /healthz and /readyz as a pair: 200 or 503 each.

    alive: the process answers. scored: a model has scored its probe rows since the
    start. trouble: why the last refresh failed, "" if it did not; the last good model
    then goes on.
    """
    raise NotImplementedError


# %% solution
def probe_statuses(alive, scored, trouble):
    health = 200 if alive else 503
    ready = 200 if alive and scored else 503
    return health, ready


# %% wrong: "A failed refresh leaves the last good model in service: /readyz stays 200."
def probe_statuses(alive, scored, trouble):
    health = 200 if alive else 503
    ready = 200 if alive and scored and not trouble else 503
    return health, ready


# %% wrong: "/healthz is about the process: it is 200 before a model is loaded."
def probe_statuses(alive, scored, trouble):
    both = 200 if alive and scored else 503
    return both, both


# %% wrong: "/readyz needs a model that has scored, not only a process."
def probe_statuses(alive, scored, trouble):
    both = 200 if alive else 503
    return both, both


# %% wrong: "The pair is the wrong way round: /healthz comes first."
def probe_statuses(alive, scored, trouble):
    health = 200 if alive else 503
    ready = 200 if alive and scored else 503
    return ready, health


# %% wrong: "A process that does not answer is not ready either."
def probe_statuses(alive, scored, trouble):
    health = 200 if alive else 503
    ready = 200 if scored else 503
    return health, ready


# %% wrong: "Trouble does not make the process unhealthy: a restart would lose the good model."
def probe_statuses(alive, scored, trouble):
    health = 200 if alive and not trouble else 503
    ready = 200 if alive and scored else 503
    return health, ready


# %% wrong: "Use 503, unavailable; 500 says that the program is at fault."
def probe_statuses(alive, scored, trouble):
    health = 200 if alive else 500
    ready = 200 if alive and scored else 500
    return health, ready


# %% wrong: "A service with trouble is ready only if a model has scored."
def probe_statuses(alive, scored, trouble):
    health = 200 if alive else 503
    ready = 200 if alive and (scored or trouble) else 503
    return health, ready


# %% wrong: "The conditions are turned round: 503 is the refusal."
def probe_statuses(alive, scored, trouble):
    health = 503 if alive else 200
    ready = 503 if alive and scored else 200
    return health, ready


# %% wrong: "Return statuses, not truth values."
def probe_statuses(alive, scored, trouble):
    return alive, alive and scored


# %% check
CASES = [
    Case("just started", args=(True, False, "no model is loaded yet"), want=(200, 503)),
    Case("started, registry slow", args=(True, False, ""), want=(200, 503)),
    Case("all is well", args=(True, True, ""), want=(200, 200)),
    Case(
        "the registry is locked",
        args=(True, True, "database is locked"),
        want=(200, 200),
    ),
    Case("hung with a model", args=(False, True, ""), want=(503, 503)),
    Case("hung at the start", args=(False, False, ""), want=(503, 503)),
]
