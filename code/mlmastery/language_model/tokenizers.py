"""Tokenizers that cut a text into characters, words or learned runs of bytes."""

import hashlib
import json
import operator
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol, Self, TypeVar, runtime_checkable

import regex

from mlmastery.language_model.bpe import (
    BYTE_OF_ID,
    Pair,
    apply_merges,
    byte_ids,
    learn_merges,
    split_pieces,
)
from mlmastery.storage import replacing
from mlmastery.validation import check_choice

UNKNOWN = "<unk>"
N_BYTES = 256
T = TypeVar("T")
Names = Literal["all"] | Collection[str]


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

    _names: Sequence[str] = ()  # of special tokens

    def _entries(self) -> list[Any]:
        raise NotImplementedError

    @classmethod
    def _from_entries(cls, entries: list[Any], special: list[str]) -> Self:
        raise NotImplementedError

    def save(self, path: str | Path) -> None:
        """Write the tokenizer to a JSON file.

        Parameters
        ----------
        path : str or Path
            An older file stays until the new one is complete.
        """
        entries, special = self._entries(), list(self._names)
        content = {
            "kind": type(self).__name__,
            "sha256": _checksum(entries, special),
            "entries": entries,
        }
        if special:
            content["special_tokens"] = special
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
        entries, special = content.get("entries"), content.get("special_tokens", [])
        listed = isinstance(entries, list) and isinstance(special, list)
        if not listed or _checksum(entries, special) != content.get("sha256"):
            raise TokenizerError(
                f"{path} was altered: its entries do not have the checksum written "
                "with them. Train the tokenizer again, or restore the file."
            )
        return cls._from_entries(entries, special)


def _checksum(entries: Any, special: Any) -> str:
    content = [entries, special] if special else entries
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _read_json(path: Path) -> Any:
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
        self.tokens = sorted(set(check_text(text)))
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
            return [self._ids[character] for character in check_text(text)]
        except KeyError as error:
            unknown = error.args[0]
            raise ValueError(
                f"the character {unknown!r} at position {text.index(unknown)} is not "
                f"among the {self.vocab_size} characters of the training text; "
                "a BPETokenizer knows every character"
            ) from None

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text; raise ValueError for an id that is not in use."""
        return "".join(tokens_of(ids, self.tokens))

    def _entries(self) -> list[str]:
        return self.tokens

    @classmethod
    def _from_entries(cls, entries: list[str], special: list[str]) -> Self:
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
        counts = Counter(split_pieces(check_text(text)))
        self._set([word for word, _ in counts.most_common(self.max_vocab_size - 1)])
        return self

    def encode(self, text: str) -> list[int]:
        """Return one id for each word, 0 for an unknown one."""
        return [self._ids.get(word, 0) for word in split_pieces(check_text(text))]

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text; raise ValueError for an id that is not in use."""
        return "".join(tokens_of(ids, self.tokens))

    def _entries(self) -> list[str]:
        return self.tokens[1:]

    @classmethod
    def _from_entries(cls, entries: list[str], special: list[str]) -> Self:
        tokenizer = cls(vocab_size=len(entries) + 1)
        tokenizer._set(entries)
        return tokenizer


class SpecialTokens:
    """Tokens that are asked for by name and that no ordinary text turns into.

    Parameters
    ----------
    ids : mapping of str to int
        The id of each name.

    Raises
    ------
    ValueError
        If a name is empty.

    Examples
    --------
    >>> marks = SpecialTokens({"<|end|>": 300})
    >>> marks.split("a<|end|>b", allowed={"<|end|>"})
    ['a', '<|end|>', 'b']
    >>> marks.split("a<|end|>b", allowed=())
    ['a<|end|>b']
    """

    def __init__(self, ids: Mapping[str, int]) -> None:
        for name in ids:
            if not isinstance(name, str) or not name:
                raise ValueError(
                    f"a special token must have a name that is not empty, got {name!r}"
                )
            check_text(name, "a special token")
        self.ids = dict(ids)

    def split(
        self, text: str, allowed: Names = (), disallowed: Names = ()
    ) -> list[str]:
        """Cut a text at the special tokens that are allowed.

        Parameters
        ----------
        text : str
        allowed : "all" or collection of str, default=()
            Names that are cut out. The others are ordinary text.
        disallowed : "all" or collection of str, default=()
            Names at which ValueError is raised, unless they are allowed.

        Returns
        -------
        list of str
            Ordinary text at even places, names at odd ones.
        """
        cut = self._named(allowed, "allowed_special")
        refused = self._named(disallowed, "disallowed_special") - cut
        if found := sorted(
            (text.index(name), name) for name in refused if name in text
        ):
            place, name = found[0]
            raise ValueError(
                f"text must not hold the special token {name!r}, got it at position "
                f"{place}; allow it by allowed_special if it is meant"
            )
        if not cut:
            return [text]
        longest_first = sorted(cut, key=len, reverse=True)
        return regex.split(f"({'|'.join(map(regex.escape, longest_first))})", text)

    def _named(self, names: Names, argument: str) -> set[str]:
        if names == "all":
            return set(self.ids)
        # A generator would be used up by the check and then allow nothing.
        if isinstance(names, str) or not isinstance(names, Collection):
            raise TypeError(
                f"{argument} must be 'all' or a collection of names, got {names!r}"
            )
        for name in names:
            check_choice(name, argument, list(self.ids))
        return set(names)


class BPETokenizer(_SavedAsJson):
    r"""Byte pair encoding: the 256 bytes, and runs of bytes that occur often.

    Any text can be encoded and comes back unchanged, because what is not a learned
    run falls back to its bytes. Merges, ids and encodings are those of the library
    ``tokenizers`` with a byte-level BPE trained on the same text.

    Parameters
    ----------
    vocab_size : int
        Number of tokens at most, the 256 bytes and the special tokens included.
        Untrained, or with 256, each byte is a token.
    special_tokens : sequence of str, default=()
        Names of tokens that stand for no text, like ``<|end|>``. They get the last ids,
        and no text turns into one unless `encode` is told so.

    Attributes
    ----------
    merges : list of (int, int)
        The pair that became token 256, the one that became 257, and so on.
    special_tokens : dict of str to int
        The id of each special token.
    tokens : list of bytes
        The bytes that each token stands for; a special token's are its name.

    Raises
    ------
    ValueError
        If ``vocab_size`` is less than 256 and the special tokens, or a special token
        is named twice.

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

    A special token is an id of its own where it is allowed, and plain text elsewhere:

    >>> marked = BPETokenizer(258, special_tokens=["<|end|>"]).train("the thin thing")
    >>> marked.encode("th<|end|>", allowed_special="all")
    [256, 257]
    >>> len(marked.encode("th<|end|>"))
    8
    """

    def __init__(
        self, vocab_size: int = 1_000, *, special_tokens: Sequence[str] = ()
    ) -> None:
        if isinstance(special_tokens, str) or not isinstance(
            special_tokens, Collection
        ):
            raise TypeError(
                f"special_tokens must be a list of names, got {special_tokens!r}"
            )
        self._names = list(special_tokens)
        if len(set(self._names)) < len(self._names):
            raise ValueError(f"special_tokens must differ, got {self._names}")
        at_least = N_BYTES + len(self._names)
        self.max_vocab_size = _check_size(vocab_size, at_least=at_least)
        self._set([])

    def _set(self, merges: Sequence[Pair]) -> None:
        self.merges = list(merges)
        self._ranks = {pair: N_BYTES + i for i, pair in enumerate(self.merges)}
        self.tokens = [bytes([byte]) for byte in BYTE_OF_ID]
        for left, right in self.merges:
            self.tokens.append(self.tokens[left] + self.tokens[right])
        self._special = SpecialTokens(
            {name: len(self.tokens) + i for i, name in enumerate(self._names)}
        )
        self.special_tokens = self._special.ids
        self.tokens += [name.encode() for name in self._names]

    @property
    def vocab_size(self) -> int:
        """Number of tokens; fewer than allowed if the text ran out of pairs."""
        return len(self.tokens)

    def train(self, text: str) -> Self:
        """Learn the merges; of equally frequent pairs the smallest ids come first."""
        n_merges = self.max_vocab_size - N_BYTES - len(self._names)
        self._set(learn_merges(check_text(text), n_merges))
        return self

    def encode(
        self,
        text: str,
        *,
        allowed_special: Names = (),
        disallowed_special: Names = (),
    ) -> list[int]:
        """Return the ids of the tokens of a text.

        A text comes from anybody, so that by default the name of a special token is
        ordinary text in it: it costs more tokens, and it can do nothing.

        Parameters
        ----------
        text : str
        allowed_special : "all" or collection of str, default=()
            Special tokens whose names in the text become their ids.
        disallowed_special : "all" or collection of str, default=()
            Special tokens whose names in the text are an error.

        Raises
        ------
        ValueError
            If the text holds a lone surrogate, which is not a character, or a
            special token that is not allowed.
        """
        text = check_text(text)
        ids: list[int] = []
        parts = self._special.split(text, allowed_special, disallowed_special)
        for i, part in enumerate(parts):
            ids += [self.special_tokens[part]] if i % 2 else self._encode(part)
        return ids

    def encode_bytes(self, data: bytes) -> list[int]:
        """Return the ids of the tokens of any bytes, be they text or not."""
        if not isinstance(data, bytes):
            raise TypeError(f"data must be bytes, got {type(data).__name__}")
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
        return b"".join(tokens_of(ids, self.tokens))

    @classmethod
    def from_merges(
        cls, merges: Sequence[Pair], special_tokens: Sequence[str] = ()
    ) -> Self:
        """Make a tokenizer of merges learned elsewhere.

        Parameters
        ----------
        merges : sequence of (int, int)
            In the order in which they were learned; the first makes token 256.
        special_tokens : sequence of str, default=()
            As for the class.

        Raises
        ------
        TokenizerError
            If one joins a token that does not exist before it, or a pair comes twice.

        Examples
        --------
        >>> BPETokenizer.from_merges([(39, 72)]).encode("Hi")
        [256]
        """
        size = N_BYTES + len(merges) + len(special_tokens)
        tokenizer = cls(vocab_size=size, special_tokens=special_tokens)
        pairs = [_check_pair(*numbered) for numbered in enumerate(merges)]
        if twice := [pair for pair, n in Counter(pairs).items() if n > 1]:
            raise TokenizerError(f"a pair can be merged once, got {twice[0]} twice")
        tokenizer._set(pairs)
        return tokenizer

    def _entries(self) -> list[list[int]]:
        return [list(pair) for pair in self.merges]

    @classmethod
    def _from_entries(cls, entries: list[Any], special: list[str]) -> Self:
        return cls.from_merges(entries, special)


def _check_pair(place: int, entry: Any) -> Pair:
    known = range(N_BYTES + place)
    match entry:
        case [int(left), int(right)] if left in known and right in known:
            return left, right
    raise TokenizerError(
        f"merge {place} must join two tokens of 0 to {known[-1]}, got {entry!r}"
    )


def check_text(text: str, name: str = "text") -> str:
    """Return a text that can be encoded, or raise.

    Parameters
    ----------
    text : str
    name : str, default="text"
        The argument, for the message.

    Raises
    ------
    TypeError
        If it is not a str.
    ValueError
        If it holds a lone surrogate, which is not a character.

    Examples
    --------
    >>> check_text("café")
    'café'
    """
    if not isinstance(text, str):
        raise TypeError(f"{name} must be a str, got {type(text).__name__}")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{name} must be writable as UTF-8, got a lone surrogate, "
            f"{text[error.start]!r}, at position {error.start}"
        ) from None
    return text


def _check_size(vocab_size: int, at_least: int) -> int:
    size = operator.index(vocab_size)
    if size < at_least:
        raise ValueError(f"vocab_size must be at least {at_least}, got {size}")
    return size


def tokens_of(ids: Iterable[int], tokens: Sequence[T]) -> list[T]:
    """Return the tokens of these ids.

    Raises
    ------
    ValueError
        For an id that is not in use; the message names its place.
    TypeError
        If one is no whole number.

    Examples
    --------
    >>> tokens_of([1, 0], ["a", "b"])
    ['b', 'a']
    """
    chosen = []
    for place, value in enumerate(ids):
        try:
            i = operator.index(value)
        except TypeError:
            raise TypeError(
                f"ids[{place}] must be a whole number, got {value!r}"
            ) from None
        if not 0 <= i < len(tokens):
            raise ValueError(
                f"ids[{place}] must lie between 0 and {len(tokens) - 1}, got {i}"
            )
        chosen.append(tokens[i])
    return chosen
