"""Exercise 7.4: Mark negations."""


# %% stub
def mark_negations(tokens):
    """Return the tokens with not_ in front of those after a negation.

    Negations are "not", "no", "never" and tokens that end in "n't". Marking goes on to the
    next of . , ! ? (which is not marked) or to the end. The negation that starts it is not
    marked; one inside a marked stretch is. tokens is a list of str in lower case.
    """
    raise NotImplementedError


# %% solution
def mark_negations(tokens):
    marked, negated = [], False
    for token in tokens:
        if token in {".", ",", "!", "?"}:
            negated = False
        marked.append("not_" + token if negated else token)
        if token in {"not", "no", "never"} or token.endswith("n't"):
            negated = True
    return marked


# %% wrong: "Punctuation ends the negation."
def mark_negations(tokens):
    marked, negated = [], False
    for token in tokens:
        if token in {".", ",", "!", "?"}:
            pass
        marked.append("not_" + token if negated else token)
        if token in {"not", "no", "never"} or token.endswith("n't"):
            negated = True
    return marked


# %% wrong: "All tokens up to the punctuation are marked, not only the next one."
def mark_negations(tokens):
    marked, negated = [], False
    for token in tokens:
        if token in {".", ",", "!", "?"}:
            negated = False
        marked.append("not_" + token if negated else token)
        negated = False
        if token in {"not", "no", "never"} or token.endswith("n't"):
            negated = True
    return marked


# %% wrong: "The negation itself is not marked: look at the token before changing the state."
def mark_negations(tokens):
    marked, negated = [], False
    for token in tokens:
        if token in {".", ",", "!", "?"}:
            negated = False
        if token in {"not", "no", "never"} or token.endswith("n't"):
            negated = True
        marked.append("not_" + token if negated else token)
    return marked


# %% wrong: "Tokens such as “isn't” are negations too."
def mark_negations(tokens):
    marked, negated = [], False
    for token in tokens:
        if token in {".", ",", "!", "?"}:
            negated = False
        marked.append("not_" + token if negated else token)
        if token in {"not", "no", "never"}:
            negated = True
    return marked


# %% wrong: "“never” is a negation too."
def mark_negations(tokens):
    marked, negated = [], False
    for token in tokens:
        if token in {".", ",", "!", "?"}:
            negated = False
        marked.append("not_" + token if negated else token)
        if token in {"not", "no"} or token.endswith("n't"):
            negated = True
    return marked


# %% wrong: "“no” is a negation too."
def mark_negations(tokens):
    marked, negated = [], False
    for token in tokens:
        if token in {".", ",", "!", "?"}:
            negated = False
        marked.append("not_" + token if negated else token)
        if token in {"not", "never"} or token.endswith("n't"):
            negated = True
    return marked


# %% wrong: "A comma ends the negation too."
def mark_negations(tokens):
    marked, negated = [], False
    for token in tokens:
        if token in {".", "!", "?"}:
            negated = False
        marked.append("not_" + token if negated else token)
        if token in {"not", "no", "never"} or token.endswith("n't"):
            negated = True
    return marked


# %% wrong: "The punctuation that ends a negation is not marked: end it before the token is added."
def mark_negations(tokens):
    marked, negated = [], False
    for token in tokens:
        marked.append("not_" + token if negated else token)
        if token in {".", ",", "!", "?"}:
            negated = False
        if token in {"not", "no", "never"} or token.endswith("n't"):
            negated = True
    return marked


# %% wrong: "A second negation does not end the first: it is marked and marking goes on."
def mark_negations(tokens):
    marked, negated = [], False
    for token in tokens:
        if token in {".", ",", "!", "?"}:
            negated = False
        marked.append("not_" + token if negated else token)
        if token in {"not", "no", "never"} or token.endswith("n't"):
            negated = not negated
    return marked


# %% wrong: "Marked tokens start with not_, with an underscore."
def mark_negations(tokens):
    marked, negated = [], False
    for token in tokens:
        if token in {".", ",", "!", "?"}:
            negated = False
        marked.append("not" + token if negated else token)
        if token in {"not", "no", "never"} or token.endswith("n't"):
            negated = True
    return marked


# %% wrong: "Unmarked tokens stay in the list."
def mark_negations(tokens):
    marked, negated = [], False
    for token in tokens:
        if token in {".", ",", "!", "?"}:
            negated = False
        if negated:
            marked.append("not_" + token)
        if token in {"not", "no", "never"} or token.endswith("n't"):
            negated = True
    return marked


# %% wrong: "“note” and “nothing” begin with not; only whole words are negations here."
def mark_negations(tokens):
    marked, negated = [], False
    for token in tokens:
        if token in {".", ",", "!", "?"}:
            negated = False
        marked.append("not_" + token if negated else token)
        if token.startswith(("no", "never")) or token.endswith("n't"):
            negated = True
    return marked


# %% wrong: "A question mark ends the negation too."
def mark_negations(tokens):
    marked, negated = [], False
    for token in tokens:
        if token in {".", ",", "!"}:
            negated = False
        marked.append("not_" + token if negated else token)
        if token in {"not", "no", "never"} or token.endswith("n't"):
            negated = True
    return marked


# %% wrong: "An exclamation mark ends the negation too."
def mark_negations(tokens):
    marked, negated = [], False
    for token in tokens:
        if token in {".", ",", "?"}:
            negated = False
        marked.append("not_" + token if negated else token)
        if token in {"not", "no", "never"} or token.endswith("n't"):
            negated = True
    return marked


# %% wrong: "A full stop ends the negation too."
def mark_negations(tokens):
    marked, negated = [], False
    for token in tokens:
        if token in {",", "!", "?"}:
            negated = False
        marked.append("not_" + token if negated else token)
        if token in {"not", "no", "never"} or token.endswith("n't"):
            negated = True
    return marked


# %% check
CASES = [
    Case(
        "to the comma",
        args=("not a good idea , sorry".split(),),
        want="not not_a not_good not_idea , sorry".split(),
    ),
    Case(
        "a contraction, to the end",
        args=("it isn't very good".split(),),
        want="it isn't not_very not_good".split(),
    ),
    Case(
        "two negations",
        args=("never not good . fine".split(),),
        want="never not_not not_good . fine".split(),
    ),
    Case(
        "other signs",
        args=("no fun ! no ? nothing to note".split(),),
        want="no not_fun ! no ? nothing to note".split(),
    ),
    Case("no token", args=([],), want=[]),
]
