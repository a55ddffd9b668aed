"""Exercise 21.4: The arm of a flight."""


# %% stub
def canary_arm(identity, share):
    """Return "challenger" or "champion" for a flight's id.

    The first eight hexadecimal digits of the id's SHA-256 (of its bytes in UTF-8), read
    as a number and divided by 16**8, lie between 0 and 1. Below the share the
    challenger answers.
    """
    raise NotImplementedError


# %% solution
def canary_arm(identity, share):
    import hashlib

    digest = hashlib.sha256(identity.encode()).hexdigest()
    position = int(digest[:8], 16) / 16**8
    return "challenger" if position < share else "champion"


# %% wrong
def canary_arm(identity, share):
    position = hash(identity) % 16**8 / 16**8
    return "challenger" if position < share else "champion"


# %% wrong: "The arms are the wrong way round: below the share the challenger answers."
def canary_arm(identity, share):
    import hashlib

    digest = hashlib.sha256(identity.encode()).hexdigest()
    position = int(digest[:8], 16) / 16**8
    return "champion" if position < share else "challenger"


# %% wrong: "Take the first eight digits, not the last."
def canary_arm(identity, share):
    import hashlib

    digest = hashlib.sha256(identity.encode()).hexdigest()
    position = int(digest[-8:], 16) / 16**8
    return "challenger" if position < share else "champion"


# %% wrong: "The digest is asked of SHA-256, not of MD5."
def canary_arm(identity, share):
    import hashlib

    digest = hashlib.md5(identity.encode()).hexdigest()
    position = int(digest[:8], 16) / 16**8
    return "challenger" if position < share else "champion"


# %% wrong
def canary_arm(identity, share):
    import random

    return "challenger" if random.random() < share else "champion"


# %% wrong: "Eight hexadecimal digits reach up to 16**8: this position is never above a sixteenth."
def canary_arm(identity, share):
    import hashlib

    digest = hashlib.sha256(identity.encode()).hexdigest()
    position = int(digest[:8], 16) / 16**9
    return "challenger" if position < share else "champion"


# %% wrong: "With a share of 0 no flight asks the challenger, with 1 all do."
def canary_arm(identity, share):
    import hashlib

    digest = hashlib.sha256(identity.encode()).hexdigest()
    position = int(digest[:8], 16) / 16**8
    return "challenger" if position < 0.5 else "champion"


# %% wrong: "The share is given between 0 and 1, not in per cent."
def canary_arm(identity, share):
    import hashlib

    digest = hashlib.sha256(identity.encode()).hexdigest()
    position = int(digest[:8], 16) / 16**8
    return "challenger" if position * 100 < share else "champion"


# %% wrong: "This only reads two digits: shares are then rounded to 1/256."
def canary_arm(identity, share):
    import hashlib

    digest = hashlib.sha256(identity.encode()).hexdigest()
    position = int(digest[:2], 16) / 16**2
    return "challenger" if position < share else "champion"


# %% wrong: "The id counts as it is: capital letters are other ids."
def canary_arm(identity, share):
    import hashlib

    digest = hashlib.sha256(identity.lower().encode()).hexdigest()
    position = int(digest[:8], 16) / 16**8
    return "challenger" if position < share else "champion"


# %% check
CASES = [
    Case(
        "UA1545-EWR-0101 at 0.2595", args=("UA1545-EWR-0101", 0.2595), want="champion"
    ),
    Case(
        "UA1545-EWR-0101 at 0.2635", args=("UA1545-EWR-0101", 0.2635), want="challenger"
    ),
    Case("AA1141-JFK-0101 at 0.818", args=("AA1141-JFK-0101", 0.818), want="champion"),
    Case(
        "AA1141-JFK-0101 at 0.822", args=("AA1141-JFK-0101", 0.822), want="challenger"
    ),
    Case("B6725-JFK-0315 at 0.358", args=("B6725-JFK-0315", 0.358), want="champion"),
    Case("B6725-JFK-0315 at 0.362", args=("B6725-JFK-0315", 0.362), want="challenger"),
    Case("DL461-LGA-0704 at 0.449", args=("DL461-LGA-0704", 0.449), want="champion"),
    Case("DL461-LGA-0704 at 0.453", args=("DL461-LGA-0704", 0.453), want="challenger"),
    Case(
        "ua1545-ewr-0101 at 0.3576", args=("ua1545-ewr-0101", 0.3576), want="champion"
    ),
    Case(
        "ua1545-ewr-0101 at 0.3616", args=("ua1545-ewr-0101", 0.3616), want="challenger"
    ),
    Case(
        "a share that is the position itself",
        args=("UA1545-EWR-0101", 0.2614945874083787),
        want="champion",
    ),
    Case("a share of nothing", args=("UA1-EWR-0101", 0.0), want="champion"),
    Case("all flights", args=("UA1-EWR-0101", 1.0), want="challenger"),
]
