"""Exercise 17.3: N-grams of a word."""


# %% stub
def padded_ngrams(word, longest):
    """Return all n-grams of a word, of 1 to longest characters.

    Shorter ones come first, and those of one length from left to right. The word
    gets a blank on both sides first; the blank alone is no n-gram.
    """
    raise NotImplementedError


# %% solution
def padded_ngrams(word, longest):
    padded = f" {word} "
    grams = []
    for n in range(1, longest + 1):
        for start in range(len(padded) - n + 1):
            gram = padded[start : start + n]
            if gram != " ":
                grams.append(gram)
    return grams


# %% wrong: "The word has no blanks around it yet."
def padded_ngrams(word, longest):
    padded = word
    grams = []
    for n in range(1, longest + 1):
        for start in range(len(padded) - n + 1):
            gram = padded[start : start + n]
            if gram != " ":
                grams.append(gram)
    return grams


# %% wrong: "The blank after the word is missing."
def padded_ngrams(word, longest):
    padded = f" {word}"
    grams = []
    for n in range(1, longest + 1):
        for start in range(len(padded) - n + 1):
            gram = padded[start : start + n]
            if gram != " ":
                grams.append(gram)
    return grams


# %% wrong: "The blank before the word is missing."
def padded_ngrams(word, longest):
    padded = f"{word} "
    grams = []
    for n in range(1, longest + 1):
        for start in range(len(padded) - n + 1):
            gram = padded[start : start + n]
            if gram != " ":
                grams.append(gram)
    return grams


# %% wrong: "The longest n-grams are missing: range ends before its end."
def padded_ngrams(word, longest):
    padded = f" {word} "
    grams = []
    for n in range(1, longest):
        for start in range(len(padded) - n + 1):
            gram = padded[start : start + n]
            if gram != " ":
                grams.append(gram)
    return grams


# %% wrong: "Keep the capitals: folding is another step."
def padded_ngrams(word, longest):
    padded = f" {word.lower()} "
    grams = []
    for n in range(1, longest + 1):
        for start in range(len(padded) - n + 1):
            gram = padded[start : start + n]
            if gram != " ":
                grams.append(gram)
    return grams


# %% wrong: "The blank alone is no n-gram."
def padded_ngrams(word, longest):
    padded = f" {word} "
    grams = []
    for n in range(1, longest + 1):
        for start in range(len(padded) - n + 1):
            gram = padded[start : start + n]
            if gram:
                grams.append(gram)
    return grams


# %% wrong: "All lengths from 1 on are wanted, not the longest alone."
def padded_ngrams(word, longest):
    padded = f" {word} "
    grams = []
    for n in [longest]:
        for start in range(len(padded) - n + 1):
            gram = padded[start : start + n]
            if gram != " ":
                grams.append(gram)
    return grams


# %% wrong: "Begin with single characters."
def padded_ngrams(word, longest):
    padded = f" {word} "
    grams = []
    for n in range(2, longest + 1):
        for start in range(len(padded) - n + 1):
            gram = padded[start : start + n]
            if gram != " ":
                grams.append(gram)
    return grams


# %% wrong: "Shorter n-grams come first."
def padded_ngrams(word, longest):
    padded = f" {word} "
    grams = []
    for n in range(longest, 0, -1):
        for start in range(len(padded) - n + 1):
            gram = padded[start : start + n]
            if gram != " ":
                grams.append(gram)
    return grams


# %% wrong: "Keep repeated n-grams: their number is the evidence."
def padded_ngrams(word, longest):
    padded = f" {word} "
    grams = []
    for n in range(1, longest + 1):
        for start in range(len(padded) - n + 1):
            gram = padded[start : start + n]
            if gram != " ":
                grams.append(gram)
    return list(dict.fromkeys(grams))


# %% wrong: "The blank is part of the n-gram: do not strip it."
def padded_ngrams(word, longest):
    padded = f" {word} "
    grams = []
    for n in range(1, longest + 1):
        for start in range(len(padded) - n + 1):
            gram = padded[start : start + n]
            if gram != " ":
                grams.append(gram.strip())
    return grams


# %% wrong: "Cut from left to right: the order is that of the word."
def padded_ngrams(word, longest):
    padded = f" {word} "
    grams = []
    for n in range(1, longest + 1):
        for start in range(len(padded) - n + 1):
            gram = padded[start : start + n]
            if gram != " ":
                grams.append(gram)
    return sorted(grams, key=lambda gram: (len(gram), gram))


# %% wrong: "N-grams overlap: the next one begins one character later."
def padded_ngrams(word, longest):
    padded = f" {word} "
    grams = []
    for n in range(1, longest + 1):
        for start in range(0, len(padded) - n + 1, n):
            gram = padded[start : start + n]
            if gram != " ":
                grams.append(gram)
    return grams


# %% wrong: "Shorter n-grams come first: the loop over lengths is the outer one."
def padded_ngrams(word, longest):
    padded = f" {word} "
    grams = []
    for start in range(len(padded)):
        for n in range(1, longest + 1):
            gram = padded[start : start + n]
            if gram != " " and len(gram) == n:
                grams.append(gram)
    return grams


# %% wrong: "Near the end the slice is shorter than n: stop at len(padded) - n."
def padded_ngrams(word, longest):
    padded = f" {word} "
    grams = []
    for n in range(1, longest + 1):
        for start in range(len(padded)):
            gram = padded[start : start + n]
            if gram != " ":
                grams.append(gram)
    return grams


# %% check
CASES = [
    Case("two letters", args=("so", 2), want=["s", "o", " s", "so", "o "]),
    Case("a repeated letter", args=("aa", 1), want=["a", "a"]),
    Case("a capital", args=("So", 1), want=["S", "o"]),
    Case("longer than the word", args=("a", 3), want=["a", " a", "a ", " a "]),
    Case(
        "three letters",
        args=("the", 3),
        want=["t", "h", "e", " t", "th", "he", "e ", " th", "the", "he "],
    ),
]
