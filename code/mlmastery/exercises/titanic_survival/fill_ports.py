"""Exercise 4.14: Ports, learned in training."""


# %% stub
def fill_ports(train_ports, ports):
    """Return ports as a list, with None replaced by the commonest port of training.

    Both are sequences of text, in which None marks a missing port. Of ports that are
    equally common in training, the first in the alphabet is taken. At least one
    training port is known.
    """
    raise NotImplementedError


# %% solution
from collections import Counter


def fill_ports(train_ports, ports):
    counts = Counter(port for port in train_ports if port is not None)
    commonest = min(counts, key=lambda port: (-counts[port], port))
    return [commonest if port is None else port for port in ports]


# %% wrong: "The commonest port comes from the new passengers. Learn it from training: one new passenger alone has no commonest port."
def fill_ports(train_ports, ports):
    counts = {}
    for port in ports:
        if port is not None:
            counts[port] = counts.get(port, 0) + 1
    counts = counts or {"S": 1}
    commonest = min(counts, key=lambda port: (-counts[port], port))
    return [commonest if port is None else port for port in ports]


# %% wrong: "The commonest port was counted over both lists. New passengers must not change what was learned."
def fill_ports(train_ports, ports):
    counts = {}
    for port in [*train_ports, *ports]:
        if port is not None:
            counts[port] = counts.get(port, 0) + 1
    commonest = min(counts, key=lambda port: (-counts[port], port))
    return [commonest if port is None else port for port in ports]


# %% wrong: "Missing was counted as a port of its own. Skip None while counting."
def fill_ports(train_ports, ports):
    counts = {}
    for port in train_ports:
        counts[port] = counts.get(port, 0) + 1
    commonest = min(counts, key=lambda port: (-counts[port], str(port)))
    return [commonest if port is None else port for port in ports]


# %% wrong: "A tie must go to the port that comes first in the alphabet, whatever the order of the rows."
def fill_ports(train_ports, ports):
    counts = {}
    for port in train_ports:
        if port is not None:
            counts[port] = counts.get(port, 0) + 1
    commonest = max(counts, key=counts.get)
    return [commonest if port is None else port for port in ports]


# %% wrong: "A tie went to the last port in the alphabet."
def fill_ports(train_ports, ports):
    counts = {}
    for port in train_ports:
        if port is not None:
            counts[port] = counts.get(port, 0) + 1
    commonest = max(counts, key=lambda port: (counts[port], port))
    return [commonest if port is None else port for port in ports]


# %% wrong: "This is the rarest port."
def fill_ports(train_ports, ports):
    counts = {}
    for port in train_ports:
        if port is not None:
            counts[port] = counts.get(port, 0) + 1
    commonest = min(counts, key=lambda port: (counts[port], port))
    return [commonest if port is None else port for port in ports]


# %% wrong: "Every port was replaced. Fill only what is missing."
def fill_ports(train_ports, ports):
    counts = {}
    for port in train_ports:
        if port is not None:
            counts[port] = counts.get(port, 0) + 1
    commonest = min(counts, key=lambda port: (-counts[port], port))
    return [commonest for port in ports]


# %% wrong: "A port that training has not seen was replaced as well. Only None is missing."
def fill_ports(train_ports, ports):
    counts = {}
    for port in train_ports:
        if port is not None:
            counts[port] = counts.get(port, 0) + 1
    commonest = min(counts, key=lambda port: (-counts[port], port))
    return [port if port in counts else commonest for port in ports]


# %% wrong: "The missing ports were dropped: return one port for each passenger."
def fill_ports(train_ports, ports):
    counts = {}
    for port in train_ports:
        if port is not None:
            counts[port] = counts.get(port, 0) + 1
    return [port for port in ports if port is not None]


# %% wrong: "This fills with the first training port, not with the commonest."
def fill_ports(train_ports, ports):
    known = [port for port in train_ports if port is not None]
    return [known[0] if port is None else port for port in ports]


# %% wrong: "The port is not always S. Learn it from the training ports."
def fill_ports(train_ports, ports):
    return ["S" if port is None else port for port in ports]


# %% wrong: "Each gap took the port of the passenger before. Use the commonest port of training."
def fill_ports(train_ports, ports):
    filled, last = [], max(p for p in train_ports if p is not None)
    for port in ports:
        last = last if port is None else port
        filled.append(last)
    return filled


# %% wrong: "This returns the training ports. Fill the new ones."
def fill_ports(train_ports, ports):
    counts = {}
    for port in train_ports:
        if port is not None:
            counts[port] = counts.get(port, 0) + 1
    commonest = min(counts, key=lambda port: (-counts[port], port))
    return [commonest if port is None else port for port in train_ports]


# %% wrong
def fill_ports(train_ports, ports):
    known = sorted(port for port in train_ports if port is not None)
    commonest = max(known, key=known.count)
    for i, port in enumerate(ports):
        ports[i] = commonest if port is None else port
    return ports


# %% check
TRAIN = ["C", "S", "S", None, "Q", "S", "C"]
CASES = [
    Case("two gaps", args=(TRAIN, ["C", None, "Q", None]), want=["C", "S", "Q", "S"]),
    Case("one new passenger, alone", args=(TRAIN, [None]), want=["S"]),
    Case(
        "the new passengers have another commonest port",
        args=(["Q", "Q", "C"], ["C", "C", "C", None, None, None]),
        want=["C", "C", "C", "Q", "Q", "Q"],
    ),
    Case("a tie", args=(["S", "C", "Q", "S", "C"], [None, "S"]), want=["C", "S"]),
    Case("another tie", args=(["C", "S", "S", "C"], [None]), want=["C"]),
    Case("more gaps than any port", args=([None, None, "Q"], [None]), want=["Q"]),
    Case("a port that training lacks", args=(TRAIN, ["X", None]), want=["X", "S"]),
    Case("nothing to fill", args=(TRAIN, ["Q", "C"]), want=["Q", "C"]),
]
