"""Exercise 14.2: One merge."""


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


# %% check
CASES = [
    Case("th in the", args=([20, 8, 5], (20, 8), 256), want=[256, 5]),
    Case("twice", args=([1, 2, 3, 1, 2], (1, 2), 256), want=[256, 3, 256]),
    Case("three alike", args=([7, 7, 7], (7, 7), 256), want=[256, 7]),
    Case("a token left over", args=([1, 2, 3], (1, 2), 256), want=[256, 3]),
    Case("not there", args=([2, 1, 2], (1, 3), 256), want=[2, 1, 2]),
    Case("nothing", args=([], (1, 2), 256), want=[]),
]
