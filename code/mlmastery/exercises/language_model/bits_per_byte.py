"""Exercise 14.10: A loss that can be compared."""

# %% stub
import math


def bits_per_byte(losses, text):
    """Return the loss of a model in bits per byte of the text.

    losses holds one number per token of the text, the negative natural logarithm of the
    probability that the model gave to the token. A byte is one of the text's UTF-8 code.
    """
    raise NotImplementedError


# %% solution
def bits_per_byte(losses, text):
    return sum(losses) / math.log(2) / len(text.encode("utf-8"))


# %% wrong: "These are nats. One bit is the natural logarithm of two."
def bits_per_byte(losses, text):
    return sum(losses) / len(text.encode("utf-8"))


# %% wrong: "You divided by the number of tokens, which depends on the tokenizer. Divide by bytes."
def bits_per_byte(losses, text):
    return sum(losses) / math.log(2) / len(losses)


# %% wrong: "You divided by characters. An accented letter is one character but two bytes."
def bits_per_byte(losses, text):
    return sum(losses) / math.log(2) / len(text)


# %% wrong: "A nat is more than a bit: divide by the logarithm of two, do not multiply."
def bits_per_byte(losses, text):
    return sum(losses) * math.log(2) / len(text.encode("utf-8"))


# %% wrong: "The losses are logarithms already. Change their unit, do not take their logarithm."
def bits_per_byte(losses, text):
    return sum(math.log2(loss) for loss in losses) / len(text.encode())


# %% wrong: "You divided twice: by the number of tokens, in the mean, and by that of bytes. The loss of the whole text is a sum."
def bits_per_byte(losses, text):
    return sum(losses) / len(losses) / math.log(2) / len(text.encode())


# %% wrong: "This is a perplexity. Bits per byte stay on the logarithmic scale."
def bits_per_byte(losses, text):
    return 2 ** (sum(losses) / math.log(2) / len(text.encode()))


# %% wrong: "You turned the ratio round: these are bytes per bit."
def bits_per_byte(losses, text):
    return len(text.encode()) / (sum(losses) / math.log(2))


# %% wrong: "The losses are natural logarithms, so one bit is the natural logarithm of two, not the decimal one."
def bits_per_byte(losses, text):
    return sum(losses) / math.log10(2) / len(text.encode())


# %% wrong: "The losses are negative logarithms already: no further minus is needed."
def bits_per_byte(losses, text):
    return -sum(losses) / math.log(2) / len(text.encode())


# %% wrong: "That a byte has eight bits does not matter here: the question is how many the model needs for one."
def bits_per_byte(losses, text):
    return sum(losses) / math.log(2) / len(text.encode()) / 8


# %% wrong: "You divided by the number of words. Divide by bytes."
def bits_per_byte(losses, text):
    return sum(losses) / math.log(2) / len(text.split())


# %% wrong: "These are the bits of the whole text. Divide by its bytes."
def bits_per_byte(losses, text):
    return sum(losses) / math.log(2)


# %% wrong: "A byte is one of the UTF-8 code. You counted those of UTF-16."
def bits_per_byte(losses, text):
    return sum(losses) / math.log(2) / len(text.encode("utf-16-le"))


# %% check
import math

CASES = [
    Case(
        "two tokens, each as likely as a flipped coin shows heads, for eight bytes",
        args=([math.log(2), math.log(2)], "O Romeo!"),
        want=0.25,
    ),
    Case("guessing among 256 bytes", args=([math.log(256)] * 4, "Kate"), want=8.0),
    Case("one bit and three bits", args=([math.log(2), math.log(8)], "ab"), want=2.0),
    Case("characters of more than one byte", args=([math.log(16)], "é"), want=2.0),
]
