"""Exercise 13.7: Steps that must run again."""


# %% stub
def steps_to_run(parents, changed):
    """Return the steps that run again, in an order in which each follows its inputs.

    parents is a dict from each step to the list of the steps that it reads; its keys are in
    an order in which each step comes after those it reads. changed is a list of the steps
    whose code or parameters changed. A step runs if it changed or if one that it reads runs.
    Keep the order of the keys.
    """
    raise NotImplementedError


# %% solution
def steps_to_run(parents, changed):
    run = []
    for step, reads in parents.items():
        if step in changed or any(other in run for other in reads):
            run.append(step)
    return run


# %% wrong: "Only the changed steps are returned: what reads them runs too."
def steps_to_run(parents, changed):
    return [step for step in parents if step in changed]


# %% wrong: "The changed steps themselves are missing."
def steps_to_run(parents, changed):
    run = []
    for step, reads in parents.items():
        if any(other in run or other in changed for other in reads):
            run.append(step)
    return run


# %% wrong: "Go on: what reads a step that runs for its input's sake runs too."
def steps_to_run(parents, changed):
    return [
        step
        for step, reads in parents.items()
        if step in changed or any(other in changed for other in reads)
    ]


# %% wrong: "One input that runs is enough: any, not all."
def steps_to_run(parents, changed):
    run = []
    for step, reads in parents.items():
        if step in changed or (reads and all(other in run for other in reads)):
            run.append(step)
    return run


# %% wrong: "Steps after the changed one that do not read it keep their results."
def steps_to_run(parents, changed):
    names = list(parents)
    first = min((names.index(step) for step in changed), default=len(names))
    return names[first:]


# %% wrong: "A step without inputs runs only if it changed."
def steps_to_run(parents, changed):
    run = []
    for step, reads in parents.items():
        if step in changed or all(other in run for other in reads):
            run.append(step)
    return run


# %% wrong: "The steps are in the opposite order."
def steps_to_run(parents, changed):
    run = []
    for step, reads in parents.items():
        if step in changed or any(other in run for other in reads):
            run.insert(0, step)
    return run


# %% wrong: "These are the steps that the changed ones read: go the other way."
def steps_to_run(parents, changed):
    run = set(changed)
    for step in reversed(list(parents)):
        if step in run:
            run |= set(parents[step])
    return [step for step in parents if step in run]


# %% wrong: "Keep the order of the keys, not that of the alphabet."
def steps_to_run(parents, changed):
    run = []
    for step, reads in parents.items():
        if step in changed or any(other in run for other in reads):
            run.append(step)
    return sorted(run)


# %% wrong: "These are the steps that may stay: return the others."
def steps_to_run(parents, changed):
    run = []
    for step, reads in parents.items():
        if step in changed or any(other in run for other in reads):
            run.append(step)
    return [step for step in parents if step not in run]


# %% wrong: "Return the names of the steps, not their number."
def steps_to_run(parents, changed):
    run = []
    for step, reads in parents.items():
        if step in changed or any(other in run for other in reads):
            run.append(step)
    return len(run)


# %% check
CHAIN = {
    "load": [],
    "split": ["load"],
    "fit": ["load", "split"],
    "evaluate": ["split", "fit"],
    "export": ["fit"],
}
CASES = [
    Case("a new model", args=(CHAIN, ["fit"]), want=["fit", "evaluate", "export"]),
    Case(
        "a new split",
        args=(CHAIN, ["split"]),
        want=["split", "fit", "evaluate", "export"],
    ),
    Case("the last step", args=(CHAIN, ["export"]), want=["export"]),
    Case("nothing changed", args=(CHAIN, []), want=[]),
    Case("a step beside the others", args=(CHAIN, ["evaluate"]), want=["evaluate"]),
    Case(
        "two branches",
        args=({"b": [], "a": [], "d": ["b"], "c": ["a", "d"]}, ["b"]),
        want=["b", "d", "c"],
    ),
    Case("new data", args=(CHAIN, ["load"]), want=list(CHAIN)),
]
