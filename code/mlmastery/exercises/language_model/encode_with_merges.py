"""Exercise 14.11: Encoding with learned merges."""


# %% stub
def encode_with_merges(word, merges):
    """Return the tokens of a word, as a list of strings.

    It starts as single characters. merges is a list of pairs of strings in the order in
    which they were learned, and no two make the same token. Of all pairs present, the
    one learned first is merged first, wherever it stands, from left to right.
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


# %% wrong: "Only the first merge was used. Go through all of them."
def encode_with_merges(word, merges):
    tokens, i = [], 0
    while i < len(word):
        here = merges and tuple(word[i : i + 2]) == tuple(merges[0])
        tokens.append(word[i : i + 2] if here else word[i])
        i += 2 if here else 1
    return tokens


# %% wrong: "A list of tokens is asked for, not one text with spaces."
def encode_with_merges(word, merges):
    tokens = list(word)
    for left, right in merges:
        joined, i = [], 0
        while i < len(tokens):
            here = tokens[i : i + 2] == [left, right]
            joined.append(left + right if here else tokens[i])
            i += 2 if here else 1
        tokens = joined
    return " ".join(tokens)


# %% wrong: "The last token is missing when it is not part of a merge."
def encode_with_merges(word, merges):
    tokens = list(word)
    for left, right in merges:
        joined, i = [], 0
        while i < len(tokens) - 1:
            here = tokens[i : i + 2] == [left, right]
            joined.append(left + right if here else tokens[i])
            i += 2 if here else 1
        tokens = joined
    return tokens


# %% wrong: "Two different pairs may spell the same. Compare both tokens, not the joined text."
def encode_with_merges(word, merges):
    tokens = list(word)
    for left, right in merges:
        joined, i = [], 0
        while i < len(tokens):
            here = "".join(tokens[i : i + 2]) == left + right
            here = here and len(tokens[i : i + 2]) == 2
            joined.append(left + right if here else tokens[i])
            i += 2 if here else 1
        tokens = joined
    return tokens


# %% wrong: "In a text with spaces, the end of a longer token looks like the token that you seek. Compare whole tokens."
def encode_with_merges(word, merges):
    text = " ".join(word)
    for left, right in merges:
        text = text.replace(f"{left} {right}", left + right)
    return text.split()


# %% wrong: "The list of merges belongs to the caller, and you emptied it. Go through it without removing anything."
def encode_with_merges(word, merges):
    tokens = list(word)
    while merges:
        left, right = merges.pop(0)
        joined, i = [], 0
        while i < len(tokens):
            here = tokens[i : i + 2] == [left, right]
            joined.append(left + right if here else tokens[i])
            i += 2 if here else 1
        tokens = joined
    return tokens


# %% wrong: "You stopped after the first merge that fits. The next one may need its token."
def encode_with_merges(word, merges):
    tokens = list(word)
    for left, right in merges:
        joined, i = [], 0
        while i < len(tokens):
            here = tokens[i : i + 2] == [left, right]
            joined.append(left + right if here else tokens[i])
            i += 2 if here else 1
        if joined != tokens:
            return joined
    return tokens


# %% wrong: "You went from right to left, which pairs up a run of equal characters differently."
def encode_with_merges(word, merges):
    tokens = list(word)
    for left, right in merges:
        i = len(tokens) - 2
        while i >= 0:
            if tokens[i : i + 2] == [left, right]:
                tokens[i : i + 2] = [left + right]
                i -= 1
            i -= 1
    return tokens


# %% wrong: "Each merge makes the list shorter, but you walk over the length that it had at first."
def encode_with_merges(word, merges):
    tokens = list(word)
    for left, right in merges:
        for i in range(len(tokens) - 1):
            if (tokens[i], tokens[i + 1]) == (left, right):
                tokens[i : i + 2] = [left + right]
    return tokens


# %% wrong: "You began with the whole word as one token. Begin with its characters."
def encode_with_merges(word, merges):
    tokens = word.split()
    for left, right in merges:
        for i in range(len(tokens) - 1):
            if tokens[i : i + 2] == [left, right]:
                tokens[i : i + 2] = [left + right]
    return tokens


# %% wrong: "The order of the two tokens counts: h after t is not t after h."
def encode_with_merges(word, merges):
    tokens = list(word)
    for left, right in merges:
        joined, i = [], 0
        while i < len(tokens):
            here = sorted(tokens[i : i + 2]) == sorted([left, right])
            joined.append("".join(tokens[i : i + 2]) if here else tokens[i])
            i += 2 if here else 1
        tokens = joined
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
    Case("three alike", args=("aaa", [("a", "a")]), want=["aa", "a"]),
    Case(
        "a pair that spells like a merge but is none",
        args=("abc", [("b", "c"), ("a", "b"), ("ab", "c")]),
        want=["a", "bc"],
    ),
    Case(
        "a token that ends like a merge begins",
        args=("xabc", [("a", "b"), ("x", "ab"), ("ab", "c")]),
        want=["xab", "c"],
    ),
    Case(
        "the first merge is of no use",
        args=("cab", [("t", "h"), ("a", "b"), ("c", "ab")]),
        want=["cab"],
    ),
    Case("the other way round", args=("ht", [("t", "h")]), want=["h", "t"]),
    Case("nothing to merge", args=("zoo", [("t", "h")]), want=["z", "o", "o"]),
    Case("an empty word", args=("", [("t", "h")]), want=[]),
]
