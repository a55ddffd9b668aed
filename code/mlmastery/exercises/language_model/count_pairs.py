"""Exercise 14.1: Counting neighbours."""

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
    Case("words of one token", args=({("a",): 4, ("b",): 1},), want={}),
]
