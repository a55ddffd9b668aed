"""Exercise 14.8: Counting neighbours."""

# %% stub
from itertools import pairwise


def count_pairs(words):
    """Return how often two tokens stand side by side, as a dict of pairs to counts.

    words maps each word, a tuple of tokens, to how often it occurs in the text. A pair
    lies inside one word. Leave out pairs that do not occur.
    """
    raise NotImplementedError


# %% solution
def count_pairs(words):
    pairs = {}
    for word, count in words.items():
        for pair in pairwise(word):
            pairs[pair] = pairs.get(pair, 0) + count
    return pairs


# %% wrong: "Each word was counted once. It occurs as often in the text as words says."
def count_pairs(words):
    pairs = {}
    for word in words:
        for pair in pairwise(word):
            pairs[pair] = pairs.get(pair, 0) + 1
    return pairs


# %% wrong: "A word may hold the same pair several times, and each time counts."
def count_pairs(words):
    pairs = {}
    for word, count in words.items():
        for pair in set(pairwise(word)):
            pairs[pair] = pairs.get(pair, 0) + count
    return pairs


# %% wrong: "You joined the words first. The end of one and the start of the next are no pair."
def count_pairs(words):
    text = [
        token for word, count in words.items() for _ in range(count) for token in word
    ]
    pairs = {}
    for pair in pairwise(text):
        pairs[pair] = pairs.get(pair, 0) + 1
    return pairs


# %% wrong: "Neighbours may overlap: a a a holds the pair a a twice. Go on by one token, not by two."
def count_pairs(words):
    pairs = {}
    for word, count in words.items():
        for i in range(0, len(word) - 1, 2):
            pair = word[i], word[i + 1]
            pairs[pair] = pairs.get(pair, 0) + count
    return pairs


# %% wrong: "The key is the pair of tokens. Joined to one string, two different pairs may look alike."
def count_pairs(words):
    pairs = {}
    for word, count in words.items():
        for left, right in pairwise(word):
            pairs[left + right] = pairs.get(left + right, 0) + count
    return pairs


# %% wrong: "The order counts: n before a and a before n are two pairs."
def count_pairs(words):
    pairs = {}
    for word, count in words.items():
        for pair in pairwise(word):
            pair = tuple(sorted(pair))
            pairs[pair] = pairs.get(pair, 0) + count
    return pairs


# %% wrong: "A later word overwrites the count of an earlier one. Add to it."
def count_pairs(words):
    pairs = {}
    for word, count in words.items():
        for pair in pairwise(word):
            pairs[pair] = count
    return pairs


# %% wrong: "The last token of a word has no neighbour on the right. The word does not begin again behind it."
def count_pairs(words):
    pairs = {}
    for word, count in words.items():
        for i in range(len(word)):
            pair = word[i], word[(i + 1) % len(word)]
            pairs[pair] = pairs.get(pair, 0) + count
    return pairs


# %% wrong: "Only tokens side by side are a pair. You also counted those with others between them."
def count_pairs(words):
    pairs = {}
    for word, count in words.items():
        for i in range(len(word)):
            for j in range(i + 1, len(word)):
                pair = word[i], word[j]
                pairs[pair] = pairs.get(pair, 0) + count
    return pairs


# %% wrong: "The last pair of each word is missing: a word of n tokens has n - 1 pairs."
def count_pairs(words):
    pairs = {}
    for word, count in words.items():
        for i in range(len(word) - 2):
            pair = word[i], word[i + 1]
            pairs[pair] = pairs.get(pair, 0) + count
    return pairs


# %% wrong: "A pair that does not occur has no entry, not an entry of 0."
def count_pairs(words):
    tokens = {token for word in words for token in word}
    pairs = {(a, b): 0 for a in tokens for b in tokens}
    for word, count in words.items():
        for pair in pairwise(word):
            pairs[pair] += count
    return pairs


# %% wrong: "A token may be longer than one character: do not take the word apart into characters."
def count_pairs(words):
    pairs = {}
    for word, count in words.items():
        for pair in pairwise("".join(word)):
            pairs[pair] = pairs.get(pair, 0) + count
    return pairs


# %% wrong: "Counts are asked for, not shares."
def count_pairs(words):
    pairs = {}
    for word, count in words.items():
        for pair in pairwise(word):
            pairs[pair] = pairs.get(pair, 0) + count
    return {pair: count / sum(pairs.values()) for pair, count in pairs.items()}


# %% wrong: "Return all pairs with their counts. Choosing the most frequent one comes later."
def count_pairs(words):
    pairs = {}
    for word, count in words.items():
        for pair in pairwise(word):
            pairs[pair] = pairs.get(pair, 0) + count
    return max(pairs, key=pairs.get) if pairs else None


# %% check
CASES = [
    Case(
        "low five times and lowest twice",
        args=({("l", "o", "w"): 5, ("l", "o", "w", "est"): 2},),
        want={("l", "o"): 7, ("o", "w"): 7, ("w", "est"): 2},
    ),
    Case(
        "a pair that overlaps itself",
        args=({("a", "a", "a"): 3},),
        want={("a", "a"): 6},
    ),
    Case(
        "a pair twice in one word",
        args=({("n", "a", "n", "a"): 10},),
        want={("n", "a"): 20, ("a", "n"): 10},
    ),
    Case(
        "two pairs that spell the same",
        args=({("ab", "c"): 1, ("a", "bc"): 2},),
        want={("ab", "c"): 1, ("a", "bc"): 2},
    ),
    Case("words of one token", args=({("a",): 4, ("b",): 1},), want={}),
]
