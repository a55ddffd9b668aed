"""Exercise 17.8: Back to the original."""


# %% stub
def original_span(pieces, start, end):
    """Return (start, end) in the original text for a span of the normalised text.

    pieces is a list of pairs (piece of the original, its normal form), in order;
    joined, they are the two texts. A piece that the span touches belongs to the
    result as a whole. start < end.
    """
    raise NotImplementedError


# %% solution
def original_span(pieces, start, end):
    position = origin = 0
    first = last = None
    for before, after in pieces:
        if position < end and start < position + len(after):
            first = origin if first is None else first
            last = origin + len(before)
        position += len(after)
        origin += len(before)
    return first, last


# %% wrong: "These are positions in the normalised text."
def original_span(pieces, start, end):
    position = origin = 0
    first = last = None
    for before, after in pieces:
        if position < end and start < position + len(after):
            first = position if first is None else first
            last = position + len(after)
        position += len(after)
        origin += len(before)
    return first, last


# %% wrong: "The original advances by the length of the original piece."
def original_span(pieces, start, end):
    position = origin = 0
    first = last = None
    for before, after in pieces:
        if position < end and start < position + len(after):
            first = origin if first is None else first
            last = origin + len(before)
        position += len(after)
        origin += len(after)
    return first, last


# %% wrong: "The normalised text advances by the length of the normal form."
def original_span(pieces, start, end):
    position = origin = 0
    first = last = None
    for before, after in pieces:
        if position < end and start < position + len(after):
            first = origin if first is None else first
            last = origin + len(before)
        position += len(before)
        origin += len(before)
    return first, last


# %% wrong: "The end of the last piece is its start plus its original length."
def original_span(pieces, start, end):
    position = origin = 0
    first = last = None
    for before, after in pieces:
        if position < end and start < position + len(after):
            first = origin if first is None else first
            last = origin + len(after)
        position += len(after)
        origin += len(before)
    return first, last


# %% wrong: "The result ends at the last piece that the span touches, and not at the first."
def original_span(pieces, start, end):
    position = origin = 0
    first = last = None
    for before, after in pieces:
        if position < end and start < position + len(after):
            first = origin if first is None else first
            last = origin + len(before) if last is None else last
        position += len(after)
        origin += len(before)
    return first, last


# %% wrong: "The result begins at the first piece that the span touches, and not at the last."
def original_span(pieces, start, end):
    position = origin = 0
    first = last = None
    for before, after in pieces:
        if position < end and start < position + len(after):
            first = origin
            last = origin + len(before)
        position += len(after)
        origin += len(before)
    return first, last


# %% wrong: "A piece that ends where the span begins is not touched."
def original_span(pieces, start, end):
    position = origin = 0
    first = last = None
    for before, after in pieces:
        if position < end and start <= position + len(after):
            first = origin if first is None else first
            last = origin + len(before)
        position += len(after)
        origin += len(before)
    return first, last


# %% wrong: "A piece that begins where the span ends is not touched."
def original_span(pieces, start, end):
    position = origin = 0
    first = last = None
    for before, after in pieces:
        if position <= end and start < position + len(after):
            first = origin if first is None else first
            last = origin + len(before)
        position += len(after)
        origin += len(before)
    return first, last


# %% wrong: "A piece that the span only cuts belongs to the result too."
def original_span(pieces, start, end):
    position = origin = 0
    first = last = None
    for before, after in pieces:
        if start <= position and position + len(after) <= end:
            first = origin if first is None else first
            last = origin + len(before)
        position += len(after)
        origin += len(before)
    return first, last


# %% wrong: "The end is exclusive: the last character is at end - 1."
def original_span(pieces, start, end):
    position = origin = 0
    first = last = None
    for before, after in pieces:
        if position < end and start < position + len(after):
            first = origin if first is None else first
            last = origin + len(before)
        position += len(after)
        origin += len(before)
    return first, last - 1


# %% wrong: "Return start and end, not start and length."
def original_span(pieces, start, end):
    position = origin = 0
    first = last = None
    for before, after in pieces:
        if position < end and start < position + len(after):
            first = origin if first is None else first
            last = origin + len(before)
        position += len(after)
        origin += len(before)
    return first, last - first


# %% wrong: "Return positions, and not the piece of text."
def original_span(pieces, start, end):
    position = origin = 0
    first = last = None
    for before, after in pieces:
        if position < end and start < position + len(after):
            first = origin if first is None else first
            last = origin + len(before)
        position += len(after)
        origin += len(before)
    return "".join(before for before, _ in pieces)[first:last]


# %% wrong: "The positions did change: map them."
def original_span(pieces, start, end):
    return start, end


# %% check
CAFE = [("c", "c"), ("e\u0301", "\u00e9"), ("t", "t"), ("u\u0308", "\u00fc")]
CASES = [
    Case("one letter before", args=(CAFE, 0, 1), want=(0, 1)),
    Case("the composed letter", args=(CAFE, 1, 2), want=(1, 3)),
    Case("two pieces", args=(CAFE, 2, 4), want=(3, 6)),
    Case("all", args=(CAFE, 0, 4), want=(0, 6)),
    Case(
        "a longer form, cut",
        args=([("\u0958", "\u0915\u093c"), ("a", "a")], 1, 3),
        want=(0, 2),
    ),
    Case(
        "a longer form, its end",
        args=([("\ufb01", "fi"), ("n", "n")], 1, 2),
        want=(0, 1),
    ),
    Case(
        "after a longer form", args=([("\ufb01", "fi"), ("n", "n")], 2, 3), want=(1, 2)
    ),
]
