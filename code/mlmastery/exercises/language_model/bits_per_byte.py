"""Exercise 14.3: A loss that can be compared."""

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


# %% check
import math

CASES = [
    Case(
        "two tokens, each as likely as a flipped coin shows heads, for eight bytes",
        args=([math.log(2), math.log(2)], "O Romeo!"),
        want=0.25,
    ),
    Case("guessing among 256 bytes", args=([math.log(256)] * 4, "Kate"), want=8.0),
    Case("characters of more than one byte", args=([math.log(16)], "é"), want=2.0),
]
