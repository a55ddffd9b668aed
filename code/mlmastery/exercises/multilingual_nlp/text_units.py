"""Exercise 17.1: Three lengths of a text."""


# %% stub
def text_units(text):
    """Return (code points, UTF-8 bytes, code points of the NFC form) of a text."""
    raise NotImplementedError


# %% solution
def text_units(text):
    import unicodedata

    composed = unicodedata.normalize("NFC", text)
    return len(text), len(text.encode("utf-8")), len(composed)


# %% wrong: "The second number counts bytes: encode the text first."
def text_units(text):
    import unicodedata

    composed = unicodedata.normalize("NFC", text)
    return len(text), len(text), len(composed)


# %% wrong: "UTF-16 has other lengths. Encode with UTF-8."
def text_units(text):
    import unicodedata

    composed = unicodedata.normalize("NFC", text)
    return len(text), len(text.encode("utf-16-le")), len(composed)


# %% wrong: "NFD decomposes. Compose with NFC."
def text_units(text):
    import unicodedata

    composed = unicodedata.normalize("NFD", text)
    return len(text), len(text.encode("utf-8")), len(composed)


# %% wrong: "NFKC also replaces ligatures. Use NFC."
def text_units(text):
    import unicodedata

    composed = unicodedata.normalize("NFKC", text)
    return len(text), len(text.encode("utf-8")), len(composed)


# %% wrong: "NFKD decomposes and replaces. Use NFC."
def text_units(text):
    import unicodedata

    composed = unicodedata.normalize("NFKD", text)
    return len(text), len(text.encode("utf-8")), len(composed)


# %% wrong: "The third number is of the normalised text."
def text_units(text):
    return len(text), len(text.encode("utf-8")), len(text)


# %% wrong: "The order is code points, bytes, NFC."
def text_units(text):
    import unicodedata

    composed = unicodedata.normalize("NFC", text)
    return len(text.encode("utf-8")), len(text), len(composed)


# %% wrong: "The first number is of the text as it came, before normalising."
def text_units(text):
    import unicodedata

    composed = unicodedata.normalize("NFC", text)
    return (
        len(unicodedata.normalize("NFC", text)),
        len(text.encode("utf-8")),
        len(composed),
    )


# %% wrong: "The bytes are those of the text as it came."
def text_units(text):
    import unicodedata

    composed = unicodedata.normalize("NFC", text)
    return (
        len(text),
        len(unicodedata.normalize("NFC", text).encode("utf-8")),
        len(composed),
    )


# %% wrong: "The third number counts code points and not bytes."
def text_units(text):
    import unicodedata

    composed = unicodedata.normalize("NFC", text)
    return (
        len(text),
        len(text.encode("utf-8")),
        len(composed.encode("utf-8")),
    )


# %% wrong: "Do not strip blanks: they are characters too."
def text_units(text):
    import unicodedata

    text = text.strip()
    composed = unicodedata.normalize("NFC", text)
    return len(text), len(text.encode("utf-8")), len(composed)


# %% wrong: "Do not drop what is not ASCII."
def text_units(text):
    import unicodedata

    composed = unicodedata.normalize("NFC", text)
    return len(text), len(text.encode("ascii", "ignore")), len(composed)


# %% wrong: "These are UTF-32 bytes, four for each code point."
def text_units(text):
    import unicodedata

    composed = unicodedata.normalize("NFC", text)
    return len(text), len(text.encode("utf-32-le")), len(composed)


# %% check
CASES = [
    Case("a letter and a combining accent", args=("e\u0301",), want=(2, 3, 1)),
    Case("a letter that NFC decomposes", args=("\u0958",), want=(1, 3, 2)),
    Case("a ligature and a blank", args=("\ufb01 ",), want=(2, 4, 2)),
    Case("an emoji", args=("\U0001f600",), want=(1, 4, 1)),
    Case("letters outside ASCII", args=("\u00e9\u00df",), want=(2, 4, 2)),
]
