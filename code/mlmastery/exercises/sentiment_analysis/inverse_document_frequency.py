"""Exercise 7.2: Inverse document frequency."""


# %% stub
def inverse_document_frequency(documents, term):
    """Return ln((1 + n) / (1 + d)) + 1 for a term in d of n documents.

    documents is a list of lists of words; a document with the term twice counts once.
    The term may occur in none.
    """
    raise NotImplementedError


# %% solution
import math


def inverse_document_frequency(documents, term):
    d = sum(term in words for words in documents)
    return math.log((1 + len(documents)) / (1 + d)) + 1


# %% wrong: "A document counts once, however often it has the term."
import math


def inverse_document_frequency(documents, term):
    d = sum(words.count(term) for words in documents)
    return math.log((1 + len(documents)) / (1 + d)) + 1


# %% wrong: "The added 1 of the numerator is missing."
import math


def inverse_document_frequency(documents, term):
    d = sum(term in words for words in documents)
    return math.log(len(documents) / (1 + d)) + 1


# %% wrong: "The added 1 of the denominator is missing: a term in no document divides by zero."
import math


def inverse_document_frequency(documents, term):
    d = sum(term in words for words in documents)
    return math.log((1 + len(documents)) / max(d, 1)) + 1


# %% wrong: "The 1 after the logarithm is missing."
import math


def inverse_document_frequency(documents, term):
    d = sum(term in words for words in documents)
    return math.log((1 + len(documents)) / (1 + d))


# %% wrong: "Use the natural logarithm, not that to base 10."
import math


def inverse_document_frequency(documents, term):
    d = sum(term in words for words in documents)
    return math.log10((1 + len(documents)) / (1 + d)) + 1


# %% wrong: "Use the natural logarithm, not that to base 2."
import math


def inverse_document_frequency(documents, term):
    d = sum(term in words for words in documents)
    return math.log2((1 + len(documents)) / (1 + d)) + 1


# %% wrong: "The fraction is upside down: rare terms must get the larger weight."
import math


def inverse_document_frequency(documents, term):
    d = sum(term in words for words in documents)
    return math.log((1 + d) / (1 + len(documents))) + 1


# %% wrong: "The logarithm is missing."
import math


def inverse_document_frequency(documents, term):
    d = sum(term in words for words in documents)
    return (1 + len(documents)) / (1 + d) + 1


# %% wrong: "Return the inverse frequency, not the number of documents."
import math


def inverse_document_frequency(documents, term):
    return sum(term in words for words in documents)


# %% wrong: "n is the number of documents, not of words."
import math


def inverse_document_frequency(documents, term):
    d = sum(term in words for words in documents)
    return math.log((1 + sum(map(len, documents))) / (1 + d)) + 1


# %% wrong: "The 1 belongs behind the logarithm, not inside it."
import math


def inverse_document_frequency(documents, term):
    d = sum(term in words for words in documents)
    return math.log((1 + len(documents)) / (1 + d) + 1)


# %% wrong: "Count the documents that have the term, not those that lack it."
import math


def inverse_document_frequency(documents, term):
    d = sum(term not in words for words in documents)
    return math.log((1 + len(documents)) / (1 + d)) + 1


# %% wrong: "Do not round."
import math


def inverse_document_frequency(documents, term):
    d = sum(term in words for words in documents)
    return round(math.log((1 + len(documents)) / (1 + d)) + 1, 1)


# %% wrong: "Add 1 to both counts: a term in no document must have a finite weight."
import math


def inverse_document_frequency(documents, term):
    d = sum(term in words for words in documents)
    return math.log(len(documents) / d) + 1


# %% wrong: "This is tidytext's formula: add 1 to both counts and 1 after the logarithm."
import math


def inverse_document_frequency(documents, term):
    d = sum(term in words for words in documents)
    return math.log(len(documents) / d)


# %% wrong: "Compare whole words: “bad” is not in a document that has “badly”."
import math


def inverse_document_frequency(documents, term):
    d = sum(term in " ".join(words) for words in documents)
    return math.log((1 + len(documents)) / (1 + d)) + 1


# %% check
DOCUMENTS = [["movie", "good"], ["movie", "not", "good"], ["bad", "bad", "movie"]]
CASES = [
    Case(
        "in one of three", args=(DOCUMENTS, "not"), want=1.6931471805599454
    ),  # ln 2 + 1
    Case("twice in one document", args=(DOCUMENTS, "bad"), want=1.6931471805599454),
    Case(
        "in two of three", args=(DOCUMENTS, "good"), want=1.2876820724517808
    ),  # ln(4/3) + 1
    Case("in all", args=(DOCUMENTS, "movie"), want=1.0),
    Case("in none", args=(DOCUMENTS, "dull"), want=2.386294361119891),  # ln 4 + 1
    Case(
        "inside a longer word",
        args=([["badly"], ["bad"]], "bad"),
        want=1.4054651081081644,  # ln(3/2) + 1
    ),
]
