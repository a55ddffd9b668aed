"""Exercise 4.1: The title of a name."""

# %% stub
import re


def title(name):
    """Return the title in a name of the form "Surname, Title. Given names".

    "the" before the title is left out; a name without a title gives "none".
    """
    raise NotImplementedError


# %% solution
import re


def title(name):
    found = re.search(r",\s*(?:the\s+)?([A-Za-z]+)\.", name)
    return found.group(1) if found else "none"


# %% wrong: "A full stop after an initial is no title: look behind the comma only."
import re


def title(name):
    found = re.search(r"\b([A-Za-z]+)\.", name)
    return found.group(1) if found else "none"


# %% wrong: "A name without a title must give 'none', not an error."
import re


def title(name):
    return re.search(r",\s*(?:the\s+)?([A-Za-z]+)\.", name).group(1)


# %% wrong: "'the Countess' came out as it stands. Leave out the article."
import re


def title(name):
    found = re.search(r",\s*([A-Za-z ]+)\.", name)
    return found.group(1) if found else "none"


# %% wrong: "The full stop belongs to the name, not to the title."
import re


def title(name):
    found = re.search(r",\s*(?:the\s+)?([A-Za-z]+\.)", name)
    return found.group(1) if found else "none"


# %% check
CASES = [
    Case("a boy", args=("Allison, Master. Hudson Trevor",), want="Master"),
    Case("an article", args=("Rothes, the Countess. of (Lucy)",), want="Countess"),
    Case("an initial first", args=("O. Hara, Miss. Mary",), want="Miss"),
    Case("an initial last", args=("Marvin, Mrs. Daniel W. (Mary G.)",), want="Mrs"),
    Case("no title", args=("Cher",), want="none"),
]
