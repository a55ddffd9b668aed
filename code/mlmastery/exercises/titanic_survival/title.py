"""Exercise 4.1: The title of a name."""

# %% stub
import re


def title(name):
    """Return the title in a name of the form "Surname, Title. Given names".

    "the" before the title is left out. A name that lacks the comma, or the full stop
    after the title, gives "none".
    """
    raise NotImplementedError


# %% solution
import re


def title(name):
    found = re.search(r",\s*(?:the\s+)?([A-Za-z]+)\.", name)
    return found.group(1) if found else "none"


# %% wrong: "A full stop after an initial is no title: look only after the comma."
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


# %% wrong: "You took pieces by their position. Without a comma that is an error, and without a full stop the given names pass for a title."
def title(name):
    return name.split(", ")[1].split(".")[0].removeprefix("the ")


# %% wrong: "A name with a comma but no full stop came out with its given name as a title. It has none."
def title(name):
    _, comma, rest = name.partition(", ")
    return rest.split(".")[0].removeprefix("the ") if comma else "none"


# %% wrong: "A space is left in front of the title, the one after the comma."
def title(name):
    found = re.search(r",((?:\s*the)?\s*[A-Za-z]+)\.", name)
    return found.group(1).replace(" the", "") if found else "none"


# %% wrong: "The letters t, h, e were cut out of the middle of a title as well. Leave out the article only where it is a word of its own."
def title(name):
    found = re.search(r",\s*([A-Za-z ]+)\.", name)
    return found.group(1).replace("the", "").strip() if found else "none"


# %% wrong: "You took everything up to the last full stop. The title ends at the first one after the comma."
def title(name):
    found = re.search(r",\s*(?:the\s+)?(.*)\.", name)
    return found.group(1) if found else "none"


# %% wrong: "Without a title the answer must be the text 'none', not Python's None."
def title(name):
    found = re.search(r",\s*(?:the\s+)?([A-Za-z]+)\.", name)
    return found.group(1) if found else None


# %% wrong: "You looked after the last comma. A second comma may follow the title."
def title(name):
    found = re.search(r".*,\s*(?:the\s+)?([A-Za-z]+)\.", name)
    return found.group(1) if found else "none"


# %% wrong: "A list of known titles misses all others. The title is known by where it stands, not by its word."
def title(name):
    for word in ("Master", "Miss", "Mrs", "Mr"):
        if f", {word}." in name:
            return word
    return "none"


# %% wrong: "That is the surname. The title stands between the comma and the full stop."
def title(name):
    return name.split(",")[0] if "." in name else "none"


# %% wrong: "The second word of the name is not always the title: a surname may have several words, and an article may come first."
def title(name):
    found = re.fullmatch(r"\S+ ([A-Za-z]+)\.?.*", name)
    return found.group(1) if found and "." in name else "none"


# %% wrong
def title(name):
    found = re.search(r",\s*(?:the\s+)?([A-Za-z]+)\.", name)
    return found.group(1).lower() if found else "none"


# %% check
CASES = [
    Case("a boy", args=("Allison, Master. Hudson Trevor",), want="Master"),
    Case("an article", args=("Rothes, the Countess. of (Lucy)",), want="Countess"),
    Case("an initial first", args=("O. Hara, Miss. Mary",), want="Miss"),
    Case("an initial last", args=("Marvin, Mrs. Daniel W. (Mary G.)",), want="Mrs"),
    Case("a surname of two words", args=("van Dyk, Mr. Jan",), want="Mr"),
    Case("a second comma", args=("Davis, Mr. John, Jr.",), want="Mr"),
    Case("a title with t, h, e inside", args=("Gray, Mother. Anna",), want="Mother"),
    Case("no comma", args=("Cher",), want="none"),
    Case("no full stop", args=("Smith, John",), want="none"),
]
