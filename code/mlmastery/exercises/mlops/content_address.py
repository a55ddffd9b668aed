"""Exercise 21.1: A content address."""


# %% stub
def content_address(content):
    """Return where DVC keeps these bytes: the MD5 in hexadecimal digits, with a slash
    after the first two.
    """
    raise NotImplementedError


# %% solution
def content_address(content):
    import hashlib

    digest = hashlib.md5(content).hexdigest()
    return f"{digest[:2]}/{digest[2:]}"


# %% wrong: "DVC's cache uses MD5, not SHA-256."
def content_address(content):
    import hashlib

    digest = hashlib.sha256(content).hexdigest()
    return f"{digest[:2]}/{digest[2:]}"


# %% wrong: "DVC's cache uses MD5, not SHA-1."
def content_address(content):
    import hashlib

    digest = hashlib.sha1(content).hexdigest()
    return f"{digest[:2]}/{digest[2:]}"


# %% wrong: "The slash after the first two digits is missing."
def content_address(content):
    import hashlib

    return hashlib.md5(content).hexdigest()


# %% wrong: "The folder's two digits are not repeated in the file's name."
def content_address(content):
    import hashlib

    digest = hashlib.md5(content).hexdigest()
    return f"{digest[:2]}/{digest}"


# %% wrong: "The folder has two digits, not three."
def content_address(content):
    import hashlib

    digest = hashlib.md5(content).hexdigest()
    return f"{digest[:3]}/{digest[3:]}"


# %% wrong: "The folder has the first two digits, not the last two."
def content_address(content):
    import hashlib

    digest = hashlib.md5(content).hexdigest()
    return f"{digest[-2:]}/{digest[:-2]}"


# %% wrong: "The digits a to f are in lower case."
def content_address(content):
    import hashlib

    digest = hashlib.md5(content).hexdigest().upper()
    return f"{digest[:2]}/{digest[2:]}"


# %% wrong: "This hashes the text that shows the bytes, not the bytes."
def content_address(content):
    import hashlib

    digest = hashlib.md5(str(content).encode()).hexdigest()
    return f"{digest[:2]}/{digest[2:]}"


# %% wrong: "This leaves white space at the end out: other bytes, other address."
def content_address(content):
    import hashlib

    digest = hashlib.md5(content.strip()).hexdigest()
    return f"{digest[:2]}/{digest[2:]}"


# %% wrong: "Only the folder is returned."
def content_address(content):
    import hashlib

    return hashlib.md5(content).hexdigest()[:2]


# %% check
CASES = [
    Case("no bytes", args=(b"",), want="d4/1d8cd98f00b204e9800998ecf8427e"),
    Case(
        "a small table", args=(b"a,b\n1,2\n",), want="e5/ebd4c02cefbe7955977c67ada242b7"
    ),
    Case("three letters", args=(b"abc",), want="90/0150983cd24fb0d6963f7d28e17f72"),
]
