"""Exercise 1.13: Read an amount."""


# %% stub
def read_amount(text, decimal):
    """Return the number in a text such as "1.234,50-", as a float.

    decimal is "," or "."; the other one, spaces and apostrophes may stand between
    thousands. Negative amounts have a minus in front, a minus behind, or stand in
    parentheses. Spaces around the text mean nothing. Raise ValueError where the text
    holds no number, such as "" or "tea".
    """
    raise NotImplementedError


# %% solution
def read_amount(text, decimal):
    text = text.strip()
    negative = text.startswith(("-", "(")) or text.endswith("-")
    digits = text.strip("-()")
    for sign in " '.,".replace(decimal, ""):
        digits = digits.replace(sign, "")
    value = float(digits.replace(decimal, "."))
    return -value if negative else value


# %% wrong: "The decimal sign became a point before the thousands signs were taken away, and 1.234,50 has two points."
def read_amount(text, decimal):
    text = text.strip()
    negative = text.startswith(("-", "(")) or text.endswith("-")
    digits = text.strip("-()").replace(decimal, ".").replace(" ", "")
    value = float(digits.replace("'", ""))
    return -value if negative else value


# %% wrong: "A minus behind the number is a minus, too."
def read_amount(text, decimal):
    text = text.strip()
    negative = text.startswith(("-", "("))
    digits = text.strip("-()")
    for sign in " '.,".replace(decimal, ""):
        digits = digits.replace(sign, "")
    value = float(digits.replace(decimal, "."))
    return -value if negative else value


# %% wrong: "Parentheses mean a negative amount."
def read_amount(text, decimal):
    text = text.strip()
    negative = text.startswith("-") or text.endswith("-")
    digits = text.strip("-()")
    for sign in " '.,".replace(decimal, ""):
        digits = digits.replace(sign, "")
    value = float(digits.replace(decimal, "."))
    return -value if negative else value


# %% wrong: "Negative amounts came back positive: take the sign off, and put it back at the end."
def read_amount(text, decimal):
    digits = text.strip().strip("-()")
    for sign in " '.,".replace(decimal, ""):
        digits = digits.replace(sign, "")
    return float(digits.replace(decimal, "."))


# %% wrong: "decimal was not used. Where it is a point, the comma stands between thousands."
def read_amount(text, decimal):
    text = text.strip()
    negative = text.startswith(("-", "(")) or text.endswith("-")
    digits = text.strip("-()")
    for sign in " '.":
        digits = digits.replace(sign, "")
    value = float(digits.replace(",", "."))
    return -value if negative else value


# %% wrong: "Where no number stands, NaN was returned. A gap that nobody asked for is passed over by every sum: raise ValueError."
def read_amount(text, decimal):
    text = text.strip()
    negative = text.startswith(("-", "(")) or text.endswith("-")
    digits = text.strip("-()")
    for sign in " '.,".replace(decimal, ""):
        digits = digits.replace(sign, "")
    try:
        value = float(digits.replace(decimal, "."))
    except ValueError:
        return float("nan")
    return -value if negative else value


# %% wrong: "Where no number stands, you returned 0, which is an amount."
def read_amount(text, decimal):
    text = text.strip()
    negative = text.startswith(("-", "(")) or text.endswith("-")
    digits = "".join(c for c in text if c.isdigit() or c == decimal)
    value = float(digits.replace(decimal, ".") or 0)
    return -value if negative else value


# %% wrong: "Spaces between thousands are still in the text."
def read_amount(text, decimal):
    text = text.strip()
    negative = text.startswith(("-", "(")) or text.endswith("-")
    digits = text.strip("-()").replace("'", "")
    digits = digits.replace("." if decimal == "," else ",", "")
    value = float(digits.replace(decimal, "."))
    return -value if negative else value


# %% wrong: "Apostrophes between thousands are still in the text."
def read_amount(text, decimal):
    text = text.strip()
    negative = text.startswith(("-", "(")) or text.endswith("-")
    digits = text.strip("-()").replace(" ", "")
    digits = digits.replace("." if decimal == "," else ",", "")
    value = float(digits.replace(decimal, "."))
    return -value if negative else value


# %% wrong: "The decimal sign was taken away with the others, so cents became euros."
def read_amount(text, decimal):
    text = text.strip()
    negative = text.startswith(("-", "(")) or text.endswith("-")
    digits = text.strip("-()")
    for sign in " '.,":
        digits = digits.replace(sign, "")
    value = float(digits)
    return -value if negative else value


# %% wrong: "Spaces around the text hide the sign: strip first."
def read_amount(text, decimal):
    negative = text.startswith(("-", "(")) or text.endswith("-")
    digits = text.strip(" -()")
    for sign in " '.,".replace(decimal, ""):
        digits = digits.replace(sign, "")
    value = float(digits.replace(decimal, "."))
    return -value if negative else value


# %% wrong: "The decimals were cut off."
def read_amount(text, decimal):
    text = text.strip()
    negative = text.startswith(("-", "(")) or text.endswith("-")
    digits = text.strip("-()").partition(decimal)[0]
    for sign in " '.,".replace(decimal, ""):
        digits = digits.replace(sign, "")
    value = float(digits)
    return -value if negative else value


# %% check
CASES = [
    Case("a decimal comma", args=("18,25", ","), want=18.25),
    Case("a decimal point", args=("18.25", "."), want=18.25),
    Case("thousands with points", args=("1.234.567,50", ","), want=1234567.5),
    Case("thousands with commas", args=("1,234,567.50", "."), want=1234567.5),
    Case("thousands with spaces", args=("1 815,97", ","), want=1815.97),
    Case("thousands with apostrophes", args=("1'815.97", "."), want=1815.97),
    Case("a minus in front", args=("-1.815,97", ","), want=-1815.97),
    Case("a minus behind", args=("1.234,50-", ","), want=-1234.5),
    Case("parentheses", args=("(1,234.00)", "."), want=-1234.0),
    Case("spaces around a minus", args=(" 7,00- ", ","), want=-7.0),
    Case("spaces around parentheses", args=("  (7.50) ", "."), want=-7.5),
    Case("nothing", args=("", ","), raises=ValueError),
    Case("a word", args=("tea", "."), raises=ValueError),
]
