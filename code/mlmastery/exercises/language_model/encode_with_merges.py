"""Exercise 14.6: Encoding with learned merges."""


# %% stub
def encode_with_merges(word, merges):
    """Return the tokens of a word, as a list of strings.

    It starts as single characters. merges is a list of pairs of strings in the order in
    which they were learned: of all pairs present, the one learned first is merged first.
    """
    raise NotImplementedError


# %% solution
def encode_with_merges(word, merges):
    tokens = list(word)
    for left, right in merges:  # a pair learned later may need this one, never earlier
        joined, i = [], 0
        while i < len(tokens):
            here = tokens[i : i + 2] == [left, right]
            joined.append(left + right if here else tokens[i])
            i += 2 if here else 1
        tokens = joined
    return tokens


# %% wrong: "You took the longest token that fits. The order of learning decides, not the length."
def encode_with_merges(word, merges):
    known = {left + right for left, right in merges}
    tokens, i = [], 0
    while i < len(word):
        ends = [j for j in range(len(word), i, -1) if word[i:j] in known]
        j = ends[0] if ends else i + 1
        tokens.append(word[i:j])
        i = j
    return tokens


# %% wrong: "You merged the first pair from the left. Look at all pairs: the one learned first goes first."
def encode_with_merges(word, merges):
    tokens, i = list(word), 0
    while i < len(tokens) - 1:
        if (tokens[i], tokens[i + 1]) in [tuple(pair) for pair in merges]:
            tokens[i : i + 2] = [tokens[i] + tokens[i + 1]]
            i = 0
        else:
            i += 1
    return tokens


# %% wrong: "A pair that occurs several times is merged everywhere, not only where it stands first."
def encode_with_merges(word, merges):
    tokens = list(word)
    for left, right in merges:
        for i in range(len(tokens) - 1):
            if tokens[i : i + 2] == [left, right]:
                tokens[i : i + 2] = [left + right]
                break
    return tokens


# %% wrong: "You went through the merges backwards; the last one needs tokens the first ones make."
def encode_with_merges(word, merges):
    tokens = list(word)
    for left, right in reversed(merges):
        i = 0
        while i < len(tokens) - 1:
            if tokens[i : i + 2] == [left, right]:
                tokens[i : i + 2] = [left + right]
            i += 1
    return tokens


# %% check
CASES = [
    Case(
        "one merge needs another",
        args=("lower", [("l", "o"), ("lo", "w"), ("e", "r")]),
        want=["low", "er"],
    ),
    Case(
        "a longer token that the order does not reach",
        args=("abc", [("a", "b"), ("b", "c"), ("a", "bc")]),
        want=["ab", "c"],
    ),
    Case(
        "two merges want the same character, and the later one stands first",
        args=("the", [("h", "e"), ("t", "h")]),
        want=["t", "he"],
    ),
    Case(
        "the same pair twice",
        args=("banana", [("a", "n"), ("an", "a")]),
        want=["b", "an", "ana"],
    ),
    Case("nothing to merge", args=("zoo", [("t", "h")]), want=["z", "o", "o"]),
    Case("an empty word", args=("", [("t", "h")]), want=[]),
]
