"""Exercise 14.13: The best of several drafts."""


# %% stub
def best_draft(log_probabilities, lengths, alpha):
    """Return the place of the best draft in the list, from 0; of equal ones the first.

    A draft's score is its log-probability divided by ((5 + length) / 6) to the power
    alpha. There is at least one draft.
    """
    raise NotImplementedError


# %% solution
def best_draft(log_probabilities, lengths, alpha):
    scores = [
        log_p / ((5 + length) / 6) ** alpha
        for log_p, length in zip(log_probabilities, lengths)
    ]
    return scores.index(max(scores))


# %% wrong: "Dividing by the length without the power ignores alpha: at alpha 0 nothing may change."
def best_draft(log_probabilities, lengths, alpha):
    scores = [p / ((5 + n) / 6) for p, n in zip(log_probabilities, lengths)]
    return scores.index(max(scores))


# %% wrong: "The likeliest draft of all lengths is the answer for alpha 0 alone. Divide first."
def best_draft(log_probabilities, lengths, alpha):
    return log_probabilities.index(max(log_probabilities))


# %% wrong: "You multiplied by the penalty. Log-probabilities are negative, so that this favours short drafts: divide."
def best_draft(log_probabilities, lengths, alpha):
    scores = [p * ((5 + n) / 6) ** alpha for p, n in zip(log_probabilities, lengths)]
    return scores.index(max(scores))


# %% wrong: "The score nearest to zero is the best one: scores are negative, and you took the smallest."
def best_draft(log_probabilities, lengths, alpha):
    scores = [p / ((5 + n) / 6) ** alpha for p, n in zip(log_probabilities, lengths)]
    return scores.index(min(scores))


# %% wrong: "The place of the draft is asked for, not its score."
def best_draft(log_probabilities, lengths, alpha):
    return max(p / ((5 + n) / 6) ** alpha for p, n in zip(log_probabilities, lengths))


# %% wrong: "Of equally good drafts the first is asked for; yours returns the last."
def best_draft(log_probabilities, lengths, alpha):
    scores = [p / ((5 + n) / 6) ** alpha for p, n in zip(log_probabilities, lengths)]
    return max(range(len(scores)), key=lambda i: (scores[i], i))


# %% wrong: "The longest draft need not be the best. Its log-probability counts too."
def best_draft(log_probabilities, lengths, alpha):
    return lengths.index(max(lengths))


# %% wrong: "The brackets: 5 and the length are added first, and their sum is divided by 6."
def best_draft(log_probabilities, lengths, alpha):
    scores = [p / (5 + n / 6) ** alpha for p, n in zip(log_probabilities, lengths)]
    return scores.index(max(scores))


# %% wrong: "You divided by the length to the power alpha. Google's formula adds 5 and divides by 6 first."
def best_draft(log_probabilities, lengths, alpha):
    scores = [p / n**alpha for p, n in zip(log_probabilities, lengths)]
    return scores.index(max(scores))


# %% wrong: "Places count from 0."
def best_draft(log_probabilities, lengths, alpha):
    scores = [p / ((5 + n) / 6) ** alpha for p, n in zip(log_probabilities, lengths)]
    return scores.index(max(scores)) + 1


# %% wrong: "alpha is a power, and you multiplied by it."
def best_draft(log_probabilities, lengths, alpha):
    scores = [
        p / (((5 + n) / 6) * alpha or 1) for p, n in zip(log_probabilities, lengths)
    ]
    return scores.index(max(scores))


# %% check
CASES = [
    Case("alpha 0: the likeliest", args=([-2.0, -3.0], [1, 7], 0), want=0),
    Case("alpha 1: -2 against -1.5", args=([-2.0, -3.0], [1, 7], 1), want=1),
    Case("alpha 2: -4 against -1.5", args=([-4.0, -6.0], [1, 7], 2), want=1),
    Case(
        "alpha 0.5: -2.5 against -4 / 2 ** 0.5",
        args=([-2.5, -4.0], [1, 7], 0.5),
        want=0,
    ),
    Case("the long one costs too much", args=([-2.0, -9.0], [1, 7], 1), want=0),
    Case("alpha 1: -1 against -1.2", args=([-1.0, -2.4], [1, 7], 1), want=0),
    Case("alpha 2: the last of three", args=([-5.0, -8.5, -8.0], [1, 7, 7], 2), want=2),
    Case("equally good ones", args=([-3.0, -1.5, -3.0], [7, 1, 7], 1), want=0),
    Case("13 tokens are divided by 3", args=([-2.2, -6.0], [1, 13], 1), want=1),
    Case("longer and likelier", args=([-2.0, -1.9], [1, 13], 1), want=1),
    Case("longer and a little dearer", args=([-2.0, -2.5], [1, 13], 1), want=1),
    Case("one draft", args=([-5.0], [3], 1), want=0),
]
