"""Exercise 7.1: Count words."""


# %% stub
def count_words(text, vocabulary):
    """Return how often each word of vocabulary occurs in text, as a list.

    text is lower-cased first and split at white space. vocabulary is a list of words in
    lower case; the counts come in its order. Other words of the text are ignored.
    """
    raise NotImplementedError


# %% solution
def count_words(text, vocabulary):
    words = text.lower().split()
    return [words.count(word) for word in vocabulary]


# %% wrong: "Lower-case the text first: “Bad” is a word of the vocabulary too."
def count_words(text, vocabulary):
    words = text.split()
    return [words.count(word) for word in vocabulary]


# %% wrong: "A word may occur more than once: count it, do not only note that it is there."
def count_words(text, vocabulary):
    words = text.lower().split()
    return [int(word in words) for word in vocabulary]


# %% wrong: "Counting in the text itself finds “bad” inside “badly”: split into words first."
def count_words(text, vocabulary):
    return [text.lower().count(word) for word in vocabulary]


# %% wrong: "The counts must come in the order of the vocabulary, also for words that are absent."
def count_words(text, vocabulary):
    words = text.lower().split()
    return [words.count(word) for word in dict.fromkeys(words) if word in vocabulary]


# %% wrong: "Words that the text does not have get 0; do not leave them out."
def count_words(text, vocabulary):
    words = text.lower().split()
    return [words.count(word) for word in vocabulary if word in words]


# %% wrong: "Return one count per word, not their sum."
def count_words(text, vocabulary):
    words = text.lower().split()
    return sum(words.count(word) for word in vocabulary)


# %% wrong: "Return counts, not shares of the text."
def count_words(text, vocabulary):
    words = text.lower().split()
    return [words.count(word) / max(len(words), 1) for word in vocabulary]


# %% wrong: "The vocabulary keeps its own order: do not sort it."
def count_words(text, vocabulary):
    words = text.lower().split()
    return [words.count(word) for word in sorted(vocabulary)]


# %% wrong: "White space may be several blanks or a new line: use split() without an argument."
def count_words(text, vocabulary):
    words = text.lower().split(" ")
    return (
        [words.count(word) for word in vocabulary]
        if "\n" not in text
        else [0] * len(vocabulary)
    )


# %% wrong: "Each word of the text counts, also the last."
def count_words(text, vocabulary):
    words = text.lower().split()[:-1]
    return [words.count(word) for word in vocabulary]


# %% wrong: "Each word of the text counts, also the first."
def count_words(text, vocabulary):
    words = text.lower().split()[1:]
    return [words.count(word) for word in vocabulary]


# %% wrong: "The counts are those of vocabulary's words in the text, not the other way round."
def count_words(text, vocabulary):
    return [vocabulary.count(word) for word in text.lower().split()]


# %% wrong: "Return the counts, not the pairs of word and count."
def count_words(text, vocabulary):
    words = text.lower().split()
    return [(word, words.count(word)) for word in vocabulary]


# %% wrong: "Split at white space only: “bad,” with its comma is another word than “bad”."
import re


def count_words(text, vocabulary):
    words = re.findall(r"\w+", text.lower())
    return [words.count(word) for word in vocabulary]


# %% check
CASES = [
    Case(
        "a word three times",
        args=("bad bad bad movie", ["bad", "good", "movie"]),
        want=[3, 0, 1],
    ),
    Case(
        "capitals and a new line",
        args=("Good\nMovie  good", ["movie", "good"]),
        want=[1, 2],
    ),
    Case("a word inside a word", args=("badly made", ["made", "bad"]), want=[1, 0]),
    Case("an empty text", args=("", ["good"]), want=[0]),
    Case("a word with a comma", args=("bad, bad film", ["bad"]), want=[1]),
]
