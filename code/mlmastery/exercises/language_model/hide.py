"""Exercise 14.14: Hide and guess."""


# %% stub
def hide(ids, chosen, lots, others, mask_id):
    """Return what a masked model reads and what it has to guess, as two lists.

    For each place: chosen says whether it is to be guessed, lots holds a number from 0
    to 1 (1 excluded), others another token. If a place is chosen, its token becomes
    mask_id for a lot below 0.8, the other token for one below 0.9, and stays otherwise.
    The second list holds the token itself where the place is chosen, and -100, which
    PyTorch's cross-entropy leaves out, everywhere else.
    """
    raise NotImplementedError


# %% solution
def hide(ids, chosen, lots, others, mask_id):
    read, guess = [], []
    for token, is_chosen, lot, other in zip(ids, chosen, lots, others):
        shown = mask_id if lot < 0.8 else other if lot < 0.9 else token
        read.append(shown if is_chosen else token)
        guess.append(token if is_chosen else -100)
    return read, guess


# %% wrong: "Tokens that are not chosen stay as they are."
def hide(ids, chosen, lots, others, mask_id):
    read = [
        mask_id if lot < 0.8 else other if lot < 0.9 else token
        for token, lot, other in zip(ids, lots, others)
    ]
    return read, [t if c else -100 for t, c in zip(ids, chosen)]


# %% wrong: "Not every chosen token is masked: two in ten are something else."
def hide(ids, chosen, lots, others, mask_id):
    read = [mask_id if c else t for t, c in zip(ids, chosen)]
    return read, [t if c else -100 for t, c in zip(ids, chosen)]


# %% wrong: "The token to guess is the one that stood there, not what you put in its place."
def hide(ids, chosen, lots, others, mask_id):
    read = [
        (mask_id if lot < 0.8 else other if lot < 0.9 else token) if c else token
        for token, c, lot, other in zip(ids, chosen, lots, others)
    ]
    return read, [r if c else -100 for r, c in zip(read, chosen)]


# %% wrong: "Chosen tokens that stay as they are have to be guessed as well."
def hide(ids, chosen, lots, others, mask_id):
    read = [
        (mask_id if lot < 0.8 else other if lot < 0.9 else token) if c else token
        for token, c, lot, other in zip(ids, chosen, lots, others)
    ]
    return read, [t if r != t else -100 for t, r in zip(ids, read)]


# %% wrong: "Where nothing is to be guessed stands -100: 0 is a token."
def hide(ids, chosen, lots, others, mask_id):
    read = [
        (mask_id if lot < 0.8 else other if lot < 0.9 else token) if c else token
        for token, c, lot, other in zip(ids, chosen, lots, others)
    ]
    return read, [t if c else 0 for t, c in zip(ids, chosen)]


# %% wrong: "Only the chosen places are to be guessed; you ask for all."
def hide(ids, chosen, lots, others, mask_id):
    read = [
        (mask_id if lot < 0.8 else other if lot < 0.9 else token) if c else token
        for token, c, lot, other in zip(ids, chosen, lots, others)
    ]
    return read, list(ids)


# %% wrong: "Two lists are asked for: what is read, and what is to be guessed."
def hide(ids, chosen, lots, others, mask_id):
    return [
        (mask_id if lot < 0.8 else other if lot < 0.9 else token) if c else token
        for token, c, lot, other in zip(ids, chosen, lots, others)
    ]


# %% wrong: "One in ten chosen tokens becomes another one at random. Yours become only the mask, or stay."
def hide(ids, chosen, lots, others, mask_id):
    read = [
        mask_id if c and lot < 0.8 else token
        for token, c, lot in zip(ids, chosen, lots)
    ]
    return read, [t if c else -100 for t, c in zip(ids, chosen)]


# %% wrong: "The last tenth stays as it is. Yours becomes the other token from 0.8 on."
def hide(ids, chosen, lots, others, mask_id):
    read = [
        (mask_id if lot < 0.8 else other) if c else token
        for token, c, lot, other in zip(ids, chosen, lots, others)
    ]
    return read, [t if c else -100 for t, c in zip(ids, chosen)]


# %% wrong: "A lot of exactly 0.8 is not below 0.8."
def hide(ids, chosen, lots, others, mask_id):
    read = [
        (mask_id if lot <= 0.8 else other if lot < 0.9 else token) if c else token
        for token, c, lot, other in zip(ids, chosen, lots, others)
    ]
    return read, [t if c else -100 for t, c in zip(ids, chosen)]


# %% wrong: "The ids belong to the caller, and you changed them. Build a new list."
def hide(ids, chosen, lots, others, mask_id):
    guess = [t if c else -100 for t, c in zip(ids, chosen)]
    for i, is_chosen in enumerate(chosen):
        if is_chosen and lots[i] < 0.9:
            ids[i] = mask_id if lots[i] < 0.8 else others[i]
    return list(ids), guess


# %% check
CASES = [
    Case(
        "one place of each kind",
        args=(
            [5, 6, 7, 8],
            [True, True, True, False],
            [0.1, 0.85, 0.95, 0.1],
            [1, 2, 3, 4],
            9,
        ),
        want=([9, 2, 7, 8], [5, 6, 7, -100]),
    ),
    Case(
        "lots on the borders",
        args=([5, 6, 7], [True, True, True], [0.0, 0.8, 0.9], [1, 2, 3], 9),
        want=([9, 2, 7], [5, 6, 7]),
    ),
    Case(
        "nothing chosen",
        args=([5, 6], [False, False], [0.85, 0.95], [1, 2], 9),
        want=([5, 6], [-100, -100]),
    ),
    Case(
        "the token 0 has to be guessed too",
        args=([0, 0], [True, False], [0.5, 0.5], [1, 2], 3),
        want=([3, 0], [0, -100]),
    ),
    Case("an empty text", args=([], [], [], [], 9), want=([], [])),
]
