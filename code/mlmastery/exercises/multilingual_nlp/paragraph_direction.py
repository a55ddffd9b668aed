"""Exercise 17.2: The direction of a paragraph."""


# %% stub
def paragraph_direction(text):
    """Return "ltr", "rtl" or "neutral": the direction of a text.

    It is that of the first strong character. Strong are the characters whose
    unicodedata.bidirectional is "L", "R" or "AL".
    """
    raise NotImplementedError


# %% solution
def paragraph_direction(text):
    import unicodedata

    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return "ltr"
        if kind in ("R", "AL"):
            return "rtl"
    return "neutral"


# %% wrong: "Arabic letters have the class AL."
def paragraph_direction(text):
    import unicodedata

    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return "ltr"
        if kind == "R":
            return "rtl"
    return "neutral"


# %% wrong: "Hebrew letters have the class R."
def paragraph_direction(text):
    import unicodedata

    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return "ltr"
        if kind == "AL":
            return "rtl"
    return "neutral"


# %% wrong: "The first strong character decides, not the first character."
def paragraph_direction(text):
    import unicodedata

    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return "ltr"
        return "rtl" if kind in ("R", "AL") else "neutral"
    return "neutral"


# %% wrong: "The first strong character decides, and not the last."
def paragraph_direction(text):
    import unicodedata

    for character in reversed(text):
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return "ltr"
        if kind in ("R", "AL"):
            return "rtl"
    return "neutral"


# %% wrong: "Without a strong character the direction is neutral."
def paragraph_direction(text):
    import unicodedata

    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return "ltr"
        if kind in ("R", "AL"):
            return "rtl"
    return "ltr"


# %% wrong: "European digits (EN) are not strong."
def paragraph_direction(text):
    import unicodedata

    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "EN"):
            return "ltr"
        if kind in ("R", "AL"):
            return "rtl"
    return "neutral"


# %% wrong: "Arabic digits (AN) are not strong."
def paragraph_direction(text):
    import unicodedata

    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return "ltr"
        if kind in ("R", "AL", "AN"):
            return "rtl"
    return "neutral"


# %% wrong: "The two answers are exchanged."
def paragraph_direction(text):
    import unicodedata

    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return "rtl"
        if kind in ("R", "AL"):
            return "ltr"
    return "neutral"


# %% wrong: "One letter from right to left does not decide: the first strong one does."
def paragraph_direction(text):
    import unicodedata

    kinds = {unicodedata.bidirectional(c) for c in text}
    if kinds & {"R", "AL"}:
        return "rtl"
    return "ltr" if "L" in kinds else "neutral"


# %% wrong: "The majority does not decide: the first strong character does."
def paragraph_direction(text):
    import unicodedata

    kinds = [unicodedata.bidirectional(c) for c in text]
    right, left = kinds.count("R") + kinds.count("AL"), kinds.count("L")
    if not right + left:
        return "neutral"
    return "rtl" if right > left else "ltr"


# %% wrong: "One letter from left to right does not decide: the first strong one does."
def paragraph_direction(text):
    import unicodedata

    kinds = {unicodedata.bidirectional(c) for c in text}
    if "L" in kinds:
        return "ltr"
    return "rtl" if kinds & {"R", "AL"} else "neutral"


# %% wrong: "A punctuation mark (ON) is not strong."
def paragraph_direction(text):
    import unicodedata

    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "ON"):
            return "ltr"
        if kind in ("R", "AL"):
            return "rtl"
    return "neutral"


# %% wrong: "Blanks (WS) are not strong."
def paragraph_direction(text):
    import unicodedata

    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "WS"):
            return "ltr"
        if kind in ("R", "AL"):
            return "rtl"
    return "neutral"


# %% wrong: "Letters are not the only strong characters: the mark U+200F is one too."
def paragraph_direction(text):
    import unicodedata

    for character in filter(str.isalpha, text):
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return "neutral"


# %% check
CASES = [
    Case("Latin", args=("abc",), want="ltr"),
    Case("Hebrew after digits", args=("12\u05e9\u05dc",), want="rtl"),
    Case("Arabic after a blank", args=(" \u0643",), want="rtl"),
    Case("Hebrew after a mark", args=("!\u05e9\u05dc",), want="rtl"),
    Case("one Latin letter, then Hebrew", args=("a\u05e9\u05dc\u05d5",), want="ltr"),
    Case("one Hebrew letter, then Latin", args=("\u05e9abc",), want="rtl"),
    Case("Latin inside Hebrew", args=("\u05e9abc\u05d3",), want="rtl"),
    Case("Arabic digits, then Latin", args=("\u0661a",), want="ltr"),
    Case("a right-to-left mark, then Latin", args=("\u200fa",), want="rtl"),
    Case("digits alone", args=("1, 2",), want="neutral"),
    Case("no character", args=("",), want="neutral"),
]
