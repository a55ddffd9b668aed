"""Tokenizers that cut a text into characters, words or learned runs of bytes."""

import hashlib
import json
import operator
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar, runtime_checkable

from mlmastery.language_model.bpe import (
    BYTE_OF_ID,
    Pair,
    apply_merges,
    byte_ids,
    learn_merges,
    split_pieces,
)
from mlmastery.storage import replacing

UNKNOWN = "<unk>"
N_BYTES = 256
T = TypeVar("T")


class TokenizerError(ValueError):
    """A saved tokenizer is not as it was written."""


@runtime_checkable
class Tokenizer(Protocol):
    """Interface of all tokenizers, so that a model need not know which it has."""

    @property
    def vocab_size(self) -> int:
        """Number of tokens; ids run from 0 to one less."""

    def train(self, text: str) -> Self:
        """Learn the tokens from a text and return the tokenizer itself."""

    def encode(self, text: str) -> list[int]:
        """Return the ids of the tokens of a text."""

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of these tokens."""

    def save(self, path: str | Path) -> None:
        """Write the tokenizer to a file."""

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a tokenizer that `save` wrote."""


class _SavedAsJson:
    """Save and load by a JSON file with the entries and their checksum."""

    def _entries(self) -> list[Any]:
        raise NotImplementedError

    @classmethod
    def _from_entries(cls, entries: list[Any]) -> Self:
        raise NotImplementedError

    def save(self, path: str | Path) -> None:
        """Write the tokenizer to a JSON file.

        Parameters
        ----------
        path : str or Path
            An older file stays until the new one is complete.
        """
        entries = self._entries()
        content = {
            "kind": type(self).__name__,
            "sha256": _checksum(entries),
            "entries": entries,
        }
        with replacing(path, "w") as file:
            file.write(json.dumps(content) + "\n")

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a tokenizer that `save` wrote.

        Raises
        ------
        TokenizerError
            If the file is cut short, altered, or of another kind of tokenizer.
        FileNotFoundError
            If there is none.
        """
        content = _read_json(Path(path))
        if content.get("kind") != cls.__name__:
            raise TokenizerError(
                f"{path} must hold a {cls.__name__}, got a {content.get('kind')}"
            )
        entries = content.get("entries")
        if not isinstance(entries, list) or _checksum(entries) != content.get("sha256"):
            raise TokenizerError(
                f"{path} was altered: its entries do not have the checksum written "
                "with them. Train the tokenizer again, or restore the file."
            )
        return cls._from_entries(entries)


def _checksum(entries: list[Any]) -> str:
    return hashlib.sha256(json.dumps(entries).encode()).hexdigest()


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # neither JSON nor even text
        raise TokenizerError(
            f"{path} is not a saved tokenizer, or was cut short: {error}"
        ) from error
    if not isinstance(content, dict):
        raise TokenizerError(
            f"{path} is not a saved tokenizer: it must hold a JSON object, "
            f"got {type(content).__name__}"
        )
    return content


class CharTokenizer(_SavedAsJson):
    """One token for each character that occurs in the training text.

    Attributes
    ----------
    tokens : list of str
        The characters, in the order of their code points.

    Examples
    --------
    >>> tokenizer = CharTokenizer().train("to be or not")
    >>> tokenizer.encode("bone")
    [1, 4, 3, 2]
    >>> tokenizer.decode([1, 4, 3, 2])
    'bone'
    """

    def __init__(self) -> None:
        self.tokens: list[str] = []
        self._ids: dict[str, int] = {}

    @property
    def vocab_size(self) -> int:
        """Number of different characters."""
        return len(self.tokens)

    def train(self, text: str) -> Self:
        """Collect the characters of the text."""
        self.tokens = sorted(set(_check_text(text)))
        self._ids = {token: i for i, token in enumerate(self.tokens)}
        return self

    def encode(self, text: str) -> list[int]:
        """Return one id for each character.

        Raises
        ------
        ValueError
            If the text holds a character that the training text did not.
        """
        try:
            return [self._ids[character] for character in _check_text(text)]
        except KeyError as error:
            unknown = error.args[0]
            raise ValueError(
                f"the character {unknown!r} at position {text.index(unknown)} is not "
                f"among the {self.vocab_size} characters of the training text; "
                "a BPETokenizer knows every character"
            ) from None

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text; raise ValueError for an id that is not in use."""
        return "".join(_tokens(ids, self.tokens))

    def _entries(self) -> list[str]:
        return self.tokens

    @classmethod
    def _from_entries(cls, entries: list[str]) -> Self:
        return cls().train("".join(entries))


class WordTokenizer(_SavedAsJson):
    """One token for each of the most frequent words, and one for all others.

    A word takes the blank before it along; signs and line ends are words too. What is
    not among the words becomes the token ``<unk>`` (id 0), and is lost.

    Parameters
    ----------
    vocab_size : int
        Number of tokens at most, that for unknown words included.

    Attributes
    ----------
    tokens : list of str
        The most frequent word first, after ``<unk>``.

    Raises
    ------
    ValueError
        If ``vocab_size`` is less than 1.

    Examples
    --------
    >>> tokenizer = WordTokenizer(vocab_size=3).train("to be, or not to be")
    >>> tokenizer.tokens
    ['<unk>', ' be', 'to']
    >>> tokenizer.decode(tokenizer.encode("to be or to sleep"))
    'to be<unk><unk><unk>'
    """

    def __init__(self, vocab_size: int = 10_000) -> None:
        self.max_vocab_size = _check_size(vocab_size, at_least=1)
        self._set([])

    def _set(self, words: list[str]) -> None:
        self.tokens = [UNKNOWN, *words]
        self._ids = {word: i for i, word in enumerate(words, start=1)}

    @property
    def vocab_size(self) -> int:
        """Number of tokens; fewer than allowed if the text has fewer words."""
        return len(self.tokens)

    def train(self, text: str) -> Self:
        """Keep the most frequent words; of equally frequent ones the first to occur."""
        counts = Counter(split_pieces(_check_text(text)))
        self._set([word for word, _ in counts.most_common(self.max_vocab_size - 1)])
        return self

    def encode(self, text: str) -> list[int]:
        """Return one id for each word, 0 for an unknown one."""
        return [self._ids.get(word, 0) for word in split_pieces(_check_text(text))]

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text; raise ValueError for an id that is not in use."""
        return "".join(_tokens(ids, self.tokens))

    def _entries(self) -> list[str]:
        return self.tokens[1:]

    @classmethod
    def _from_entries(cls, entries: list[str]) -> Self:
        tokenizer = cls(vocab_size=len(entries) + 1)
        tokenizer._set(entries)
        return tokenizer


class BPETokenizer(_SavedAsJson):
    r"""Byte pair encoding: the 256 bytes, and runs of bytes that occur often.

    Any text can be encoded and comes back unchanged, because what is not a learned
    run falls back to its bytes. Merges, ids and encodings are those of the library
    ``tokenizers`` with a byte-level BPE trained on the same text.

    Parameters
    ----------
    vocab_size : int
        Number of tokens at most, the 256 bytes included. Untrained, or with 256, each
        byte is a token.

    Attributes
    ----------
    merges : list of (int, int)
        The pair that became token 256, the one that became 257, and so on.
    tokens : list of bytes
        The bytes that each token stands for.

    Raises
    ------
    ValueError
        If ``vocab_size`` is less than 256.

    References
    ----------
    .. [1] Sennrich, Haddow and Birch (2016), "Neural Machine Translation of Rare Words
       with Subword Units", ACL.
    .. [2] Radford et al. (2019), "Language Models are Unsupervised Multitask Learners".

    Examples
    --------
    >>> tokenizer = BPETokenizer(vocab_size=258).train("the thin thing")
    >>> tokenizer.tokens[256:]
    [b'th', b'in']
    >>> [tokenizer.tokens[i] for i in tokenizer.encode("thé")]
    [b'th', b'\xc3', b'\xa9']
    >>> tokenizer.decode(tokenizer.encode("thé"))
    'thé'
    """

    def __init__(self, vocab_size: int = 1_000) -> None:
        self.max_vocab_size = _check_size(vocab_size, at_least=N_BYTES)
        self._set([])

    def _set(self, merges: Sequence[Pair]) -> None:
        self.merges = list(merges)
        self._ranks = {pair: N_BYTES + i for i, pair in enumerate(self.merges)}
        self.tokens = [bytes([byte]) for byte in BYTE_OF_ID]
        for left, right in self.merges:
            self.tokens.append(self.tokens[left] + self.tokens[right])

    @property
    def vocab_size(self) -> int:
        """Number of tokens; fewer than allowed if the text ran out of pairs."""
        return len(self.tokens)

    def train(self, text: str) -> Self:
        """Learn the merges; of equally frequent pairs the smallest ids come first."""
        self._set(learn_merges(_check_text(text), self.max_vocab_size - N_BYTES))
        return self

    def encode(self, text: str) -> list[int]:
        """Return the ids of the tokens of a text.

        Raises
        ------
        ValueError
            If the text holds a lone surrogate, which is not a character.
        """
        return self._encode(_check_text(text))

    def encode_bytes(self, data: bytes) -> list[int]:
        """Return the ids of the tokens of any bytes, be they text or not."""
        return self._encode(data.decode("utf-8", "surrogateescape"))

    def _encode(self, text: str) -> list[int]:
        pieces = split_pieces(text)
        ids = {piece: self._encode_piece(piece) for piece in set(pieces)}
        return [i for piece in pieces for i in ids[piece]]

    def _encode_piece(self, piece: str) -> list[int]:
        data = piece.encode("utf-8", "surrogateescape")
        return apply_merges(byte_ids(data), self._ranks)

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text, with � for bytes that are not UTF-8.

        Raises
        ------
        ValueError
            For an id that is not in use.
        """
        return self.decode_bytes(ids).decode("utf-8", "replace")

    def decode_bytes(self, ids: Iterable[int]) -> bytes:
        """Return the bytes of these tokens, exactly."""
        return b"".join(_tokens(ids, self.tokens))

    @classmethod
    def from_merges(cls, merges: Sequence[Pair]) -> Self:
        """Make a tokenizer of merges learned elsewhere.

        Parameters
        ----------
        merges : sequence of (int, int)
            In the order in which they were learned; the first makes token 256.

        Raises
        ------
        TokenizerError
            If one joins a token that does not exist before it.

        Examples
        --------
        >>> BPETokenizer.from_merges([(39, 72)]).encode("Hi")
        [256]
        """
        tokenizer = cls(vocab_size=N_BYTES + len(merges))
        tokenizer._set([_check_pair(*numbered) for numbered in enumerate(merges)])
        return tokenizer

    def _entries(self) -> list[list[int]]:
        return [list(pair) for pair in self.merges]

    @classmethod
    def _from_entries(cls, entries: list[Any]) -> Self:
        return cls.from_merges(entries)


def _check_pair(place: int, entry: Any) -> Pair:
    known = range(N_BYTES + place)
    match entry:
        case [int(left), int(right)] if left in known and right in known:
            return left, right
    raise TokenizerError(
        f"merge {place} must join two tokens of 0 to {known[-1]}, got {entry!r}"
    )


def _check_text(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"text must be a str, got {type(text).__name__}")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            "text must be writable as UTF-8, got a lone surrogate, "
            f"{text[error.start]!r}, at position {error.start}"
        ) from None
    return text


def _check_size(vocab_size: int, at_least: int) -> int:
    size = operator.index(vocab_size)
    if size < at_least:
        raise ValueError(f"vocab_size must be at least {at_least}, got {size}")
    return size


def _tokens(ids: Iterable[int], tokens: Sequence[T]) -> list[T]:
    chosen = []
    for place, value in enumerate(ids):
        i = operator.index(value)
        if not 0 <= i < len(tokens):
            raise ValueError(
                f"ids[{place}] must lie between 0 and {len(tokens) - 1}, got {i}"
            )
        chosen.append(tokens[i])
    return chosen
