"""Exercise 14.9: One merge."""


# %% stub
def merge(tokens, pair, new):
    """Return the list of tokens with the token new in place of each pair.

    Go from left to right. A token that has become part of one merge is used up.
    """
    raise NotImplementedError


# %% solution
def merge(tokens, pair, new):
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == tuple(pair):
            merged.append(new)
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return merged


# %% wrong: "A token was used twice: after a merge, go on behind both of its tokens."
def merge(tokens, pair, new):
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == tuple(pair):
            merged.append(new)
        elif i == 0 or tuple(tokens[i - 1 : i + 1]) != tuple(pair):
            merged.append(tokens[i])
        i += 1
    return merged


# %% wrong: "Only the first pair was merged. Go on to the end of the list."
def merge(tokens, pair, new):
    tokens = list(tokens)
    for i in range(len(tokens) - 1):
        if (tokens[i], tokens[i + 1]) == tuple(pair):
            return [*tokens[:i], new, *tokens[i + 2 :]]
    return tokens


# %% wrong: "You went from right to left, which pairs up a run of equal tokens differently."
def merge(tokens, pair, new):
    merged, i = [], len(tokens) - 1
    while i >= 0:
        if i > 0 and (tokens[i - 1], tokens[i]) == tuple(pair):
            merged.append(new)
            i -= 2
        else:
            merged.append(tokens[i])
            i -= 1
    return merged[::-1]


# %% wrong: "The last token is missing when it is not part of a merge."
def merge(tokens, pair, new):
    merged, i = [], 0
    while i < len(tokens) - 1:
        if (tokens[i], tokens[i + 1]) == tuple(pair):
            merged.append(new)
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return merged


# %% wrong: "The second token of the pair is still there: it is used up, too."
def merge(tokens, pair, new):
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == tuple(pair):
            merged.append(new)
        else:
            merged.append(tokens[i])
        i += 1
    return merged


# %% wrong: "Both tokens must stand side by side. One of them alone stays as it is."
def merge(tokens, pair, new):
    return [new if token in pair else token for token in tokens]


# %% wrong: "The order counts: the second token followed by the first is another pair."
def merge(tokens, pair, new):
    merged, i = [], 0
    while i < len(tokens):
        if sorted(tokens[i : i + 2]) == sorted(pair):
            merged.append(new)
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return merged


# %% wrong: "The list belongs to the caller, and you merged in it. Build a new one."
def merge(tokens, pair, new):
    i = 0
    while i < len(tokens) - 1:
        if (tokens[i], tokens[i + 1]) == tuple(pair):
            tokens[i : i + 2] = [new]
        i += 1
    return tokens


# %% wrong: "In a text the digits of 11 and 2 contain those of 1 and 2. Compare tokens, not their digits."
def merge(tokens, pair, new):
    text = " ".join(map(str, tokens)).replace("{} {}".format(*pair), str(new))
    return [int(token) for token in text.split()]


# %% wrong: "A merge uses up two tokens: you went on by three."
def merge(tokens, pair, new):
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == tuple(pair):
            merged.append(new)
            i += 3
        else:
            merged.append(tokens[i])
            i += 1
    return merged


# %% wrong: "The last token has no neighbour on the right. Do not look beyond the end."
def merge(tokens, pair, new):
    merged, i = [], 0
    while i < len(tokens):
        if (tokens[i], tokens[i + 1]) == tuple(pair):
            merged.append(new)
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return merged


# %% wrong: "Each merge makes the list shorter, but you walk over the length that it had at first."
def merge(tokens, pair, new):
    tokens = list(tokens)
    for i in range(len(tokens) - 1):
        if (tokens[i], tokens[i + 1]) == tuple(pair):
            tokens[i : i + 2] = [new]
    return tokens


# %% wrong: "You left the pair out. The token new takes its place."
def merge(tokens, pair, new):
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == tuple(pair):
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return merged


# %% wrong: "You put the pair itself in its place. The token new belongs there."
def merge(tokens, pair, new):
    merged, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == tuple(pair):
            merged.append(tuple(pair))
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return merged


# %% check
CASES = [
    Case("th in the", args=([20, 8, 5], (20, 8), 256), want=[256, 5]),
    Case("twice", args=([1, 2, 3, 1, 2], (1, 2), 256), want=[256, 3, 256]),
    Case("three alike", args=([7, 7, 7], (7, 7), 256), want=[256, 7]),
    Case("a token left over", args=([1, 2, 3], (1, 2), 256), want=[256, 3]),
    Case(
        "one after the other", args=([1, 2, 1, 2, 5], (1, 2), 256), want=[256, 256, 5]
    ),
    Case("not there", args=([2, 1, 2], (1, 3), 256), want=[2, 1, 2]),
    Case("the other way round", args=([2, 1], (1, 2), 256), want=[2, 1]),
    Case("digits that look alike", args=([11, 2], (1, 2), 256), want=[11, 2]),
    Case("nothing", args=([], (1, 2), 256), want=[]),
]
