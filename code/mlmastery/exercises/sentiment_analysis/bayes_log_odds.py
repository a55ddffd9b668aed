"""Exercise 7.3: Naive Bayes by words."""


# %% stub
def bayes_log_odds(words, praise, blame, alpha=1.0):
    """Return the log odds of praise for a list of words, with equal shares of the classes.

    praise and blame are dicts from a word to its count in the texts of that class. The
    vocabulary is all their words together; other words are ignored. alpha is added to each
    count. A word that occurs twice counts twice.
    """
    raise NotImplementedError


# %% solution
import math


def bayes_log_odds(words, praise, blame, alpha=1.0):
    vocabulary = set(praise) | set(blame)
    odds = 0.0
    for word in words:
        if word in vocabulary:
            p = (praise.get(word, 0) + alpha) / (
                sum(praise.values()) + alpha * len(vocabulary)
            )
            q = (blame.get(word, 0) + alpha) / (
                sum(blame.values()) + alpha * len(vocabulary)
            )
            odds += math.log(p / q)
    return odds


# %% wrong: "Words outside the vocabulary are ignored."
import math


def bayes_log_odds(words, praise, blame, alpha=1.0):
    vocabulary = set(praise) | set(blame)
    odds = 0.0
    for word in words:
        if True:
            p = (praise.get(word, 0) + alpha) / (
                sum(praise.values()) + alpha * len(vocabulary)
            )
            q = (blame.get(word, 0) + alpha) / (
                sum(blame.values()) + alpha * len(vocabulary)
            )
            odds += math.log(p / q)
    return odds


# %% wrong: "A word that occurs twice counts twice."
import math


def bayes_log_odds(words, praise, blame, alpha=1.0):
    vocabulary = set(praise) | set(blame)
    odds = 0.0
    for word in set(words):
        if word in vocabulary:
            p = (praise.get(word, 0) + alpha) / (
                sum(praise.values()) + alpha * len(vocabulary)
            )
            q = (blame.get(word, 0) + alpha) / (
                sum(blame.values()) + alpha * len(vocabulary)
            )
            odds += math.log(p / q)
    return odds


# %% wrong: "The sums of the denominators need alpha for each word of the vocabulary."
import math


def bayes_log_odds(words, praise, blame, alpha=1.0):
    vocabulary = set(praise) | set(blame)
    odds = 0.0
    for word in words:
        if word in vocabulary:
            p = (praise.get(word, 0) + alpha) / (sum(praise.values()))
            q = (blame.get(word, 0) + alpha) / (sum(blame.values()))
            odds += math.log(p / q)
    return odds


# %% wrong: "alpha is added once per word of the vocabulary, not once in all."
import math


def bayes_log_odds(words, praise, blame, alpha=1.0):
    vocabulary = set(praise) | set(blame)
    odds = 0.0
    for word in words:
        if word in vocabulary:
            p = (praise.get(word, 0) + alpha) / (sum(praise.values()) + alpha)
            q = (blame.get(word, 0) + alpha) / (sum(blame.values()) + alpha)
            odds += math.log(p / q)
    return odds


# %% wrong: "The vocabulary is the union of both classes' words, for both denominators."
import math


def bayes_log_odds(words, praise, blame, alpha=1.0):
    vocabulary = set(praise) | set(blame)
    odds = 0.0
    for word in words:
        if word in vocabulary:
            p = (praise.get(word, 0) + alpha) / (
                sum(praise.values()) + alpha * len(praise)
            )
            q = (blame.get(word, 0) + alpha) / (
                sum(blame.values()) + alpha * len(blame)
            )
            odds += math.log(p / q)
    return odds


# %% wrong: "Praise stands above the line: the sign is turned."
import math


def bayes_log_odds(words, praise, blame, alpha=1.0):
    vocabulary = set(praise) | set(blame)
    odds = 0.0
    for word in words:
        if word in vocabulary:
            p = (praise.get(word, 0) + alpha) / (
                sum(praise.values()) + alpha * len(vocabulary)
            )
            q = (blame.get(word, 0) + alpha) / (
                sum(blame.values()) + alpha * len(vocabulary)
            )
            odds += math.log(q / p)
    return odds


# %% wrong: "Log odds add up over words; the ratios themselves do not."
import math


def bayes_log_odds(words, praise, blame, alpha=1.0):
    vocabulary = set(praise) | set(blame)
    odds = 0.0
    for word in words:
        if word in vocabulary:
            p = (praise.get(word, 0) + alpha) / (
                sum(praise.values()) + alpha * len(vocabulary)
            )
            q = (blame.get(word, 0) + alpha) / (
                sum(blame.values()) + alpha * len(vocabulary)
            )
            odds += p / q
    return odds


# %% wrong: "The counts in the numerators need alpha too."
import math


def bayes_log_odds(words, praise, blame, alpha=1.0):
    vocabulary = set(praise) | set(blame)
    odds = 0.0
    for word in words:
        if word in vocabulary:
            p = max(praise.get(word, 0), 1e-9) / (
                sum(praise.values()) + alpha * len(vocabulary)
            )
            q = max(blame.get(word, 0), 1e-9) / (
                sum(blame.values()) + alpha * len(vocabulary)
            )
            odds += math.log(p / q)
    return odds


# %% wrong: "alpha must be the argument, not always 1."
import math


def bayes_log_odds(words, praise, blame, alpha=1.0):
    vocabulary = set(praise) | set(blame)
    odds = 0.0
    for word in words:
        if word in vocabulary:
            p = (praise.get(word, 0) + 1.0) / (
                sum(praise.values()) + 1.0 * len(vocabulary)
            )
            q = (blame.get(word, 0) + 1.0) / (
                sum(blame.values()) + 1.0 * len(vocabulary)
            )
            odds += math.log(p / q)
    return odds


# %% wrong: "Return log odds, not a probability."
import math


def bayes_log_odds(words, praise, blame, alpha=1.0):
    vocabulary = set(praise) | set(blame)
    odds = 0.0
    for word in words:
        if word in vocabulary:
            p = (praise.get(word, 0) + alpha) / (
                sum(praise.values()) + alpha * len(vocabulary)
            )
            q = (blame.get(word, 0) + alpha) / (
                sum(blame.values()) + alpha * len(vocabulary)
            )
            odds += math.log(p / q)
    return 1 / (1 + math.exp(-odds))


# %% wrong: "The denominators are sums of counts, not numbers of different words."
import math


def bayes_log_odds(words, praise, blame, alpha=1.0):
    vocabulary = set(praise) | set(blame)
    odds = 0.0
    for word in words:
        if word in vocabulary:
            p = (praise.get(word, 0) + alpha) / (len(praise) + alpha * len(vocabulary))
            q = (blame.get(word, 0) + alpha) / (len(blame) + alpha * len(vocabulary))
            odds += math.log(p / q)
    return odds


# %% wrong: "A word that only one class has still speaks: do not skip it."
import math


def bayes_log_odds(words, praise, blame, alpha=1.0):
    vocabulary = set(praise) | set(blame)
    odds = 0.0
    for word in words:
        if word in praise and word in blame:
            p = (praise.get(word, 0) + alpha) / (
                sum(praise.values()) + alpha * len(vocabulary)
            )
            q = (blame.get(word, 0) + alpha) / (
                sum(blame.values()) + alpha * len(vocabulary)
            )
            odds += math.log(p / q)
    return odds


# %% wrong: "Divide each class by its own sum."
import math


def bayes_log_odds(words, praise, blame, alpha=1.0):
    vocabulary = set(praise) | set(blame)
    odds = 0.0
    for word in words:
        if word in vocabulary:
            p = (praise.get(word, 0) + alpha) / (
                sum(praise.values()) + alpha * len(vocabulary)
            )
            q = (blame.get(word, 0) + alpha) / (
                sum(praise.values()) + alpha * len(vocabulary)
            )
            odds += math.log(p / q)
    return odds


# %% wrong: "A word of both classes is one word of the vocabulary: do not add the sizes."
import math


def bayes_log_odds(words, praise, blame, alpha=1.0):
    vocabulary = set(praise) | set(blame)
    odds = 0.0
    for word in words:
        if word in vocabulary:
            p = (praise.get(word, 0) + alpha) / (
                sum(praise.values()) + alpha * (len(praise) + len(blame))
            )
            q = (blame.get(word, 0) + alpha) / (
                sum(blame.values()) + alpha * (len(praise) + len(blame))
            )
            odds += math.log(p / q)
    return odds


# %% wrong: "The classes have equal shares: their log odds are 0, not ln(1/2)."
import math


def bayes_log_odds(words, praise, blame, alpha=1.0):
    vocabulary = set(praise) | set(blame)
    odds = math.log(1 / 2)
    for word in words:
        if word in vocabulary:
            p = (praise.get(word, 0) + alpha) / (
                sum(praise.values()) + alpha * len(vocabulary)
            )
            q = (blame.get(word, 0) + alpha) / (
                sum(blame.values()) + alpha * len(vocabulary)
            )
            odds += math.log(p / q)
    return odds


# %% wrong: "Use the natural logarithm, not that to base 2."
import math


def bayes_log_odds(words, praise, blame, alpha=1.0):
    vocabulary = set(praise) | set(blame)
    odds = 0.0
    for word in words:
        if word in vocabulary:
            p = (praise.get(word, 0) + alpha) / (
                sum(praise.values()) + alpha * len(vocabulary)
            )
            q = (blame.get(word, 0) + alpha) / (
                sum(blame.values()) + alpha * len(vocabulary)
            )
            odds += math.log2(p / q)
    return odds


# %% check
PRAISE = {"the": 1, "movie": 1, "was": 1, "good": 1}
BLAME = {"the": 1, "movie": 2, "was": 1, "not": 1, "good": 1, "bad": 2}
CASES = [
    # (1 + 1) / (4 + 6) over (1 + 1) / (8 + 6), times (1 + 1) / 10 over (2 + 1) / 14
    Case(
        "good movie", args=(["good", "movie"], PRAISE, BLAME), want=0.2674793651342617
    ),
    Case(
        "a word twice, one of one class",
        args=(["bad", "bad"], PRAISE, BLAME),
        want=-1.5242801040937932,
    ),
    Case(
        "alpha one half", args=(["good"], PRAISE, BLAME, 0.5), want=0.4519851237430572
    ),
    Case(
        "a word of praise only",
        args=(["fun"], {"fun": 1, "bad": 1}, {"bad": 2}),
        want=0.6931471805599453,
    ),
    Case("an unknown word", args=(["tepid"], PRAISE, BLAME), want=0.0),
    Case("no word", args=([], PRAISE, BLAME), want=0.0),
]
